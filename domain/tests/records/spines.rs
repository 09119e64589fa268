//! The spines on both databases: numbers, the audit chain, keys, cases, duties.

use crate::house::{House, instant};
use diesel::prelude::*;
use domain::access::Actor;
use domain::cases::{self, Channel, Kind, NewCase, Step, Urgency};
use domain::duties::{self, NewDuty, State, SubjectKind};
use domain::idempotency::{self, Answer, Key};
use domain::{Db, Error, Result, audit, check, number};

pub(crate) fn report(house: &House) -> NewCase {
    NewCase {
        community: house.community,
        kind: Kind::MoveOut,
        state: "reported",
        home: None,
        place: Some("大堂".into()),
        reporter: Some(house.person),
        reporter_name: None,
        reporter_phone: None,
        channel: Channel::Portal,
        accountable: None,
        category: "public.light".into(),
        urgency: Urgency::Normal,
        text: "灯不亮".into(),
        respond_by: Some(instant("2026-11-22T04:00:00Z")),
        resolve_by: Some(instant("2026-11-23T04:00:00Z")),
    }
}

pub(crate) const NOW: &str = "2026-11-22T02:00:00Z";

fn open(house: &House) -> domain::cases::Case {
    let new = report(house);
    house.store.write_now(|tx| cases::open(tx, &Actor::system("test"), instant(NOW), &new)).unwrap()
}

test_support::both! {
    fn numbers_have_no_gap_though_transactions_fail(house: House) {
        let day = "2026-11-22".parse().unwrap();
        for n in 1..=3 {
            let failed: Result<()> = house.store.write_now(|tx| {
                number::next(tx, house.community, "WX", day)?;
                Err(Error::NotFound)
            });
            assert!(failed.is_err());
            assert_eq!(open(&house).number(), format!("BC20261122-000{n}"));
        }
        assert_eq!(house.faults(), Vec::<String>::new());
    }

    fn numbers_are_right_when_many_open_at_once(house: House) {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| for _ in 0..10 { open(&house); });
            }
        });
        assert_eq!(open(&house).number(), "BC20261122-0041");
        assert_eq!(house.faults(), Vec::<String>::new());
    }

    fn of_two_who_move_a_case_one_is_told_what_changed(house: House) {
        let case = open(&house);
        let step = |to| house.store.write_now(|tx| {
            cases::advance(tx, &Actor::system("test"), instant(NOW), &case, &Step::to("accept", to))
        });
        assert_eq!(step("accepted").unwrap().version, 2);
        let Err(Error::Conflict(now)) = step("cancelled") else { panic!("both moved it") };
        assert_eq!((now.state.as_str(), now.version), ("accepted", 2));
    }

    fn a_timeline_cannot_be_changed(house: House) {
        let case = open(&house);
        let changed = house.store.write_now(|tx| {
            Ok(diesel::sql_query("UPDATE case_events SET note = 'x'").execute(tx)?)
        });
        assert!(changed.is_err());
        let lines = house.store.read_now(|db| cases::timeline(db, case.id, true)).unwrap();
        assert_eq!(lines.len(), 1);
    }

    fn a_breach_is_recorded_once(house: House) {
        open(&house);
        let late = |at: &str| house.store.write_now(|tx| cases::record_breaches(tx, house.community, instant(at))).unwrap();
        assert_eq!(late("2026-11-22T03:00:00Z"), 0);
        assert_eq!(late("2026-11-22T05:00:00Z"), 1);
        assert_eq!(late("2026-11-22T06:00:00Z"), 0);
        assert_eq!(late("2026-11-23T06:00:00Z"), 1);
    }

    fn a_duty_is_raised_once_and_a_missed_one_stays_missed(house: House) {
        let new = NewDuty {
            community: house.community,
            kind: duties::Kind::ServiceCheck,
            subject: (SubjectKind::Person, house.person.0),
            occurrence: "2026-11-22".into(),
            rule: "service_check.v1",
            owner: house.person,
            not_before: instant("2026-11-22T00:00:00Z"),
            next_at: instant("2026-11-22T00:00:00Z"),
            due_at: instant("2026-11-22T10:00:00Z"),
        };
        let raise = || house.store.write_now(|tx| duties::raise(tx, instant(NOW), &new)).unwrap();
        let id = raise().unwrap();
        assert_eq!(raise(), None);
        let after = instant("2026-11-22T11:00:00Z");
        let missed = house.store.write_now(|tx| duties::miss_overdue(tx, house.community, new.kind, after)).unwrap();
        assert_eq!(missed.len(), 1);
        let duty = house.store.read_now(|db| duties::by_id(db, id)).unwrap();
        house.store.write_now(|tx| duties::fulfil(tx, &duty, after, ("note", 1))).unwrap();
        let duty = house.store.read_now(|db| duties::by_id(db, id)).unwrap();
        assert_eq!((duty.state, duty.record_id), (State::Missed, Some(1)));
        let again = house.store.write_now(|tx| duties::fulfil(tx, &duty, after, ("note", 2)));
        assert!(matches!(again, Err(Error::Conflict(_))));
    }

    fn a_key_does_its_work_once(house: House) {
        let key = |body: &[u8]| Key::new(&Actor::system("test"), "POST /cases", "k1", body);
        let once = |body: &[u8], text: &str| {
            let (key, text) = (key(body), text.to_owned());
            house.store.write_now(move |tx| idempotency::once(tx, &key, instant(NOW), |_| {
                Ok(Answer { status: 201, body: text.clone() })
            }))
        };
        assert_eq!(once(b"a", "first").unwrap().body, "first");
        assert_eq!(once(b"a", "second").unwrap().body, "first");
        assert!(matches!(once(b"b", "third"), Err(Error::Refused(r)) if r.rule == "idempotency.other_body"));
    }

    fn a_changed_audit_line_is_named(house: House) {
        let line = |n| audit::Line::new(house.community, "test.change", "person", n);
        for n in 1..=3 {
            house.store.write_now(|tx| audit::write(tx, &Actor::system("test"), instant(NOW), &line(n))).unwrap();
        }
        assert_eq!(house.faults(), Vec::<String>::new());
        house.tamper("UPDATE audit_lines SET fields = 'x' WHERE seq = 3");
        assert_eq!(house.faults().len(), 1);
        assert!(house.faults()[0].ends_with("line 3 was changed"));
    }
}

impl House {
    fn faults(&self) -> Vec<String> {
        self.store.read_now(|db| check::community(db, self.community)).unwrap()
    }

    /// Changes a row as somebody with the database's password could.
    fn tamper(&self, sql: &str) {
        let off = match self.store.kind() {
            domain::db::Kind::Sqlite => "DROP TRIGGER audit_lines_no_update",
            domain::db::Kind::Postgres => "ALTER TABLE audit_lines DISABLE TRIGGER ALL",
        };
        let run = |tx: &mut Db| -> Result<()> {
            diesel::sql_query(off).execute(tx)?;
            diesel::sql_query(sql).execute(tx)?;
            Ok(())
        };
        self.store.write_now(run).unwrap();
    }
}
