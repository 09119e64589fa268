use proptest::prelude::*;

use super::super::records::{Row, Said};
use super::*;
use crate::calendar::{Calendar, DayKind};
use crate::{CommunityId, HomeId, LocalDate, Month};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A visit in time to a household, logged at `logged`.
fn visit(id: i64, household: i64, logged: &str) -> Visit {
    let row = Row {
        id: VisitId(id),
        community_id: CommunityId(1),
        steward_id: PersonId(1),
        home_id: HomeId(household),
        household_id: HouseholdId(household),
        started_at: at(logged),
        day: "2026-11-03".parse().unwrap(),
        month: "2026-11".parse().unwrap(),
        spoken_to: "Li".into(),
        topics: "lift".into(),
        said: "fine".into(),
        satisfaction: 4,
        follow_up: None,
        in_area: true,
        late: false,
        logged_at: at(logged),
    };
    Visit { row, said: vec![] }
}

fn late(mut visit: Visit) -> Visit {
    visit.row.late = true;
    visit
}

fn said(mut visit: Visit, decision: Verdict, when: &str) -> Visit {
    let visit_id = visit.row.id;
    visit.said.push(Said { visit_id, decision, reason: String::new(), by_id: PersonId(9), at: at(when) });
    visit
}

const NOON: &str = "2026-11-03T04:00:00Z";
const LATER: &str = "2026-11-05T04:00:00Z";
const CLOSE: &str = "2026-11-30T16:30:00Z"; // 1 December 00:30 in Shanghai
const AFTER: &str = "2026-12-01T02:00:00Z";

#[test]
fn what_counts_and_what_does_not() {
    let outside = |mut visit: Visit| {
        visit.row.in_area = false;
        visit
    };
    for (what, visits, households) in [
        ("a visit in time", vec![visit(1, 1, NOON)], 1),
        ("two visits to one household", vec![visit(1, 1, NOON), visit(2, 1, LATER)], 1),
        ("two households", vec![visit(1, 1, NOON), visit(2, 2, LATER)], 2),
        ("logged after 48 hours", vec![late(visit(1, 1, NOON))], 0),
        ("late and accepted", vec![said(late(visit(1, 1, NOON)), Verdict::Accepted, LATER)], 1),
        ("late and refused", vec![said(late(visit(1, 1, NOON)), Verdict::Refused, LATER)], 0),
        ("voided", vec![said(visit(1, 1, NOON), Verdict::Voided, LATER)], 0),
        ("one of two voided", vec![said(visit(1, 1, NOON), Verdict::Voided, LATER), visit(2, 1, NOON)], 1),
        ("by the supervisor, or out of the area", vec![outside(visit(1, 1, NOON))], 0),
        (
            "accepted, then voided",
            vec![said(said(late(visit(1, 1, NOON)), Verdict::Accepted, LATER), Verdict::Voided, AFTER)],
            0,
        ),
    ] {
        assert_eq!(counted(&visits, None), households, "{what}");
    }
}

#[test]
fn a_month_freezes_with_what_had_happened_before_half_past_midnight() {
    for (what, visit, frozen, shown) in [
        ("arrived before", visit(1, 1, NOON), 1, 1),
        ("arrived on the dot", visit(1, 1, CLOSE), 0, 1),
        ("arrived after, in time", visit(1, 1, AFTER), 0, 1),
        ("voided before", said(visit(1, 1, NOON), Verdict::Voided, LATER), 0, 0),
        ("voided after", said(visit(1, 1, NOON), Verdict::Voided, AFTER), 1, 0),
        ("accepted before", said(late(visit(1, 1, NOON)), Verdict::Accepted, LATER), 1, 1),
        ("accepted after", said(late(visit(1, 1, NOON)), Verdict::Accepted, AFTER), 0, 1),
        ("refused after", said(late(visit(1, 1, NOON)), Verdict::Refused, AFTER), 0, 0),
    ] {
        let visits = [visit];
        assert_eq!(counted(&visits, Some(at(CLOSE))), frozen, "{what}");
        assert_eq!(counted(&visits, None), shown, "{what}");
        let deltas: i64 = changes_since(&visits, at(CLOSE)).iter().map(|change| change.delta).sum();
        assert_eq!(frozen + deltas, shown, "{what}");
    }
}

#[test]
fn every_decision_after_the_close_is_a_line_of_its_own_also_where_the_count_stays() {
    let visits = [
        visit(1, 1, NOON),
        said(visit(2, 1, NOON), Verdict::Voided, AFTER),
        said(late(visit(3, 3, NOON)), Verdict::Refused, "2026-12-01T03:00:00Z"),
        visit(4, 4, "2026-12-01T04:00:00Z"),
    ];
    let lines: Vec<_> =
        changes_since(&visits, at(CLOSE)).iter().map(|line| (line.visit.0, line.cause, line.delta)).collect();
    assert_eq!(lines, [(2, Cause::Voided, 0), (3, Cause::Refused, 0), (4, Cause::Arrived, 1)]);
}

fn working_days(month: &str, calendar: &Calendar, from: &str, to: &str) -> (i64, i64) {
    let month: Month = month.parse().unwrap();
    let (from, to): (LocalDate, LocalDate) = (from.parse().unwrap(), to.parse().unwrap());
    let own = calendar.working_days(month.each_day().filter(|day| *day >= from && *day <= to));
    (own, calendar.working_days(month.each_day()))
}

#[test]
fn a_part_of_a_month_asks_for_a_part_of_the_quota_rounded_up() {
    let plain = Calendar::default();
    let october = Calendar::new((1..=7).map(|d| (format!("2026-10-0{d}").parse().unwrap(), DayKind::Off)));
    for (what, (own_days, month_days), households, quota) in [
        ("a whole month", working_days("2026-11", &plain, "2024-03-15", "2027-01-01"), 222, 30),
        ("joined 12 November", working_days("2026-11", &plain, "2026-11-12", "2027-01-01"), 222, 19),
        ("left 11 November", working_days("2026-11", &plain, "2024-01-01", "2026-11-11"), 222, 12),
        (
            "joined on the last working day",
            working_days("2026-11", &plain, "2026-11-30", "2027-01-01"),
            222,
            2,
        ),
        (
            "joined on a Sunday, the last of the month",
            working_days("2026-05", &plain, "2026-05-31", "2027-01-01"),
            222,
            0,
        ),
        ("joined after the holidays", working_days("2026-10", &october, "2026-10-08", "2027-01-01"), 222, 30),
        ("an area smaller than the quota", (21, 21), 17, 17),
        ("an area without households", (21, 21), 0, 0),
    ] {
        let share = Share { full: 30, own_days, month_days, make_up: 0, households };
        assert_eq!(share.quota(), quota, "{what}: {own_days} of {month_days} days");
    }
    let made_up = Share { full: 30, own_days: 13, month_days: 21, make_up: 4, households: 222 };
    assert_eq!(made_up.quota(), 23);
    assert!(Share { households: 20, ..made_up }.is_capped());
}

#[test]
fn the_pace_is_the_quota_by_own_days_gone_rounded_down() {
    for (quota, gone, own, by_today) in
        [(30, 15, 21, 21), (19, 7, 13, 10), (30, 0, 21, 0), (30, 21, 21, 30), (0, 0, 0, 0)]
    {
        assert_eq!(expected(quota, gone, own), by_today, "{gone} of {own} days");
    }
    assert!(!is_last_quarter(15, 21) && is_last_quarter(16, 21));
    assert!(is_last_quarter(3, 4) && !is_last_quarter(0, 0));
}

#[test]
fn a_floor_is_met_or_short_and_nothing_asked_is_none() {
    for (quota, counted, is_over, expected) in [
        (30, 18, false, State::Running),
        (30, 30, false, State::Met),
        (30, 35, true, State::Met),
        (30, 29, true, State::Short),
        (0, 0, true, State::None),
        (0, 3, false, State::None),
    ] {
        assert_eq!(state(quota, counted, is_over), expected, "{counted} of {quota}");
    }
}

#[test]
fn a_plan_is_a_fifth_longer_than_the_quota_and_spread_over_the_days() {
    assert_eq!(plan_length(30, 20, 222), 36);
    assert_eq!(plan_length(19, 20, 222), 23);
    assert_eq!(plan_length(30, 20, 31), 31);
    assert_eq!(spread(5, &[1, 2]), [1, 1, 1, 2, 2]);
    assert_eq!(spread(2, &[1, 2, 3, 4]), [1, 3]);
    assert!(spread::<i32>(3, &[]).is_empty());
}

/// A visit's story: household, minutes of arrival, whether late, minutes of acceptance and of voiding.
type Story = (i64, i64, bool, Option<(bool, i64)>, Option<i64>);

fn told((n, (household, arrived, is_late, verdict, voided)): (usize, Story)) -> Visit {
    let minute = |m: i64| at("2026-11-30T12:00:00Z").plus(chrono::TimeDelta::minutes(m));
    let mut one = visit(i64::try_from(n).unwrap() + 1, household, NOON);
    one.row.logged_at = minute(arrived);
    one.row.late = is_late;
    let mut say = |decision, after: i64| {
        one.said.push(Said {
            visit_id: one.row.id,
            decision,
            reason: String::new(),
            by_id: PersonId(9),
            at: minute(arrived + after),
        });
    };
    if let Some((accepted, after)) = verdict.filter(|_| is_late) {
        say(if accepted { Verdict::Accepted } else { Verdict::Refused }, after);
    }
    if let Some(after) = voided {
        say(Verdict::Voided, 400 + after);
    }
    one
}

proptest! {
    #[test]
    fn frozen_and_corrections_are_what_the_visits_say(
        stories in prop::collection::vec(
            (1..8_i64, 0..600_i64, any::<bool>(), prop::option::of((any::<bool>(), 1..300_i64)), prop::option::of(1..300_i64)),
            0..30,
        ),
        close in 0..900_i64,
    ) {
        let visits: Vec<Visit> = stories.into_iter().enumerate().map(told).collect();
        let close = at("2026-11-30T12:00:00Z").plus(chrono::TimeDelta::minutes(close));
        let changes = changes_since(&visits, close);
        let deltas: i64 = changes.iter().map(|change| change.delta).sum();
        prop_assert_eq!(counted(&visits, Some(close)) + deltas, counted(&visits, None));
        prop_assert!(changes.iter().all(|change| change.at >= close && change.delta.abs() <= 1));
    }

    #[test]
    fn a_quota_is_never_more_than_the_households_and_parts_of_a_month_never_ask_less_than_the_whole(
        full in 1..200_i64, month_days in 1..24_i64, first in 0..24_i64, households in 0..400_i64,
    ) {
        let first = first.min(month_days);
        let part = |own_days| Share { full, own_days, month_days, make_up: 0, households };
        prop_assert!(part(first).quota() <= households);
        prop_assert!(part(first).wanted() + part(month_days - first).wanted() >= full);
        prop_assert_eq!(part(month_days).wanted(), full);
    }
}
