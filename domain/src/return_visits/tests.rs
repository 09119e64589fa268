use test_support::both;

use super::*;
use crate::cases::{self, Case};
use crate::duties::{self, Duty, Kind, State};
use crate::repairs::world::*;
use crate::repairs::{Act, NewRepair};
use crate::{Instant, PersonId, Result};

fn duty_of(world: &World, case: &Case) -> Duty {
    let all = world.store.read_now(|db| {
        duties::list(
            db,
            COMMUNITY,
            &duties::Filter { kind: Some(Kind::ReturnVisit), ..Default::default() },
            100,
        )
    });
    all.unwrap().into_iter().rfind(|duty| duty.subject_id == case.id.0).unwrap()
}

fn visit(
    world: &World,
    by: PersonId,
    now: Instant,
    duty: &Duty,
    outcome: Outcome,
    words: &str,
) -> Result<Duty> {
    let actor = world.actor(by);
    let heard = Heard { outcome, words: words.into(), agreed_at: None };
    world.write(|tx| record(tx, &actor, now, duty.id, &heard))
}

/// A repair that was done at `now`, with its return visit raised.
fn done(world: &World, now: Instant) -> (Case, Duty) {
    let case = world.in_state("done", now);
    assert!(world.write(|tx| plan(tx, now, case.id, case.finish_number)).unwrap());
    let duty = duty_of(world, &case);
    (case, duty)
}

fn fresh(world: &World, case: &Case) -> Case {
    world.store.read_now(|db| cases::by_id(db, case.id)).unwrap()
}

both! {
    fn every_finish_gets_one_return_visit_for_the_accountable(world: World) {
        let now = at("2026-11-22T10:00");
        let (case, duty) = done(&world, now);
        assert_eq!((duty.owner_id, duty.state), (DESK, State::Open));
        assert_eq!((duty.not_before, duty.due_at), (at("2026-11-22T14:00"), at("2026-11-25T10:00")));
        assert!(!world.write(|tx| plan(tx, now, case.id, 1)).unwrap());
        assert_eq!(world.write(|tx| plan_missed(tx, COMMUNITY, now)).unwrap(), 0);
        assert_eq!(world.told(DESK, "return_visit.planned"), 1);
        world.check();
    }

    fn what_the_job_missed_the_sweep_raises(world: World) {
        let now = at("2026-11-22T10:00");
        let case = world.in_state("done", now);
        assert_eq!(world.write(|tx| plan_missed(tx, COMMUNITY, at("2026-11-22T18:00"))).unwrap(), 1);
        assert_eq!(duty_of(&world, &case).not_before, at("2026-11-22T14:00"));
        world.check();
    }

    fn outcomes_close_or_reopen_the_case(world: World) {
        let now = at("2026-11-22T14:10");
        for (outcome, words, case_state, duty_state) in [
            (Outcome::Satisfied, "", "closed", State::Done),
            (Outcome::Unsatisfied, "太慢", "closed", State::Done),
            (Outcome::NotMended, "还在滴", "accepted", State::Done),
            (Outcome::NoAnswer, "", "done", State::Open),
        ] {
            let (case, duty) = done(&world, at("2026-11-22T10:00"));
            let duty = visit(&world, DESK, now, &duty, outcome, words).unwrap();
            assert_eq!((fresh(&world, &case).state.as_str(), duty.state), (case_state, duty_state), "{outcome}");
        }
        assert_eq!(world.told(SUPERVISOR, "return_visit.unsatisfied"), 1);
        world.check();
    }

    fn what_is_mended_again_is_asked_about_again(world: World) {
        let now = at("2026-11-22T10:00");
        let (case, duty) = done(&world, now);
        visit(&world, DESK, at("2026-11-22T14:10"), &duty, Outcome::NotMended, "还在滴").unwrap();
        let mut case = fresh(&world, &case);
        for act in [Act::Take, Act::Arrive, world.finish(ELECTRICIAN)] {
            case = world.act(ELECTRICIAN, at("2026-11-23T10:00"), &case, &act).unwrap();
        }
        assert_eq!(case.finish_number, 2);
        assert!(world.write(|tx| plan(tx, now, case.id, 2)).unwrap());
        assert_eq!(duty_of(&world, &case).occurrence, "2");
        world.check();
    }

    fn three_attempts_nobody_answers_end_it_unreachable(world: World) {
        let (case, duty) = done(&world, at("2026-11-22T10:00"));
        let second = visit(&world, DESK, at("2026-11-22T14:10"), &duty, Outcome::NoAnswer, "").unwrap();
        assert_eq!((second.attempts, second.next_at), (1, at("2026-11-23T17:00")));
        let third = visit(&world, DESK, at("2026-11-23T17:20"), &second, Outcome::NoAnswer, "").unwrap();
        assert_eq!((third.attempts, third.next_at), (2, at("2026-11-24T09:00")));
        let end = visit(&world, DESK, at("2026-11-24T09:10"), &third, Outcome::NoAnswer, "").unwrap();
        assert_eq!((end.attempts, end.state), (3, State::Unreachable));
        assert_eq!(fresh(&world, &case).state, "closed");
        assert_eq!(world.told(OWNER, "return_visit.unreachable"), 1);
        let figure = world.store.read_now(|db| {
            let span = (at("2026-11-01T00:00"), at("2026-12-01T00:00"));
            duties::compliance(db, COMMUNITY, Kind::ReturnVisit, span, at("2026-12-01T00:00"))
        }).unwrap();
        assert_eq!((figure.due, figure.in_time, figure.unreachable), (1, 0, 1));
        world.check();
    }

    fn call_later_is_no_attempt_and_keeps_the_due_time(world: World) {
        let (_, duty) = done(&world, at("2026-11-22T10:00"));
        let desk = world.actor(DESK);
        let (now, agreed) = (at("2026-11-22T14:10"), at("2026-11-22T19:00"));
        let later = Heard { outcome: Outcome::CallLater, words: String::new(), agreed_at: Some(agreed) };
        let after = world.write(|tx| record(tx, &desk, now, duty.id, &later)).unwrap();
        assert_eq!((after.attempts, after.next_at, after.due_at), (0, agreed, duty.due_at));
        let past = Heard { agreed_at: Some(at("2026-11-22T13:00")), ..later };
        assert_eq!(word(&world.write(|tx| record(tx, &desk, now, duty.id, &past))), "invalid");
    }

    fn the_residents_own_word_takes_the_visit_out_by_rule(world: World) {
        let (case, _) = done(&world, at("2026-11-22T10:00"));
        world.act(OWNER, at("2026-11-22T11:00"), &case, &Act::Reopen { reason: "又堵".into() }).unwrap();
        let duty = duty_of(&world, &case);
        assert_eq!((duty.state, duty.cancel_rule.as_deref()), (State::Cancelled, Some("case_reopened")));
        world.check();
    }

    fn reopened_before_the_worker_came_it_is_raised_and_taken_out(world: World) {
        let case = world.in_state("done", at("2026-11-22T10:00"));
        world.act(OWNER, at("2026-11-22T11:00"), &case, &Act::Reopen { reason: "又堵".into() }).unwrap();
        world.write(|tx| plan_missed(tx, COMMUNITY, at("2026-11-22T11:10"))).unwrap();
        assert_eq!(duty_of(&world, &case).cancel_rule.as_deref(), Some("case_reopened"));
        world.check();
    }

    fn what_the_accountable_hears_is_the_visit(world: World) {
        let (case, duty) = done(&world, at("2026-11-22T10:00"));
        world.act(DESK, at("2026-11-22T14:30"), &case, &Act::Reopen { reason: "还堵".into() }).unwrap();
        let ended = duty_of(&world, &case);
        assert_eq!((ended.id, ended.state), (duty.id, State::Done));
        assert_eq!(fresh(&world, &case).state, "accepted");
        world.check();
    }

    fn the_technician_never_asks_about_their_own_work(world: World) {
        world.write(|tx| {
            use diesel::prelude::*;
            diesel::sql_query("INSERT INTO role_grants (community_id, person_id, role, starts_on) \
                               VALUES (1, 6, 'desk', '2026-01-01')").execute(tx)?;
            Ok(())
        }).unwrap();
        let now = at("2026-11-22T10:00");
        let mut case = world.report(OWNER, now, &leak()).unwrap();
        for act in [Act::Accept, Act::Take, Act::Arrive, world.finish(PLUMBER)] {
            case = world.act(PLUMBER, now, &case, &act).unwrap();
        }
        assert_eq!(case.accountable_id, Some(PLUMBER));
        world.write(|tx| plan(tx, now, case.id, 1)).unwrap();
        let duty = duty_of(&world, &case);
        assert_ne!(duty.owner_id, PLUMBER);
        let own = visit(&world, PLUMBER, at("2026-11-22T14:00"), &duty, Outcome::Satisfied, "");
        assert_eq!(word(&own), "return_visit.own_work");
    }

    fn who_left_no_contact_is_not_asked_and_what_staff_saw_is_looked_at(world: World) {
        let now = at("2026-11-22T10:00");
        let lobby = NewRepair { home: None, place: Some("大堂".into()), ..leak() };
        let anonymous = NewRepair { reporter_name: Some("路人".into()), ..lobby.clone() };
        for (by, new, raised) in [(DESK, &anonymous, 0), (STEWARD, &lobby, 1)] {
            let mut case = world.report(by, now, new).unwrap();
            case = world.act(DESK, now, &case, &Act::Accept).unwrap();
            for act in [Act::Take, Act::Arrive, world.finish(PLUMBER)] {
                case = world.act(PLUMBER, now, &case, &act).unwrap();
            }
            assert_eq!(world.write(|tx| plan_missed(tx, COMMUNITY, now)).unwrap(), raised);
            if raised == 1 {
                assert_eq!(duty_of(&world, &case).rule, LOOK);
            }
        }
        world.check();
    }

    fn overdue_goes_up_step_by_step_once_each(world: World) {
        let (_, duty) = done(&world, at("2026-11-22T10:00"));
        for (when, owner, supervisor, manager) in [
            ("2026-11-25T09:59", 0, 0, 0),
            ("2026-11-25T10:00", 1, 0, 0),
            ("2026-11-25T13:59", 1, 0, 0),
            ("2026-11-25T14:00", 1, 1, 0),
            ("2026-11-26T08:59", 1, 1, 0),
            ("2026-11-26T09:00", 1, 1, 1),
            ("2026-11-27T09:00", 1, 1, 1),
        ] {
            world.write(|tx| escalate(tx, COMMUNITY, at(when))).unwrap();
            let told = [DESK, SUPERVISOR, MANAGER].map(|one| world.told(one, "return_visit.overdue"));
            assert_eq!(told, [owner, supervisor, manager], "{when}");
        }
        let late = visit(&world, DESK, at("2026-11-27T10:00"), &duty, Outcome::Satisfied, "").unwrap();
        assert_eq!(late.state, State::DoneLate);
    }

    fn a_visit_is_recorded_once_by_who_may(world: World) {
        let (_, duty) = done(&world, at("2026-11-22T10:00"));
        let now = at("2026-11-22T14:00");
        for (by, outcome) in [
            (OWNER, "not_found"),
            (PLUMBER, "not_found"),
            (STEWARD, "not_found"),
            (DESK_2, "ok"),
            (DESK, "conflict"),
        ] {
            assert_eq!(word(&visit(&world, by, now, &duty, Outcome::Satisfied, "")), outcome, "{by}");
        }
    }
}
