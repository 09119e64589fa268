//! The clocks of repairs as a table: when each begins, what stops it, when it ends; and what a breach, a
//! closing day and a missing year leave behind.

use test_support::both;

use super::world::*;
use super::*;
use crate::access::Actor;
use crate::calendar::{self, Day, DayKind};
use crate::cases::{self, Case, Urgency};
use crate::settings;

/// How fast, when reported, the pauses, and when it has to be done in the end.
type Example = (Urgency, &'static str, &'static [(&'static str, &'static str)], &'static str);

#[rustfmt::skip]
const EVERY_DAY: &[Example] = &[
    // Normal: 27 business hours, three working days.
    (Urgency::Normal, "2026-11-20T10:00", &[], "2026-11-23T10:00"),
    (Urgency::Normal, "2026-11-20T23:30", &[], "2026-11-23T17:30"),
    (Urgency::Normal, "2026-09-30T16:30", &[], "2026-10-03T16:30"),
    // A pause of one business day moves it by one, a pause at night by nothing.
    (Urgency::Normal, "2026-11-20T10:00", &[("2026-11-21T09:00", "2026-11-22T09:00")], "2026-11-24T10:00"),
    (Urgency::Normal, "2026-11-20T10:00", &[("2026-11-20T17:30", "2026-11-21T08:30")], "2026-11-23T10:00"),
    (Urgency::Normal, "2026-11-20T10:00", &[("2026-11-20T17:00", "2026-11-21T09:00"), ("2026-11-21T10:00", "2026-11-21T11:00")], "2026-11-23T12:00"),
    // Over the new year.
    (Urgency::Normal, "2026-12-30T16:30", &[("2026-12-31T17:00", "2027-01-01T09:00")], "2027-01-02T17:30"),
    // Urgent and emergency: by the wall clock, nights and holidays too.
    (Urgency::Urgent, "2026-09-30T23:00", &[], "2026-10-01T23:00"),
    (Urgency::Urgent, "2026-09-30T23:00", &[("2026-10-01T02:00", "2026-10-01T08:00")], "2026-10-02T05:00"),
    (Urgency::Emergency, "2026-11-20T23:00", &[], "2026-11-21T03:00"),
    (Urgency::Emergency, "2026-11-20T23:00", &[("2026-11-21T00:00", "2026-11-21T01:30")], "2026-11-21T04:30"),
];

#[rustfmt::skip]
const WORKING_DAYS: &[Example] = &[
    (Urgency::Normal, "2026-09-30T16:30", &[], "2026-10-10T16:30"),
    (Urgency::Normal, "2026-10-01T09:00", &[], "2026-10-10T17:30"),
    // A pause from before the holiday to the middle of it costs what was open of it, one hour.
    (Urgency::Normal, "2026-09-30T10:00", &[("2026-09-30T16:30", "2026-10-04T12:00")], "2026-10-10T11:00"),
    (Urgency::Urgent, "2026-09-30T23:00", &[], "2026-10-01T23:00"),
];

fn of(world: &World, (urgency, from, pauses, _): &Example) -> Case {
    let from = at(from);
    let new = NewRepair { urgency: Some(*urgency), ..leak() };
    let mut case = world.report(OWNER, from, &new).unwrap();
    if pauses.is_empty() {
        return case;
    }
    if *urgency != Urgency::Emergency {
        case = world.act(DESK, from, &case, &Act::Accept).unwrap();
        case = world.act(DESK, from, &case, &Act::Dispatch { technician: PLUMBER }).unwrap();
    }
    case = world.act(PLUMBER, from, &case, &Act::Take).unwrap();
    case = world.act(PLUMBER, from, &case, &Act::Arrive).unwrap();
    for (stops, goes) in *pauses {
        let wait = Act::Wait { wait_for: WaitFor::Parts, note: "等".into() };
        case = world.act(PLUMBER, at(stops), &case, &wait).unwrap();
        case = world.act(PLUMBER, at(goes), &case, &Act::Resume).unwrap();
    }
    case
}

both! {
    fn every_clock_ends_where_the_table_says(world: World) {
        for example in EVERY_DAY {
            assert_eq!(of(&world, example).resolve_by, Some(at(example.3)), "{example:?}");
        }
        let manager = world.actor(MANAGER);
        let now = at("2026-09-01T09:00");
        world.write(|tx| {
            settings::set(tx, &manager, now, COMMUNITY, "business_every_day", "0")?;
            calendar::fill(tx, &manager, now, COMMUNITY, 2026)
        }).unwrap();
        for example in WORKING_DAYS {
            assert_eq!(of(&world, example).resolve_by, Some(at(example.3)), "{example:?}");
        }
        world.check();
    }

    fn a_breach_stays_a_fact_whatever_happens_to_the_clock_afterwards(world: World) {
        let new = NewRepair { urgency: Some(Urgency::Urgent), ..leak() };
        let mut case = world.report(OWNER, at("2026-11-20T09:00"), &new).unwrap();
        case = world.act(DESK, at("2026-11-20T09:05"), &case, &Act::Accept).unwrap();
        case = world.act(PLUMBER, at("2026-11-21T08:00"), &case, &Act::Take).unwrap();
        case = world.act(PLUMBER, at("2026-11-21T08:30"), &case, &Act::Arrive).unwrap();
        let finish = world.finish(PLUMBER);
        case = world.act(PLUMBER, at("2026-11-21T09:30"), &case, &finish).unwrap();
        let breached = |world: &World| -> Vec<(String, i32)> {
            let all = world.store.read_now(|db| cases::breached(db, case.id)).unwrap();
            all.into_iter().map(|one| (one.clock, one.round)).collect()
        };
        let first = [("respond".to_owned(), 0), ("resolve".to_owned(), 0)];
        assert_eq!(breached(&world), first);
        let manager = world.actor(MANAGER);
        let longer = |tx: &mut crate::Db| {
            settings::set(tx, &manager, at("2026-11-21T10:00"), COMMUNITY, "urgent_resolve_hours", "72")
        };
        world.write(longer).unwrap();
        let again = world.act(OWNER, at("2026-11-21T11:00"), &case, &Act::Reopen { reason: "又漏".into() }).unwrap();
        world.write(|tx| cases::record_breaches(tx, COMMUNITY, at("2026-11-21T11:01"))).unwrap();
        assert_eq!(breached(&world), first);
        assert_eq!(again.resolve_by, Some(at("2026-11-24T11:00")));
        world.check();
    }

    fn at_six_the_desk_and_the_steward_see_what_is_open_of_today(world: World) {
        let open = world.report(OWNER, at("2026-11-22T09:00"), &leak()).unwrap();
        world.in_state("done", at("2026-11-22T10:00"));
        world.report(OWNER, at("2026-11-21T10:00"), &leak()).unwrap();
        let close = |when: &str| world.write(|tx| cases::daily_closure(tx, COMMUNITY, at(when))).unwrap();
        // Until six the day before is the newest that is over.
        assert_eq!((close("2026-11-22T17:59"), world.told(DESK, "daily_closure")), (3, 1));
        for when in ["2026-11-22T18:00", "2026-11-22T18:05", "2026-11-22T23:00"] {
            assert_eq!(close(when), 3, "{when}");
        }
        for person in [STEWARD, DESK, DESK_2] {
            assert_eq!(world.told(person, "daily_closure"), 2);
        }
        assert_eq!(world.told(PLUMBER, "daily_closure"), 0);
        let told = world.store.read_now(|db| crate::notifications::of_person(db, DESK, None, 100)).unwrap();
        let today = told.iter().find(|one| one.code == "daily_closure").unwrap().args().unwrap();
        assert_eq!((today["count"].as_i64(), today["numbers"].as_str()), (Some(1), Some(open.number())));
    }

    fn a_year_that_is_missing_is_said_to_be_missing(world: World) {
        let manager = world.actor(MANAGER);
        let missing = |when: &str| world.store.read_now(|db| calendar::missing(db, COMMUNITY, at(when))).unwrap();
        let warn = |when: &str| world.write(|tx| calendar::warn(tx, COMMUNITY, at(when))).unwrap();
        assert_eq!(missing("2026-10-31T12:00"), [2026]);
        world.write(|tx| calendar::fill(tx, &manager, at("2026-10-31T12:00"), COMMUNITY, 2026)).unwrap();
        assert_eq!(missing("2026-10-31T12:00"), Vec::<i32>::new());
        assert_eq!((missing("2026-11-01T00:00"), warn("2026-11-30T08:40")), (vec![2027], 0));
        for when in ["2026-12-01T08:40", "2026-12-02T08:40", "2026-12-25T08:40"] {
            warn(when);
        }
        assert_eq!(world.told(MANAGER, "holidays_missing"), 2);
        let day = Day { day: "2027-01-01".parse().unwrap(), kind: DayKind::Off, name: " 元旦 ".into() };
        world.write(|tx| calendar::put(tx, &manager, at("2026-12-26T09:00"), COMMUNITY, &day)).unwrap();
        assert_eq!((missing("2027-01-02T09:00"), warn("2027-01-02T08:40")), (vec![], 0));
        let desk = world.actor(DESK);
        let refused = world.write(|tx| calendar::put(tx, &desk, at("2026-12-26T09:00"), COMMUNITY, &day));
        assert_eq!(word(&refused), "not_allowed");
        let nothing = world.write(|tx| calendar::fill(tx, &manager, at("2026-12-26T09:00"), COMMUNITY, 2031));
        assert_eq!(word(&nothing), "not_found");
        let portal = Actor::system("test");
        let gone = |tx: &mut crate::Db| calendar::remove(tx, &portal, at("2026-12-26T09:00"), COMMUNITY, day.day);
        world.write(gone).unwrap();
        assert_eq!(word(&world.write(gone)), "not_found");
    }
}
