//! The limitation of charges from what is in the books, and the list of what ends soon.

use domain::debts::{self, NewPlan, Part};
use domain::demands::{self, NewProof, ProofKind, Texts};
use domain::limitation::{self, Cause, Course, Standing};
use domain::{Error, Fen};

use crate::estate::{BILLING, Estate, day, instant};

const HOME: &str = "1-1-0101";

impl Estate {
    fn courses(&self) -> Vec<Course> {
        let charges: Vec<_> = self.charges(HOME).into_iter().map(|line| line.charge).collect();
        let found = self.store.read_now(|db| limitation::courses(db, self.community, &charges)).unwrap();
        charges.iter().map(|charge| found[&charge.id].clone()).collect()
    }

    fn watched(&self, at: &str) -> Vec<(String, Standing)> {
        let watched = self
            .store
            .read_now(|db| limitation::watch(db, &self.manager, instant(at), self.community))
            .unwrap();
        watched.into_iter().map(|one| (one.course.last_day.to_string(), one.standing)).collect()
    }
}

fn causes(course: &Course) -> Vec<Cause> {
    course.interrupted.iter().map(|one| one.cause).collect()
}

test_support::both! {
    fn a_demand_counts_once_it_is_proved_delivered(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        assert!(estate.courses().iter().all(|one| one.last_day == day("2029-11-25")));
        estate.remind("2026-12-25T01:30:00Z");
        let (at, account) = (instant("2026-12-26T02:00:00Z"), estate.account_id(HOME));
        let texts = Texts { zh: "请缴清".into(), en: "please pay".into() };
        let batch = estate.store.write_now(|tx| demands::make(tx, &estate.cashier, at, estate.community, &[account], &texts)).unwrap();
        let id = estate.store.read_now(|db| demands::of_batch(db, batch)).unwrap()[0].id;
        assert!(estate.courses().iter().all(|one| one.interrupted.is_empty()), "sent is not delivered");
        let prove = |kind, on: &str| {
            let new = NewProof { kind, day: day(on), reference: "EMS1".into(), note: "保安在场".into(), papers: vec![], version: None };
            estate.store.write_now(|tx| demands::prove(tx, &estate.cashier, instant("2027-01-05T02:00:00Z"), id, &new)).unwrap();
        };
        prove(ProofKind::Returned, "2026-12-28");
        assert!(estate.courses().iter().all(|one| one.interrupted.is_empty()), "what came back proves nothing");
        prove(ProofKind::Refused, "2026-12-30");
        assert!(estate.courses().iter().all(|one| one.last_day == day("2029-12-30") && causes(one) == [Cause::Demand]));
    }

    fn a_part_payment_counts_for_its_charge_until_it_is_voided(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        let paid = estate.pay(HOME, 100, "2027-03-01T02:00:00Z");
        let found = estate.courses();
        assert_eq!(found.iter().filter(|one| one.last_day == day("2030-03-01")).count(), 1, "the oldest charge alone");
        assert_eq!(found.iter().filter(|one| causes(one) == [Cause::Payment]).count(), 1);
        estate.store.write_now(|tx| domain::payments::void(tx, &estate.manager, instant("2027-03-02T02:00:00Z"), paid, "退票", None)).unwrap();
        assert!(estate.courses().iter().all(|one| one.last_day == day("2029-11-25")));
    }

    fn who_agrees_on_instalments_acknowledges(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        let charges = estate.charges(HOME).iter().map(|line| line.charge.id).collect();
        let new = NewPlan {
            charges,
            parts: vec![Part { due_on: day("2027-02-10"), amount: Fen(26_361) }],
            agreed_by: "业主".into(),
            agreed_on: day("2027-01-08"),
            note: String::new(),
        };
        estate.store.write_now(|tx| debts::agree(tx, &estate.cashier, instant("2027-01-09T02:00:00Z"), estate.account_id(HOME), &new)).unwrap();
        assert!(estate.courses().iter().all(|one| one.last_day == day("2030-01-08") && causes(one) == [Cause::Acknowledgement]));
    }

    fn what_ends_within_ninety_days_or_has_ended_is_on_the_list(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        assert!(estate.watched("2029-08-26T02:00:00Z").is_empty());
        let soon = ("2029-11-25".to_owned(), Standing::Soon);
        assert_eq!(estate.watched("2029-08-27T02:00:00Z"), [soon.clone(), soon]);
        let over = ("2029-11-25".to_owned(), Standing::Over);
        assert_eq!(estate.watched("2029-11-26T02:00:00Z"), [over.clone(), over]);
        estate.pay(HOME, 26_361, "2029-11-27T02:00:00Z");
        assert!(estate.watched("2029-11-28T02:00:00Z").is_empty(), "what is paid is nobody's worry");
        let stranger = domain::access::Actor::nobody();
        let asked = estate.store.read_now(|db| limitation::watch(db, &stranger, instant("2029-08-27T02:00:00Z"), estate.community));
        assert!(matches!(asked, Err(Error::NotAllowed | Error::NotSignedIn)), "{asked:?}");
    }
}
