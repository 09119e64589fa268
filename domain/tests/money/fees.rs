//! Fee items kept by page: tariffs that touch nothing that is over or billed, items that end, and homes for which
//! something else was agreed.

use diesel::prelude::*;
use domain::access::Actor;
use domain::billing::exceptions::{self, NewException, Terms};
use domain::billing::explain::explain_stored;
use domain::billing::items::{self, AppliesTo, By, Tariffed};
use domain::billing::keep::{self, Change, NewItem, NewTariff};
use domain::billing::{self, Reason, example};
use domain::db::schema::fee_exceptions;
use domain::{Error, FeeExceptionId, Fen, Rate, Result, ledger};

use crate::estate::{BILLING, Estate, day, instant, month};

const GARBAGE: &str = "garbage";

fn code(outcome: &Result<impl std::fmt::Debug>) -> (String, &'static str) {
    match outcome {
        Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].code),
        other => panic!("{other:?}"),
    }
}

fn at_rate(rate: i64, starts_on: &str) -> NewTariff {
    NewTariff { starts_on: day(starts_on), rate: Rate(rate), tiers: vec![] }
}

impl Estate {
    fn set(&self, item: &str, rate: i64, starts_on: &str) -> Result<()> {
        let new = at_rate(rate, starts_on);
        self.store
            .write_now(|tx| keep::set_tariff(tx, &self.manager, instant(BILLING), self.community, item, &new))
    }

    fn item(&self, item: &str) -> Tariffed {
        let found = self.store.read_now(|db| {
            let id = keep::find(db, self.community, item)?.unwrap().id;
            items::find(db, self.community, id)
        });
        found.unwrap().unwrap()
    }

    fn agree(&self, home: &str, terms: Terms, (from, to): (&str, Option<&str>)) -> Result<FeeExceptionId> {
        let new = NewException {
            home: home.into(),
            terms,
            from: month(from),
            to: to.map(month),
            reason: "约定".into(),
        };
        let item = self.item(GARBAGE).item;
        self.store.write_now(|tx| {
            exceptions::agree(tx, &self.manager, instant(BILLING), self.community, &item, &new)
        })
    }

    fn of_item(&self, home: &str, item: &str) -> Vec<(i64, String)> {
        let lines = self.charges(home).into_iter().filter(|line| line.item == item && !line.charge.reversed);
        lines.map(|line| (line.charge.amount.0, line.charge.basis)).collect()
    }

    fn add(&self, item: &NewItem, first: &NewTariff) -> Result<()> {
        let now = instant(BILLING);
        self.store
            .write_now(|tx| keep::add(tx, &self.manager, now, self.community, (item, first)).map(|_| ()))
    }
}

fn upkeep(by: By, applies_to: AppliesTo) -> NewItem {
    let (code, name, unit) = ("lift_upkeep".into(), "电梯维保费".into(), "元/户·月".into());
    NewItem { code, name, by, applies_to, unit, due_day: 20, meter: None }
}

test_support::both! {
    fn a_tariff_touches_nothing_that_is_over_or_billed(estate: Estate) {
        // It is 1 November.
        for (rate, starts_on, expected) in [
            (-1, "2026-12-01", ("rate", "negative")),
            (1_000_000_001, "2026-12-01", ("rate", "number_too_large")),
            (130_000, "2026-10-31", ("starts_on", "month_over")),
        ] {
            assert_eq!(code(&estate.set(GARBAGE, rate, starts_on)), (expected.0.to_owned(), expected.1), "{starts_on}");
        }
        estate.set(GARBAGE, 130_000, "2026-11-16").unwrap();
        assert_eq!(code(&estate.set(GARBAGE, 140_000, "2026-11-16")).1, "tariff_same_day");
        estate.bill("2026-11", BILLING);
        assert_eq!(estate.of_item("1-1-0101", GARBAGE), [(1_250, "home:100*120000*15/30+100*130000*15/30".to_owned())]);
        assert_eq!(code(&estate.set(GARBAGE, 140_000, "2026-11-20")), ("starts_on".to_owned(), "period_charged"));
        estate.set(GARBAGE, 140_000, "2026-12-01").unwrap();
        estate.bill("2026-12", "2026-11-30T18:00:00Z");
        assert_eq!(estate.charges("1-1-0101").iter().filter(|line| line.charge.amount == Fen(1_400)).count(), 1);
        assert_eq!(estate.faults(), Vec::<String>::new());
        let stranger = estate.store.write_now(|tx| {
            keep::set_tariff(tx, &estate.cashier, instant(BILLING), estate.community, GARBAGE, &at_rate(1, "2027-03-01"))
        });
        assert!(matches!(stranger, Err(Error::NotAllowed)), "{stranger:?}");
    }

    fn an_item_is_added_billed_renamed_and_ends(estate: Estate) {
        let first = at_rate(50_000, "2026-11-01");
        estate.add(&upkeep(By::Home, AppliesTo::Residential), &first).unwrap();
        for (item, expected) in [
            (upkeep(By::Home, AppliesTo::Residential), "item_exists"),
            (NewItem { code: "Lift".into(), ..upkeep(By::Home, AppliesTo::Residential) }, "item_code"),
            (NewItem { code: "x".into(), ..upkeep(By::Bay, AppliesTo::Residential) }, "scope_of_other_basis"),
            (NewItem { code: "y".into(), ..upkeep(By::Shared, AppliesTo::Residential) }, "unknown_word"),
        ] {
            assert_eq!(code(&estate.add(&item, &first)).1, expected);
        }
        // A deposit has an item, a tariff and a book, and no run bills it.
        estate.add(&NewItem { code: "renovation_deposit".into(), ..upkeep(By::Deposit, AppliesTo::Residential) }, &first).unwrap();
        assert_eq!(estate.bill("2026-11", BILLING).charges, 2140 + 852);
        let change = |ends_on: Option<&str>| {
            let change = Change { name: "电梯费".into(), unit: "元".into(), due_day: 5, ends_on: ends_on.map(day) };
            estate.store.write_now(|tx| keep::change(tx, &estate.manager, instant(BILLING), estate.community, "lift_upkeep", &change))
        };
        assert_eq!(code(&change(Some("2026-10-31"))), ("ends_on".to_owned(), "period_charged"), "a month that is over");
        change(Some("2026-12-10")).unwrap();
        let run = estate.bill("2026-12", "2026-11-30T18:00:00Z");
        assert!(run.left_out().unwrap().iter().all(|one| one.reason == Reason::Undelivered));
        let line = estate.charges("1-1-0101").into_iter().rfind(|line| line.item == "lift_upkeep").unwrap();
        assert_eq!((line.charge.amount, line.charge.to_on, line.item_name.as_str()), (Fen(161), day("2026-12-10"), "电梯费"));
        let later = estate.bill("2027-01", "2026-12-31T18:00:00Z");
        assert!(later.left_out().unwrap().iter().all(|one| one.reason == Reason::Undelivered), "what has ended is missed by nobody");
        assert!(estate.charges("1-1-0101").iter().all(|line| line.item != "lift_upkeep" || line.charge.period < month("2027-01")));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_was_agreed_for_a_home_counts_in_preview_and_run(estate: Estate) {
        estate.agree("1-1-0101", Terms::Free, ("2026-11", Some("2026-11"))).unwrap();
        estate.agree("1-1-0102", Terms::Part(50), ("2026-11", None)).unwrap();
        estate.agree("1-1-0103", Terms::Rate(Rate(10_000)), ("2026-11", None)).unwrap();
        let preview = estate.store.read_now(|db| billing::preview(db, &estate.manager, instant(BILLING), estate.community, month("2026-11"))).unwrap();
        let run = estate.bill("2026-11", BILLING);
        assert_eq!((run.charges, run.total), (2139, Fen(34_663_254 - 1_200 - 600 - 1_100)));
        assert_eq!((preview.charges(), preview.total()), (run.charges, run.total));
        assert_eq!(preview.left_out, run.left_out().unwrap());
        assert!(preview.left_out.iter().any(|one| one.home == "1-1-0101" && one.what == GARBAGE && one.reason == Reason::Agreed));
        assert!(estate.of_item("1-1-0101", GARBAGE).is_empty());
        let part = estate.of_item("1-1-0102", GARBAGE).remove(0);
        assert_eq!(part, (600, "home:100*120000*30/30@50%".to_owned()));
        assert!(explain_stored(&part.1, "zh").contains("50%"));
        assert_eq!(estate.of_item("1-1-0103", GARBAGE), [(100, "home:100*10000*30/30@rate".to_owned())]);
        assert_eq!(estate.bill("2026-11", BILLING).charges, 0);
        // It ended: the next month is charged whole.
        estate.bill("2026-12", "2026-11-30T18:00:00Z");
        assert_eq!(estate.of_item("1-1-0101", GARBAGE).len(), 1);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_charge_is_made_anew_under_what_was_agreed_meanwhile(estate: Estate) {
        estate.bill("2026-11", BILLING);
        assert_eq!(code(&estate.agree("1-1-0102", Terms::Part(50), ("2026-11", None))), ("from_month".to_owned(), "period_charged"));
        let line = estate.charges("1-1-0102").into_iter().find(|line| line.item == GARBAGE).unwrap();
        let at = instant(BILLING);
        estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, at, line.charge.id, "减半")).unwrap();
        estate.agree("1-1-0102", Terms::Part(50), ("2026-11", None)).unwrap();
        estate.store.write_now(|tx| billing::charge_again(tx, &estate.manager, at, line.charge.id)).unwrap();
        assert_eq!(estate.of_item("1-1-0102", GARBAGE), [(600, "home:100*120000*30/30@50%".to_owned())]);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn an_exception_has_a_home_a_reason_and_months_of_its_own(estate: Estate) {
        for (home, terms, months, expected) in [
            ("9-9-9999", Terms::Free, ("2026-11", None), "unknown_home"),
            ("1-1-0101", Terms::Part(0), ("2026-11", None), "percent"),
            ("1-1-0101", Terms::Part(100), ("2026-11", None), "percent"),
            ("1-1-0101", Terms::Rate(Rate(-1)), ("2026-11", None), "negative"),
            ("1-1-0101", Terms::Free, ("2026-12", Some("2026-11")), "ends_before_start"),
        ] {
            assert_eq!(code(&estate.agree(home, terms, months)).1, expected);
        }
        let id = estate.agree("1-1-0101", Terms::Free, ("2026-12", Some("2027-02"))).unwrap();
        for months in [("2026-11", None), ("2027-02", None), ("2026-11", Some("2026-12"))] {
            assert_eq!(code(&estate.agree("1-1-0101", Terms::Part(50), months)).1, "exception_overlaps");
        }
        estate.agree("1-1-0101", Terms::Part(50), ("2027-03", None)).unwrap();
        let item = estate.item(GARBAGE).item.id;
        let end = |who: &Actor, last| estate.store.write_now(|tx| {
            exceptions::end(tx, who, instant(BILLING), estate.community, (item, id), month(last))
        });
        assert_eq!(code(&end(&estate.manager, "2026-11")).1, "ends_before_start");
        assert!(matches!(end(&estate.cashier, "2026-12"), Err(Error::NotAllowed)));
        end(&estate.manager, "2026-12").unwrap();
        let to: Option<domain::Month> = estate.store.read_now(|db| Ok(fee_exceptions::table.find(id.0).select(fee_exceptions::to_month).first(db)?)).unwrap();
        assert_eq!(to, Some(month("2026-12")));
    }

    fn a_worked_example_is_what_the_run_charges_then(estate: Estate) {
        let new = at_rate(30_000, "2026-11-11");
        let item = estate.item("property_residential");
        let shown = estate.store.read_now(|db| example(db, estate.community, &item, &new)).unwrap();
        assert_eq!(shown.len(), 3);
        estate.set("property_residential", 30_000, "2026-11-11").unwrap();
        estate.bill("2026-11", BILLING);
        for one in &shown {
            let charged = estate.of_item(&one.home, "property_residential");
            assert_eq!(charged, [(one.basis.amount().0, one.basis.to_string())], "{}", one.home);
            assert!(one.before.unwrap() < one.basis.amount());
        }
        // A part of a month is among them.
        assert!(shown.iter().any(|one| one.basis.parts.iter().map(|part| part.days).sum::<i64>() < 30), "{shown:?}");
        let bays = estate.store.read_now(|db| example(db, estate.community, &estate.item("parking_leased"), &at_rate(1, "2026-12-01"))).unwrap();
        assert!(bays.iter().all(|one| !one.subject.is_empty()) && bays.len() == 3);
    }
}
