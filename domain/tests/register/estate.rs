//! The community of the examples, on a fresh database of either kind.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use domain::access::{Actor, Grant, Role};
use domain::community::{self, NewCommunity};
use domain::imports::{self, Import, Kind, Options};
use domain::{CommunityId, Instant, PersonId, Result, Store};
use test_support::{Database, Kind as Base, On};

pub(crate) const HOMES: &[u8] = include_bytes!("../../../demo/data/homes.csv");
pub(crate) const STAFF: &[u8] = include_bytes!("../../../demo/data/staff.csv");
pub(crate) const FEE_ITEMS: &[u8] = include_bytes!("../../../demo/data/fee_items.csv");
pub(crate) const HOLIDAYS: &[u8] = include_bytes!("../../src/calendar/2026.csv");
pub(crate) const DIRTY: &[u8] = include_bytes!("../../../tests/data/homes_dirty.csv");
pub(crate) const EXPECTED_DIRTY: &str = include_str!("../../../tests/data/expected_dirty.csv");

/// Sunday 22 November 2026, 10:00 in Shanghai.
pub(crate) const NOW: &str = "2026-11-22T02:00:00Z";

pub(crate) const LOOK: Options = Options { dry_run: true, skip_bad: false, month: None };
pub(crate) const ALL: Options = Options { dry_run: false, skip_bad: false, month: None };
pub(crate) const GOOD: Options = Options { dry_run: false, skip_bad: true, month: None };

/// A migrated database with the empty community 锦绣花园.
pub(crate) struct Estate {
    pub(crate) store: Store,
    pub(crate) community: CommunityId,
    _database: Database,
}

impl On for Estate {
    fn on(kind: Base) -> Self {
        let database = Database::on(kind);
        let store = Store::open(database.url()).unwrap();
        store.migrate().unwrap();
        let community = add_community(&store, "JXHY");
        Self { store, community, _database: database }
    }
}

pub(crate) fn add_community(store: &Store, code: &str) -> CommunityId {
    let new =
        NewCommunity { code: code.into(), name: "锦绣花园".into(), timezone: "Asia/Shanghai".into() };
    store.write_now(|tx| community::add(tx, &portal(), instant(NOW), &new)).unwrap().id
}

impl Estate {
    /// Imports a file's bytes on the examples' day.
    pub(crate) fn import(&self, kind: Kind, bytes: &[u8], options: Options) -> Result<Import> {
        self.import_at(NOW, kind, bytes, options)
    }

    pub(crate) fn import_at(&self, at: &str, kind: Kind, bytes: &[u8], options: Options) -> Result<Import> {
        let sheet = imports::read(kind, "register.csv", bytes)?;
        self.store.write_now(|tx| imports::run(tx, &portal(), instant(at), self.community, &sheet, options))
    }

    /// All four registers of the examples.
    pub(crate) fn imported(self) -> Self {
        for (kind, bytes) in [
            (Kind::Homes, HOMES),
            (Kind::Staff, STAFF),
            (Kind::FeeItems, FEE_ITEMS),
            (Kind::Holidays, HOLIDAYS),
        ] {
            let import = self.import(kind, bytes, ALL).unwrap();
            assert_eq!(import.report.errors, []);
        }
        self
    }

    /// What a query counts; it may name the community as `$1`.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let sql = format!("SELECT COUNT(*) AS n FROM {sql}");
        let count: Count = self.store.read_now(|db| Ok(diesel::sql_query(sql).get_result(db)?)).unwrap();
        count.n
    }

    /// One text a row.
    pub(crate) fn texts(&self, sql: &str) -> Vec<String> {
        #[derive(QueryableByName)]
        struct One {
            #[diesel(sql_type = Text)]
            t: String,
        }
        let rows: Vec<One> = self.store.read_now(|db| Ok(diesel::sql_query(sql).load(db)?)).unwrap();
        rows.into_iter().map(|row| row.t).collect()
    }

    /// A person of this name, with a role.
    pub(crate) fn actor(&self, name: &str, role: Role) -> Actor {
        use domain::db::schema::people;
        let id: PersonId = self
            .store
            .read_now(|db| Ok(people::table.filter(people::name.eq(name)).select(people::id).first(db)?))
            .unwrap();
        with_role(id, self.community, role)
    }
}

pub(crate) fn with_role(person: PersonId, community: CommunityId, role: Role) -> Actor {
    let mut actor = Actor::nobody();
    actor.person = Some(person);
    actor.grants = vec![Grant { community, role }];
    actor
}

pub(crate) fn portal() -> Actor {
    Actor::system("test")
}

pub(crate) fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The register of homes with a piece of it replaced.
pub(crate) fn homes_with(from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(HOMES).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

/// A register of these rows under the heading of the examples.
pub(crate) fn homes(rows: &[&str]) -> Vec<u8> {
    let heading = std::str::from_utf8(HOMES).unwrap().lines().next().unwrap();
    format!("{heading}\n{}\n", rows.join("\n")).into_bytes()
}
