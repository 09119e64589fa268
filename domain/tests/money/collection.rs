//! Collection: what came in of what was due, now and as it stood, and how old the rest is.

use domain::collection::{self, Age, By, DebtorOrder, Figure, Wanted};
use domain::{Fen, Instant, ledger};

use crate::estate::{BILLING, Estate, day, instant, month};

const AT: &str = "2026-11-22T02:00:00Z";

impl Estate {
    fn figures(&self, by: By, as_of: Option<Instant>) -> Vec<Figure> {
        let of = (month("2026-11"), by);
        self.store
            .read_now(|db| collection::figures(db, &self.manager, instant(AT), self.community, of, as_of))
            .unwrap()
    }
}

fn total(figures: &[Figure]) -> (i64, Fen, Fen) {
    let charges = figures.iter().map(|figure| figure.charges).sum();
    (charges, figures.iter().map(|f| f.due).sum(), figures.iter().map(|f| f.collected).sum())
}

test_support::both! {
    fn due_and_collected_by_building_item_steward_and_month(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.pay("1-1-0101", 26_361, "2026-11-10T02:00:00Z");
        let reversed = estate.charges("1-1-0102")[0].charge.id;
        estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, instant("2026-11-12T02:00:00Z"), reversed, "错")).unwrap();
        estate.sql("INSERT INTO home_stewards (community_id, home_id, steward_id, starts_on) SELECT 1, id, 3, '2026-01-01' FROM homes WHERE building_id = 1");
        let expected = (2_139, Fen(34_663_254 - 20_345), Fen(26_361));
        for by in [By::Building, By::Item, By::Steward, By::Month] {
            assert_eq!(total(&estate.figures(by, None)), expected, "{by}");
            assert_eq!(total(&estate.figures(by, Some(instant(AT)))), expected, "{by} looking back");
        }
        let buildings = estate.figures(By::Building, None);
        assert_eq!((buildings[0].key.as_str(), buildings[0].collected), ("1", Fen(26_361)));
        let stewards = estate.figures(By::Steward, None);
        assert_eq!(stewards.iter().find(|one| one.id == 3).unwrap().collected, Fen(26_361));
        // As it stood before the payment and the reversal.
        let before = estate.figures(By::Building, Some(instant("2026-11-05T00:00:00Z")));
        assert_eq!(total(&before), (2_140, Fen(34_663_254), Fen::ZERO));
    }

    fn a_figure_opens_to_the_rows_that_make_it(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let figure = estate.figures(By::Building, None).remove(0);
        let filter = ledger::ChargeFilter {
            building: Some(domain::BuildingId(figure.id)), due_month: Some(month("2026-11")), ..Default::default()
        };
        let rows = estate.store.read_now(|db| ledger::list(db, estate.community, &filter, ledger::Page { after: 0, limit: 5_000 })).unwrap();
        assert_eq!(i64::try_from(rows.len()).unwrap(), figure.charges);
        assert_eq!(rows.iter().map(|row| row.charge.amount).sum::<Fen>(), figure.due);
    }

    fn a_month_comes_in_day_by_day(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.pay("1-1-0101", 26_361, "2026-11-10T02:00:00Z");
        estate.pay("1-1-0102", 20_345, "2026-11-20T17:30:00Z");
        let course = |at| estate.store.read_now(|db| {
            collection::course(db, &estate.manager, instant(at), estate.community, month("2026-11"))
        }).unwrap();
        let running = course(AT);
        assert_eq!((running.due, running.collected.len()), (Fen(34_663_254), 22));
        // The second was paid at 01:30 of the 21st, the community's time.
        for (day, expected) in [(9, 0), (10, 26_361), (20, 26_361), (21, 46_706), (22, 46_706)] {
            assert_eq!(running.collected[day - 1], Fen(expected), "{day}");
        }
        assert_eq!((running.rate_on(9), running.rate_on(31)), (Some(0), collection::rate(running.due, Fen(46_706))));
        assert_eq!(course("2026-12-20T02:00:00Z").collected.len(), 30);
        assert_eq!(course("2026-10-20T02:00:00Z").collected, Vec::<Fen>::new());
        // A payment that was voided had come in until then.
        estate.sql("UPDATE allocations SET freed_at = '2026-11-15 02:00:00' WHERE at = '2026-11-10 02:00:00'");
        assert_eq!((course(AT).collected[9], course(AT).collected[14]), (Fen(26_361), Fen::ZERO));
    }

    fn what_is_owed_has_an_age(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.pay("1-1-0101", 26_361, AT);
        let ages = |at| estate.store.read_now(|db| collection::ageing(db, &estate.manager, instant(at), estate.community)).unwrap();
        let open = Fen(34_663_254 - 26_361);
        for (at, age) in [
            (AT, Age::NotDue), ("2026-11-25T02:00:00Z", Age::To30), ("2026-12-26T02:00:00Z", Age::To90),
            ("2027-03-01T02:00:00Z", Age::To180), ("2027-06-01T02:00:00Z", Age::To365), ("2027-12-01T02:00:00Z", Age::Over365),
        ] {
            let found: Vec<_> = ages(at).into_iter().filter(|one| one.open > Fen::ZERO).map(|one| (one.age, one.open)).collect();
            assert_eq!(found, [(age, open)], "{at}");
            let (from, to) = age.due_days(instant(at).0.date());
            assert!(from.is_none_or(|from| from <= day("2026-11-25")) && to.is_none_or(|to| to >= day("2026-11-25")));
        }
        let arrears = estate.store.read_now(|db| collection::arrears(db, &estate.manager, instant("2026-12-01T02:00:00Z"), estate.community, &Wanted::all(DebtorOrder::Overdue), (0, 2_000))).unwrap();
        assert_eq!(arrears.iter().map(|row| row.overdue).sum::<Fen>(), open);
        assert!(arrears.is_sorted_by_key(|row| std::cmp::Reverse((row.overdue, row.open))), "the largest overdue first");
        assert!(arrears.first().map(|row| row.overdue) > arrears.last().map(|row| row.overdue), "not all owe the same");
        let sorted = |order| estate.store.read_now(|db| collection::arrears(db, &estate.manager, instant("2026-12-01T02:00:00Z"), estate.community, &Wanted::all(order), (0, 2_000))).unwrap();
        assert!(sorted(DebtorOrder::Open).is_sorted_by_key(|row| std::cmp::Reverse(row.open)), "the largest sum first");
        assert!(sorted(DebtorOrder::Oldest).is_sorted_by_key(|row| row.oldest_due_on), "the longest owed first");
        assert!(sorted(DebtorOrder::Register).first().is_some_and(|row| row.home.starts_with("1-1-01")), "the first home first");
        let prior = estate.store.read_now(|db| collection::prior_years(db, estate.community, month("2027-01"))).unwrap();
        assert_eq!(prior, open);
    }
}

#[test]
fn rates_are_rounded_once() {
    assert_eq!(collection::rate(Fen(300), Fen(200)), Some(6_667));
    assert_eq!(collection::rate(Fen(0), Fen(0)), None);
    assert_eq!(collection::rate(Fen(100), Fen(100)), Some(10_000));
}
