use proptest::prelude::*;
use test_support::{Kind, On, both};

use super::world::*;
use super::*;
use crate::cases::{self, Channel, Urgency};
use crate::categories::Shipped;
use crate::{CommunityId, Error, PersonId};

/// Who may do what from which state, beside what every test row below says: "owner accepts: no".
const ALLOWED: &[(&str, &str, &[&str])] = &[
    ("reported", "accept", &["desk", "steward"]),
    ("reported", "merge", &["desk"]),
    ("reported", "cancel", &["owner", "desk"]),
    ("accepted", "dispatch", &["desk"]),
    ("accepted", "take", &["technician", "other technician"]),
    ("accepted", "merge", &["desk"]),
    ("accepted", "cancel", &["owner", "desk"]),
    ("dispatched", "take", &["technician"]),
    ("dispatched", "decline", &["technician"]),
    ("dispatched", "cancel", &["owner"]),
    ("taken", "arrive", &["technician"]),
    ("taken", "release", &["technician"]),
    ("taken", "hand_over", &["technician", "desk"]),
    ("taken", "cancel", &["owner", "desk"]),
    ("taken", "quote", &["technician"]),
    ("taken", "agree", &["owner", "technician"]),
    ("taken", "disagree", &["owner"]),
    ("taken", "refuse", &["owner"]),
    ("on_site", "quote", &["technician"]),
    ("on_site", "agree", &["owner", "technician"]),
    ("on_site", "disagree", &["owner"]),
    ("on_site", "refuse", &["owner"]),
    ("waiting_parts", "quote", &["technician"]),
    ("waiting_parts", "agree", &["owner", "technician"]),
    ("waiting_parts", "disagree", &["owner"]),
    ("waiting_parts", "refuse", &["owner"]),
    ("waiting_resident", "quote", &["technician"]),
    ("waiting_resident", "agree", &["owner", "technician"]),
    ("waiting_resident", "disagree", &["owner"]),
    ("waiting_resident", "refuse", &["owner"]),
    ("on_site", "wait", &["technician"]),
    ("on_site", "finish", &["technician"]),
    ("waiting_parts", "resume", &["technician"]),
    ("waiting_resident", "resume", &["technician"]),
    ("done", "reopen", &["owner", "desk"]),
    ("done", "rate", &["owner"]),
    ("closed", "reopen", &["owner", "supervisor"]),
    ("closed", "rate", &["owner"]),
];

fn quote() -> Act {
    let lines = vec![pays::Quoted { item: "unblock".into(), quantity: crate::Quantity(100) }];
    Act::Quote { lines, caused_by_people: false }
}

/// An agreement needs an offer, its withdrawal an agreement in the portal, a finish no open offer.
fn made_ready(world: &World, now: crate::Instant, case: crate::cases::Case, act: &Act) -> crate::cases::Case {
    if !["taken", "on_site", "waiting_parts", "waiting_resident"].contains(&case.state.as_str()) {
        return case;
    }
    match act {
        Act::Agree { .. } | Act::Refuse { .. } => world.act(PLUMBER, now, &case, &quote()).unwrap(),
        Act::Disagree | Act::Finish { .. } => {
            let offered = world.act(PLUMBER, now, &case, &quote()).unwrap();
            world.act(OWNER, now, &offered, &Act::Agree { signature: None }).unwrap()
        }
        _ => case,
    }
}

fn every_act(world: &World, by: PersonId, other: &str) -> Vec<Act> {
    vec![
        Act::Accept,
        Act::Dispatch { technician: PLUMBER },
        Act::Decline,
        Act::Take,
        Act::Release,
        Act::HandOver { technician: ELECTRICIAN },
        Act::Arrive,
        Act::Wait { wait_for: WaitFor::Parts, note: "等".into() },
        Act::Resume,
        quote(),
        Act::Agree { signature: Some(world.photo(by)) },
        Act::Disagree,
        Act::Refuse { reason: "太贵".into() },
        world.finish(by),
        Act::Rate { score: 4, word: "快".into() },
        Act::Reopen { reason: "又漏".into() },
        Act::Merge { into: other.into() },
        Act::Cancel { reason: "好了".into() },
        Act::NoAccess,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// However people push, a repair goes the ways of the table only, what is refused leaves it as it was, its
    /// clock stands still while it waits and never else, and what it leaves behind is sound.
    #[test]
    fn wherever_people_push_it_a_repair_keeps_to_the_table(
        acts in prop::collection::vec((0..CAST.len(), 0_usize..19), 1..80),
    ) {
        let world = World::on(Kind::Sqlite);
        let start = at("2026-11-22T09:00");
        let other = world.report(OWNER, start, &leak()).unwrap();
        let mut case = world.report(OWNER, start, &leak()).unwrap();
        for (n, (who, what)) in (1_i64..).zip(acts) {
            let now = start.plus(chrono::TimeDelta::minutes(n * 7));
            let act = every_act(&world, CAST[who].1, other.number()).swap_remove(what);
            let from = case.clone();
            match world.act(CAST[who].1, now, &case, &act) {
                Ok(moved) => {
                    let row = |row: &cases::Transition<State>| {
                        row.action == act.word()
                            && row.from.iter().any(|one| one.as_str() == from.state)
                            && row.to.as_str() == moved.state
                    };
                    prop_assert!(rules::TABLE.iter().any(row), "{} {} {}", from.state, act.word(), moved.state);
                    case = moved;
                }
                Err(error) => {
                    let plain = matches!(error, Error::NotFound | Error::NotAllowed | Error::Refused(_) | Error::Invalid(_));
                    prop_assert!(plain, "{} {}: {error:?}", from.state, act.word());
                    let now = world.store.read_now(|db| cases::by_id(db, case.id)).unwrap();
                    prop_assert_eq!((&now.state, now.version), (&from.state, from.version), "{}", act.word());
                }
            }
            let waits = ["waiting_parts", "waiting_resident"].contains(&case.state.as_str());
            prop_assert_eq!(case.paused_at.is_some(), waits, "{}", &case.state);
        }
        world.check();
    }
}

both! {
    fn every_action_from_every_state_as_every_role_is_as_the_table_says(world: World) {
        let now = at("2026-11-22T09:00");
        let other = world.report(OWNER, now, &leak()).unwrap();
        for state in State::ALL {
            let mut case = world.in_state(state.as_str(), now);
            for (name, person, _) in CAST {
                for act in every_act(&world, person, other.number()) {
                    case = made_ready(&world, now, case, &act);
                    let outcome = world.act(person, now, &case, &act);
                    let allowed = ALLOWED.iter().any(|(from, action, by)| {
                        *from == state.as_str() && *action == act.word() && by.contains(&name)
                    });
                    let what = format!("{state}: {} by {name}: {}", act.word(), word(&outcome));
                    assert_eq!(outcome.is_ok(), allowed, "{what}");
                    if let Err(error) = &outcome {
                        let plain = matches!(error, Error::NotFound | Error::NotAllowed | Error::Refused(_));
                        assert!(plain, "{what}");
                    }
                    if outcome.is_ok() {
                        case = world.in_state(state.as_str(), now);
                    }
                }
            }
        }
        world.check();
    }

    fn the_buttons_are_what_the_table_allows(world: World) {
        let now = at("2026-11-22T09:00");
        let case = world.in_state("accepted", now);
        for (person, buttons) in [
            (OWNER, vec!["cancel"]),
            (DESK, vec!["dispatch", "merge", "cancel"]),
            (ELECTRICIAN, vec!["take"]),
            (SUPERVISOR, vec![]),
        ] {
            let actor = world.actor(person);
            assert_eq!(world.store.read_now(|db| actions(db, &actor, now, &case)).unwrap(), buttons);
        }
    }

    fn two_people_move_one_case_and_one_is_told_what_changed(world: World) {
        let now = at("2026-11-22T09:00");
        let case = world.in_state("accepted", now);
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let take = |by| { let (world, case) = (&world, &case); scope.spawn(move || world.act(by, now, case, &Act::Take)) };
            [take(PLUMBER), take(ELECTRICIAN)].map(|one| one.join().unwrap()).into_iter().collect()
        });
        assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 1);
        let lost = outcomes.into_iter().find_map(Result::err).unwrap();
        match lost {
            // The loser sees the present state, or, the order being somebody's now, nothing at all.
            Error::Conflict(now) => assert_eq!((now.state.as_str(), now.version), ("taken", case.version + 1)),
            Error::NotFound => {}
            other => panic!("{other}"),
        }
        world.check();
    }

    fn a_stale_version_is_told_the_present_state(world: World) {
        let now = at("2026-11-22T09:00");
        let seen = world.report(OWNER, now, &leak()).unwrap();
        world.act(DESK, now, &seen, &Act::Accept).unwrap();
        let Err(Error::Conflict(conflict)) = world.act(OWNER, now, &seen, &Act::Cancel { reason: "x".into() }) else {
            panic!("a stale version was taken");
        };
        assert_eq!((conflict.state.as_str(), conflict.version), ("accepted", 2));
    }

    fn a_normal_repair_runs_in_business_hours_and_stands_still_while_it_waits(world: World) {
        let case = world.report(OWNER, at("2026-11-22T16:30"), &leak()).unwrap();
        assert_eq!(case.urgency, Urgency::Normal);
        assert_eq!(case.respond_by, Some(at("2026-11-23T16:30")));
        assert_eq!(case.resolve_by, Some(at("2026-11-25T16:30")));
        let mut case = world.act(DESK, at("2026-11-22T16:40"), &case, &Act::Accept).unwrap();
        for (when, act) in [
            ("2026-11-23T09:00", Act::Take),
            ("2026-11-23T09:30", Act::Arrive),
            ("2026-11-23T10:00", Act::Wait { wait_for: WaitFor::Parts, note: "阀门".into() }),
        ] {
            case = world.act(PLUMBER, at(when), &case, &act).unwrap();
        }
        let late = world.write(|tx| cases::record_breaches(tx, COMMUNITY, at("2026-12-24T09:00"))).unwrap();
        assert_eq!(late, 0);
        let case = world.act(PLUMBER, at("2026-11-24T10:00"), &case, &Act::Resume).unwrap();
        assert_eq!(case.resolve_by, Some(at("2026-11-26T16:30")));
    }

    fn an_emergency_accepts_itself_and_goes_at_once(world: World) {
        let now = at("2026-11-22T03:00");
        let new = NewRepair { category: Shipped::WaterLeak.into(), urgency: Some(Urgency::Emergency), ..leak() };
        let case = world.report(OWNER, now, &new).unwrap();
        assert_eq!((case.state.as_str(), case.accountable_id), ("dispatched", Some(DESK)));
        assert_eq!((case.respond_by, case.resolve_by), (Some(at("2026-11-22T03:15")), Some(at("2026-11-22T07:00"))));
        let technician = world.store.read_now(|db| of_case(db, case.id)).unwrap().technician_id;
        assert_eq!(technician, Some(PLUMBER));
        assert_eq!(world.told(SUPERVISOR, "repair.emergency"), 1);
        assert_eq!(world.told(PLUMBER, "repair.dispatched_to_you"), 1);
        assert_eq!(world.told(OWNER, "repair.dispatched"), 1);
        for _ in 0..2 {
            world.write(|tx| cases::record_breaches(tx, COMMUNITY, at("2026-11-22T03:16"))).unwrap();
        }
        assert_eq!(world.told(SUPERVISOR, "case.respond_late"), 1);
        assert_eq!(world.store.read_now(|db| cases::breached(db, case.id)).unwrap().len(), 1);
        world.check();
    }

    fn a_step_that_was_late_is_known_to_be_late_though_the_worker_was_down(world: World) {
        let new = NewRepair { urgency: Some(Urgency::Urgent), ..leak() };
        let case = world.report(OWNER, at("2026-11-22T09:00"), &new).unwrap();
        let case = world.act(DESK, at("2026-11-22T09:10"), &case, &Act::Accept).unwrap();
        let case = world.act(PLUMBER, at("2026-11-22T11:30"), &case, &Act::Take).unwrap();
        let breaches = world.store.read_now(|db| cases::breached(db, case.id)).unwrap();
        assert_eq!(breaches.iter().map(|one| one.clock.as_str()).collect::<Vec<_>>(), ["respond"]);
        assert_eq!(world.told(DESK, "case.respond_late"), 1);
    }

    fn an_order_that_nobody_answers_goes_back_to_the_pool(world: World) {
        let case = world.in_state("dispatched", at("2026-11-22T09:00"));
        for (when, back) in [("2026-11-22T09:29", 0), ("2026-11-22T09:30", 1), ("2026-11-22T09:31", 0)] {
            assert_eq!(world.write(|tx| time_out(tx, COMMUNITY, at(when))).unwrap(), back, "{when}");
        }
        let case = world.store.read_now(|db| cases::by_id(db, case.id)).unwrap();
        assert_eq!(case.state, "accepted");
        assert_eq!(world.told(DESK, "repair.nobodys"), 1);
        world.act(ELECTRICIAN, at("2026-11-22T09:40"), &case, &Act::Take).unwrap();
    }

    fn who_is_sent_is_proposed_by_skill_then_load(world: World) {
        let now = at("2026-11-22T09:00");
        let first = |shipped: Shipped| {
            let all = world.store.read_now(|db| candidates(db, COMMUNITY, &shipped.into(), now)).unwrap();
            all[0].load.person
        };
        assert_eq!(first(Shipped::PowerSocket), ELECTRICIAN);
        assert_eq!(first(Shipped::WaterBlocked), PLUMBER);
        world.in_state("taken", now);
        assert_eq!(first(Shipped::Other), ELECTRICIAN);
    }

    fn what_was_sent_is_withdrawn_for_ten_minutes(world: World) {
        for (minute, taken) in [("2026-11-22T09:10", true), ("2026-11-22T09:11", false)] {
            let case = world.in_state("dispatched", at("2026-11-22T09:00"));
            let outcome = world.act(OWNER, at(minute), &case, &Act::Cancel { reason: "好了".into() });
            assert_eq!(outcome.is_ok(), taken, "{minute}: {}", word(&outcome));
        }
    }

    fn seven_days_without_access_let_the_desk_close_it(world: World) {
        let case = world.in_state("waiting_resident", at("2026-11-22T09:00"));
        let early = world.act(DESK, at("2026-11-28T09:00"), &case, &Act::NoAccess);
        assert_eq!(word(&early), "repair.no_access_time");
        for _ in 0..2 {
            world.write(|tx| no_access_due(tx, COMMUNITY, at("2026-11-29T09:01"))).unwrap();
        }
        assert_eq!(world.told(DESK, "repair.no_access_due"), 1);
        let case = world.act(DESK, at("2026-11-29T09:05"), &case, &Act::NoAccess).unwrap();
        assert_eq!(case.state, "closed");
        let case = world.act(OWNER, at("2026-11-30T09:05"), &case, &Act::Reopen { reason: "在家了".into() }).unwrap();
        assert_eq!((case.state.as_str(), case.round, case.paused_at), ("accepted", 1, None));
        world.check();
    }

    fn a_closed_repair_is_reopened_within_seven_days(world: World) {
        let case = world.in_state("closed", at("2026-11-22T09:00"));
        let late = world.act(OWNER, at("2026-11-29T09:01"), &case, &Act::Reopen { reason: "又堵".into() });
        assert_eq!(word(&late), "repair.reopen_time");
        let case = world.act(OWNER, at("2026-11-29T08:59"), &case, &Act::Reopen { reason: "又堵".into() }).unwrap();
        assert_eq!((case.state.as_str(), case.responded_at, case.resolved_at), ("accepted", None, None));
    }

    fn what_is_not_said_is_asked_for_by_field(world: World) {
        let now = at("2026-11-22T09:00");
        for (new, field, code) in [
            (NewRepair { text: "  ".into(), ..leak() }, "text", "required"),
            (NewRepair { home: None, ..leak() }, "home", "home_or_place"),
            (NewRepair { text: "很".repeat(2_001), ..leak() }, "text", "too_long"),
            (NewRepair { attachments: vec![crate::AttachmentId(77)], ..leak() }, "attachments", "unknown_file"),
        ] {
            let Err(Error::Invalid(fields)) = world.report(OWNER, now, &new) else { panic!("{field} was taken") };
            assert_eq!((fields[0].field.as_str(), fields[0].code), (field, code));
        }
        let finish = Act::Finish { work: String::new(), cause: "x".into(), minutes: 0, materials: vec![], attachments: vec![] };
        let case = world.in_state("on_site", now);
        let Err(Error::Invalid(fields)) = world.act(PLUMBER, now, &case, &finish) else { panic!("taken") };
        let named: Vec<_> = fields.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(named, ["work", "minutes", "attachments"]);
        world.check();
    }

    fn nobody_reports_for_a_home_that_is_not_theirs(world: World) {
        let now = at("2026-11-22T09:00");
        assert_eq!(word(&world.report(NEIGHBOUR, now, &leak())), "not_found");
        let elsewhere = NewRepair { community: CommunityId(9), home: None, place: Some("大堂".into()), ..leak() };
        assert_eq!(word(&world.report(OWNER, now, &elsewhere)), "not_found");
        assert_eq!(word(&world.report(CASHIER, now, &leak())), "not_found");
    }

    fn a_neighbour_sees_that_the_building_has_such_a_repair_and_no_more(world: World) {
        let now = at("2026-11-22T09:00");
        let case = world.report(OWNER, now, &leak()).unwrap();
        let neighbour = world.actor(NEIGHBOUR);
        let found = world.store.read_now(|db| {
            similar(db, &neighbour, now, (COMMUNITY, Some(NEXT_DOOR)), "water.leak")
        }).unwrap();
        let seen: Vec<_> = found.iter().map(|one| (one.number.as_str(), one.own)).collect();
        assert_eq!(seen, [(case.number(), false)], "a neighbour's is not one's own");
        let read = world.store.read_now(|db| cases::read(db, &neighbour, now, COMMUNITY, case.number()));
        assert_eq!(word(&read), "not_found");
    }

    fn the_desk_reports_for_a_caller(world: World) {
        let now = at("2026-11-22T09:00");
        let named = NewRepair { channel: Channel::Phone, reporter: Some(OWNER), ..leak() };
        let case = world.report(DESK, now, &named).unwrap();
        assert_eq!((case.reporter_id, world.told(OWNER, "repair.registered")), (Some(OWNER), 1));
        let lobby = NewRepair { home: None, place: Some("大堂".into()), ..leak() };
        let found = world.report(STEWARD, now, &lobby);
        assert_eq!(found.unwrap().reporter_id, Some(STEWARD));
        let anonymous = NewRepair { reporter_name: Some("路人".into()), ..lobby };
        let case = world.report(DESK, now, &anonymous).unwrap();
        assert!(!world.store.read_now(|db| has_contact(db, &case, now)).unwrap());
    }

    fn the_board_shows_who_is_there_and_what_waits_and_gives_many_at_once(world: World) {
        let now = at("2026-11-22T09:00");
        let late = world.report(OWNER, at("2026-11-21T09:00"), &leak()).unwrap();
        let urgent = world.report(OWNER, now, &NewRepair { urgency: Some(Urgency::Urgent), ..leak() }).unwrap();
        let socket = NewRepair { category: Shipped::PowerSocket.into(), ..leak() };
        let socket = world.act(DESK, now, &world.report(OWNER, now, &socket).unwrap(), &Act::Accept).unwrap();
        world.in_state("taken", now);
        let desk = world.actor(DESK);
        let look = || world.store.read_now(|db| board(db, &desk, now, COMMUNITY)).unwrap();
        let seen = look();
        let numbers: Vec<_> = seen.pool.iter().map(|one| one.case.number()).collect();
        assert_eq!(numbers, [late.number(), urgent.number(), socket.number()]);
        let workers: Vec<_> = seen.workers.iter().map(|one| (one.load.person, one.load.open, one.on_duty)).collect();
        assert_eq!(workers, [(ELECTRICIAN, 0, true), (PLUMBER, 1, true)]);
        assert_eq!(seen.workers[1].orders.len(), 1);
        let order = |case: &crate::cases::Case, technician| Order {
            number: case.number().into(), version: case.version, technician,
        };
        let orders = [order(&late, None), order(&urgent, Some(ELECTRICIAN)), order(&socket, None)];
        let given = world.write(|tx| dispatch_all(tx, &desk, now, COMMUNITY, &orders)).unwrap();
        let to: Vec<_> = given.iter()
            .map(|case| world.store.read_now(|db| of_case(db, case.id)).unwrap().technician_id.unwrap()).collect();
        assert_eq!(to, [PLUMBER, ELECTRICIAN, ELECTRICIAN]);
        assert!(given.iter().all(|case| case.state == "dispatched" && case.accountable_id == Some(DESK)));
        assert!(look().pool.is_empty());
        // One that moved meanwhile stops the whole act, by name.
        let fresh = world.report(OWNER, now, &leak()).unwrap();
        let again = world.write(|tx| dispatch_all(tx, &desk, now, COMMUNITY, &[order(&fresh, None), order(&late, None)]));
        assert_eq!(word(&again), "repair.moved_meanwhile");
        assert_eq!(look().pool.len(), 1);
        let none = world.write(|tx| dispatch_all(tx, &desk, now, COMMUNITY, &[]));
        assert_eq!(word(&none), "invalid");
        let plumber = world.actor(PLUMBER);
        let refused = world.store.read_now(|db| board(db, &plumber, now, COMMUNITY));
        assert_eq!(word(&refused), "not_allowed");
        world.check();
    }

    fn who_has_left_is_never_proposed_and_what_they_hold_goes_back_to_the_pool(world: World) {
        let now = at("2026-11-22T09:00");
        let held: Vec<_> = ["dispatched", "taken", "on_site", "waiting_parts", "waiting_resident", "done"]
            .map(|state| world.in_state(state, now)).into();
        let leak = NewRepair { category: Shipped::WaterLeak.into(), urgency: Some(Urgency::Emergency), ..leak() };
        let burst = world.report(OWNER, now, &leak).unwrap();
        assert_eq!(burst.state, "dispatched");
        let give_back = |when: &str| world.write(|tx| give_back_of_left(tx, COMMUNITY, at(when))).unwrap();
        assert_eq!(give_back("2026-11-22T09:10"), 0);
        world.leaves(PLUMBER);
        assert_eq!((give_back("2026-11-24T10:00"), give_back("2026-11-24T10:01")), (6, 0));
        for case in &held[..5] {
            let now = world.store.read_now(|db| cases::by_id(db, case.id)).unwrap();
            assert_eq!((now.state.as_str(), now.paused_at), ("accepted", None), "{}", case.state);
            let line = world.store.read_now(|db| cases::timeline(db, case.id, true)).unwrap().pop().unwrap();
            assert_eq!((line.action.as_str(), line.note.as_str(), line.visible), ("left", "李琪", false));
        }
        // What waited is given the time that it had left; an emergency goes to the next one at once.
        let waited = world.store.read_now(|db| cases::by_id(db, held[3].id)).unwrap();
        assert_eq!(waited.resolve_by, Some(at("2026-11-27T10:00")));
        let burst = world.store.read_now(|db| of_case(db, burst.id)).unwrap();
        assert_eq!(burst.technician_id, Some(ELECTRICIAN));
        let all = world.store.read_now(|db| candidates(db, COMMUNITY, &Shipped::WaterLeak.into(), now)).unwrap();
        assert!(all.iter().all(|one| one.load.person != PLUMBER));
        let fresh = world.in_state("accepted", now);
        let sent = world.act(DESK, now, &fresh, &Act::Dispatch { technician: PLUMBER });
        assert_eq!(word(&sent), "invalid");
        world.check();
    }

    fn a_step_that_is_late_brings_a_notice_to_who_owes_it(world: World) {
        let notices = |case: &cases::Case| -> Vec<(String, PersonId)> {
            let all = world.store.read_now(|db| crate::rectifications::of_case(db, case.id)).unwrap();
            all.into_iter().map(|one| (one.clock, one.owed_by)).collect()
        };
        let breaches = |when| world.write(|tx| cases::record_breaches(tx, COMMUNITY, at(when))).unwrap();
        let accepted = world.in_state("accepted", at("2026-11-20T09:00"));
        let taken = world.in_state("taken", at("2026-11-20T09:00"));
        assert_eq!(breaches("2026-11-21T09:01"), 1);
        assert_eq!(notices(&accepted), [("respond".into(), DESK)], "who accepted it owes the order");
        assert_eq!(breaches("2026-11-23T10:01"), 2);
        assert_eq!(notices(&taken), [("resolve".into(), PLUMBER)], "who has it owes the work");
        assert_eq!(notices(&accepted).len(), 2);
        assert_eq!(breaches("2026-11-24T09:01"), 0);
        assert_eq!((world.told(DESK, "rectification.issued"), world.told(PLUMBER, "rectification.issued")), (2, 1));
    }
}
