use diesel::prelude::*;
use domain::cases::{self, Case};
use domain::db::schema::{attachments, duties};
use domain::duties::State;
use domain::inspections::{self, Inspection, NewInspection, NewItem};
use domain::renovation::{self, Move, NewRunning};
use domain::{AttachmentId, CaseId, Error, Result};

use crate::world::{World, at, day};

/// A site registered at 10:00 on the 22nd.
fn site(w: &World) -> Case {
    let home = w.inhabited(1)[0];
    let desk = w.actor(w.desk, "2026-11-22");
    let new = NewRunning {
        community: w.community,
        home,
        permit_number: "ZX-2026-031".into(),
        reason: "Begun before the portal".into(),
        contractor: "Good Floors".into(),
        contractor_phone: None,
        starts_on: day("2026-11-01"),
        ends_on: day("2026-11-30"),
    };
    w.write(|tx| renovation::register_running(tx, &desk, at("2026-11-22T02:00:00Z"), &new))
}

fn item(item: &str, ok: bool) -> NewItem {
    NewItem {
        item: item.into(),
        ok,
        note: if ok { "" } else { "seen" }.into(),
        severity: None,
        deadline: None,
    }
}

fn inspect(
    w: &World,
    case: &Case,
    items: Vec<NewItem>,
    (made, arrived): (&str, &str),
    photos: Vec<AttachmentId>,
) -> Result<Inspection> {
    let steward = w.actor(w.steward, &arrived[..10]);
    let new = NewInspection {
        case: case.id,
        made_at: at(made),
        items,
        progress: "Tiling the bathroom".into(),
        workers: 2,
        attachments: photos,
    };
    w.store.write_now(|tx| inspections::log(tx, &steward, at(arrived), &new))
}

fn day_list(w: &World, now: &str) -> (usize, usize) {
    w.write(|tx| inspections::day_list(tx, w.community, at(now)))
}

/// Each day's duty: the date, its state, whether a record stands with it.
fn owed(w: &World, case: CaseId) -> Vec<(String, State, bool)> {
    let rows: Vec<(String, State, Option<i64>)> = w.read(|db| {
        Ok(duties::table
            .filter(duties::subject_id.eq(case.0))
            .order(duties::occurrence)
            .select((duties::occurrence, duties::state, duties::record_id))
            .load(db)?)
    });
    rows.into_iter().map(|(day, state, record)| (day, state, record.is_some())).collect()
}

fn photo(w: &World) -> AttachmentId {
    let (community, steward) = (w.community, w.steward);
    w.write(move |tx| {
        let row = (
            attachments::community_id.eq(community),
            attachments::uploader_id.eq(steward),
            attachments::purpose.eq("upload"),
            attachments::name.eq("a.jpg"),
            attachments::content_type.eq("image/jpeg"),
            attachments::bytes.eq(10_i64),
            attachments::file.eq("a"),
            attachments::created_at.eq(at("2026-11-22T02:00:00Z")),
        );
        Ok(diesel::insert_into(attachments::table).values(row).returning(attachments::id).get_result(tx)?)
    })
}

test_support::both! {
    fn a_day_without_an_inspection_is_a_miss_and_a_late_record_does_not_undo_it(w: World) {
        let case = site(&w);
        assert!(case.number().starts_with("ZX20261122-"));
        assert_eq!((case.state.as_str(), day_list(&w, "2026-11-22T03:00:00Z")), ("working", (0, 0)));
        assert_eq!(day_list(&w, "2026-11-22T20:59:59Z"), (0, 0)); // 04:59:59 on the 23rd
        assert_eq!(day_list(&w, "2026-11-22T21:00:00Z"), (0, 1));
        assert_eq!(day_list(&w, "2026-11-22T21:00:00Z"), (0, 0));
        assert_eq!(day_list(&w, "2026-11-23T21:00:00Z"), (1, 1));
        inspect(&w, &case, vec![item("permit_posted", true)], ("2026-11-23T08:00:00Z", "2026-11-24T03:00:00Z"), vec![]).unwrap();
        inspect(&w, &case, vec![item("permit_posted", true)], ("2026-11-24T02:00:00Z", "2026-11-24T03:00:00Z"), vec![]).unwrap();
        assert_eq!(owed(&w, case.id), [("2026-11-23".into(), State::Missed, true), ("2026-11-24".into(), State::Done, true)]);
        let misses = w.read(|db| inspections::misses(db, w.community, at("2026-11-01T00:00:00Z")));
        assert_eq!((misses.len(), misses[0].number.as_str()), (1, case.number()));
        assert_eq!(w.read(|db| inspections::faults(db, w.community)), Vec::<String>::new());
    }

    fn a_worker_that_slept_three_days_leaves_the_same_misses(w: World) {
        let case = site(&w);
        inspect(&w, &case, vec![item("permit_posted", true)], ("2026-11-24T02:00:00Z", "2026-11-24T03:00:00Z"), vec![]).unwrap();
        assert_eq!(day_list(&w, "2026-11-26T01:00:00Z"), (2, 2));
        use State::*;
        let states: Vec<_> = owed(&w, case.id).into_iter().map(|(_, state, _)| state).collect();
        assert_eq!(states, [Missed, Done, Missed, Open]);
    }

    fn a_record_that_arrives_before_the_day_is_closed_is_in_time(w: World) {
        let case = site(&w);
        day_list(&w, "2026-11-22T21:00:00Z");
        inspect(&w, &case, vec![item("permit_posted", true)], ("2026-11-23T09:00:00Z", "2026-11-23T20:59:00Z"), vec![]).unwrap();
        day_list(&w, "2026-11-23T21:00:00Z");
        assert_eq!(owed(&w, case.id)[0].1, State::Done);
    }

    fn a_severe_violation_stops_the_site_and_ends_only_by_a_later_look_with_a_photo(w: World) {
        let case = site(&w);
        let found = vec![item("bearing_structure", false), item("rubbish_bagged", false)];
        inspect(&w, &case, found, ("2026-11-23T02:00:00Z", "2026-11-23T03:00:00Z"), vec![]).unwrap();
        let stopped = w.read(|db| cases::by_id(db, case.id));
        assert_eq!(stopped.state, "stopped");
        let open = w.read(|db| inspections::open_violations(db, case.id));
        assert_eq!(open.len(), 2);
        assert_eq!((open[0].is_severe(), open[1].deadline), (true, Some(day("2026-11-26"))));
        let officer = w.actor(w.officer, "2026-11-23");
        let resume = |version| w.store.write_now(|tx| renovation::act(tx, &officer, at("2026-11-24T06:00:00Z"), (case.id, version), (&Move::Resume, "mended")));
        assert!(matches!(resume(stopped.version), Err(Error::Refused(_))));
        let mended = || vec![item("bearing_structure", true)];
        let unseen = inspect(&w, &case, mended(), ("2026-11-24T02:00:00Z", "2026-11-24T03:00:00Z"), vec![]);
        let Err(Error::Invalid(fields)) = unseen else { panic!("{unseen:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].code), ("attachments", "mended_needs_photo"));
        assert_eq!(w.read(|db| inspections::open_violations(db, case.id)).len(), 2, "no photo, not mended");
        inspect(&w, &case, mended(), ("2026-11-24T04:00:00Z", "2026-11-24T05:00:00Z"), vec![photo(&w)]).unwrap();
        assert_eq!(w.read(|db| inspections::open_violations(db, case.id)).len(), 1);
        assert_eq!(resume(stopped.version).unwrap().state, "working");
        assert!(matches!(resume(stopped.version), Err(Error::Conflict(_))));
        assert_eq!(w.read(|db| inspections::faults(db, w.community)), Vec::<String>::new());
    }

    fn a_site_closed_the_day_before_owes_nothing_by_rule(w: World) {
        let case = site(&w);
        day_list(&w, "2026-11-23T21:00:00Z"); // the 24th, 05:00
        let officer = w.actor(w.officer, "2026-11-24");
        let last = Move::Abandon(Some(day("2026-11-23")));
        w.write(|tx| renovation::act(tx, &officer, at("2026-11-24T01:00:00Z"), (case.id, case.version), (&last, "given up")));
        day_list(&w, "2026-11-24T21:00:00Z");
        let states: Vec<_> = owed(&w, case.id).into_iter().map(|(day, state, _)| (day, state)).collect();
        assert_eq!(states, [("2026-11-23".into(), State::Missed), ("2026-11-24".into(), State::Cancelled)]);
    }

    fn a_permit_expires_the_night_after_its_last_day_and_the_site_is_looked_at_all_the_same(w: World) {
        let case = site(&w);
        let expire = |now: &str| w.write(|tx| renovation::expire(tx, w.community, at(now)));
        assert_eq!((expire("2026-11-30T15:00:00Z"), expire("2026-11-30T16:10:00Z"), expire("2026-11-30T16:11:00Z")), (0, 1, 0));
        day_list(&w, "2026-11-30T21:00:00Z");
        assert_eq!(owed(&w, case.id).last().unwrap().0, "2026-12-01");
        let officer = w.actor(w.officer, "2026-12-01");
        let extend = |to: &str, version| w.store.write_now(|tx| renovation::act(tx, &officer, at("2026-12-01T06:00:00Z"), (case.id, version), (&Move::Extend(day(to)), "rain")));
        assert_eq!(extend("2026-12-20", 2).unwrap().state, "working");
        assert!(matches!(extend("2026-12-30", 3), Err(Error::Refused(_))), "once only");
    }

    fn a_wrong_registration_and_a_wrong_record_are_named_by_field(w: World) {
        let case = site(&w);
        let home = case.home_id.unwrap();
        let desk = w.actor(w.desk, "2026-11-22");
        let again = NewRunning {
            community: w.community, home, permit_number: "ZX-2026-031".into(), reason: " ".into(),
            contractor: "x".into(), contractor_phone: None, starts_on: day("2026-12-01"), ends_on: day("2026-11-01"),
        };
        let Err(Error::Invalid(fields)) = w.store.write_now(|tx| renovation::register_running(tx, &desk, at("2026-11-22T02:00:00Z"), &again))
        else { panic!("it was registered") };
        let names: Vec<_> = fields.iter().map(|f| (f.field.as_str(), f.code)).collect();
        assert_eq!(names, [("reason", "required"), ("permit_number", "taken"), ("starts_on", "in_the_future"), ("ends_on", "ends_before_start")]);
        let mut silent = item("rubbish_bagged", false);
        silent.note = String::new();
        let outcome = inspect(&w, &case, vec![silent], ("2026-11-23T02:00:00Z", "2026-11-23T03:00:00Z"), vec![]);
        assert!(matches!(outcome, Err(Error::Invalid(_))));
    }
}
