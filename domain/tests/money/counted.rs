//! Charging by quantity: what is looked at is charged, once, explained and due; what is wrong is refused by field.

use domain::billing::counted::{self, NewCount};
use domain::billing::explain::explain_stored;
use domain::billing::items::{AppliesTo, By};
use domain::billing::keep::{self, NewItem, NewTariff};
use domain::{ChargeId, Error, Fen, Quantity, Rate, Result, corrections, ledger};

use crate::estate::{BILLING, Estate, day, instant};

/// The evening of 20 November.
const EVENING: &str = "2026-11-20T12:00:00Z";

fn hours(home: &str, day_of: &str, quantity: i64) -> NewCount {
    NewCount {
        home: home.to_owned(),
        item: "air_overtime".to_owned(),
        day: day(day_of),
        quantity: Quantity(quantity),
        note: "夜间盘点".to_owned(),
    }
}

impl Estate {
    /// Air-conditioning overtime for homes, at 35.00 an hour.
    fn overtime(&self) {
        let item = NewItem {
            code: "air_overtime".to_owned(),
            name: "空调加时费".to_owned(),
            by: By::Hour,
            applies_to: AppliesTo::Residential,
            unit: "元/小时".to_owned(),
            due_day: 25,
            meter: None,
        };
        let tariff = NewTariff { starts_on: day("2026-11-05"), rate: Rate(350_000), tiers: vec![] };
        self.store
            .write_now(|tx| keep::add(tx, &self.manager, instant(BILLING), self.community, (&item, &tariff)))
            .unwrap();
    }

    fn look(&self, new: &NewCount) -> Result<counted::Worked> {
        self.store.read_now(|db| counted::look(db, &self.cashier, instant(EVENING), self.community, new))
    }

    fn charge_hours(&self, new: &NewCount) -> Result<ChargeId> {
        let seen = self.look(new)?.seen();
        self.store
            .write_now(|tx| counted::charge(tx, &self.cashier, instant(EVENING), self.community, new, &seen))
    }
}

fn wrong<T: std::fmt::Debug>(done: Result<T>) -> (String, &'static str) {
    match done {
        Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].code),
        Err(Error::Refused(refusal)) => (String::new(), refusal.rule),
        other => panic!("{other:?}"),
    }
}

test_support::both! {
    fn hours_are_charged_as_they_were_looked_at(estate: Estate) {
        estate.overtime();
        estate.pay("1-1-0101", 10_000, "2026-11-19T02:00:00Z");
        let new = hours("1-1-0101", "2026-11-18", 350);
        let seen = estate.look(&new).unwrap();
        assert_eq!((seen.amount, seen.due_on), (Fen(12_250), day("2026-11-30")), "not before ten days from now");
        let id = estate.charge_hours(&new).unwrap();
        let charge = estate.store.read_now(|db| ledger::charge_of(db, id)).unwrap();
        assert_eq!((charge.amount, charge.paid, charge.subject.as_str()), (Fen(12_250), Fen(10_000), "2026-11-18"));
        assert_eq!((charge.period.to_string(), charge.from_on, charge.to_on), ("2026-11".to_owned(), day("2026-11-18"), day("2026-11-18")));
        assert_eq!(explain_stored(&charge.basis, "en"), "2026-11-18: 3.5 hours × ¥35.00 = ¥122.50 (夜间盘点)");
        // The same again on the same day is another charge, and says so.
        let second = estate.charge_hours(&new).unwrap();
        let second = estate.store.read_now(|db| ledger::charge_of(db, second)).unwrap();
        assert_eq!(second.subject, "2026-11-18/2");
        // No run takes it for its own.
        let run = estate.bill("2026-11", EVENING);
        assert_eq!(run.charges, 2140);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_wrong_is_said_by_field(estate: Estate) {
        estate.overtime();
        for (new, field, code) in [
            (hours("9-9-9999", "2026-11-18", 100), "home", "unknown_home"),
            (NewCount { item: "garbage".into(), ..hours("1-1-0101", "2026-11-18", 100) }, "item", "no_such_item"),
            (NewCount { item: "nothing".into(), ..hours("1-1-0101", "2026-11-18", 100) }, "item", "no_such_item"),
            (hours("1-1-0101", "2026-11-21", 100), "day", "in_the_future"),
            (hours("1-1-0101", "2025-11-01", 100), "day", "long_ago"),
            (hours("1-1-0101", "2026-11-04", 100), "day", "no_rate_on_day"),
            (hours("1-1-0101", "2026-11-18", 0), "quantity", "between"),
            (hours("1-1-0101", "2026-11-18", 1_000_001), "quantity", "between"),
        ] {
            assert_eq!(wrong(estate.look(&new)), (field.to_owned(), code), "{new:?}");
        }
        estate.sql("UPDATE homes SET use_kind = 'shop' WHERE code = '1-1-0102'");
        assert_eq!(wrong(estate.look(&hours("1-1-0102", "2026-11-18", 100))).1, "item_of_other_use");
        estate.sql("UPDATE occupancies SET pays = FALSE WHERE home_id = (SELECT id FROM homes WHERE code = '1-1-0103')");
        assert_eq!(wrong(estate.look(&hours("1-1-0103", "2026-11-18", 100))).1, "counted.nobody_pays");
        estate.sql("UPDATE tariffs SET rate = 1 WHERE rate = 350000");
        assert_eq!(wrong(estate.look(&hours("1-1-0101", "2026-11-18", 1))).1, "costs_nothing");
    }

    fn what_changed_since_is_looked_at_again(estate: Estate) {
        estate.overtime();
        let new = hours("1-1-0101", "2026-11-18", 200);
        let seen = estate.look(&new).unwrap().seen();
        let charge = |new: &NewCount| estate.store.write_now(|tx| {
            counted::charge(tx, &estate.cashier, instant(EVENING), estate.community, new, &seen)
        });
        // Another home, and the same sum.
        assert_eq!(wrong(charge(&NewCount { home: "1-1-0102".into(), ..new.clone() })).1, "counted.changed");
        estate.sql("UPDATE tariffs SET rate = 360000 WHERE rate = 350000");
        assert_eq!(wrong(charge(&new)).1, "counted.changed");
        assert_eq!(estate.charges("1-1-0101").len(), 0);
    }

    fn a_wrong_one_is_taken_back_and_the_right_one_entered(estate: Estate) {
        estate.overtime();
        let id = estate.charge_hours(&hours("1-1-0101", "2026-11-18", 3_500)).unwrap();
        let at = instant(EVENING);
        estate.store.write_now(|tx| {
            let seen = ledger::charge_of(tx, id)?.seen();
            corrections::reverse(tx, &estate.cashier, at, id, "多记了一位", &seen)
        }).unwrap();
        estate.charge_hours(&hours("1-1-0101", "2026-11-18", 350)).unwrap();
        assert_eq!(estate.account("1-1-0101").balance, Fen(12_250));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }
}
