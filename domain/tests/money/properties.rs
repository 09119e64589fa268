//! Whatever happens in whatever order: balances, allocations, receipts, statements and closed months stay right.

use chrono::TimeDelta;
use domain::access::Actor;
use domain::debts::{self, NewPlan, Outcome, Part};
use domain::deposits::{self, Decision, NewDeposit, Purpose};
use domain::late_fees::{self, NewTerms};
use domain::ledger::{Book, ChargeLine, Span};
use domain::payments::{self, Method, NewPayment};
use domain::{
    ChargeId, DepositDeductionId, DepositId, DisputeId, Fen, Instant, LocalDate, Month, PaymentId, PlanId,
    Rate, Zone, closings, corrections, ledger,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use test_support::{Kind, On};

use crate::estate::{Estate, instant, new_payment};

#[derive(Debug, Clone)]
enum Event {
    Wait(i64),
    Bill,
    Pay(i64),
    PayFor(usize, i64),
    Void(usize),
    Refund(usize, i64),
    RefundCharge(usize),
    Reverse(usize),
    ChargeAgain(usize),
    Waive(usize, i64),
    Dispute(usize),
    Answer(usize),
    Plan(usize),
    Judge,
    LateNight,
    Deposit(i64),
    Deduct(usize, i64),
    Contest(usize),
    Decide(usize),
    Return(usize),
    CloseMonth,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (1i64..80).prop_map(Event::Wait),
        2 => Just(Event::Bill),
        4 => (1i64..60_000).prop_map(Event::Pay),
        2 => (0usize..40, 1i64..30_000).prop_map(|(n, fen)| Event::PayFor(n, fen)),
        1 => (0usize..40).prop_map(Event::Void),
        1 => (0usize..40, 1i64..5_000).prop_map(|(n, fen)| Event::Refund(n, fen)),
        1 => (0usize..40).prop_map(Event::RefundCharge),
        2 => (0usize..40).prop_map(Event::Reverse),
        1 => (0usize..40).prop_map(Event::ChargeAgain),
        1 => (0usize..40, 1i64..5_000).prop_map(|(n, fen)| Event::Waive(n, fen)),
        1 => (0usize..40).prop_map(Event::Dispute),
        1 => (0usize..40).prop_map(Event::Answer),
        1 => (0usize..40).prop_map(Event::Plan),
        1 => Just(Event::Judge),
        2 => Just(Event::LateNight),
        1 => (1i64..300_000).prop_map(Event::Deposit),
        1 => (0usize..40, 1i64..100_000).prop_map(|(n, fen)| Event::Deduct(n, fen)),
        1 => (0usize..40).prop_map(Event::Contest),
        1 => (0usize..40).prop_map(Event::Decide),
        1 => (0usize..40).prop_map(Event::Return),
        1 => Just(Event::CloseMonth),
    ]
}

const HOME: &str = "1-1-0101";
const AT: &str = "2026-11-22T02:00:00Z";

/// A home as time goes on, and what can be done something to.
struct Life<'e> {
    estate: &'e Estate,
    now: Instant,
    paid: Vec<PaymentId>,
    disputes: Vec<DisputeId>,
    plans: Vec<PlanId>,
    deposits: Vec<DepositId>,
    deductions: Vec<DepositDeductionId>,
    /// What a statement said as of a day, when that day was over.
    said: Vec<(LocalDate, Vec<(Book, Fen)>)>,
}

/// The newest of a list, counted from its end, so that what happened lately is met again and again.
fn late<T: Clone>(list: &[T], n: usize) -> Option<T> {
    list.iter().rev().nth(n).cloned()
}

impl<'e> Life<'e> {
    fn begins(estate: &'e Estate) -> Self {
        let now = instant("2026-11-01T02:00:00Z");
        let (paid, disputes, plans) = (vec![], vec![], vec![]);
        Self { estate, now, paid, disputes, plans, deposits: vec![], deductions: vec![], said: vec![] }
    }

    fn zone() -> Zone {
        "Asia/Shanghai".parse().unwrap()
    }

    fn today(&self) -> LocalDate {
        Self::zone().date(self.now)
    }

    fn charges(&self) -> Vec<ChargeLine> {
        let filter = ledger::ChargeFilter {
            home: Some(self.estate.home(HOME)),
            with_reversed: true,
            ..Default::default()
        };
        let page = ledger::Page { after: 0, limit: 10_000 };
        self.estate.store.read_now(|db| ledger::list(db, self.estate.community, &filter, page)).unwrap()
    }

    fn nth(&self, n: usize) -> Option<ChargeId> {
        late(&self.charges(), n).map(|line| line.charge.id)
    }

    /// Lets one thing happen; what the rules refuse does not, and changes nothing.
    fn happen(&mut self, event: &Event) {
        let (estate, at) = (self.estate, self.now);
        let (cashier, other, manager) = (&estate.cashier, &estate.other_cashier, &estate.manager);
        let write =
            |done: &dyn Fn(&mut domain::Db) -> domain::Result<()>| estate.store.write_now(|tx| done(tx));
        let account = estate.account_id(HOME);
        let done: domain::Result<()> = match event {
            Event::Wait(hours) => {
                self.now = self.now.plus(TimeDelta::hours(*hours));
                Ok(())
            }
            Event::Bill => {
                let asked = (Month::of(self.today()), domain::billing::What::Items);
                domain::billing::run_now(&estate.store, manager, at, estate.community, asked).map(drop)
            }
            Event::Pay(fen) => self.pay(&new_payment(estate.home(HOME), *fen)),
            Event::PayFor(n, fen) => {
                let open = self.nth(*n).into_iter().map(|id| (id, Fen(*fen))).collect();
                self.pay(&NewPayment { allocate: open, ..new_payment(estate.home(HOME), fen + 1) })
            }
            Event::Void(n) => late(&self.paid, *n)
                .map_or(Ok(()), |id| write(&|tx| payments::void(tx, manager, at, id, "x", None))),
            Event::Refund(n, fen) => late(&self.paid, *n).map_or(Ok(()), |id| {
                write(&|tx| {
                    let asked = corrections::ask_prepaid_refund(tx, other, at, id, Fen(*fen), "x")?;
                    corrections::make(tx, manager, at, asked.id)
                })
            }),
            Event::RefundCharge(n) => self.nth(*n).map_or(Ok(()), |id| {
                write(&|tx| {
                    let asked = corrections::ask_charge_refund(tx, other, at, id, "x")?;
                    corrections::make(tx, manager, at, asked.id)
                })
            }),
            Event::Reverse(n) => {
                self.nth(*n).map_or(Ok(()), |id| write(&|tx| ledger::reverse(tx, manager, at, id, "x")))
            }
            Event::ChargeAgain(n) => self.nth(*n).map_or(Ok(()), |id| {
                write(&|tx| domain::billing::charge_again(tx, manager, at, id).map(drop))
            }),
            Event::Waive(n, fen) => self.nth(*n).map_or(Ok(()), |id| {
                write(&|tx| corrections::ask_waiver(tx, manager, at, id, Fen(*fen), "x").map(drop))
            }),
            Event::Dispute(n) => match self.nth(*n) {
                Some(id) => estate
                    .store
                    .write_now(|tx| debts::dispute(tx, cashier, at, account, id, "x"))
                    .map(|id| self.disputes.push(id)),
                None => Ok(()),
            },
            Event::Answer(n) => late(&self.disputes, *n).map_or(Ok(()), |id| {
                write(&|tx| debts::end_dispute(tx, manager, at, id, Outcome::Rejected, "x").map(drop))
            }),
            Event::Plan(n) => self.plan(*n),
            Event::Judge => {
                let over = estate.store.read_now(|db| debts::to_judge(db, estate.community, at)).unwrap();
                let system = Actor::system("reminders");
                over.into_iter().try_for_each(|id| write(&|tx| debts::judge(tx, &system, at, id).map(drop)))
            }
            Event::LateNight => {
                let due = estate.store.read_now(|db| late_fees::due(db, estate.community, at)).unwrap();
                let system = Actor::system("late_fees");
                due.into_iter()
                    .try_for_each(|id| write(&|tx| late_fees::charge(tx, &system, at, id).map(drop)))
            }
            Event::Deposit(fen) => self.deposit(*fen),
            Event::Deduct(n, fen) => match late(&self.deposits, *n) {
                Some(id) => estate
                    .store
                    .write_now(|tx| deposits::deduct(tx, other, at, id, Fen(*fen), "x"))
                    .map(|id| self.deductions.push(id)),
                None => Ok(()),
            },
            Event::Contest(n) => late(&self.deductions, *n)
                .map_or(Ok(()), |id| write(&|tx| deposits::contest(tx, other, at, id, "x").map(drop))),
            Event::Decide(n) => late(&self.deductions, *n).map_or(Ok(()), |id| {
                let decision = if n.is_multiple_of(2) { Decision::Uphold } else { Decision::Drop };
                write(&|tx| deposits::decide(tx, manager, at, id, decision, "x").map(drop))
            }),
            Event::Return(n) => late(&self.deposits, *n).map_or(Ok(()), |id| {
                write(&|tx| {
                    deposits::ask_return(tx, other, at, id)?;
                    deposits::give_back(tx, manager, at, id, (Method::Cash, "")).map(drop)
                })
            }),
            Event::CloseMonth => {
                let next = estate.store.read_now(|db| closings::next(db, estate.community, at)).unwrap();
                next.map_or(Ok(()), |month| {
                    write(&|tx| closings::close(tx, manager, at, estate.community, month).map(drop))
                })
            }
        };
        if let Err(domain::Error::Internal(cause)) = done {
            panic!("{event:?}: {cause}");
        }
        self.now = self.now.plus(TimeDelta::minutes(1));
    }

    fn pay(&mut self, new: &NewPayment) -> domain::Result<()> {
        self.estate.try_pay(new, &self.now.to_string()).map(|id| self.paid.push(id))
    }

    fn plan(&mut self, n: usize) -> domain::Result<()> {
        let Some(line) = late(&self.charges(), n) else { return Ok(()) };
        let new = NewPlan {
            parts: vec![Part { due_on: self.today() + TimeDelta::days(10), amount: line.charge.open() }],
            charges: vec![line.charge.id],
            agreed_by: "业主".into(),
            agreed_on: self.today(),
            note: String::new(),
        };
        let (estate, at) = (self.estate, self.now);
        let made =
            estate.store.write_now(|tx| debts::agree(tx, &estate.cashier, at, line.charge.account_id, &new));
        made.map(|id| self.plans.push(id))
    }

    fn deposit(&mut self, fen: i64) -> domain::Result<()> {
        let new = NewDeposit {
            home: self.estate.home(HOME),
            payer: None,
            purpose: Purpose::Other,
            basis: "x".into(),
            handed_in_by: String::new(),
            amount: Fen(fen),
            method: Method::Cash,
            note: String::new(),
            case: None,
        };
        let (estate, at) = (self.estate, self.now);
        let id = estate.store.write_now(|tx| deposits::take(tx, &estate.cashier, at, &new))?;
        let line = estate.store.read_now(|db| deposits::line(db, &estate.manager, at, id))?;
        self.deposits.push(id);
        self.paid.push(line.deposit.payment_id);
        Ok(())
    }

    /// What a statement says as of a day; in each part what is open and what is ahead make its balance.
    fn statement(&self, to: LocalDate) -> Vec<(Book, Fen)> {
        let (estate, from) = (self.estate, "2026-11-01".parse::<LocalDate>().unwrap().min(to));
        let span = Span::new(from, to).unwrap();
        let home = estate.home(HOME);
        let parts = estate
            .store
            .read_now(|db| ledger::statement(db, &estate.manager, estate.community, home, span))
            .unwrap();
        let one = |part: &ledger::Statement| {
            let open: Fen = part.open.iter().map(|charge| charge.open_fen).sum();
            assert_eq!(part.closing, open - part.ahead, "as of {to}");
            let moved: Fen = part.lines.iter().map(|line| line.amount_fen).sum();
            assert_eq!(part.closing, part.opening + moved);
            (part.account.book, part.closing)
        };
        parts.iter().map(one).collect()
    }

    /// Keeps what the statement of the day before says; the balances of today are those of the accounts.
    fn note(&mut self) {
        let before = self.today().pred_opt().unwrap();
        let said = self.statement(before);
        self.said.push((before, said));
        let now: Vec<_> = self.statement(self.today());
        for (book, closing) in now {
            let home = self.estate.home(HOME);
            let accounts = self.estate.store.read_now(|db| ledger::of_home(db, home, book)).unwrap();
            assert_eq!(accounts.iter().map(|account| account.balance).sum::<Fen>(), closing);
        }
    }

    fn says_the_same(&self) {
        for (day, said) in &self.said {
            assert_eq!(self.statement(*day), *said, "the statement as of {day} changed");
        }
    }
}

/// Nothing but the home under test, so that a month is billed in a moment; late fees grow on its property fee.
fn small(kind: Kind) -> Estate {
    let estate = Estate::on(kind);
    estate.sql("UPDATE homes SET delivered_on = NULL WHERE code <> '1-1-0101'");
    let terms = NewTerms {
        starts_on: crate::estate::day("2026-11-01"),
        basis: "x".into(),
        rate: Rate(500),
        grace_days: 3,
        cap_percent: 20,
    };
    estate.late(&terms, "2026-10-01T02:00:00Z").unwrap();
    estate.bill("2026-10", "2026-10-01T02:00:00Z");
    estate
}

fn holds_over_any_history(kind: Kind, cases: u32) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let events = proptest::collection::vec(event(), 1..30);
    runner
        .run(&events, |events| {
            let estate = small(kind);
            let mut life = Life::begins(&estate);
            for event in &events {
                life.happen(event);
                let faults = estate.faults();
                prop_assert!(faults.is_empty(), "after {event:?}: {faults:?}");
            }
            life.note();
            life.says_the_same();
            Ok(())
        })
        .unwrap();
}

/// Thousands of steps over years, looked at every now and then.
fn holds_over_a_long_history(kind: Kind, steps: usize) {
    let mut runner = TestRunner::default();
    let events = proptest::collection::vec(event(), steps).new_tree(&mut runner).unwrap().current();
    let estate = small(kind);
    let mut life = Life::begins(&estate);
    for (n, event) in events.iter().enumerate() {
        life.happen(event);
        if n % 100 == 99 {
            assert_eq!(estate.faults(), Vec::<String>::new(), "after step {n}: {:?}", &events[n - 99..=n]);
            life.note();
        }
    }
    life.says_the_same();
    assert!(life.paid.len() > steps / 20 && !life.deposits.is_empty(), "little happened");
}

/// Two at once, on the same account.
fn holds_for_two_at_once(kind: Kind, steps: usize) {
    let estate = small(kind);
    std::thread::scope(|scope| {
        let lives: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut runner = TestRunner::default();
                    let tree = proptest::collection::vec(event(), steps).new_tree(&mut runner);
                    let mut life = Life::begins(&estate);
                    // Clocks that stand apart by what each has waited; a month that one closed refuses the other.
                    tree.unwrap().current().iter().for_each(|event| life.happen(event));
                })
            })
            .collect();
        lives.into_iter().for_each(|life| life.join().unwrap());
    });
    assert_eq!(estate.faults(), Vec::<String>::new());
}

#[test]
fn any_history_leaves_the_books_right_on_sqlite() {
    holds_over_any_history(Kind::Sqlite, 24);
}

#[test]
fn any_history_leaves_the_books_right_on_postgres() {
    holds_over_any_history(Kind::Postgres, 6);
}

#[test]
fn a_history_of_thousands_of_steps_leaves_the_books_right_on_sqlite() {
    holds_over_a_long_history(Kind::Sqlite, 3_000);
}

#[test]
fn a_history_of_thousands_of_steps_leaves_the_books_right_on_postgres() {
    holds_over_a_long_history(Kind::Postgres, 2_000);
}

#[test]
fn two_at_once_leave_the_books_right_on_sqlite() {
    holds_for_two_at_once(Kind::Sqlite, 300);
}

#[test]
fn two_at_once_leave_the_books_right_on_postgres() {
    holds_for_two_at_once(Kind::Postgres, 300);
}

/// PostgreSQL holds these by no foreign key, for the sake of a run's pace.
#[test]
fn what_no_key_holds_is_checked_on_postgres() {
    let estate = Estate::on(Kind::Postgres);
    estate.bill("2026-11", AT);
    for column in ["building_id", "fee_item_id", "run_id"] {
        estate.sql(&format!("UPDATE charges SET {column} = 999999 + {column} WHERE id = 3"));
        let faults = estate.faults();
        assert!(
            faults.contains(&"charge names a building, item or run that is not there: 3".to_owned()),
            "{faults:?}"
        );
        estate.sql(&format!("UPDATE charges SET {column} = {column} - 999999 WHERE id = 3"));
    }
    assert_eq!(estate.faults(), Vec::<String>::new());
}

test_support::both! {
    fn a_broken_row_is_named(estate: Estate) {
        estate.bill("2026-11", AT);
        estate.pay(HOME, 5_000, AT);
        for (sql, said) in [
            ("UPDATE ledger_accounts SET balance_fen = balance_fen + 1 WHERE id = 1", "account's balance is not the sum"),
            ("UPDATE charges SET paid_fen = paid_fen - 1 WHERE paid_fen > 0", "charge's paid sum"),
            ("UPDATE payments SET unallocated_fen = unallocated_fen + 1 WHERE unallocated_fen < amount_fen", "payment is not allocated"),
            ("UPDATE charges SET amount_fen = amount_fen + 1 WHERE id = 3", "charge's amount is not what its basis says: 3"),
            ("UPDATE collection_summaries SET due_fen = due_fen + 1 WHERE building_id = 1", "summary differs"),
            ("UPDATE open_summaries SET charges = charges + 1 WHERE building_id = 1", "what is open by day differs"),
            ("UPDATE payments SET receipt = 'SJ20261122-0002'", "numbers SJ"),
            ("UPDATE charges SET revision = 2 WHERE id = 3", "revision follows none"),
        ] {
            estate.sql(sql);
            let faults = estate.faults();
            assert!(faults.iter().any(|fault| fault.contains(said)), "{said}: {faults:?}");
        }
    }
}
