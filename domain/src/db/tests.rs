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

#[test]
fn a_database_is_read_back_from_its_script() {
    use diesel::prelude::*;
    use schema::installation::dsl::*;
    let (_folder, store) = store();
    for text in ["it's \"quoted\"", "two\nlines", "锦绣花园", ""] {
        let row = (name.eq(format!("name of {text}")), value.eq(text));
        store.write_now(|tx| Ok(diesel::insert_into(installation).values(&row).execute(tx)?)).unwrap();
    }
    let script = store.script().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = Store::open(&format!("sqlite://{}/copy.db", folder.path().display())).unwrap();
    copy.read_script(&script).unwrap();
    assert!(copy.pending_migrations().unwrap().is_empty());
    assert_eq!(copy.script().unwrap(), script);
    let values =
        |store: &Store| store.read_now(|db| Ok(installation.order(name).select(value).load::<String>(db)?));
    assert_eq!(values(&copy).unwrap(), values(&store).unwrap());
    assert_eq!(values(&copy).unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_to_read_waits_in_turn_and_needs_no_thread() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let (_folder, store) = store();
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let reads = (0..60).map(|n| {
        let (now, most) = (now.clone(), most.clone());
        store.read(move |_| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(2));
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(n)
        })
    });
    let read = futures::future::try_join_all(reads).await.unwrap();
    assert!(read.into_iter().eq(0..60));
    assert!((2..=8).contains(&most.load(Ordering::SeqCst)), "{most:?} read at once");
}
