//! What a complaint goes through beside its table: clocks and notices, an approval, taking back, the return visit.

use test_support::both;

use super::tests::{HEAD, answer, founded, noise, propose};
use super::*;
use crate::cases::{self, Case, Channel, Voice};
use crate::repairs::world::*;
use crate::return_visits::{self, Heard, Outcome};
use crate::{Error, Fen, duties, rectifications};

both! {
    fn its_clocks_run_by_the_wall_and_a_sooner_deadline_of_the_hotline_holds(world: World) {
        let hotline = |deadline: &str| {
            let voice = Voice { channel: Channel::Hotline12345, reporter: Some(OWNER), ..noise().voice };
            NewComplaint { voice, reference: Some("GD-2026-881".into()), deadline: Some(at(deadline)), ..noise() }
        };
        // registered, first answer by, answered by
        for (new, by, when, respond, resolve) in [
            (noise(), OWNER, "2026-11-21T23:30", "2026-11-22T23:30", "2026-11-23T23:30"),
            (noise(), OWNER, "2026-12-31T18:00", "2027-01-01T18:00", "2027-01-02T18:00"),
            (hotline("2026-12-01T17:00"), DESK, "2026-11-22T09:00", "2026-11-23T09:00", "2026-11-24T09:00"),
            (hotline("2026-11-23T17:00"), DESK, "2026-11-22T09:00", "2026-11-23T09:00", "2026-11-23T17:00"),
            (hotline("2026-11-22T15:00"), DESK, "2026-11-22T09:00", "2026-11-22T15:00", "2026-11-22T15:00"),
        ] {
            let case = world.complain(by, at(when), &new).unwrap();
            assert_eq!((case.respond_by, case.resolve_by), (Some(at(respond)), Some(at(resolve))), "{when}");
        }
    }

    fn a_late_step_brings_a_notice_to_who_owes_it_and_the_managers_hear_at_48_hours(world: World) {
        let start = at("2026-11-22T09:00");
        world.name_head(start);
        let case = world.complain(OWNER, start, &noise()).unwrap();
        let case = world.step(SUPERVISOR, start, &case, &founded()).unwrap();
        for (when, breaches, notices, manager) in [
            ("2026-11-23T09:00", 0, 0, 0),
            ("2026-11-23T09:01", 1, 1, 0),
            ("2026-11-23T10:00", 0, 1, 0),
            ("2026-11-24T09:01", 1, 2, 1),
        ] {
            assert_eq!(world.write(|tx| cases::record_breaches(tx, COMMUNITY, at(when))).unwrap(), breaches, "{when}");
            assert_eq!(world.told(HEAD, "rectification.issued"), notices, "{when}");
            assert_eq!(world.told(MANAGER, "complaint.resolve_late"), manager, "{when}");
        }
        assert_eq!(world.told(SUPERVISOR, "complaint.respond_late"), 1);
        let notice = world.store.read_now(|db| rectifications::of_case(db, case.id)).unwrap().remove(0);
        let late = |when| world.write(|tx| rectifications::remind(tx, COMMUNITY, at(when))).unwrap();
        assert_eq!((late("2026-11-24T09:00"), late("2026-11-24T09:02"), late("2026-11-24T21:00")), (0, 1, 1));
        assert_eq!((world.told(HEAD, "rectification.late"), world.told(SUPERVISOR, "rectification.late")), (1, 1));
        let say = |by, words: (&str, &str)| {
            let actor = world.actor(by);
            world.write(|tx| rectifications::answer(tx, &actor, at("2026-11-24T22:00"), (COMMUNITY, notice.id), words))
        };
        assert_eq!(word(&say(SUPERVISOR, ("x", "y"))), "not_allowed");
        assert_eq!(word(&say(DESK, ("x", "y"))), "not_found");
        assert_eq!(word(&say(HEAD, ("人手不足", " "))), "invalid");
        say(HEAD, ("人手不足", "调班")).unwrap();
        assert_eq!(word(&say(HEAD, ("再说", "一次"))), "rectification.answered");
        assert_eq!(world.told(SUPERVISOR, "rectification.answered"), 1);
        world.sound();
    }

    fn what_was_late_while_the_worker_was_down_is_owed_by_who_had_it_then(world: World) {
        world.name_head(at("2026-11-22T09:00"));
        let case = world.complain(OWNER, at("2026-11-22T09:00"), &noise()).unwrap();
        world.step(SUPERVISOR, at("2026-11-24T10:00"), &case, &founded()).unwrap();
        let notices = world.store.read_now(|db| rectifications::of_case(db, case.id)).unwrap();
        assert_eq!(notices.iter().map(|one| one.owed_by).collect::<Vec<_>>(), [SUPERVISOR, SUPERVISOR]);
        world.sound();
    }

    fn where_money_is_promised_the_manager_approves(world: World) {
        let now = at("2026-11-22T09:00");
        world.name_head(now);
        let case = world.complaint_in("investigating", now);
        let case = world.step(HEAD, now, &case, &propose(25_060)).unwrap();
        assert_eq!((world.told(MANAGER, "complaint.proposed"), world.told(SUPERVISOR, "complaint.proposed")), (1, 0));
        assert_eq!(word(&world.step(SUPERVISOR, now, &case, &Act::Approve)), "not_allowed");
        let case = world.step(MANAGER, now, &case, &Act::SendBack { reason: "太多".into() }).unwrap();
        let case = world.step(HEAD, now, &case, &propose(0)).unwrap();
        assert_eq!(word(&world.step(MANAGER, now, &case, &Act::Approve)), "not_allowed");
        let case = world.step(SUPERVISOR, now, &case, &Act::Approve).unwrap();
        let row = world.store.read_now(|db| of_case(db, case.id)).unwrap();
        assert_eq!((row.plan, world.store.read_now(|db| options(db, &row)).unwrap().len()), (2, 2));
        assert_eq!(case.responded_at, Some(now));
    }

    fn who_complained_has_ten_minutes_to_choose_again(world: World) {
        let now = at("2026-11-22T09:00");
        world.name_head(now);
        let mut case = world.complaint_in("investigating", now);
        for (by, act) in [(HEAD, propose(0)), (SUPERVISOR, Act::Approve)] {
            case = world.step(by, now, &case, &act).unwrap();
        }
        assert_eq!(word(&world.step(HEAD, now, &case, &Act::CarryOut)), "complaint.not_chosen");
        assert_eq!(word(&world.step(OWNER, now, &case, &Act::Choose { option: 3 })), "invalid");
        case = world.step(OWNER, now, &case, &Act::Choose { option: 1 }).unwrap();
        case = world.step(OWNER, at("2026-11-22T09:05"), &case, &Act::Choose { option: 2 }).unwrap();
        assert_eq!(word(&world.step(HEAD, at("2026-11-22T09:14"), &case, &Act::CarryOut)), "complaint.choice_fresh");
        case = world.step(HEAD, at("2026-11-22T09:15"), &case, &Act::CarryOut).unwrap();
        assert_eq!(case.state, "carrying_out");
    }

    fn what_was_withdrawn_is_taken_back_for_ten_minutes(world: World) {
        let now = at("2026-11-22T09:00");
        world.name_head(now);
        for (minute, state) in [("2026-11-22T09:10", "investigating"), ("2026-11-22T09:11", "complaint.undo_time")] {
            let case = world.complaint_in("investigating", now);
            let case = world.step(OWNER, now, &case, &Act::Withdraw { reason: String::new() }).unwrap();
            assert_eq!(case.closed_at, Some(now));
            let outcome = world.step(OWNER, at(minute), &case, &Act::Undo);
            match outcome {
                Ok(case) => assert_eq!((case.state.as_str(), case.closed_at), (state, None)),
                Err(error) => assert_eq!(error.code(), state),
            }
        }
        world.sound();
    }

    fn a_complaint_about_the_accountable_goes_to_the_supervisor_and_is_never_theirs(world: World) {
        let now = at("2026-11-22T09:00");
        let about = |person| NewComplaint { about: Some(person), category: Category::Service, ..noise() };
        let case = world.complain(OWNER, now, &about(DESK)).unwrap();
        assert_eq!(case.accountable_id, Some(SUPERVISOR));
        let mut case = world.step(SUPERVISOR, now, &case, &Act::Unfounded { reason: "查了录音".into() }).unwrap();
        assert_eq!(word(&world.step(DESK, now, &case, &Act::Merge { into: "TS1".into() })), "complaint.about_oneself");
        case = world.step(SUPERVISOR, now, &case, &answer()).unwrap();
        world.write(|tx| return_visits::plan(tx, now, case.id, 1)).unwrap();
        let duty = world.store.read_now(|db| {
            duties::open_of(db, duties::Kind::ReturnVisit, (duties::SubjectKind::Case, case.id.0))
        }).unwrap().unwrap();
        // The supervisor answered it and it is about one of the two at the desk: the other one calls.
        assert_eq!(duty.owner_id, DESK_2);
        let heard = Heard { outcome: Outcome::Satisfied, words: "好".into(), agreed_at: None };
        let desk = world.actor(DESK);
        let outcome = world.write(|tx| return_visits::record(tx, &desk, now, duty.id, &heard));
        assert_eq!(word(&outcome), "return_visit.about_oneself");
        world.sound();
    }

    fn of_a_complaint_about_a_supervisor_the_manager_judges(world: World) {
        let now = at("2026-11-22T09:00");
        let new = NewComplaint { about: Some(SUPERVISOR), category: Category::Service, ..noise() };
        let case = world.complain(OWNER, now, &new).unwrap();
        assert_eq!(case.accountable_id, Some(MANAGER));
        assert_eq!(word(&world.step(SUPERVISOR, now, &case, &founded())), "complaint.about_oneself");
        let service = Act::Founded { department: Department::Service, note: String::new() };
        let case = world.step(MANAGER, now, &case, &service).unwrap();
        // The department without a head would be the supervisor's.
        assert_eq!(world.store.read_now(|db| of_case(db, case.id)).unwrap().responsible_id, Some(MANAGER));
    }

    fn its_return_visit_closes_it_or_opens_it_again_with_new_clocks(world: World) {
        let now = at("2026-11-22T09:00");
        world.name_head(now);
        for (state, outcome, then, round) in [
            ("answered", Outcome::Satisfied, "closed", 0),
            ("answered", Outcome::Unsatisfied, "closed", 0),
            ("answered", Outcome::NotMended, "investigating", 1),
            ("unfounded", Outcome::NotMended, "registered", 1),
        ] {
            let mut case = world.complaint_in(state, now);
            if state == "unfounded" {
                case = world.step(DESK, now, &case, &answer()).unwrap();
            }
            world.write(|tx| return_visits::plan(tx, now, case.id, 1)).unwrap();
            let duty = world.store.read_now(|db| {
                duties::open_of(db, duties::Kind::ReturnVisit, (duties::SubjectKind::Case, case.id.0))
            }).unwrap().unwrap();
            let (later, heard) = (at("2026-11-22T14:00"), Heard { outcome, words: "听到的话".into(), agreed_at: None });
            let owner = world.actor(duty.owner_id);
            world.write(|tx| return_visits::record(tx, &owner, later, duty.id, &heard)).unwrap();
            let case = world.store.read_now(|db| cases::by_id(db, case.id)).unwrap();
            assert_eq!((case.state.as_str(), case.round), (then, round), "{state} {outcome}");
            if round == 1 {
                assert_eq!((case.respond_by, case.resolve_by), (Some(at("2026-11-23T14:00")), Some(at("2026-11-24T14:00"))));
                assert_eq!((case.responded_at, case.resolved_at), (None, None));
            }
        }
        world.sound();
    }

    fn who_left_no_contact_is_answered_and_not_asked(world: World) {
        let now = at("2026-11-22T09:00");
        let voice = Voice { home: None, place: Some("东门".into()), channel: Channel::Phone, reporter_name: Some("路人".into()), ..noise().voice };
        let case = world.complain(DESK, now, &NewComplaint { voice, ..noise() }).unwrap();
        let case = world.step(SUPERVISOR, now, &case, &Act::Unfounded { reason: "不在小区内".into() }).unwrap();
        let case = world.step(DESK, now, &case, &answer()).unwrap();
        assert_eq!((case.state.as_str(), case.closed_at), ("closed", Some(now)));
        assert_eq!(world.write(|tx| return_visits::plan_missed(tx, COMMUNITY, now)).unwrap(), 0);
        world.sound();
    }

    fn what_is_not_said_is_asked_for_by_field(world: World) {
        let now = at("2026-11-22T09:00");
        let by = |channel| Voice { channel, reporter: Some(OWNER), ..noise().voice };
        for (who, new, field, code) in [
            (OWNER, NewComplaint { text: " ".into(), ..noise() }, "text", "required"),
            (OWNER, NewComplaint { voice: Voice { home: None, ..noise().voice }, ..noise() }, "home", "home_or_place"),
            (OWNER, NewComplaint { happened_on: Some("2026-11-23".parse().unwrap()), ..noise() }, "happened_on", "in_past"),
            (OWNER, NewComplaint { about: Some(NEIGHBOUR), ..noise() }, "about", "no_staff"),
            (DESK, NewComplaint { voice: by(Channel::Media), deadline: Some(at("2026-11-25T09:00")), ..noise() }, "reference", "reference_needed"),
            (DESK, NewComplaint { voice: by(Channel::Hotline12345), reference: Some("1".into()), ..noise() }, "deadline", "deadline_needed"),
            (DESK, NewComplaint { deadline: Some(now), ..noise() }, "deadline", "in_future"),
        ] {
            let Err(Error::Invalid(fields)) = world.complain(who, now, &new) else { panic!("{field} was taken") };
            assert_eq!((fields[0].field.as_str(), fields[0].code), (field, code));
        }
        world.name_head(now);
        let case = world.complaint_in("investigating", now);
        for (options, field) in [
            (vec![], "option_1"),
            (vec![("好".into(), Fen::ZERO), (String::new(), Fen::ZERO)], "option_2"),
            (vec![("好".into(), Fen(-1))], "money_1"),
            (vec![("好".to_owned(), Fen::ZERO); 4], "options"),
        ] {
            let plan = Act::Propose { cause: Cause::Other, findings: "查了".into(), options };
            let Err(Error::Invalid(fields)) = world.step(HEAD, now, &case, &plan) else { panic!("{field} was taken") };
            assert_eq!(fields[0].field, field);
        }
    }

    fn nobody_complains_for_a_home_that_is_not_theirs(world: World) {
        let now = at("2026-11-22T09:00");
        assert_eq!(word(&world.complain(NEIGHBOUR, now, &noise())), "not_found");
        let case = world.complain(OWNER, now, &noise()).unwrap();
        let neighbour = world.actor(NEIGHBOUR);
        let read = world.store.read_now(|db| cases::read(db, &neighbour, now, COMMUNITY, case.number()));
        assert_eq!(word(&read), "not_found");
        // A technician sees it once it is theirs to answer, as head of the department.
        world.name_head(now);
        let head = world.actor(HEAD);
        let sees = |case: &Case| world.store.read_now(|db| cases::read(db, &head, now, COMMUNITY, case.number())).is_ok();
        assert!(!sees(&case));
        let case = world.step(SUPERVISOR, now, &case, &founded()).unwrap();
        assert!(sees(&case));
        let reach = world.store.read_now(|db| cases::reach(db, &head, now, COMMUNITY)).unwrap().unwrap();
        assert!(reach.ids.contains(&case.id));
    }
}
