use proptest::prelude::*;

use super::*;
use crate::billing::intervals::{Interval, Timing};
use crate::billing::items::{AppliesTo, By, FeeItem};
use crate::billing::rules::Unit;
use crate::{
    BuildingId, ChargeId, CommunityId, FeeItemId, HomeId, Instant, LedgerAccountId, Month, PersonId, Rate,
};

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// A bay at 80.00 a month by the year, which begins in November 2026; it may end.
fn parking(ends_on: Option<&str>) -> Tariffed {
    let item = FeeItem {
        id: FeeItemId(1),
        community_id: CommunityId(1),
        code: "parking_owned".into(),
        name: "车位管理费".into(),
        basis: By::Bay,
        applies_to: AppliesTo::Owned,
        unit: "元/个·月".into(),
        due_day: 25,
        register_order: 1,
        periodic: true,
        ends_on: ends_on.map(day),
        meter: None,
    };
    let intervals = vec![Interval { from: month("2026-11"), months: 12, timing: Timing::First }];
    Tariffed { item, tariffs: vec![(day("2021-01-01"), Rate(800_000))], intervals }
}

fn charge(basis: &str, (from, to): (&str, &str)) -> Charge {
    let amount = crate::billing::service::amount_of(basis).unwrap();
    Charge {
        id: ChargeId(1),
        community_id: CommunityId(1),
        account_id: LedgerAccountId(1),
        home_id: HomeId(1),
        building_id: BuildingId(1),
        payer_id: PersonId(1),
        fee_item_id: FeeItemId(1),
        subject: "B1-0013".into(),
        period: month("2026-11"),
        revision: 0,
        from_on: day(from),
        to_on: day(to),
        basis: basis.into(),
        amount,
        paid: Fen::ZERO,
        waived: Fen::ZERO,
        reversed: false,
        due_on: day("2026-11-25"),
        due_month: month("2026-11"),
        made_at: "2026-10-31T18:00:00Z".parse::<Instant>().unwrap(),
        run_id: None,
    }
}

/// The whole year, as a run charges it.
fn year() -> Charge {
    let item = parking(None);
    let period = item.charged_in(month("2026-11")).unwrap();
    let held = Held { quantity: 100, starts: vec![], ends: vec![] };
    let (_, basis) = work_out(&item, (Unit::Bay, &held), &period, &[None; 12]).unwrap();
    charge(&basis.to_string(), ("2026-11-01", "2027-10-31"))
}

/// Held from a day to a day, again and again.
fn held(rows: &[(&str, &str)]) -> Vec<Days> {
    held_days(rows.iter().map(|(from, to)| (day(from), day(to))).collect())
}

fn facts<'f>(item: &'f Tariffed, held: &'f [Days], agreed: &'f [Option<Terms>]) -> Facts<'f> {
    Facts { item, held, agreed, split: false, before: None }
}

#[test]
fn days_next_to_each_other_are_one_stretch() {
    for (rows, expected) in [
        (vec![("2026-01-01", "2026-12-31")], vec![("2026-01-01", "2026-12-31")]),
        (
            vec![("2026-03-01", "2026-04-01"), ("2026-01-01", "2026-02-28")],
            vec![("2026-01-01", "2026-04-01")],
        ),
        (
            vec![("2026-01-01", "2026-02-28"), ("2026-03-02", "2026-04-01")],
            vec![("2026-01-01", "2026-02-28"), ("2026-03-02", "2026-04-01")],
        ),
        (
            vec![("2026-01-01", "2026-05-31"), ("2026-02-01", "2026-03-01")],
            vec![("2026-01-01", "2026-05-31")],
        ),
        (vec![], vec![]),
    ] {
        let expected: Vec<Days> = expected.iter().map(|(from, to)| (day(from), day(to))).collect();
        assert_eq!(held(&rows), expected);
    }
    assert_eq!(held_days(vec![ALWAYS, (day("2026-01-01"), LocalDate::MAX)]), [ALWAYS], "it has no day after");
}

#[test]
fn what_ends_within_a_year_is_charged_to_its_last_day() {
    let always = [ALWAYS];
    for (held, ends_on, expected) in [
        (always.to_vec(), None, None),
        // 80.00 for November, December and 14 of 31 days of January: 36.129 → 196.13.
        (held(&[("2026-01-01", "2027-01-14")]), None, Some(("2027-01-14", 19_613, Cause::Bay))),
        (always.to_vec(), Some("2027-01-14"), Some(("2027-01-14", 19_613, Cause::Item))),
        // Whichever is first.
        (held(&[("2026-01-01", "2027-01-14")]), Some("2027-05-31"), Some(("2027-01-14", 19_613, Cause::Bay))),
        (
            held(&[("2026-01-01", "2027-05-31")]),
            Some("2027-01-14"),
            Some(("2027-01-14", 19_613, Cause::Item)),
        ),
        (held(&[("2026-01-01", "2027-10-31")]), Some("2027-10-31"), None),
        // Held again after a gap: 14 + 7 of 31 days of January, nine whole months behind it.
        (
            held(&[("2026-01-01", "2027-01-14"), ("2027-01-25", "2030-12-31")]),
            None,
            Some(("2027-10-31", 16_000 + 5_419 + 72_000, Cause::Again)),
        ),
    ] {
        let (item, charge) = (parking(ends_on), year());
        let facts = facts(&item, &held, &[None; 12]);
        let found = becomes(&charge, &facts);
        match (expected, &found) {
            (None, Becomes::AsItIs) => {}
            (Some((last, fen, why)), Becomes::Anew(made)) => {
                assert_eq!(
                    (made.days, made.amount),
                    ((charge.from_on, day(last)), Fen(fen)),
                    "{}",
                    made.basis
                );
                assert_eq!(crate::billing::service::amount_of(&made.basis), Some(made.amount));
                assert_eq!(cause(&charge, Some(made.days.1), &facts), why);
            }
            other => panic!("{other:?}"),
        }
    }
    for (held, ends_on, why) in [
        (held(&[("2026-01-01", "2026-10-31")]), None, Cause::Bay),
        (always.to_vec(), Some("2026-10-31"), Cause::Item),
    ] {
        let (item, charge) = (parking(ends_on), year());
        let facts = facts(&item, &held, &[None; 12]);
        assert_eq!(becomes(&charge, &facts), Becomes::Gone);
        assert_eq!(cause(&charge, None, &facts), why);
    }
}

#[test]
fn what_was_agreed_for_later_months_counts_in_them() {
    let (item, charge, always) = (parking(None), year(), [ALWAYS]);
    let mut agreed = [None; 12];
    agreed[2..].fill(Some(Terms::Free));
    let facts = facts(&item, &always, &agreed);
    let Becomes::Anew(made) = becomes(&charge, &facts) else { panic!("it is less now") };
    assert_eq!((made.days.1, made.amount), (charge.to_on, Fen(16_000)));
    assert_eq!(cause(&charge, Some(made.days.1), &facts), Cause::Agreed);
}

#[test]
fn what_was_shortened_goes_on_where_its_end_is_put_off_and_nothing_else_does() {
    let (item, always) = (parking(None), [ALWAYS]);
    let short = charge(
        "bay:20261101~20270114:100*800000*30/30+100*800000*31/31+100*800000*14/31",
        ("2026-11-01", "2027-01-14"),
    );
    assert_eq!(becomes(&short, &facts(&item, &always, &[None; 12])), Becomes::AsItIs);
    let before = Facts { before: Some(day("2027-10-31")), ..facts(&item, &always, &[None; 12]) };
    let Becomes::Anew(made) = becomes(&short, &before) else { panic!("it goes on") };
    assert_eq!((made.basis.as_str(), made.amount), (year().basis.as_str(), Fen(96_000)));
    assert_eq!(cause(&short, Some(made.days.1), &before), Cause::Again);
}

#[test]
fn both_parts_of_a_charge_that_was_split_are_shortened_by_themselves() {
    let whole = "bay:20261101~20261231:100*800000*30/30+100*800000*31/31";
    let first = "bay:20261101~20261115:100*800000*15/30";
    let parts = [
        charge(first, ("2026-11-01", "2026-11-15")),
        charge(&format!("rest:{whole}-{first}"), ("2026-11-16", "2026-12-31")),
    ];
    let item = parking(None);
    for (last, [one, rest]) in [
        ("2026-12-31", [Some(4_000), Some(12_000)]),
        ("2026-12-10", [Some(4_000), Some(4_000 + 2_581)]),
        ("2026-11-15", [Some(4_000), None]),
        ("2026-11-06", [Some(1_600), None]),
        ("2026-10-31", [None, None]),
    ] {
        let held = held(&[("2026-01-01", last)]);
        let facts = Facts { split: true, ..facts(&item, &held, &[None; 12]) };
        for (part, expected) in parts.iter().zip([one, rest]) {
            let left = match becomes(part, &facts) {
                Becomes::AsItIs => Some(part.amount),
                Becomes::Gone => None,
                Becomes::Anew(made) => {
                    assert_eq!(
                        crate::billing::service::amount_of(&made.basis),
                        Some(made.amount),
                        "{}",
                        made.basis
                    );
                    Some(made.amount)
                }
            };
            assert_eq!(left, expected.map(Fen), "{last} {}", part.basis);
        }
    }
}

proptest! {
    #[test]
    fn the_shorter_charge_is_the_first_days_of_the_longer_one(days in 1i64..365) {
        let (item, charge) = (parking(None), year());
        let last = charge.from_on + Plus::new(days.unsigned_abs() - 1);
        let held = [(LocalDate::MIN, last)];
        let whole: Basis = charge.basis.parse().unwrap();
        match becomes(&charge, &facts(&item, &held, &[None; 12])) {
            Becomes::Anew(made) => {
                prop_assert_eq!(made.basis, whole.first_days(days).to_string());
                prop_assert!(made.amount <= charge.amount);
            }
            other => prop_assert!(days == 365 && other == Becomes::AsItIs),
        }
    }
}
