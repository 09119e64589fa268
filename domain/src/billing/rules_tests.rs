use proptest::prelude::*;

use super::*;

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn november() -> Month {
    "2026-11".parse().unwrap()
}

fn charged(quantity: i64, from: &str, tariffs: &[(&str, i64)]) -> Basis {
    let tariffs: Vec<_> = tariffs.iter().map(|(starts, rate)| (day(starts), Rate(*rate))).collect();
    let span = (day(from), november().last_day());
    Basis::new(Unit::Area, quantity, span, &segments(&tariffs, november()), november())
}

#[test]
fn amounts_are_exact_and_rounded_once() {
    let since = ("2021-06-01", 28_000);
    for (quantity, from, tariffs, fen, kept) in [
        (8950, "2026-11-01", vec![since], 25060, "area:8950*28000*30/30"),
        (7281, "2026-11-18", vec![since], 8834, "area:7281*28000*13/30"),
        (10_000, "2026-11-30", vec![since], 933, "area:10000*28000*1/30"),
        // A change inside the month: both exactly, rounded once.
        (101, "2026-11-01", vec![since, ("2026-11-11", 30_000)], 296, "area:101*28000*10/30+101*30000*20/30"),
        // A tariff of the future changes nothing.
        (8950, "2026-11-01", vec![since, ("2026-12-01", 99_000)], 25060, "area:8950*28000*30/30"),
        // What has no tariff yet is not charged.
        (10_000, "2026-11-01", vec![("2026-11-16", 28_000)], 14_000, "area:10000*28000*15/30"),
    ] {
        let basis = charged(quantity, from, &tariffs);
        assert_eq!((basis.amount(), basis.to_string().as_str()), (Fen(fen), kept), "{quantity} {from}");
        assert_eq!(kept.parse::<Basis>().unwrap(), basis);
    }
}

#[test]
fn days_begin_with_the_latest_start_and_end_with_the_earliest_end() {
    for (starts, ends, expected) in [
        (vec!["2021-01-01"], vec![], Some(("2026-11-01", "2026-11-30"))),
        (vec!["2026-11-18"], vec![], Some(("2026-11-18", "2026-11-30"))),
        (vec!["2026-11-10", "2026-11-20"], vec!["2026-11-25"], Some(("2026-11-20", "2026-11-25"))),
        (vec!["2026-11-30"], vec!["2026-11-30"], Some(("2026-11-30", "2026-11-30"))),
        (vec!["2026-12-01"], vec![], None),
        (vec!["2026-11-20"], vec!["2026-11-19"], None),
        (vec![], vec!["2026-10-31"], None),
    ] {
        let starts: Vec<_> = starts.into_iter().map(day).collect();
        let ends: Vec<_> = ends.into_iter().map(day).collect();
        let expected = expected.map(|(from, to)| (day(from), day(to)));
        let month = (november().first_day(), november().last_day());
        assert_eq!(span(month, &starts, &ends), expected);
    }
}

#[test]
fn a_charge_is_due_on_the_due_day_but_never_at_once() {
    for (due_day, made_on, due) in [
        (25, "2026-11-01", "2026-11-25"),
        (25, "2026-11-15", "2026-11-25"),
        (25, "2026-11-16", "2026-11-26"),
        (25, "2026-11-22", "2026-12-02"),
        (31, "2026-11-01", "2026-11-30"),
    ] {
        assert_eq!(due_on(november(), due_day, day(made_on), 10), day(due), "{made_on}");
    }
}

#[test]
fn what_is_no_basis_is_refused() {
    for bad in [
        "",
        "area",
        "area:",
        "area:1*2*3",
        "area:1*2/3",
        "area:1*2*3/0",
        "acre:1*2*3/30",
        "area:1*2*3*4/30",
        "area:1*2*3/30@0%",
        "area:1*2*3/30@100%",
        "area:1*2*3/30@half",
        "area:1*2*3/30@",
    ] {
        assert!(bad.parse::<Basis>().is_err(), "{bad}");
    }
}

#[test]
fn what_was_agreed_for_a_home_is_kept_and_rounded_once() {
    let usual = charged(7281, "2026-11-18", &[("2021-06-01", 28_000)]);
    for (terms, fen, kept) in [
        (None, Some(8834), "area:7281*28000*13/30"),
        (Some(Terms::Free), None, ""),
        // 88.3428 × 50 % = 44.1714
        (Some(Terms::Part(50)), Some(4417), "area:7281*28000*13/30@50%"),
        // 88.3428 × 33 % = 29.153124, and not a third of a rounded sum
        (Some(Terms::Part(33)), Some(2915), "area:7281*28000*13/30@33%"),
        (Some(Terms::Rate(Rate(10_000))), Some(3155), "area:7281*10000*13/30@rate"),
        (Some(Terms::Rate(Rate(0))), Some(0), "area:7281*0*13/30@rate"),
    ] {
        let agreed = usual.clone().agreed(terms);
        assert_eq!(agreed.as_ref().map(|basis| basis.amount().0), fen, "{terms:?}");
        if let Some(basis) = agreed {
            assert_eq!(basis.to_string(), kept);
            assert_eq!(kept.parse::<Basis>().unwrap(), basis);
        }
    }
}

#[test]
fn several_months_are_summed_exactly_and_rounded_once() {
    for (kept, fen) in [
        // A quarter of 89.50 m² at 2.80: three times 250.60.
        ("area:20261001~20261231:8950*28000*31/31+8950*28000*30/30+8950*28000*31/31", 75_180),
        // 13/30 of a month and two whole ones: 88.3428 + 407.736 = 496.0788, and not 88.34 + 407.74.
        ("area:20261118~20270131:7281*28000*13/30+7281*28000*31/31+7281*28000*31/31", 49_608),
        // Half of it is free in one month, and all of it in another.
        ("home:20261001~20261231:100*100000*31/31%50+100*0*30/30+100*100000*31/31@rate", 1_500),
        ("area:20261001~20261231:10001*33333*31/31+10001*33333*30/30+10001*33333*31/31@50%", 50_004),
    ] {
        let basis: Basis = kept.parse().unwrap();
        assert_eq!((basis.amount(), basis.to_string().as_str()), (Fen(fen), kept));
    }
    let year = format!(
        "bay:20260101~20261231:{}",
        [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            .map(|days| format!("100*800000*{days}/{days}"))
            .join("+")
    );
    assert_eq!(year.parse::<Basis>().unwrap().amount(), Fen(96_000), "twelve times 80.00");
    for bad in [
        "area:20261001:1*2*3/30",
        "area:20261301~20261401:1*2*3/30",
        "area:20261002~20261001:1*2*3/30",
        "area:1*2*3/30%0",
        "area:1*2*3/30%",
    ] {
        assert!(bad.parse::<Basis>().is_err(), "{bad}");
    }
}

#[test]
fn the_first_days_of_several_months_end_where_they_end() {
    let whole: Basis =
        "area:20261001~20261231:8950*28000*31/31+8950*28000*30/30+8950*28000*31/31".parse().unwrap();
    assert_eq!(whole.first_days(41).to_string(), "area:20261001~20261110:8950*28000*31/31+8950*28000*10/30");
}

proptest! {
    #[test]
    fn the_parts_of_a_month_never_differ_from_the_whole_by_more_than_the_rounding(
        quantity in 1i64..1_000_000, rate in 0i64..1_000_000, cut in 2u32..=30,
    ) {
        let cut = november().first_day() + Days::new(u64::from(cut) - 1);
        let tariffs = [(day("2021-06-01"), Rate(rate)), (cut, Rate(rate))];
        let split = Basis::new(Unit::Area, quantity, (november().first_day(), november().last_day()), &segments(&tariffs, november()), november());
        let whole = Basis::new(Unit::Area, quantity, (november().first_day(), november().last_day()), &segments(&tariffs[..1], november()), november());
        prop_assert_eq!(split.amount(), whole.amount());
    }

    #[test]
    fn a_basis_reads_back(quantity in 0i64..10_000_000, rate in 0i64..10_000_000, days in 1i64..=31) {
        let basis = Basis { unit: Unit::Bay, parts: vec![Part { quantity, rate: Rate(rate), days, of: 31, percent: None }], agreed: Agreed::Nothing, span: None };
        prop_assert_eq!(basis.to_string().parse::<Basis>().unwrap(), basis);
    }
}
