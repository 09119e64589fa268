//! A small community for tests: a home with its owner, a neighbour, and one of each role.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use test_support::{Database, Kind, On};

use super::{Act, NewRepair, WaitFor};
use crate::access::{Actor, Role};
use crate::cases::{self, Case, Channel};
use crate::categories::Shipped;
use crate::{AttachmentId, CommunityId, Db, Error, HomeId, Instant, PersonId, Result, Store};

pub(crate) const COMMUNITY: CommunityId = CommunityId(1);
pub(crate) const OWNER: PersonId = PersonId(1);
pub(crate) const NEIGHBOUR: PersonId = PersonId(2);
pub(crate) const STEWARD: PersonId = PersonId(3);
pub(crate) const DESK: PersonId = PersonId(4);
pub(crate) const DESK_2: PersonId = PersonId(5);
pub(crate) const PLUMBER: PersonId = PersonId(6);
pub(crate) const ELECTRICIAN: PersonId = PersonId(7);
pub(crate) const SUPERVISOR: PersonId = PersonId(8);
pub(crate) const MANAGER: PersonId = PersonId(9);
pub(crate) const CASHIER: PersonId = PersonId(10);
pub(crate) const HOME: HomeId = HomeId(1);
pub(crate) const NEXT_DOOR: HomeId = HomeId(2);

const ROWS: &str = "
INSERT INTO communities (id, code, name, timezone, created_at)
    VALUES (1, 'JXHY', '锦绣花园', 'Asia/Shanghai', '2026-01-01 00:00:00');
INSERT INTO people (id, community_id, name, phone, created_at) VALUES
    (1, 1, '黎琪艳', '13900000001', '2026-01-01 00:00:00'), (2, 1, '邵明桐', '13900000002', '2026-01-01 00:00:00'),
    (3, 1, '尹强兰', NULL, '2026-01-01 00:00:00'), (4, 1, '黄勇', NULL, '2026-01-01 00:00:00'),
    (5, 1, '许华', NULL, '2026-01-01 00:00:00'), (6, 1, '李琪', NULL, '2026-01-01 00:00:00'),
    (7, 1, '夏华丽', NULL, '2026-01-01 00:00:00'), (8, 1, '韦娜兰', NULL, '2026-01-01 00:00:00'),
    (9, 1, '黄欣', NULL, '2026-01-01 00:00:00'), (10, 1, '万洋强', NULL, '2026-01-01 00:00:00');
INSERT INTO role_grants (community_id, person_id, role, starts_on) VALUES
    (1, 3, 'steward', '2026-01-01'), (1, 4, 'desk', '2026-01-01'), (1, 5, 'desk', '2026-01-01'),
    (1, 6, 'technician', '2026-01-01'), (1, 7, 'technician', '2026-01-01'),
    (1, 8, 'supervisor', '2026-01-01'), (1, 9, 'manager', '2026-01-01'), (1, 10, 'cashier', '2026-01-01');
INSERT INTO staff (person_id, community_id, number, post, skills, joined_on) VALUES
    (6, 1, 'E008', '维修工', '水', '2026-01-01'), (7, 1, 'E009', '维修工', '电', '2026-01-01');
INSERT INTO buildings (id, community_id, code, register_order) VALUES (1, 1, '1', 1);
INSERT INTO homes (id, community_id, building_id, code, entrance, floor, room, use_kind, area, register_order,
    register_status, delivered_on) VALUES (1, 1, 1, '1-1-0101', '1', 1, '0101', 'residential', 8986, 1, 'occupied',
    '2016-05-01'), (2, 1, 1, '1-1-0102', '1', 1, '0102', 'residential', 7266, 2, 'occupied', '2025-05-01');
INSERT INTO price_items (community_id, code, kind, zh, en, unit, price_fen, stock) VALUES
    (1, 'unblock', 'labour', '疏通', 'Unblocking', '次', 6000, 0),
    (1, 'washer', 'material', '垫圈', 'Washer', '个', 500, 10000);
INSERT INTO stock_movements (community_id, item_id, kind, quantity, balance, at, note)
    SELECT 1, id, 'receipt', 10000, 10000, '2026-01-01 00:00:00', '' FROM price_items WHERE code = 'washer';
INSERT INTO households (id, community_id, home_id, started_on) VALUES (1, 1, 1, '2026-01-01'), (2, 1, 2, '2026-01-01');
INSERT INTO occupancies (community_id, home_id, person_id, household_id, kind, lives_there, pays, starts_on) VALUES
    (1, 1, 1, 1, 'owner', TRUE, TRUE, '2026-01-01'), (1, 2, 2, 2, 'owner', TRUE, TRUE, '2026-01-01');
INSERT INTO home_stewards (community_id, home_id, steward_id, starts_on) VALUES (1, 1, 3, '2026-01-01');
";

/// The community, on a database of its own.
pub(crate) struct World {
    pub(crate) store: Store,
    _database: Database,
}

impl On for World {
    fn on(kind: Kind) -> Self {
        let database = Database::prepared(kind, "small_community", |url| {
            let store = Store::open(url).unwrap();
            store.migrate().unwrap();
            store.write_now(fill).unwrap();
        });
        Self { store: Store::open(database.url()).unwrap(), _database: database }
    }
}

fn fill(tx: &mut Db) -> Result<()> {
    match tx {
        Db::Sqlite(lite) => lite.batch_execute(ROWS)?,
        Db::Pg(pg) => pg.batch_execute(ROWS)?,
    }
    Ok(())
}

/// An instant of the community's own wall clock.
pub(crate) fn at(text: &str) -> Instant {
    format!("{text}:00+08:00").parse().unwrap()
}

pub(crate) fn leak() -> NewRepair {
    NewRepair {
        community: COMMUNITY,
        home: Some(HOME),
        place: None,
        category: Shipped::WaterBlocked.into(),
        text: "厨房水槽堵了".into(),
        channel: Channel::Portal,
        urgency: None,
        available: "晚上".into(),
        call_part: None,
        reporter: None,
        reporter_name: None,
        reporter_phone: None,
        attachments: vec![],
    }
}

impl World {
    pub(crate) fn actor(&self, person: PersonId) -> Actor {
        let today = "2026-11-22".parse().unwrap();
        self.store.read_now(|db| Actor::load(db, person, today, "page")).unwrap()
    }

    pub(crate) fn write<T>(&self, change: impl Fn(&mut Db) -> Result<T>) -> Result<T> {
        self.store.write_now(change)
    }

    pub(crate) fn report(&self, by: PersonId, now: Instant, new: &NewRepair) -> Result<Case> {
        let actor = self.actor(by);
        self.write(|tx| super::report(tx, &actor, now, new))
    }

    pub(crate) fn act(&self, by: PersonId, now: Instant, case: &Case, act: &Act) -> Result<Case> {
        let actor = self.actor(by);
        self.write(|tx| super::act(tx, &actor, now, (COMMUNITY, case.number()), case.version, act))
    }

    /// Somebody leaves: the account is disabled.
    pub(crate) fn leaves(&self, person: PersonId) {
        let sql = format!(
            "INSERT INTO accounts (person_id, created_at, disabled_at) \
             VALUES ({person}, '2026-01-01 00:00:00', '2026-11-22 00:00:00')"
        );
        self.write(|tx| Ok(diesel::sql_query(&sql).execute(tx).map(drop)?)).unwrap();
    }

    /// A photo that `by` uploaded.
    pub(crate) fn photo(&self, by: PersonId) -> AttachmentId {
        let file = crate::random::hex(8).unwrap();
        let stored = crate::attachments::Stored {
            name: "after.jpg".into(),
            content_type: crate::attachments::ContentType::Jpeg,
            bytes: 1,
            file,
            thumbnail: None,
        };
        let (actor, now) = (self.actor(by), at("2026-11-22T09:00"));
        self.write(|tx| crate::attachments::add(tx, &actor, now, COMMUNITY, &stored)).unwrap()
    }

    pub(crate) fn finish(&self, by: PersonId) -> Act {
        let attachments = vec![self.photo(by)];
        Act::Finish {
            work: "疏通".into(), cause: "油污".into(), minutes: 30, materials: vec![], attachments
        }
    }

    /// A repair in `state`, brought there by those whose steps these are.
    pub(crate) fn in_state(&self, state: &str, now: Instant) -> Case {
        let mut case = self.report(OWNER, now, &leak()).unwrap();
        for (by, act) in self.way_to(state) {
            case = self.act(by, now, &case, &act).unwrap();
        }
        if state == "closed" {
            let actor = self.actor(DESK);
            case = self.write(|tx| super::visit_closes(tx, &actor, now, &case, "好")).unwrap();
        }
        assert_eq!(case.state, state);
        case
    }

    fn way_to(&self, state: &str) -> Vec<(PersonId, Act)> {
        let mut way = vec![(DESK, Act::Accept)];
        let sent = (DESK, Act::Dispatch { technician: PLUMBER });
        let there = [sent.clone(), (PLUMBER, Act::Take), (PLUMBER, Act::Arrive)];
        let wait = |wait_for| (PLUMBER, Act::Wait { wait_for, note: "等".into() });
        match state {
            "reported" => way.clear(),
            "accepted" => {}
            "dispatched" => way.push(sent),
            "taken" => way.extend(there.into_iter().take(2)),
            "on_site" => way.extend(there),
            "waiting_parts" => way.extend(there.into_iter().chain([wait(WaitFor::Parts)])),
            "waiting_resident" => way.extend(there.into_iter().chain([wait(WaitFor::Resident)])),
            "done" | "closed" => way.extend(there.into_iter().chain([(PLUMBER, self.finish(PLUMBER))])),
            "cancelled" => way = vec![(OWNER, Act::Cancel { reason: "好了".into() })],
            "merged" => {
                let other = self.report(OWNER, at("2026-11-22T08:00"), &leak()).unwrap();
                way = vec![(DESK, Act::Merge { into: other.number().into() })];
            }
            _ => panic!("{state}"),
        }
        way
    }

    /// How many notifications of a code a person has in the portal.
    pub(crate) fn told(&self, person: PersonId, code: &str) -> usize {
        let all = self.store.read_now(|db| crate::notifications::of_person(db, person, None, 1_000)).unwrap();
        all.iter().filter(|one| one.code == code).count()
    }

    /// Every invariant of cases, duties and attachments holds.
    pub(crate) fn check(&self) {
        let faults = self.store.read_now(|db| {
            let mut all = cases::faults(db, COMMUNITY)?;
            all.extend(crate::return_visits::faults(db, COMMUNITY)?);
            all.extend(crate::attachments::faults(db, COMMUNITY)?);
            all.extend(crate::stock::faults(db, COMMUNITY)?);
            all.extend(crate::ledger::faults(db, COMMUNITY)?);
            Ok(all)
        });
        assert_eq!(faults.unwrap(), Vec::<String>::new());
    }
}

/// What an outcome is called in a table of examples.
pub(crate) fn word<T>(outcome: &Result<T>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(Error::Conflict(_)) => "conflict",
        Err(Error::NotFound) => "not_found",
        Err(error) => error.code(),
    }
}

/// One of each role.
pub(crate) const CAST: [(&str, PersonId, Role); 9] = [
    ("owner", OWNER, Role::Resident),
    ("neighbour", NEIGHBOUR, Role::Resident),
    ("steward", STEWARD, Role::Steward),
    ("desk", DESK, Role::Desk),
    ("technician", PLUMBER, Role::Technician),
    ("other technician", ELECTRICIAN, Role::Technician),
    ("supervisor", SUPERVISOR, Role::Supervisor),
    ("manager", MANAGER, Role::Manager),
    ("cashier", CASHIER, Role::Cashier),
];
