//! A portal without pages: a database, a community, a worker whose handlers leave marks.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::access::Vault;
use domain::db::schema::{communities, installation, people};
use domain::error::Cause;
use domain::job::{self, Job};
use domain::{Clock, CommunityId, Db, Instant, PersonId, Result, Store};
use jobs::{App, Done, Mailer, Renderer};
use object_store::local::LocalFileSystem;
use serde_json::{Value, json};
use test_support::{Database, Kind, On};

/// `App` comes first: its connections are closed before the database is dropped.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) community: CommunityId,
    pub(crate) db: Database,
}

impl On for World {
    fn on(kind: Kind) -> Self {
        let db = Database::prepared(kind, "migrated", |url| {
            Store::open(url).unwrap().migrate().unwrap();
        });
        let app = app(&db);
        let community = add_community(&app, "JXHY", "Asia/Shanghai", at("2026-11-01T00:00:00Z"));
        Self { app, community, db }
    }
}

/// A worker on this database, with connections of its own, as another process has them.
pub(crate) fn app(db: &Database) -> App {
    let files = db.folder().join("files");
    std::fs::create_dir_all(&files).unwrap();
    let mailer = Mailer::folder(db.folder().join("mail"), "锦绣花园 <portal@example.com>").unwrap();
    let files = Arc::new(LocalFileSystem::new_with_prefix(files).unwrap());
    let store = Store::open(db.url()).unwrap();
    let vault = Vault::of(b"the key of this installation").unwrap();
    let urls = ("https://linli.example/", db.url());
    let mut app = App::new(store, Clock::system(), Arc::new(Plain), mailer, files, vault, urls);
    app.handlers = crate::queue::HANDLERS;
    app.schedules = &[];
    app
}

/// Shows a template's name and what it is given.
struct Plain;

impl Renderer for Plain {
    fn render(&self, name: &str, language: &str, data: &Value) -> Result<String, Cause> {
        if data["code"] == "unwritable" {
            return Err("no such text".into());
        }
        Ok(format!("{name} {language} {data}"))
    }
}

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn add_community(app: &App, code: &str, zone: &str, created_at: Instant) -> CommunityId {
    let row = (
        communities::code.eq(code),
        communities::name.eq("锦绣花园"),
        communities::timezone.eq(zone),
        communities::created_at.eq(created_at),
    );
    let insert = |tx: &mut Db| {
        Ok(diesel::insert_into(communities::table).values(row).returning(communities::id).get_result(tx)?)
    };
    app.store.write_now(insert).unwrap()
}

/// Leaves a mark, or one more.
pub(crate) fn mark(tx: &mut Db, name: &str) -> Result<()> {
    let sql = "INSERT INTO installation (name, value) VALUES ($1, '1') ON CONFLICT (name) \
               DO UPDATE SET value = CAST(CAST(installation.value AS INTEGER) + 1 AS TEXT)";
    diesel::sql_query(sql).bind::<Text, _>(name).execute(tx)?;
    Ok(())
}

impl World {
    pub(crate) fn enqueue(&self, kind: &'static str, payload: Value) -> i64 {
        enqueue(&self.app, &Job::new(kind, payload)).unwrap()
    }

    pub(crate) fn enqueue_marks(&self, count: usize) -> Vec<String> {
        let names: Vec<_> = (0..count).map(|n| format!("mark {n}")).collect();
        for name in &names {
            self.enqueue("mark", json!({ "name": name }));
        }
        names
    }

    pub(crate) async fn run_due(&self) -> Vec<Done> {
        jobs::run_due(&self.app).await.unwrap()
    }

    /// How often a mark was left.
    pub(crate) fn marks(&self, name: &str) -> i64 {
        let query = |db: &mut Db| {
            Ok(installation::table.find(name).select(installation::value).first(db).optional()?)
        };
        let value: Option<String> = self.app.store.read_now(query).unwrap();
        value.map_or(0, |value| value.parse().unwrap())
    }

    /// The names of all marks that begin so, in order.
    pub(crate) fn marks_like(&self, prefix: &str) -> Vec<String> {
        let pattern = format!("{prefix}%");
        let query = |db: &mut Db| {
            let names = installation::table.filter(installation::name.like(pattern));
            Ok(names.order(installation::name).select(installation::name).load(db)?)
        };
        self.app.store.read_now(query).unwrap()
    }

    pub(crate) async fn until_marked(&self, names: &[String]) {
        for _ in 0..600 {
            if names.iter().all(|name| self.marks(name) > 0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("not everything was done within 30 s");
    }

    pub(crate) fn sql(&self, sql: &str) -> usize {
        self.app.store.write_now(|tx| Ok(diesel::sql_query(sql).execute(tx)?)).unwrap()
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let query = |db: &mut Db| {
            Ok(diesel::sql_query(format!("SELECT count(*) AS n {sql}")).get_result::<Count>(db)?.n)
        };
        self.app.store.read_now(query).unwrap()
    }

    /// As if every pause were over.
    pub(crate) fn pauses_are_over(&self) {
        self.sql("UPDATE jobs SET run_at = created_at WHERE state = 'waiting'");
    }

    pub(crate) fn add_person(&self, name: &str, email: Option<&str>) -> PersonId {
        let row = (
            people::community_id.eq(self.community.0),
            people::name.eq(name),
            people::email.eq(email),
            people::created_at.eq(at("2026-11-01T00:00:00Z")),
        );
        let insert = |tx: &mut Db| {
            Ok(diesel::insert_into(people::table).values(row).returning(people::id).get_result(tx)?)
        };
        self.app.store.write_now(insert).unwrap()
    }
}

pub(crate) fn enqueue(app: &App, job: &Job) -> Option<i64> {
    let now = app.clock.real_now();
    app.store.write_now(|tx| job::enqueue(tx, job, now, now)).unwrap()
}
