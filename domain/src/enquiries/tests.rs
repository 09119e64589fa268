use chrono::TimeDelta;
use test_support::both;

use super::*;
use crate::cases::{self, Case, Channel, Voice};
use crate::knowledge::{self, Category, Text};
use crate::repairs::world::*;
use crate::{Error, Instant, PersonId, Result};

fn question() -> NewEnquiry {
    NewEnquiry {
        voice: Voice {
            community: COMMUNITY,
            home: Some(HOME),
            place: None,
            channel: Channel::Portal,
            reporter: None,
            reporter_name: None,
            reporter_phone: None,
        },
        category: Category::Fees,
        text: "物业费可以按季缴吗？".into(),
        attachments: vec![],
    }
}

fn answer(text: &str) -> Act {
    Act::Answer { text: text.into(), article: None }
}

fn every_act() -> Vec<Act> {
    vec![
        answer("可以"),
        Act::Add { text: "补充".into(), article: None },
        Act::Helped,
        Act::AskBack { text: "那怎么办理？".into() },
        Act::Withdraw,
        Act::Close,
    ]
}

const ALLOWED: &[(&str, &str, &[&str])] = &[
    ("asked", "answer", &["desk", "steward", "supervisor"]),
    ("asked", "withdraw", &["owner"]),
    ("answered", "add", &["desk", "steward", "supervisor"]),
    ("answered", "helped", &["owner"]),
    ("answered", "ask_back", &["owner", "desk"]),
    ("answered", "close", &["desk", "supervisor"]),
    ("closed", "ask_back", &["owner", "desk"]),
];

impl World {
    fn enquire(&self, by: PersonId, now: Instant, new: &NewEnquiry) -> Result<Case> {
        let actor = self.actor(by);
        self.write(|tx| ask(tx, &actor, now, new))
    }

    fn say(&self, by: PersonId, now: Instant, case: &Case, act: &Act) -> Result<Case> {
        let actor = self.actor(by);
        self.write(|tx| super::act(tx, &actor, now, (COMMUNITY, case.number()), case.version, act))
    }

    fn enquiry_in(&self, state: &str, now: Instant) -> Case {
        let mut case = self.enquire(OWNER, now, &question()).unwrap();
        if state != "asked" {
            case = self.say(DESK, now, &case, &answer("可以")).unwrap();
        }
        if state == "closed" {
            case = self.say(OWNER, now, &case, &Act::Helped).unwrap();
        }
        assert_eq!(case.state, state);
        case
    }

    fn all_sound(&self) {
        self.check();
        assert_eq!(self.store.read_now(|db| faults(db, COMMUNITY)).unwrap(), Vec::<String>::new());
    }
}

both! {
    fn every_step_from_every_state_as_every_role_is_as_the_table_says(world: World) {
        let now = at("2026-11-22T09:00");
        for state in State::ALL {
            let mut case = world.enquiry_in(state.as_str(), now);
            for (name, person, _) in CAST {
                for act in every_act() {
                    let outcome = world.say(person, now, &case, &act);
                    let allowed = ALLOWED.iter().any(|(from, action, by)| *from == state.as_str() && *action == act.word() && by.contains(&name));
                    assert_eq!(outcome.is_ok(), allowed, "{state}: {} by {name}: {}", act.word(), word(&outcome));
                    if outcome.is_ok() {
                        case = world.enquiry_in(state.as_str(), now);
                    }
                }
            }
        }
        world.all_sound();
    }

    fn both_clocks_run_a_day_by_the_wall_and_end_with_the_answer(world: World) {
        for (asked, due) in [("2026-11-21T23:30", "2026-11-22T23:30"), ("2026-12-31T12:00", "2027-01-01T12:00")] {
            let case = world.enquire(OWNER, at(asked), &question()).unwrap();
            assert_eq!((case.respond_by, case.resolve_by), (Some(at(due)), Some(at(due))), "{asked}");
            assert_eq!(case.accountable_id, Some(if asked.contains("11-21") { DESK } else { DESK_2 }));
            let done = at(due).minus(TimeDelta::minutes(1));
            let case = world.say(DESK, done, &case, &answer("可以")).unwrap();
            assert_eq!((case.responded_at, case.resolved_at), (Some(done), Some(done)));
        }
        let late = world.enquire(OWNER, at("2026-11-22T09:00"), &question()).unwrap();
        world.write(|tx| cases::record_breaches(tx, COMMUNITY, at("2026-11-23T09:01"))).unwrap();
        assert_eq!(world.told(SUPERVISOR, "enquiry.late"), 1);
        assert_eq!(world.store.read_now(|db| cases::breached(db, late.id)).unwrap().len(), 2);
    }

    fn who_asked_asks_back_and_the_clock_begins_anew(world: World) {
        let now = at("2026-11-22T09:00");
        let case = world.enquiry_in("answered", now);
        assert_eq!(world.told(OWNER, "enquiry.answered"), 1);
        let later = at("2026-11-22T20:00");
        let case = world.say(OWNER, later, &case, &Act::AskBack { text: "在哪里办？".into() }).unwrap();
        assert_eq!((case.state.as_str(), case.round, case.resolve_by), ("asked", 1, Some(at("2026-11-23T20:00"))));
        assert_eq!((case.responded_at, case.resolved_at), (None, None));
        let case = world.say(DESK, later, &case, &answer("在前台")).unwrap();
        let closed = world.say(OWNER, later, &case, &Act::Helped).unwrap();
        assert_eq!(world.store.read_now(|db| of_case(db, case.id)).unwrap().helped, Some(true));
        let again = |when| world.say(OWNER, at(when), &closed, &Act::AskBack { text: "还有".into() });
        assert_eq!(word(&again("2026-11-29T20:01")), "enquiry.reopen_time");
        assert_eq!(word(&again("2026-11-29T20:00")), "ok");
        world.all_sound();
    }

    fn what_nobody_asks_back_about_is_closed_after_three_days(world: World) {
        let case = world.enquiry_in("answered", at("2026-11-22T09:00"));
        for (when, closed) in [("2026-11-25T08:59", 0), ("2026-11-25T09:00", 1), ("2026-11-25T09:01", 0)] {
            assert_eq!(world.write(|tx| close_silent(tx, COMMUNITY, at(when))).unwrap(), closed, "{when}");
        }
        assert_eq!(world.store.read_now(|db| cases::by_id(db, case.id)).unwrap().state, "closed");
        world.all_sound();
    }

    fn an_article_answers_in_its_own_words_where_nobody_adds_any(world: World) {
        let now = at("2026-11-22T09:00");
        let desk = world.actor(DESK);
        let text = Text { title_zh: "按季缴费".into(), body_zh: "每季首月缴。".into(), ..Text::default() };
        let id = world.write(|tx| knowledge::write(tx, &desk, now, COMMUNITY, (Category::Fees, knowledge::State::Internal, None), &text)).unwrap();
        let case = world.enquire(OWNER, now, &question()).unwrap();
        let with = |article, text: &str| Act::Answer { text: text.into(), article };
        let Err(Error::Invalid(fields)) = world.say(DESK, now, &case, &with(Some(99), "")) else { panic!("taken") };
        assert_eq!(fields[0].field, "article");
        assert_eq!(word(&world.say(DESK, now, &case, &with(None, " "))), "invalid");
        let case = world.say(DESK, now, &case, &with(Some(id), "")).unwrap();
        let row = world.store.read_now(|db| of_case(db, case.id)).unwrap();
        assert_eq!((row.answer.as_str(), row.article_id, row.answered_by), ("每季首月缴。", Some(id), Some(DESK)));
    }

    fn a_caller_asks_about_nothing_that_lies_anywhere(world: World) {
        let now = at("2026-11-22T09:00");
        let voice = Voice { home: None, channel: Channel::Phone, reporter_name: Some("王女士".into()), reporter_phone: Some("137 1111-2222".into()), ..question().voice };
        let case = world.enquire(DESK_2, now, &NewEnquiry { voice, ..question() }).unwrap();
        assert_eq!((case.accountable_id, case.reporter_phone.as_deref(), case.place.as_deref()), (Some(DESK_2), Some("13711112222"), Some("")));
        assert_eq!(word(&world.enquire(NEIGHBOUR, now, &question())), "not_found");
        let Err(Error::Invalid(fields)) = world.enquire(OWNER, now, &NewEnquiry { text: " ".into(), ..question() }) else { panic!("taken") };
        assert_eq!(fields[0].field, "text");
    }
}
