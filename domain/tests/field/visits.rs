use diesel::prelude::*;
use domain::db::schema::{notifications, visit_months, visit_plans};
use domain::visits::{self, Decision, Figure, NewVisit, State, Visit, quota};
use domain::{Error, HomeId, Instant, Month, PersonId, Result};

use crate::world::{World, at, day};

fn record(home: HomeId, started_at: Instant) -> NewVisit {
    NewVisit {
        home,
        started_at,
        spoken_to: "李女士".into(),
        topics: vec!["lift".into(), "noise".into()],
        said: "The lift is slow".into(),
        satisfaction: 4,
        follow_up: None,
        kept: vec![],
    }
}

fn try_log(w: &World, who: PersonId, home: HomeId, started: &str, logged: &str) -> Result<Visit> {
    let actor = w.actor(who, &logged[..10]);
    w.store.write_now(|tx| visits::log(tx, &actor, at(logged), w.community, &record(home, at(started))))
}

fn log(w: &World, home: HomeId, started: &str, logged: &str) -> Visit {
    try_log(w, w.steward, home, started, logged).unwrap()
}

fn figure(w: &World, month: &str, now: &str) -> Figure {
    let actor = w.actor(w.supervisor, &now[..10]);
    let month: Month = month.parse().unwrap();
    w.read(|db| quota::of(db, &actor, at(now), (w.community, w.steward), month))
}

fn close(w: &World, now: &str) -> usize {
    w.write(|tx| visits::close(tx, w.community, at(now)))
}

test_support::both! {
    fn a_steward_sees_counted_expected_and_short(w: World) {
        let homes = w.inhabited(40);
        for (n, home) in homes.iter().take(18).enumerate() {
            log(&w, *home, &format!("2026-11-{:02}T02:00:00Z", n + 2), &format!("2026-11-{:02}T03:00:00Z", n + 2));
        }
        log(&w, homes[0], "2026-11-20T02:00:00Z", "2026-11-20T03:00:00Z"); // the same household again
        let now = figure(&w, "2026-11", "2026-11-22T02:00:00Z");
        assert_eq!((now.quota, now.counted, now.share.households), (30, 18, 40));
        assert_eq!((now.expected_by_today, now.behind(), now.short_by()), (21, 3, 12));
        assert_eq!((now.state, now.is_frozen), (State::Running, false));
    }

    fn an_area_smaller_than_the_quota_asks_for_the_area(w: World) {
        let homes = w.inhabited(2);
        for home in homes {
            log(&w, home, "2026-11-03T02:00:00Z", "2026-11-03T03:00:00Z");
        }
        let now = figure(&w, "2026-11", "2026-11-04T02:00:00Z");
        assert_eq!((now.quota, now.state, now.share.is_capped()), (2, State::Met, true));
    }

    fn an_incomplete_record_is_named_by_field_and_nothing_is_kept(w: World) {
        let homes = w.inhabited(1);
        let empty = w.home(99, true);
        let steward = w.actor(w.steward, "2026-11-03");
        let now = at("2026-11-03T03:00:00Z");
        let mut wrong = record(homes[0], at("2026-11-04T02:00:00Z"));
        wrong.spoken_to = "  ".into();
        wrong.topics = vec![];
        wrong.satisfaction = 6;
        let Err(Error::Invalid(fields)) = w.store.write_now(|tx| visits::log(tx, &steward, now, w.community, &wrong))
        else { panic!("it was logged") };
        let names: Vec<_> = fields.iter().map(|field| (field.field.as_str(), field.code)).collect();
        assert_eq!(names, [("spoken_to", "required"), ("topics", "required"), ("satisfaction", "between"), ("started_at", "in_the_future")]);
        let vacant = record(empty, at("2026-11-03T02:00:00Z"));
        let outcome = w.store.write_now(|tx| visits::log(tx, &steward, now, w.community, &vacant));
        assert!(matches!(outcome, Err(Error::Invalid(_))));
        assert_eq!(figure(&w, "2026-11", "2026-11-04T02:00:00Z").counted, 0);
    }

    fn the_desk_and_the_supervisor_are_kept_and_never_count(w: World) {
        let homes = w.inhabited(1);
        let kept = try_log(&w, w.supervisor, homes[0], "2026-11-03T02:00:00Z", "2026-11-03T03:00:00Z").unwrap();
        assert!(!kept.row.in_area);
        assert_eq!(figure(&w, "2026-11", "2026-11-04T02:00:00Z").counted, 0);
    }

    fn another_stewards_home_is_not_found(w: World) {
        let homes = w.inhabited(1);
        let other = w.write(|tx| crate::world::add_staff(tx, w.community, domain::access::Role::Steward, day("2025-01-01")));
        let outcome = try_log(&w, other, homes[0], "2026-11-03T02:00:00Z", "2026-11-03T03:00:00Z");
        assert!(matches!(outcome, Err(Error::NotFound)));
    }

    fn a_visit_logged_after_48_hours_counts_once_the_supervisor_accepts_it(w: World) {
        let homes = w.inhabited(40);
        let visit = log(&w, homes[0], "2026-11-03T02:00:00Z", "2026-11-05T02:00:01Z");
        assert!(visit.waits_for_decision());
        assert_eq!(figure(&w, "2026-11", "2026-11-06T02:00:00Z").counted, 0);
        let supervisor = w.actor(w.supervisor, "2026-11-06");
        w.write(|tx| visits::decide(tx, &supervisor, at("2026-11-06T02:00:00Z"), visit.row.id, (true, "")));
        assert_eq!(figure(&w, "2026-11", "2026-11-06T03:00:00Z").counted, 1);
        let again = w.store.write_now(|tx| visits::decide(tx, &supervisor, at("2026-11-06T02:00:00Z"), visit.row.id, (false, "no")));
        assert!(matches!(again, Err(Error::Refused(_))));
    }

    fn the_month_closes_the_same_on_time_and_by_a_worker_that_was_down_that_night(w: World) {
        let homes = w.inhabited(40);
        log(&w, homes[0], "2026-11-30T01:00:00Z", "2026-11-30T02:00:00Z");
        let wrong = log(&w, homes[1], "2026-11-30T01:00:00Z", "2026-11-30T03:00:00Z");
        // 00:40 on the 1st: made in November, arrived after the close, in time by the 48-hour rule.
        log(&w, homes[2], "2026-11-30T08:00:00Z", "2026-11-30T16:40:00Z");
        let steward = w.actor(w.steward, "2026-12-01");
        w.write(|tx| visits::void(tx, &steward, at("2026-12-01T00:00:00Z"), wrong.row.id, "wrong door"));
        assert_eq!(close(&w, "2026-11-30T16:29:59Z"), 0); // 00:29:59 on the 1st
        assert_eq!(close(&w, "2026-12-02T03:00:00Z"), 1); // the worker comes back on the 2nd
        assert_eq!(close(&w, "2026-12-02T03:00:01Z"), 0);
        let shown = figure(&w, "2026-11", "2026-12-02T04:00:00Z");
        assert_eq!((shown.is_frozen, shown.state, shown.quota), (true, State::Short, 30));
        let lines: Vec<_> = shown.corrections.iter().map(|line| (line.cause.as_str(), line.delta)).collect();
        assert_eq!(lines, [("arrived", 1), ("voided", -1)]);
        let frozen: i64 = w.read(|db| Ok(visit_months::table.select(visit_months::counted).first(db)?));
        assert_eq!((frozen, shown.counted), (2, 2));
        assert_eq!(w.read(|db| visits::faults(db, w.community)), Vec::<String>::new());
    }

    fn a_frozen_month_never_changes_and_what_comes_later_is_a_signed_line(w: World) {
        let homes = w.inhabited(40);
        let late = log(&w, homes[0], "2026-11-20T01:00:00Z", "2026-11-30T02:00:00Z");
        assert_eq!(close(&w, "2026-11-30T16:30:00Z"), 1);
        log(&w, homes[1], "2026-11-30T02:00:00Z", "2026-12-02T01:00:00Z");
        let supervisor = w.actor(w.supervisor, "2026-12-02");
        w.write(|tx| visits::decide(tx, &supervisor, at("2026-12-02T02:00:00Z"), late.row.id, (true, "was ill")));
        let shown = figure(&w, "2026-11", "2026-12-02T04:00:00Z");
        let signed: Vec<_> = shown.corrections.iter().map(|line| (line.delta, line.by_id)).collect();
        assert_eq!(signed, [(1, Some(w.steward)), (1, Some(w.supervisor))]);
        assert_eq!((shown.counted, shown.short_by()), (2, 28));
        let touched = w.store.write_now(|tx| Ok(diesel::update(visit_months::table).set(visit_months::counted.eq(30_i64)).execute(tx)?));
        assert!(touched.is_err(), "a frozen month was changed");
        assert_eq!(w.read(|db| visits::faults(db, w.community)), Vec::<String>::new());
    }

    fn a_short_month_asks_for_the_reason_on_the_3rd_and_can_be_made_up(w: World) {
        let homes = w.inhabited(40);
        for home in homes.iter().take(28) {
            log(&w, *home, "2026-11-10T02:00:00Z", "2026-11-10T03:00:00Z");
        }
        close(&w, "2026-11-30T16:30:00Z");
        assert_eq!(w.write(|tx| visits::ask(tx, w.community, at("2026-12-03T00:29:00Z"))), 0);
        assert_eq!(w.write(|tx| visits::ask(tx, w.community, at("2026-12-03T00:30:00Z"))), 1);
        assert_eq!(w.write(|tx| visits::ask(tx, w.community, at("2026-12-04T00:30:00Z"))), 0);
        let row = w.read(|db| visits::shortfalls(db, w.community, None)).remove(0);
        assert_eq!(row.short_by, 2);
        let (steward, supervisor) = (w.actor(w.steward, "2026-12-03"), w.actor(w.supervisor, "2026-12-03"));
        w.write(|tx| visits::explain(tx, &steward, at("2026-12-03T02:00:00Z"), row.id, "Two days of training"));
        w.write(|tx| visits::decide_shortfall(tx, &supervisor, at("2026-12-03T03:00:00Z"), row.id, (Decision::MakeUp, "")));
        let december = figure(&w, "2026-12", "2026-12-03T04:00:00Z");
        assert_eq!((december.quota, december.share.make_up), (32, 2));
        let twice = w.store.write_now(|tx| visits::decide_shortfall(tx, &supervisor, at("2026-12-03T03:00:00Z"), row.id, (Decision::Excused, "")));
        assert!(matches!(twice, Err(Error::Conflict(_))));
    }

    fn who_is_behind_hears_once_a_day_and_the_supervisor_once_a_month(w: World) {
        w.inhabited(40);
        let told = |code: &'static str| {
            w.read(|db| Ok(notifications::table.filter(notifications::code.eq(code)).count().get_result::<i64>(db)?))
        };
        let pace = |now: &str| w.write(|tx| visits::pace(tx, w.community, at(now)));
        assert_eq!(pace("2026-11-04T00:30:00Z"), 0); // 2 of 21 days gone: 2 expected
        assert_eq!(pace("2026-11-05T00:30:00Z"), 1); // 4 expected, none made
        assert_eq!(pace("2026-11-05T00:31:00Z"), 1);
        assert_eq!((told("visits.behind"), told("visits.behind_late")), (1, 0));
        pace("2026-11-23T00:30:00Z"); // 15 of 21 days gone
        assert_eq!(told("visits.behind_late"), 0);
        pace("2026-11-26T00:30:00Z"); // 24 November was the day; the worker was down
        pace("2026-11-27T00:30:00Z");
        assert_eq!((told("visits.behind"), told("visits.behind_late")), (4, 1));
    }

    fn the_plan_is_made_once_and_a_promise_comes_first(w: World) {
        let homes = w.inhabited(40);
        let steward = w.actor(w.steward, "2026-11-20");
        let mut promise = record(homes[7], at("2026-11-20T02:00:00Z"));
        promise.follow_up = Some("Ask the lift company".into());
        w.write(|tx| visits::log(tx, &steward, at("2026-11-20T03:00:00Z"), w.community, &promise));
        assert_eq!(w.write(|tx| visits::plan_missing(tx, w.community, at("2026-11-30T16:30:00Z"))), 1);
        assert_eq!(w.write(|tx| visits::plan_missing(tx, w.community, at("2026-12-01T16:30:00Z"))), 0);
        let plan = w.read(|db| visits::planned(db, w.community, w.steward, "2026-12".parse().unwrap()));
        assert_eq!((plan.len(), plan[0].home_id, plan[0].reason.as_str()), (36, homes[7], "follow_up"));
        assert_eq!(plan[0].day, day("2026-12-01"));
        let rows: i64 = w.read(|db| Ok(visit_plans::table.count().get_result(db)?));
        assert_eq!(rows, 36);
        let open = w.read(|db| visits::promised(db, homes[7]));
        assert_eq!(open[0].1, "Ask the lift company");
        let mut again = record(homes[7], at("2026-11-24T02:00:00Z"));
        again.kept = vec![open[0].0.id];
        w.write(|tx| visits::log(tx, &steward, at("2026-11-24T03:00:00Z"), w.community, &again));
        assert!(w.read(|db| visits::promised(db, homes[7])).is_empty());
    }
}
