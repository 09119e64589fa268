//! Formal demands: who is to be sent one, what stands in it, how it was delivered.

use domain::access::Actor;
use domain::collection::{self, Contact, DebtorOrder, Reached, Wanted};
use domain::debts;
use domain::demands::{self, NewProof, ProofKind, Texts};
use domain::{BuildingId, DemandBatchId, DemandId, Error, Fen, LedgerAccountId, PersonId, Result};

use crate::estate::{BILLING, Estate, at_once, day, instant};

const HOME: &str = "1-1-0101";
const OTHER: &str = "1-1-0102";
/// A day after the reminder of the 30th day for November.
const AFTER: &str = "2026-12-26T02:00:00Z";

impl Estate {
    fn due(&self, at: &str) -> Vec<demands::Candidate> {
        self.store.read_now(|db| demands::candidates(db, &self.cashier, instant(at), self.community)).unwrap()
    }

    fn demand(&self, accounts: &[LedgerAccountId], at: &str) -> Result<DemandBatchId> {
        let texts = Texts {
            zh: "{name}：{home} 欠 {count} 笔 ¥{sum}（{capitals}），请在 {term} 前缴清。".into(),
            en: "{name}: ¥{sum} by {term}".into(),
        };
        self.store
            .write_now(|tx| demands::make(tx, &self.cashier, instant(at), self.community, accounts, &texts))
    }

    fn letters(&self, batch: DemandBatchId) -> Vec<demands::Demand> {
        self.store.read_now(|db| demands::of_batch(db, batch)).unwrap()
    }

    fn prove(&self, id: DemandId, kind: ProofKind, on: &str, reference: &str) -> Result<()> {
        let new = NewProof { kind, day: day(on), reference: reference.into(), ..self.handed_over(None) };
        self.store
            .write_now(|tx| demands::prove(tx, &self.cashier, instant("2027-01-05T02:00:00Z"), id, &new))
    }

    /// Handed over, by who saw this version of the letter.
    fn handed_over(&self, version: Option<i32>) -> NewProof {
        let kind = ProofKind::HandedOver;
        let (reference, note) = (String::new(), String::new());
        NewProof { kind, day: day("2026-12-28"), reference, note, papers: vec![], version }
    }

    /// November billed, and everybody reminded for the last time.
    fn reminded(&self) {
        self.bill("2026-11", BILLING);
        self.remind("2026-12-25T01:30:00Z");
    }
}

fn code<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

test_support::both! {
    fn the_list_of_who_owes_says_how_far_it_has_come_and_when_they_were_spoken_to(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        let at = |day: &str| instant(&format!("{day}T02:00:00Z"));
        let seen = |on: &str, wanted: Wanted| {
            let list = estate.store.read_now(|db| collection::arrears(db, &estate.cashier, at(on), estate.community, &wanted, (0, 10)));
            list.unwrap().into_iter().next()
        };
        let all = Wanted::all(DebtorOrder::Overdue);
        let now = |on: &str| {
            let one = seen(on, all).unwrap();
            (one.stage, one.reached_on, one.contact)
        };
        assert_eq!(now("2026-11-20"), (Reached::None, None, None));
        estate.remind("2026-11-28T01:30:00Z");
        let reminded = Some((Contact::Reminder, day("2026-11-28")));
        assert_eq!(now("2026-11-29"), (Reached::Day3, Some(day("2026-11-28")), reminded));
        estate.remind("2026-12-25T01:30:00Z");
        assert_eq!(now("2026-12-25").0, Reached::Day30);
        let account = estate.account_id(HOME);
        estate.demand(&[account], AFTER).unwrap();
        let letter = Some((Contact::Demand, day("2026-12-26")));
        assert_eq!(now("2026-12-27"), (Reached::Demand, Some(day("2026-12-26")), letter));
        let charge = estate.charges(HOME)[0].charge.id;
        estate.store.write_now(|tx| debts::dispute(tx, &estate.cashier, at("2026-12-28"), account, charge, "没修好")).unwrap();
        let one = seen("2026-12-29", all).unwrap();
        assert_eq!((one.contact, one.disputed, one.in_plan), (Some((Contact::Dispute, day("2026-12-28"))), true, false));

        let building = estate.charges(HOME)[0].charge.building_id;
        for (wanted, there) in [
            (Wanted { stage: Some(Reached::Demand), ..all }, true),
            (Wanted { stage: Some(Reached::Day30), ..all }, false),
            (Wanted { stage: Some(Reached::None), ..all }, false),
            (Wanted { building: Some(building), ..all }, true),
            (Wanted { building: Some(BuildingId(building.0 + 1)), ..all }, false),
            (Wanted { steward: Some(PersonId(999_999)), ..all }, false),
        ] {
            assert_eq!(seen("2026-12-29", wanted).is_some(), there, "{wanted:?}");
        }
        // What is disputed is paid last: it is the new month's that the money covers.
        estate.bill("2026-12", "2026-11-30T18:00:00Z");
        estate.pay(HOME, 26_361, "2026-12-29T03:00:00Z");
        assert_eq!(seen("2026-12-30", all).unwrap().oldest_period, "2026-11");
        // The old month is paid: of what is open now nobody was reminded, though they were spoken to.
        estate.pay(HOME, 26_361, "2026-12-29T04:00:00Z");
        estate.bill("2027-01", "2026-12-31T18:00:00Z");
        let one = seen("2027-01-02", all).unwrap();
        assert_eq!(one.oldest_period, "2027-01");
        assert_eq!((one.stage, one.contact.map(|(kind, _)| kind)), (Reached::None, Some(Contact::Dispute)));
    }

    fn who_had_the_last_reminder_and_still_owes_is_sent_a_letter_once_a_term(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        estate.remind("2026-12-10T01:30:00Z");
        assert!(estate.due("2026-12-24T02:00:00Z").is_empty(), "not before the last reminder");
        estate.remind("2026-12-25T01:30:00Z");
        let due = estate.due(AFTER);
        assert_eq!((due.len(), due[0].charges, due[0].overdue), (1, 2, Fen(26_361)));
        let batch = estate.demand(&[due[0].account], AFTER).unwrap();
        let letter = estate.letters(batch).remove(0);
        assert_eq!((letter.number.as_str(), letter.day, letter.term_on), ("CG20261226-0001", day("2026-12-26"), day("2027-01-10")));
        assert!(letter.body.contains("欠 2 笔 ¥263.61（贰佰陆拾叁元陆角壹分），请在 2027-01-10 前缴清。"), "{}", letter.body);
        let lines = estate.store.read_now(|db| demands::lines(db, letter.id)).unwrap();
        assert_eq!(lines.iter().map(|line| line.open.0).sum::<i64>(), 26_361);
        assert_eq!(code(estate.demand(&[due[0].account], AFTER)), "demand.not_due");
        assert!(estate.due("2027-01-10T02:00:00Z").is_empty(), "the term runs");
        assert_eq!(estate.due("2027-01-11T02:00:00Z").len(), 1);
        assert_eq!(estate.mails().last().unwrap().code, "demand.made");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_paid_disputed_or_planned_is_not_demanded(estate: Estate) {
        estate.reminded();
        let all = estate.due(AFTER).len();
        assert!(all > 100, "{all}");
        let (paid, disputed) = (estate.account_id(HOME), estate.account_id(OTHER));
        estate.pay(HOME, 26_361, AFTER);
        for line in estate.charges(OTHER) {
            estate.store.write_now(|tx| debts::dispute(tx, &estate.cashier, instant(AFTER), disputed, line.charge.id, "不服")).unwrap();
        }
        assert_eq!(estate.due(AFTER).len(), all - 2);
        for account in [paid, disputed] {
            assert_eq!(code(estate.demand(&[account], AFTER)), "demand.not_due");
        }
        assert_eq!(code(estate.demand(&[], AFTER)), "required");
    }

    fn two_cashiers_make_one_letter_and_the_numbers_have_no_gap(estate: Estate) {
        estate.reminded();
        let accounts: Vec<LedgerAccountId> = estate.due(AFTER).iter().take(30).map(|one| one.account).collect();
        let made: usize = std::thread::scope(|scope| {
            let both: Vec<_> = (0..2).map(|_| scope.spawn(|| estate.demand(&accounts, AFTER).is_ok())).collect();
            both.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
        });
        assert_eq!(made, 1);
        let more: Vec<LedgerAccountId> = estate.due(AFTER).iter().take(2).map(|one| one.account).collect();
        let batch = estate.demand(&more, AFTER).unwrap();
        let numbers: Vec<String> = estate.letters(batch).into_iter().map(|one| one.number).collect();
        assert_eq!(numbers, ["CG20261226-0031", "CG20261226-0032"]);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn two_record_how_one_letter_arrived_and_the_second_hears_of_the_first(estate: Estate) {
        estate.reminded();
        let batch = estate.demand(&[estate.account_id(HOME)], AFTER).unwrap();
        let id = estate.letters(batch)[0].id;
        let prove = |who: &Actor, version| {
            let new = estate.handed_over(version);
            estate.store.write_now(|tx| demands::prove(tx, who, instant("2027-01-05T02:00:00Z"), id, &new))
        };
        let done = at_once(|| prove(&estate.cashier, Some(1)), || prove(&estate.manager, Some(1)));
        match done {
            [Ok(()), Err(Error::Conflict(now))] | [Err(Error::Conflict(now)), Ok(())] => {
                assert_eq!((now.what, now.state.as_str(), now.version), ("demand", "handed_over", 2));
            }
            other => panic!("{other:?}"),
        }
        prove(&estate.cashier, Some(2)).unwrap();
        prove(&estate.cashier, None).unwrap();
        let proofs = estate.store.read_now(|db| demands::proofs_of(db, &[id])).unwrap();
        assert_eq!((proofs.len(), demands::version(&proofs)), (3, 4));
    }

    fn a_delivery_is_of_a_day_since_the_letter_and_says_what_proves_it(estate: Estate) {
        estate.reminded();
        let account = estate.account_id(HOME);
        let batch = estate.demand(&[account], AFTER).unwrap();
        let id = estate.letters(batch)[0].id;
        for (kind, on, reference, expected) in [
            (ProofKind::HandedOver, "2026-12-25", "", "proof_day"),
            (ProofKind::HandedOver, "2027-01-06", "", "proof_day"),
            (ProofKind::Registered, "2026-12-28", " ", "required"),
            (ProofKind::Refused, "2026-12-28", "", "required"),
        ] {
            assert_eq!(code(estate.prove(id, kind, on, reference)), expected);
        }
        estate.prove(id, ProofKind::Returned, "2026-12-30", "").unwrap();
        estate.prove(id, ProofKind::Registered, "2027-01-04", "EMS1").unwrap();
        let proofs = estate.store.read_now(|db| demands::proofs_of(db, &[id])).unwrap();
        assert_eq!(proofs.iter().map(|one| one.kind.delivers()).collect::<Vec<_>>(), [false, true]);
        let batches = estate.store.read_now(|db| demands::batches(db, &estate.cashier, instant(AFTER), estate.community)).unwrap();
        assert_eq!((batches[0].letters, batches[0].delivered), (1, 1));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }
}
