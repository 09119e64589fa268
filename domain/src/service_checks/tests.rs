use test_support::both;

use super::*;
use crate::duties::compliance;
use crate::repairs::world::{COMMUNITY, DESK, MANAGER, SUPERVISOR, World, at, word};

fn plan_at(world: &World, text: &str) -> (usize, usize) {
    world.write(|tx| plan(tx, COMMUNITY, at(text))).unwrap()
}

fn all(world: &World) -> Vec<Check> {
    let supervisor = world.actor(SUPERVISOR);
    world.store.read_now(|db| list(db, &supervisor, at("2026-11-22T10:00"), COMMUNITY)).unwrap()
}

fn record_as(world: &World, by: PersonId, text: &str, id: DutyId, found: &str) -> Result<Check> {
    let actor = world.actor(by);
    world.write(|tx| record(tx, &actor, at(text), (COMMUNITY, id), (found, "加派一人")))
}

/// (due, in time, late, missed) of November.
fn kept(world: &World, kind: Kind, now: &str) -> (i64, i64, i64, i64) {
    let span = (at("2026-11-01T00:00"), at("2026-12-01T00:00"));
    let figure = world.store.read_now(|db| compliance(db, COMMUNITY, kind, span, at(now))).unwrap();
    (figure.due, figure.in_time, figure.late, figure.missed)
}

both! {
    fn each_day_owes_a_look_and_each_whole_week_a_review_however_often_the_worker_comes(world: World) {
        assert_eq!(plan_at(&world, "2026-11-19T04:59"), (0, 0), "the list is made at five");
        assert_eq!(plan_at(&world, "2026-11-19T05:00"), (0, 1));
        assert_eq!(plan_at(&world, "2026-11-19T05:00"), (0, 0), "twice is once");
        assert_eq!(plan_at(&world, "2026-11-22T05:00"), (3, 3), "a worker that slept makes the days it missed");
        assert_eq!(plan_at(&world, "2026-11-23T05:00"), (1, 2), "Monday owes the week's review too");
        let owed = all(&world);
        assert_eq!(owed.iter().filter(|one| one.duty.kind == Kind::ComplaintReview).count(), 1);
        let review = owed.iter().find(|one| one.duty.kind == Kind::ComplaintReview).unwrap();
        assert_eq!((review.duty.occurrence.as_str(), review.duty.owner_id), ("2026-11-23", SUPERVISOR));
        assert_eq!(review.duty.due_at, at("2026-11-30T00:00").minus(chrono::TimeDelta::microseconds(1)));
        assert_eq!(world.told(SUPERVISOR, "complaint_review.due"), 1);
        assert_eq!(world.told(MANAGER, "service_check.missed"), 4);
    }

    fn a_look_keeps_what_the_portal_showed_and_counts_in_time_late_or_missed(world: World) {
        for (day, found_at) in [("20", "2026-11-20T17:00"), ("21", "2026-11-22T01:00")] {
            plan_at(&world, &format!("2026-11-{day}T05:00"));
            let id = all(&world)[0].duty.id;
            let empty = record_as(&world, SUPERVISOR, found_at, id, "  ");
            assert!(matches!(&empty, Err(Error::Invalid(fields)) if fields[0].field == "found"), "{empty:?}");
            record_as(&world, SUPERVISOR, found_at, id, "都好").unwrap();
            assert_eq!(word(&record_as(&world, SUPERVISOR, found_at, id, "再看")), "conflict", "once");
        }
        world.in_state("reported", at("2026-11-20T09:00"));
        plan_at(&world, "2026-11-22T05:00");
        plan_at(&world, "2026-11-23T05:00");
        let missed = all(&world).into_iter().find(|one| one.duty.occurrence == "2026-11-22").unwrap();
        assert_eq!(missed.duty.state, State::Missed);
        let later = record_as(&world, MANAGER, "2026-11-23T09:00", missed.duty.id, "补看").unwrap();
        let look = later.look.unwrap();
        assert_eq!((later.duty.state, look.person_id), (State::Missed, MANAGER), "a missed one stays missed");
        assert_eq!((look.seen().late, look.seen().complaints), (1, 0), "a repair from Friday that nobody took");
        assert_eq!(kept(&world, Kind::ServiceCheck, "2026-11-23T09:00"), (3, 1, 1, 1));
        assert_eq!(world.store.read_now(|db| faults(db, COMMUNITY)).unwrap(), Vec::<String>::new());
    }

    fn who_neither_supervises_nor_manages_takes_no_look(world: World) {
        plan_at(&world, "2026-11-22T05:00");
        let id = all(&world)[0].duty.id;
        assert_eq!(word(&record_as(&world, DESK, "2026-11-22T09:00", id, "都好")), "not_allowed");
        let early = record_as(&world, SUPERVISOR, "2026-11-21T23:59", id, "都好");
        assert_eq!(word(&early), word(&Err::<(), _>(Error::refused("service_check.too_early", vec![]))));
    }

    fn a_record_that_is_gone_is_found_by_the_check(world: World) {
        plan_at(&world, "2026-11-22T05:00");
        let id = all(&world)[0].duty.id;
        record_as(&world, SUPERVISOR, "2026-11-22T09:00", id, "都好").unwrap();
        world.write(|tx| {
            use diesel::RunQueryDsl;
            Ok(diesel::sql_query("DELETE FROM service_checks").execute(tx).map(drop)?)
        }).unwrap();
        assert_eq!(world.store.read_now(|db| faults(db, COMMUNITY)).unwrap().len(), 1);
    }
}
