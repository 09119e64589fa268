//! A database for one test: made in milliseconds from a template that is prepared once per process.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use tempfile::TempDir;

use crate::at_exit::process_folder;
use crate::cluster::Cluster;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// What a test is given on either database: see [`both!`](crate::both).
pub trait On {
    /// Prepares one on a fresh database of this kind.
    fn on(kind: Kind) -> Self;
}

/// A database of a test's own, with a folder beside it; both are gone when it is dropped.
pub struct Database {
    kind: Kind,
    url: String,
    name: String,
    folder: TempDir,
}

impl On for Database {
    fn on(kind: Kind) -> Self {
        Self::empty(kind)
    }
}

impl Database {
    /// An empty one.
    pub fn empty(kind: Kind) -> Self {
        let database = Self::named(kind);
        if kind == Kind::Postgres {
            Cluster::shared().create(&database.name, None);
        }
        database
    }

    /// The copy of one that `prepare` filled, given its address. It is called once per process, kind and `template`, and must
    /// have closed its connections when it returns.
    pub fn prepared(kind: Kind, template: &'static str, prepare: impl FnOnce(&str)) -> Self {
        let source = template_of(kind, template, prepare);
        let database = Self::named(kind);
        match kind {
            Kind::Sqlite => copy(&source, database.folder()),
            Kind::Postgres => Cluster::shared().create(&database.name, source.to_str()),
        }
        database
    }

    /// Its address, as `DATABASE_URL` has it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// SQLite or PostgreSQL.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// A folder of the test's own; on SQLite the file `linli.db` lies in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file itself is sound: `PRAGMA integrity_check` and the foreign keys. A PostgreSQL server looks after its own.
    pub fn assert_intact(&self) {
        if self.kind == Kind::Sqlite {
            let file = self.folder().join("linli.db");
            let mut db = SqliteConnection::establish(&file.display().to_string()).expect("the file opens");
            let found: Vec<Row> = sql_query("SELECT integrity_check AS word FROM pragma_integrity_check")
                .load(&mut db)
                .expect("a check");
            let words: Vec<String> = found.into_iter().map(|row| row.word).collect();
            assert_eq!(words, ["ok"]);
            let strays: Vec<Row> = sql_query("SELECT \"table\" AS word FROM pragma_foreign_key_check")
                .load(&mut db)
                .expect("a check");
            assert!(
                strays.is_empty(),
                "rows without their parents in {:?}",
                strays.first().map(|row| &row.word)
            );
        }
    }

    fn named(kind: Kind) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = tempfile::Builder::new().prefix("linli-db-").tempdir().expect("a temporary folder");
        let url = url(kind, folder.path(), &name);
        Self { kind, url, name, folder }
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    word: String,
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.kind == Kind::Postgres && !std::thread::panicking() {
            Cluster::shared().drop_database(&self.name);
        }
    }
}

fn url(kind: Kind, folder: &Path, name: &str) -> String {
    match kind {
        Kind::Sqlite => format!("sqlite://{}", folder.join("linli.db").display()),
        Kind::Postgres => Cluster::shared().url(name),
    }
}

type Templates = Mutex<HashMap<(Kind, &'static str), Arc<OnceLock<PathBuf>>>>;

/// The folder (SQLite) or the database's name (PostgreSQL) to copy from.
fn template_of(kind: Kind, template: &'static str, prepare: impl FnOnce(&str)) -> PathBuf {
    static TEMPLATES: OnceLock<Templates> = OnceLock::new();
    let slot = {
        let mut templates = TEMPLATES.get_or_init(Templates::default).lock().expect("no test panics in here");
        templates.entry((kind, template)).or_default().clone()
    };
    slot.get_or_init(|| make_template(kind, template, prepare)).clone()
}

fn make_template(kind: Kind, template: &str, prepare: impl FnOnce(&str)) -> PathBuf {
    let name = format!("template_{template}");
    // Each kind its own: one of them may be prepared long after the other.
    let folder = process_folder().join(format!("{name}_{kind}"));
    // A preparation that panicked leaves its remains to the next test.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the template");
    if kind == Kind::Postgres {
        Cluster::shared().drop_database(&name);
        Cluster::shared().create(&name, None);
    }
    prepare(&url(kind, &folder, &name));
    match kind {
        Kind::Sqlite => folder,
        Kind::Postgres => PathBuf::from(name),
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("the template's folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file of the template");
        }
    }
}
