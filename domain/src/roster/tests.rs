use test_support::both;

use super::rules::{Kind, Rest, State};
use super::*;
use crate::access::Role;
use crate::duties::{self, Duty};
use crate::repairs::Act;
use crate::repairs::world::*;
use crate::{Error, LeaveId, LocalDate, Month, on_duty, return_visits, visits};

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn leave(from: &str, to: &str) -> NewLeave {
    NewLeave {
        kind: Kind::Annual,
        starts_on: day(from),
        ends_on: day(to),
        reason: "回老家".into(),
        substitute: None,
    }
}

fn asked(world: &World, person: PersonId, now: Instant, new: &NewLeave) -> Result<LeaveId> {
    let actor = world.actor(person);
    world.write(|tx| ask(tx, &actor, now, COMMUNITY, new))
}

fn approved(world: &World, person: PersonId, now: Instant, new: &NewLeave) -> LeaveId {
    let id = asked(world, person, now, new).unwrap();
    let supervisor = world.actor(SUPERVISOR);
    world.write(|tx| approve(tx, &supervisor, now, id, new.substitute)).unwrap();
    id
}

fn state(world: &World, id: LeaveId) -> State {
    world.store.read_now(|db| records::by_id(db, id)).unwrap().state
}

fn return_visit(world: &World, finished: Instant) -> Duty {
    let case = world.in_state("done", finished);
    world.write(|tx| return_visits::plan(tx, finished, case.id, case.finish_number)).unwrap();
    let filter = duties::Filter { kind: Some(duties::Kind::ReturnVisit), ..Default::default() };
    let all = world.store.read_now(|db| duties::list(db, COMMUNITY, &filter, 100)).unwrap();
    all.into_iter().rfind(|duty| duty.subject_id == case.id.0).unwrap()
}

fn rule(error: Error) -> &'static str {
    match error {
        Error::Refused(refusal) => refusal.rule,
        Error::Invalid(fields) => fields.first().unwrap().code,
        other => panic!("{other:?}"),
    }
}

both! {
    fn one_asks_and_another_decides(world: World) {
        let now = at("2026-11-22T10:00");
        let id = asked(&world, STEWARD, now, &leave("2026-11-30", "2026-12-02")).unwrap();
        assert_eq!(world.told(SUPERVISOR, "leave.asked"), 1);
        assert_eq!(rule(asked(&world, STEWARD, now, &leave("2026-12-02", "2026-12-03")).unwrap_err()), "leave_overlaps");
        for (who, wanted) in [(STEWARD, "not found"), (DESK, "not found")] {
            let actor = world.actor(who);
            let error = world.write(|tx| approve(tx, &actor, now, id, None)).unwrap_err();
            assert_eq!(error.to_string(), wanted);
        }
        let supervisor = world.actor(SUPERVISOR);
        assert_eq!(rule(world.write(|tx| approve(tx, &supervisor, now, id, Some(DESK))).unwrap_err()), "other_post");
        assert_eq!(rule(world.write(|tx| refuse(tx, &supervisor, now, id, " ")).unwrap_err()), "required");
        world.write(|tx| approve(tx, &supervisor, now, id, None)).unwrap();
        assert_eq!((state(&world, id), world.told(STEWARD, "leave.approved")), (State::Approved, 1));
        assert_eq!(rule(world.write(|tx| refuse(tx, &supervisor, now, id, "忙")).unwrap_err()), "leave.decided");

        let own = asked(&world, SUPERVISOR, now, &leave("2026-12-01", "2026-12-01")).unwrap();
        assert_eq!(rule(world.write(|tx| approve(tx, &supervisor, now, own, None)).unwrap_err()), "leave.own");
        world.check();
    }

    fn a_leave_is_withdrawn_cancelled_or_cut_short(world: World) {
        let now = at("2026-11-22T10:00");
        let steward = world.actor(STEWARD);
        let end = |id, now| world.write(|tx| end(tx, &steward, now, id));
        let id = asked(&world, STEWARD, now, &leave("2026-11-23", "2026-11-27")).unwrap();
        end(id, now).unwrap();
        assert_eq!(state(&world, id), State::Withdrawn);
        let id = approved(&world, STEWARD, now, &leave("2026-11-23", "2026-11-27"));
        end(id, now).unwrap();
        assert_eq!(state(&world, id), State::Cancelled);
        let id = approved(&world, STEWARD, now, &leave("2026-11-23", "2026-11-27"));
        end(id, at("2026-11-25T08:00")).unwrap();
        assert_eq!(rule(end(id, at("2026-11-25T09:00")).unwrap_err()), "leave.over");
        let roster = world
            .store
            .read_now(|db| Roster::load(db, COMMUNITY, (day("2026-11-23"), day("2026-11-27")), None))
            .unwrap();
        let off: Vec<_> = (23..=27).map(|d| roster.off(STEWARD, day(&format!("2026-11-{d}"))).is_some()).collect();
        assert_eq!(off, [true, true, false, false, false]);
        approved(&world, STEWARD, at("2026-11-25T10:00"), &leave("2026-11-25", "2026-11-26"));
        let desk = world.actor(DESK);
        let error = world.write(|tx| super::end(tx, &desk, now, id)).unwrap_err();
        assert!(matches!(error, Error::NotFound), "{error}");
        world.check();
    }

    fn who_is_off_is_not_given_work_and_their_post_is_never_empty(world: World) {
        let now = at("2026-11-23T10:00");
        let least = |now| world.store.read_now(|db| on_duty::least_busy(db, COMMUNITY, Role::Desk, now, &[])).unwrap();
        assert_eq!(least(now), Some(DESK));
        approved(&world, DESK, now, &leave("2026-11-24", "2026-11-24"));
        assert_eq!(least(at("2026-11-24T10:00")), Some(DESK_2));
        let manager = world.actor(MANAGER);
        let monday_to_wednesday = (day("2026-11-23"), Rest::of([1, 2, 3]));
        world.write(|tx| set_rest(tx, &manager, now, (COMMUNITY, DESK_2), monday_to_wednesday)).unwrap();
        assert_eq!(least(at("2026-11-24T10:00")), None);
        let answerable = |now| world.store.read_now(|db| on_duty::answerable(db, COMMUNITY, Some(HOME), now, &[])).unwrap();
        assert_eq!(answerable(at("2026-11-24T10:00")), Some(STEWARD));
        for person in [STEWARD, SUPERVISOR, MANAGER] {
            let by = world.actor(if person == SUPERVISOR { MANAGER } else { SUPERVISOR });
            world.write(|tx| grant(tx, &by, now, COMMUNITY, person, &leave("2026-11-24", "2026-11-24"))).unwrap();
        }
        assert_eq!(answerable(at("2026-11-24T10:00")), Some(STEWARD), "with everybody off it is somebody's still");
        let of_nowhere = |db: &mut Db| on_duty::answerable(db, COMMUNITY, None, at("2026-11-24T10:00"), &[]);
        assert_eq!(world.store.read_now(of_nowhere).unwrap(), Some(DESK));
        world.check();
    }

    fn a_return_visit_goes_to_who_is_there(world: World) {
        let now = at("2026-11-22T10:00");
        let mine = return_visit(&world, now);
        assert_eq!(mine.owner_id, DESK);
        let new = NewLeave { substitute: Some(DESK_2), ..leave("2026-11-22", "2026-11-23") };
        approved(&world, DESK, at("2026-11-22T13:00"), &new);
        let fresh = |duty: &Duty| world.store.read_now(|db| duties::by_id(db, duty.id)).unwrap();
        assert_eq!(fresh(&mine).owner_id, DESK_2, "what is due today goes over with the approval");
        assert_eq!((world.told(DESK_2, "duty.handed_over"), world.told(DESK_2, "leave.substitute")), (1, 1));
        assert_eq!(world.store.read_now(|db| had_before(db, mine.id)).unwrap(), Some(DESK));
        assert_eq!(return_visit(&world, at("2026-11-22T20:00")).owner_id, DESK_2, "and what is planned for tomorrow");
        assert_eq!(return_visit(&world, at("2026-11-23T20:00")).owner_id, DESK, "who is back has their own again");
        assert_eq!(world.write(|tx| hand_over(tx, COMMUNITY, at("2026-11-23T05:00"))).unwrap(), 0);
        world.check();
    }

    fn a_leave_takes_its_working_days_out_of_the_quota_unless_it_came_after_the_close(world: World) {
        let november: Month = "2026-11".parse().unwrap();
        let own = |as_of: Option<Instant>| {
            let days = world.store.read_now(|db| visits::facts::days(db, COMMUNITY, november, as_of)).unwrap();
            (days.own(STEWARD).len(), days.whole(STEWARD))
        };
        assert_eq!(own(None), (21, 21));
        approved(&world, STEWARD, at("2026-11-05T09:00"), &leave("2026-11-06", "2026-11-10"));
        assert_eq!(own(None), (18, 21), "Friday, Monday and Tuesday; the weekend was not theirs to work");
        let late = leave("2026-11-27", "2026-11-27");
        approved(&world, STEWARD, at("2026-12-01T09:00"), &late);
        assert_eq!(own(Some(at("2026-12-01T00:30"))), (18, 21));
        assert_eq!(own(None), (17, 21));
        let supervisor = world.actor(SUPERVISOR);
        let tuesdays = (day("2026-11-01"), Rest::of([2]));
        world.write(|tx| set_rest(tx, &supervisor, at("2026-11-01T08:00"), (COMMUNITY, STEWARD), tuesdays)).unwrap();
        assert_eq!(own(None), (26 - 4 - 1, 26), "who rests on Tuesdays works the weekends: six to ten less the tenth");
        world.check();
    }

    fn what_is_wrong_with_a_rest_is_said_by_field(world: World) {
        let now = at("2026-11-22T10:00");
        let supervisor = world.actor(SUPERVISOR);
        let set = |person, since: &str, rest| {
            world.write(|tx| set_rest(tx, &supervisor, now, (COMMUNITY, person), (day(since), rest)))
        };
        assert_eq!(rule(set(DESK, "2026-11-21", Rest::of([6])).unwrap_err()), "day_past");
        assert_eq!(rule(set(DESK, "2026-11-23", Rest::of(1..=7)).unwrap_err()), "rest_every_day");
        assert!(matches!(set(OWNER, "2026-11-23", Rest::of([6])).unwrap_err(), Error::NotFound));
        set(DESK, "2026-11-25", Rest::of([6])).unwrap();
        set(DESK, "2026-11-23", Rest::of([7])).unwrap();
        let seen = world.store.read_now(|db| plan(db, &supervisor, now, COMMUNITY, (day("2026-11-22"), 7))).unwrap();
        let desk = seen.posts.iter().find(|post| post.role == Role::Desk).unwrap();
        assert_eq!(desk.on_duty, [2, 2, 2, 2, 2, 2, 2], "the Sunday before the rest begins is worked");
        let next = world.store.read_now(|db| plan(db, &supervisor, now, COMMUNITY, (day("2026-11-28"), 2))).unwrap();
        let desk = next.posts.iter().find(|post| post.role == Role::Desk).unwrap();
        assert_eq!(desk.on_duty, [2, 1], "what was set last holds");
    }

    fn who_is_off_takes_nothing_from_the_pool_and_goes_on_with_what_they_have(world: World) {
        let (before, now) = (at("2026-11-22T10:00"), at("2026-11-23T10:00"));
        let (pool, given) = (world.in_state("accepted", before), world.in_state("dispatched", before));
        approved(&world, PLUMBER, before, &leave("2026-11-23", "2026-11-24"));
        let take = |person, case: &crate::cases::Case| world.act(person, now, case, &Act::Take);
        assert_eq!(rule(take(PLUMBER, &pool).unwrap_err()), "repair.off_duty");
        let plumber = world.actor(PLUMBER);
        let buttons = world.store.read_now(|db| crate::repairs::actions(db, &plumber, now, &pool)).unwrap();
        assert!(!buttons.contains(&"take"), "{buttons:?}");
        take(PLUMBER, &given).unwrap();
        take(ELECTRICIAN, &pool).unwrap();
        let other = world.in_state("accepted", now);
        approved(&world, ELECTRICIAN, now, &leave("2026-11-24", "2026-11-24"));
        let all_off = at("2026-11-24T10:00");
        world.act(PLUMBER, all_off, &other, &Act::Take).unwrap();
    }

    fn the_check_finds_leaves_that_share_a_single_day(world: World) {
        let now = at("2026-11-20T10:00");
        let first = approved(&world, STEWARD, now, &leave("2026-11-25", "2026-11-25"));
        let second = approved(&world, STEWARD, now, &leave("2026-11-26", "2026-11-26"));
        let found = || world.store.read_now(|db| faults(db, COMMUNITY)).unwrap();
        assert_eq!(found(), Vec::<String>::new(), "one day after the other");
        let forge = |starts: &str| {
            let sql = format!("UPDATE leaves SET starts_on = '{starts}', ends_on = '2026-11-26' WHERE id = {second}");
            world.write(|tx| {
                use diesel::RunQueryDsl;
                Ok(diesel::sql_query(&sql).execute(tx).map(drop)?)
            }).unwrap();
        };
        forge("2026-11-25");
        assert_eq!(found(), [format!("leaves overlap: {first} and {second}")], "a day in both");
        let back = format!("UPDATE leaves SET back_on = '2026-11-26', ended_at = '2026-11-25 00:00:00' WHERE id = {second}");
        world.write(|tx| {
            use diesel::RunQueryDsl;
            Ok(diesel::sql_query(&back).execute(tx).map(drop)?)
        }).unwrap();
        assert_eq!(found().len(), 1, "cut short to the day that both have");
    }
}
