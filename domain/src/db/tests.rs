use super::*;
use crate::error::Error;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/linli.db", folder.path().display());
    let store = Store::open(&url).unwrap();
    store.migrate().unwrap();
    (folder, store)
}

#[test]
fn what_fails_half_way_leaves_nothing() {
    use diesel::prelude::*;
    use schema::installation::dsl::*;
    let (_folder, store) = store();
    let outcome: Result<()> = store.write_now(|tx| {
        diesel::insert_into(installation).values((name.eq("a"), value.eq("b"))).execute(tx)?;
        Err(Error::refused("test", vec![]))
    });
    assert!(matches!(outcome, Err(Error::Refused(_))));
    let left = store.read_now(|db| Ok(installation.count().get_result::<i64>(db)?)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn migrations_run_down_and_up() {
    let (_folder, store) = store();
    store.migrate_down().unwrap();
    assert!(!store.pending_migrations().unwrap().is_empty());
    assert!(!store.migrate().unwrap().is_empty());
}
