//! P12: an upgrade completes or leaves the old version runnable, and a backup is made before. `linli migrate` is
//! killed at random moments; the schema is then the old one or the new one, never something between.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use test_support::{Database, Kind, both};

use super::kill::random;
use crate::harness::{Community, command, linli};

const KILLS: usize = 6;

both! {
    fn p12_a_killed_upgrade_leaves_the_old_schema_or_the_new_one(app: Community) {
        app.stop();
        let store = domain::Store::open(app.database.url()).unwrap();
        let new = versions(&store);
        take_back(&store, app.database.kind(), 2);
        let old = versions(&store);
        assert_eq!(old.len() + 2, new.len());
        let folder = app.database.folder().display().to_string();
        let settings = [("DATABASE_URL", app.database.url()), ("LINLI_DATA_DIR", folder.as_str())];
        for _ in 0..KILLS {
            let mut upgrade = command(&settings).arg("migrate").spawn().unwrap();
            sleep(Duration::from_millis(random() % 900));
            let _ = upgrade.kill();
            upgrade.wait().unwrap();
            let now = versions(&store);
            assert!(now == old || now == new, "{now:?}");
            if now == new {
                take_back(&store, app.database.kind(), 2);
            }
        }
        linli(&settings, &["migrate"], "").ok();
        assert_eq!(versions(&store), new);
        app.database.assert_intact();

        // What was backed up is the old version with all its rows, and comes back as the new one.
        let backup = app.database.folder().join(format!("backups/before-{}.tar", new.last().unwrap()));
        let there = Database::empty(app.database.kind());
        let folder = there.folder().display().to_string();
        let settings = [("DATABASE_URL", there.url()), ("LINLI_DATA_DIR", folder.as_str())];
        linli(&settings, &["restore", backup.to_str().unwrap()], "").ok();
        let restored = domain::Store::open(there.url()).unwrap();
        assert_eq!(versions(&restored), new);
        assert_eq!(homes(&restored), homes(&store));
    }
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

fn versions(store: &domain::Store) -> Vec<String> {
    let sql = "SELECT version FROM __diesel_schema_migrations ORDER BY version";
    let rows: Vec<Version> = store.read_now(|db| Ok(diesel::sql_query(sql).load(db)?)).unwrap();
    rows.into_iter().map(|row| row.version).collect()
}

fn homes(store: &domain::Store) -> i64 {
    store.read_now(|db| Ok(domain::db::schema::homes::table.count().get_result(db)?)).unwrap()
}

/// Takes the newest migrations back by their own `down.sql`.
fn take_back(store: &domain::Store, kind: Kind, count: usize) {
    for folder in folders(kind).iter().rev().take(count) {
        let down = std::fs::read_to_string(folder.join("down.sql")).unwrap();
        let name = folder.file_name().unwrap().to_str().unwrap();
        let version = name.split('_').next().unwrap().replace('-', "");
        let forget = format!("DELETE FROM __diesel_schema_migrations WHERE version = '{version}'");
        store.write_now(|tx| Ok(tx.batch_execute(&down).and_then(|()| tx.batch_execute(&forget))?)).unwrap();
    }
}

fn folders(kind: Kind) -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind.to_string());
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}
