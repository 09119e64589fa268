//! The manager's figures of cases.

use diesel::prelude::*;
use domain::access::Actor;
use domain::db::schema::cases as rows;
use domain::{cases, duties, figures};

use crate::house::{House, instant};
use crate::spines::{NOW, report};

test_support::both! {
    fn a_case_is_counted_in_the_month_of_its_end(house: House) {
        let actor = Actor::system("test");
        let new = report(&house);
        for _ in 0..3 {
            house.store.write_now(|tx| cases::open(tx, &actor, instant(NOW), &new)).unwrap();
        }
        let finish = |id: i64, at: &str| house.store.write_now(|tx| {
            let set = rows::resolved_at.eq(instant(at));
            Ok(diesel::update(rows::table.find(id)).set(set).execute(tx)?)
        }).unwrap();
        finish(1, "2026-11-22T03:00:00Z");
        finish(2, "2026-11-25T03:00:00Z");
        let span = (instant("2026-11-01T00:00:00Z"), instant("2026-12-01T00:00:00Z"));
        let figures = house.store.read_now(|db| figures::cases(db, &actor, instant(NOW), house.community, span));
        let figures = figures.unwrap();
        assert_eq!((figures.opened, figures.finished, figures.finished_late, figures.open), (3, 2, 1, 1));
        assert_eq!((figures.on_time_rate(), figures.mean_rating()), (Some(5_000), None));
    }

    fn every_figure_of_cases_opens_to_as_many_rows(house: House) {
        let actor = Actor::system("test");
        let new = report(&house);
        for _ in 0..4 {
            house.store.write_now(|tx| cases::open(tx, &actor, instant(NOW), &new)).unwrap();
        }
        for (id, at) in [(1, "2026-11-22T03:00:00Z"), (2, "2026-11-25T03:00:00Z"), (3, "2026-12-02T03:00:00Z")] {
            house.store.write_now(|tx| {
                let set = rows::resolved_at.eq(instant(at));
                Ok(diesel::update(rows::table.find(id)).set(set).execute(tx)?)
            }).unwrap();
        }
        let span = (instant("2026-11-01T00:00:00Z"), instant("2026-12-01T00:00:00Z"));
        let (all, counts) = house.store.read_now(|db| {
            let all = figures::cases(db, &actor, instant(NOW), house.community, span)?;
            let mut counts = Vec::new();
            for which in figures::CasesOf::ALL {
                let found = figures::case_rows(db, &actor, instant(NOW), house.community, (*which, span), (0, 100))?;
                counts.push(i64::try_from(found.len()).unwrap());
            }
            Ok((all, counts))
        }).unwrap();
        let on_time = all.finished - all.finished_late;
        assert_eq!(counts, [all.opened, all.finished, on_time, all.finished_late, all.open, all.ratings]);
        assert_eq!(counts, [4, 2, 1, 1, 2, 0]);
    }

    fn every_figure_of_duties_opens_to_as_many_rows(house: House) {
        let actor = Actor::system("test");
        let now = instant("2026-11-20T00:00:00Z");
        let kind = duties::Kind::ReturnVisit;
        house.store.write_now(|tx| {
            for day in 1..=7 {
                let at = instant(&format!("2026-11-{:02}T00:00:00Z", day * 4));
                let new = duties::NewDuty {
                    community: house.community,
                    kind,
                    subject: (duties::SubjectKind::Person, house.person.0),
                    occurrence: day.to_string(),
                    rule: "test.v1",
                    owner: house.person,
                    not_before: at,
                    next_at: at,
                    due_at: at,
                };
                let id = duties::raise(tx, at, &new)?.unwrap();
                let duty = duties::by_id(tx, id)?;
                match day {
                    1 => duties::fulfil(tx, &duty, at, ("test", 1))?,
                    2 => duties::end(tx, &duty, at, duties::State::Unreachable)?,
                    3 => duties::cancel_one_by_rule(tx, id, "test", at)?,
                    4 => duties::cancel_by_person(tx, &duty, at, house.person, "away")?,
                    _ => {}
                }
            }
            Ok(())
        }).unwrap();
        let span = (instant("2026-11-01T00:00:00Z"), instant("2026-12-01T00:00:00Z"));
        let (kept, counts) = house.store.read_now(|db| {
            let kept = duties::compliance(db, house.community, kind, span, now)?;
            let mut counts = Vec::new();
            for which in figures::DutiesOf::ALL {
                let which = (kind, *which, span);
                let found = figures::duty_rows(db, &actor, now, house.community, which, (0, 100))?;
                counts.push(i64::try_from(found.len()).unwrap());
            }
            Ok((kept, counts))
        }).unwrap();
        let parts = [kept.in_time, kept.late, kept.missed, kept.unreachable, kept.cancelled_by_person];
        assert_eq!(counts[0], kept.due);
        assert_eq!(counts[1..6], parts);
        assert_eq!(counts[6], kept.cancelled_by_rule);
        assert_eq!((kept.due, kept.in_time, kept.cancelled_by_rule), (3, 1, 1));
    }

    fn a_clock_is_listed_until_somebody_meets_it(house: House) {
        let actor = Actor::system("test");
        let case = house.store.write_now(|tx| cases::open(tx, &actor, instant(NOW), &report(&house))).unwrap();
        let until = case.resolve_by.max(case.respond_by).unwrap().plus(chrono::TimeDelta::hours(1));
        let listed = || house.store.read_now(|db| {
            let found = figures::clocks(db, &actor, instant(NOW), house.community, until, 10)?;
            Ok(found.into_iter().map(|clock| clock.clock).collect::<Vec<_>>())
        }).unwrap();
        assert_eq!(listed(), ["respond", "resolve"]);
        house.store.write_now(|tx| cases::responded(tx, case.id, instant(NOW))).unwrap();
        assert_eq!(listed(), ["resolve"]);
    }
}
