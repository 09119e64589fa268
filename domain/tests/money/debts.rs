//! Disputes and instalments: who hears nothing meanwhile, and what a plan has come to.

use domain::debts::{self, NewPlan, Outcome, Part, State, rules};
use domain::{ChargeId, Error, Fen, PlanId, Result, reminders};

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
