//! Disputes and instalments: who hears nothing meanwhile, and what a plan has come to.

use diesel::prelude::*;
use domain::access::Actor;
use domain::db::schema::occupancies;
use domain::debts::{self, NewDispute, NewPlan, Outcome, Part, State, rules};
use domain::{ChargeId, DisputeId, Error, Fen, PersonId, PlanId, Result, reminders};

use crate::estate::{BILLING, Estate, day, instant};

const HOME: &str = "1-1-0101";
/// The property fee and the refuse fee of a month.
const MONTH: i64 = 26_361;

impl Estate {
    fn charge_ids(&self) -> Vec<ChargeId> {
        self.charges(HOME).iter().map(|line| line.charge.id).collect()
    }

    fn agree_on(&self, charges: Vec<ChargeId>, parts: &[(&str, i64)], at: &str) -> Result<PlanId> {
        let account = self.account_id(HOME);
        let parts = parts.iter().map(|(on, fen)| Part { due_on: day(on), amount: Fen(*fen) }).collect();
        let agreed_on = day(&at[..10]);
        let new = NewPlan { charges, parts, agreed_by: "业主".into(), agreed_on, note: String::new() };
        self.store.write_now(|tx| debts::agree(tx, &self.cashier, instant(at), account, &new))
    }

    /// What the worker does each morning; how many plans were over.
    fn judge(&self, at: &str) -> usize {
        let over = self.store.read_now(|db| debts::to_judge(db, self.community, instant(at))).unwrap();
        let system = domain::access::Actor::system("reminders");
        for id in &over {
            self.store.write_now(|tx| debts::judge(tx, &system, instant(at), *id)).unwrap();
        }
        over.len()
    }

    fn plan(&self, id: PlanId) -> debts::Plan {
        let account = self.account_id(HOME);
        let plans = self.store.read_now(|db| debts::plans_of(db, &[account])).unwrap();
        plans.into_iter().find(|plan| plan.id == id).unwrap()
    }

    /// Who owns a home, signed in.
    pub(crate) fn owner_of(&self, home: &str) -> Actor {
        let of_home = occupancies::table.filter(occupancies::home_id.eq(self.home(home).0));
        self.store
            .read_now(|db| {
                let owner: PersonId = of_home.select(occupancies::person_id).first(db)?;
                Actor::load(db, owner, day("2026-11-20"), "test")
            })
            .unwrap()
    }

    fn raise(
        &self,
        who: &Actor,
        (home, charge): (&str, ChargeId),
        reason: &str,
        at: &str,
    ) -> Result<DisputeId> {
        let new = NewDispute { charge, reason: reason.into(), photos: vec![] };
        let place = (self.community, self.home(home));
        self.store.write_now(|tx| debts::raise(tx, who, instant(at), place, &new))
    }

    fn told_of_debts(&self) -> Vec<String> {
        self.mails().iter().map(|mail| mail.code.clone()).filter(|code| code.starts_with("debt.")).collect()
    }
}

fn rule<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

test_support::both! {
    fn nobody_is_reminded_while_a_plan_holds_and_everybody_hears_when_it_does_not(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        assert_eq!(estate.remind("2026-11-28T01:30:00Z"), 1);
        let mail = estate.mails().remove(0);
        let still = |at| estate.store.read_now(|db| reminders::still_due(db, &[&mail], instant(at))).unwrap().contains(&mail.id);
        assert!(still("2026-11-28T01:31:00Z"));
        let agreed = [("2026-12-20", 20_000), ("2027-01-20", MONTH - 20_000)];
        let plan = estate.agree_on(estate.charge_ids(), &agreed, "2026-11-28T02:00:00Z").unwrap();
        assert!(!still("2026-11-28T02:01:00Z"), "what was queued is silent at once");
        assert_eq!((estate.remind("2026-12-10T01:30:00Z"), estate.judge("2026-12-10T01:30:00Z")), (0, 0));

        // The first instalment comes within its days of grace, the second does not.
        estate.pay(HOME, 20_000, "2026-12-23T02:00:00Z");
        assert_eq!(estate.judge("2026-12-24T01:30:00Z"), 0);
        assert_eq!(estate.plan(plan).settled, [Fen(20_000), Fen(0)]);
        assert_eq!(estate.judge("2027-01-23T01:30:00Z"), 0);
        assert_eq!(estate.remind("2027-01-23T01:30:00Z"), 0);
        assert_eq!(estate.judge("2027-01-24T01:30:00Z"), 1);
        let broken = estate.plan(plan);
        assert_eq!((broken.state, broken.missed_on), (State::Broken, Some(day("2027-01-20"))));
        assert_eq!(estate.told_of_debts(), ["debt.plan_agreed", "debt.plan_broken"]);
        assert_eq!(estate.remind("2027-01-24T01:31:00Z"), 1, "reminders speak again");
        estate.pay(HOME, MONTH - 20_000, "2027-01-25T02:00:00Z");
        assert_eq!((estate.judge("2027-01-26T01:30:00Z"), estate.plan(plan).state), (0, State::Broken), "a fact stays");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_plan_that_is_paid_in_time_is_kept_also_when_it_is_looked_at_late(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        let agreed = [("2026-12-20", 20_000), ("2027-01-20", MONTH - 20_000)];
        let plan = estate.agree_on(estate.charge_ids(), &agreed, "2026-11-28T02:00:00Z").unwrap();
        estate.pay(HOME, 20_000, "2026-12-20T02:00:00Z");
        let last = estate.pay(HOME, MONTH - 20_000, "2027-01-20T02:00:00Z");
        // Nobody looked for months; meanwhile the last payment was voided, long after its day.
        estate.store.write_now(|tx| domain::payments::void(tx, &estate.manager, instant("2027-03-01T02:00:00Z"), last, "退票", None)).unwrap();
        assert_eq!(estate.judge("2027-03-02T01:30:00Z"), 0, "in time then, open now: it holds until somebody decides");
        estate.pay(HOME, MONTH - 20_000, "2027-03-02T02:00:00Z");
        assert_eq!((estate.judge("2027-03-03T01:30:00Z"), estate.plan(plan).state), (1, State::Kept));
        assert_eq!(estate.told_of_debts(), ["debt.plan_agreed", "debt.plan_kept"]);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn the_other_charges_of_the_account_are_reminded_of(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        let property = estate.charges(HOME).iter().find(|line| line.charge.amount == Fen(25_161)).unwrap().charge.id;
        estate.store.write_now(|tx| debts::dispute(tx, &estate.cashier, instant("2026-11-20T00:00:00Z"), estate.account_id(HOME), property, "面积不对")).unwrap();
        assert_eq!(estate.remind("2026-11-28T01:30:00Z"), 1);
        let mail = estate.mails().pop().unwrap();
        let args = mail.args().unwrap();
        assert_eq!(args["owed"], "12.00");
        assert_eq!(args["list"].as_str().unwrap().lines().count(), 1);
    }

    fn a_dispute_is_answered_once_and_then_reminders_go_on(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        let (account, at) = (estate.account_id(HOME), instant("2026-11-20T00:00:00Z"));
        let mut ids = Vec::new();
        for charge in estate.charge_ids() {
            ids.push(estate.store.write_now(|tx| debts::dispute(tx, &estate.cashier, at, account, charge, "没有服务")).unwrap());
        }
        assert_eq!(estate.remind("2026-11-28T01:30:00Z"), 0);
        let again = estate.store.write_now(|tx| debts::dispute(tx, &estate.cashier, at, account, estate.charge_ids()[0], "x"));
        assert_eq!(rule(again), "debt.disputed");
        assert_eq!(rule(estate.agree_on(estate.charge_ids(), &[("2026-12-20", MONTH)], "2026-11-28T02:00:00Z")), "debt.disputed");
        let end = |id, answer: &str| estate.store.write_now(|tx| debts::end_dispute(tx, &estate.manager, at, id, Outcome::Rejected, answer));
        assert_eq!(rule(end(ids[0], " ")), "required");
        end(ids[0], "服务记录齐全").unwrap();
        assert_eq!(rule(end(ids[0], "再答")), "debt.answered");
        assert_eq!(estate.remind("2026-11-28T01:31:00Z"), 1);
        assert_eq!(estate.told_of_debts(), ["debt.disputed", "debt.disputed", "debt.answered"]);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_resident_disputes_their_own_bill_and_takes_it_back_for_ten_minutes(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        let (owner, other) = (estate.owner_of(HOME), estate.owner_of("1-1-0102"));
        let ids = estate.charge_ids();
        let at = "2026-11-28T00:00:00Z";
        assert!(matches!(estate.raise(&other, (HOME, ids[0]), "多算", at), Err(Error::NotFound)), "a neighbour's");
        assert!(matches!(estate.raise(&other, ("1-1-0102", ids[0]), "多算", at), Err(Error::NotFound)), "of another home");
        assert_eq!(rule(estate.raise(&owner, (HOME, ids[0]), " ", at)), "required");
        let raised: Vec<DisputeId> = ids.iter().map(|id| estate.raise(&owner, (HOME, *id), "多算", at).unwrap()).collect();
        assert_eq!(rule(estate.raise(&owner, (HOME, ids[0]), "又", at)), "dispute.open");
        assert_eq!(estate.remind("2026-11-28T01:30:00Z"), 0, "silent at once");

        let back = |who: &Actor, id, at| estate.store.write_now(|tx| debts::take_back(tx, who, instant(at), id));
        assert!(matches!(back(&other, raised[0], at), Err(Error::NotFound)));
        assert!(matches!(back(&estate.cashier, raised[0], at), Err(Error::NotFound)), "only who raised it");
        assert_eq!(rule(back(&owner, raised[0], "2026-11-28T00:10:01Z")), "dispute.undo_time");
        back(&owner, raised[0], "2026-11-28T00:10:00Z").unwrap();
        assert_eq!(rule(back(&owner, raised[0], "2026-11-28T00:10:00Z")), "debt.taken_back");
        let end = |id, outcome| estate.store.write_now(|tx| debts::end_dispute(tx, &estate.manager, instant(at), id, outcome, "已核对"));
        assert_eq!(rule(end(raised[0], Outcome::Rejected)), "debt.taken_back");
        assert_eq!(rule(end(raised[1], Outcome::TakenBack)), "choice");
        assert_eq!(estate.remind("2026-11-28T01:31:00Z"), 1, "of what was taken back");

        // Raised anew it is silent again; what was answered, the payer raises with the office.
        estate.raise(&owner, (HOME, ids[0]), "还是多算", "2026-11-28T02:00:00Z").unwrap();
        end(raised[1], Outcome::Rejected).unwrap();
        assert_eq!(rule(estate.raise(&owner, (HOME, ids[1]), "多算", at)), "dispute.answered");
        estate.store.write_now(|tx| debts::dispute(tx, &estate.cashier, instant(at), estate.account_id(HOME), ids[1], "来电")).unwrap();
        assert_eq!(estate.told_of_debts().iter().filter(|code| *code == "debt.raised").count(), 3);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_paid_can_be_disputed_and_what_was_taken_back_or_planned_cannot(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let (owner, ids, at) = (estate.owner_of(HOME), estate.charge_ids(), "2026-11-20T00:00:00Z");
        estate.pay(HOME, MONTH, "2026-11-10T02:00:00Z");
        estate.raise(&owner, (HOME, ids[0]), "电梯停了半个月", at).unwrap();
        estate.store.write_now(|tx| domain::ledger::reverse(tx, &estate.cashier, instant(at), ids[1], "算错")).unwrap();
        assert_eq!(rule(estate.raise(&owner, (HOME, ids[1]), "多算", at)), "dispute.reversed");
        estate.bill("2026-12", "2026-11-30T18:00:00Z");
        let next = estate.charges(HOME).iter().map(|line| line.charge.clone()).find(|one| one.open() > Fen(0)).unwrap();
        estate.agree_on(vec![next.id], &[("2026-12-20", next.open().0)], "2026-12-02T02:00:00Z").unwrap();
        assert_eq!(rule(estate.raise(&owner, (HOME, next.id), "多算", "2026-12-03T02:00:00Z")), "dispute.planned");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_agreed_on_is_exact_and_of_this_account(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let (ids, at) = (estate.charge_ids(), "2026-11-28T02:00:00Z");
        let other = estate.charges("1-1-0102")[0].charge.id;
        let whole = [("2026-12-20", MONTH)];
        for (charges, parts, expected) in [
            (vec![], &whole[..], "required"),
            (vec![other], &whole, "unknown_charge"),
            (vec![ids[0], ids[0]], &whole, "unknown_charge"),
            (ids.clone(), &[("2026-12-20", MONTH - 1)], "sums_differ"),
            (ids.clone(), &[("2026-11-27", MONTH)], "day_past"),
        ] {
            assert_eq!(rule(estate.agree_on(charges, parts, at)), expected);
        }
        let plan = estate.agree_on(ids.clone(), &whole, at).unwrap();
        assert_eq!(rule(estate.agree_on(ids.clone(), &whole, at)), "debt.planned");
        let end = |reason: &str| estate.store.write_now(|tx| debts::end(tx, &estate.manager, instant(at), plan, reason));
        assert_eq!(rule(end("")), "required");
        end("一次付清").unwrap();
        assert_eq!(rule(end("又")), "debt.plan_over");
        estate.agree_on(ids, &whole, at).unwrap();
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn two_cashiers_agree_on_one_plan(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let ids = estate.charge_ids();
        let agreed: usize = std::thread::scope(|scope| {
            let both: Vec<_> = (0..2).map(|_| scope.spawn(|| estate.agree_on(ids.clone(), &[("2026-12-20", MONTH)], "2026-11-28T02:00:00Z").is_ok())).collect();
            both.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
        });
        assert_eq!(agreed, 1);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }
}

#[test]
fn equal_parts_of_a_month_add_up() {
    assert_eq!(rules::divide(Fen(MONTH), 4), [Fen(6_591), Fen(6_590), Fen(6_590), Fen(6_590)]);
}
