//! Whatever happens in whatever order: balances, allocations and receipts stay right.

use domain::payments;
use domain::{ChargeId, Fen, PaymentId};
use domain::{corrections, ledger};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use test_support::{Kind, On};

use crate::estate::{Estate, instant, new_payment};

#[derive(Debug, Clone)]
enum Event {
    Bill,
    Pay(i64),
    Void(usize),
    Refund(usize, i64),
    RefundCharge(usize),
    Reverse(usize),
    ChargeAgain(usize),
    Waive(usize, i64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        1 => Just(Event::Bill),
        4 => (1i64..60_000).prop_map(Event::Pay),
        1 => (0usize..20).prop_map(Event::Void),
        1 => (0usize..20, 1i64..5_000).prop_map(|(n, fen)| Event::Refund(n, fen)),
        1 => (0usize..20).prop_map(Event::RefundCharge),
        2 => (0usize..20).prop_map(Event::Reverse),
        1 => (0usize..20).prop_map(Event::ChargeAgain),
        1 => (0usize..20, 1i64..5_000).prop_map(|(n, fen)| Event::Waive(n, fen)),
    ];
    proptest::collection::vec(event, 1..25)
}

const HOME: &str = "1-1-0101";
const AT: &str = "2026-11-22T02:00:00Z";

/// Lets one thing happen; what the rules refuse does not, and changes nothing.
fn happen(estate: &Estate, event: &Event, month: &mut domain::Month, paid: &mut Vec<PaymentId>) {
    let charges = || estate.charges(HOME).iter().map(|line| line.charge.id).collect::<Vec<ChargeId>>();
    let nth = |n: usize| charges().get(n).copied();
    let (cashier, manager, at) = (&estate.other_cashier, &estate.manager, instant(AT));
    match event {
        Event::Bill => {
            estate.bill(month.as_str(), AT);
            *month = month.next();
        }
        Event::Pay(fen) => paid.push(estate.try_pay(&new_payment(estate.home(HOME), *fen), AT).unwrap()),
        Event::Void(n) => {
            if let Some(id) = paid.get(*n) {
                let _ = estate.store.write_now(|tx| payments::void(tx, manager, at, *id, "x", None));
            }
        }
        Event::Refund(n, fen) => {
            if let Some(id) = paid.get(*n) {
                let _ = estate.store.write_now(|tx| {
                    let asked = corrections::ask_prepaid_refund(tx, cashier, at, *id, Fen(*fen), "x")?;
                    corrections::make(tx, manager, at, asked.id)
                });
            }
        }
        Event::RefundCharge(n) => {
            if let Some(id) = nth(*n) {
                let _ = estate.store.write_now(|tx| {
                    let asked = corrections::ask_charge_refund(tx, cashier, at, id, "x")?;
                    corrections::make(tx, manager, at, asked.id)
                });
            }
        }
        Event::Reverse(n) => {
            if let Some(id) = nth(*n) {
                let _ = estate.store.write_now(|tx| ledger::reverse(tx, manager, at, id, "x"));
            }
        }
        Event::ChargeAgain(n) => {
            if let Some(id) = nth(*n) {
                let _ = estate.store.write_now(|tx| domain::billing::charge_again(tx, manager, at, id));
            }
        }
        Event::Waive(n, fen) => {
            if let Some(charge) = nth(*n) {
                let _ = estate
                    .store
                    .write_now(|tx| corrections::ask_waiver(tx, manager, at, charge, Fen(*fen), "x"));
            }
        }
    }
}

/// Nothing but the home under test, so that a month is billed in a moment.
fn small(kind: Kind) -> Estate {
    let estate = Estate::on(kind);
    estate.sql("UPDATE homes SET delivered_on = NULL WHERE code <> '1-1-0101'");
    estate
}

fn holds_over_any_history(kind: Kind, cases: u32) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&events(), |events| {
            let estate = small(kind);
            let mut month: domain::Month = "2026-10".parse().unwrap();
            let mut paid = Vec::new();
            for event in &events {
                happen(&estate, event, &mut month, &mut paid);
                let faults = estate.faults();
                prop_assert!(faults.is_empty(), "after {event:?}: {faults:?}");
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_history_leaves_the_books_right_on_sqlite() {
    holds_over_any_history(Kind::Sqlite, 24);
}

#[test]
fn any_history_leaves_the_books_right_on_postgres() {
    holds_over_any_history(Kind::Postgres, 6);
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
