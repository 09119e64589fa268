//! Two decide on the same dispute, plan or letter in one second: the first one's stands, and the second hears whose.

use domain::access::Actor;
use domain::debts::{self, NewDispute, NewPlan, Outcome, Part, State};
use domain::error::Refusal;
use domain::{ChargeId, DisputeId, Error, PlanId, Result};

use crate::estate::{BILLING, Estate, at_once, day, instant};

const HOME: &str = "1-1-0101";
const AT: &str = "2026-11-20T02:00:00Z";

impl Estate {
    fn disputed(&self, charge: ChargeId) -> DisputeId {
        let account = self.account_id(HOME);
        self.store
            .write_now(|tx| debts::dispute(tx, &self.cashier, instant(AT), account, charge, "电梯坏了"))
            .unwrap()
    }

    fn answer(&self, who: &Actor, id: DisputeId, (outcome, said): (Outcome, &str)) -> Result<()> {
        self.store.write_now(|tx| debts::end_dispute(tx, who, instant(AT), id, outcome, said)).map(|_| ())
    }

    fn now_of(&self, id: DisputeId) -> debts::DisputeLine {
        let found = self.store.read_now(|db| {
            let one = debts::dispute_of(db, &self.manager, instant(AT), id)?;
            debts::dispute_lines(db, vec![one])
        });
        found.unwrap().remove(0)
    }

    fn planned(&self, charge: ChargeId, fen: domain::Fen) -> PlanId {
        let parts = vec![Part { due_on: day("2026-11-25"), amount: fen }];
        let (agreed_by, agreed_on) = ("业主".into(), day("2026-11-20"));
        let new = NewPlan { charges: vec![charge], parts, agreed_by, agreed_on, note: String::new() };
        let account = self.account_id(HOME);
        self.store.write_now(|tx| debts::agree(tx, &self.cashier, instant(AT), account, &new)).unwrap()
    }

    fn end(&self, who: &Actor, id: PlanId, (reason, at): (&str, &str)) -> Result<()> {
        self.store.write_now(|tx| debts::end(tx, who, instant(at), id, reason)).map(|_| ())
    }

    fn plan_now(&self, id: PlanId) -> debts::Plan {
        self.store.read_now(|db| debts::plan_of(db, &self.manager, instant(AT), id)).unwrap()
    }
}

/// Which of two was first, and what the second was told.
#[track_caller]
fn first(done: [Result<()>; 2]) -> (usize, Refusal) {
    match done {
        [Ok(()), Err(Error::Refused(told))] => (0, told),
        [Err(Error::Refused(told)), Ok(())] => (1, told),
        other => panic!("{other:?}"),
    }
}

fn arg<'r>(told: &'r Refusal, name: &str) -> &'r str {
    told.args.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str())
}

test_support::both! {
    fn two_answer_one_dispute_in_the_same_second(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        let (people, names) = ([&estate.cashier, &estate.manager], ["收费员甲", "经理"]);
        let answers = [(Outcome::Rejected, "面积无误"), (Outcome::Upheld, "停运属实")];
        let lines = estate.charges(HOME);
        for line in &lines {
            let id = estate.disputed(line.charge.id);
            let act = |n: usize| estate.answer(people[n], id, answers[n]);
            let (n, told) = first(at_once(|| act(0), || act(1)));
            let stands = estate.now_of(id);
            assert_eq!((stands.dispute.outcome, stands.dispute.answer.as_str()), (Some(answers[n].0), answers[n].1));
            assert_eq!(stands.ended_by.as_deref(), Some(names[n]));
            assert_eq!(told.rule, "debt.answered");
            assert_eq!((arg(&told, "name"), arg(&told, "answer"), arg(&told, "at")), (names[n], answers[n].1, "2026-11-20 10:00"));
        }
        let answered = estate.mails().iter().filter(|mail| mail.code == "debt.answered").count();
        assert_eq!(answered, lines.len(), "the payer hears one answer to each");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_taken_back_while_it_is_answered_ends_once(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let owner = estate.owner_of(HOME);
        let place = (estate.community, estate.home(HOME));
        for line in estate.charges(HOME) {
            let new = NewDispute { charge: line.charge.id, reason: "多算".into(), photos: vec![] };
            let id = estate.store.write_now(|tx| debts::raise(tx, &owner, instant(AT), place, &new)).unwrap();
            let back = || estate.store.write_now(|tx| debts::take_back(tx, &owner, instant(AT), id));
            let (n, told) = first(at_once(back, || estate.answer(&estate.manager, id, (Outcome::Rejected, "无误"))));
            let expected = [(Outcome::TakenBack, "debt.taken_back"), (Outcome::Rejected, "debt.answered")][n];
            assert_eq!((estate.now_of(id).dispute.outcome, told.rule), (Some(expected.0), expected.1));
        }
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn two_end_one_plan_in_the_same_second(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let reasons = ["一次付清", "重新约定"];
        for line in estate.charges(HOME) {
            let id = estate.planned(line.charge.id, line.charge.open());
            let act = |who: &Actor, n: usize| estate.end(who, id, (reasons[n], AT));
            let (n, told) = first(at_once(|| act(&estate.cashier, 0), || act(&estate.manager, 1)));
            let stands = estate.plan_now(id);
            assert_eq!((stands.state, stands.end_reason.as_str()), (State::Ended, reasons[n]));
            assert_eq!((told.rule, arg(&told, "reason")), ("debt.plan_over", reasons[n]));
        }
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_plan_that_is_judged_while_somebody_ends_it_is_one_of_both(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let (system, late) = (Actor::system("reminders"), "2026-11-29T01:30:00Z");
        for line in estate.charges(HOME) {
            let id = estate.planned(line.charge.id, line.charge.open());
            let judge = || estate.store.write_now(|tx| debts::judge(tx, &system, instant(late), id)).map(|_| ());
            let done = at_once(judge, || estate.end(&estate.manager, id, ("一次付清", late)));
            let stands = estate.plan_now(id);
            match done {
                [Ok(()), Ok(())] => assert_eq!((stands.state, stands.missed_on), (State::Ended, None)),
                [Ok(()), Err(Error::Refused(told))] => {
                    assert_eq!((stands.state, stands.end_reason.as_str()), (State::Broken, ""));
                    assert_eq!((told.rule, arg(&told, "missed")), ("debt.plan_broken", "2026-11-25"));
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(estate.faults(), Vec::<String>::new());
    }
}
