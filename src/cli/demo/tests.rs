//! The kept year fits the present schema, and the same seed still makes its first days.

use super::*;

fn config(dir: &Path) -> Config {
    let demo = Demo { dir: None, port: 0, date: "2026-11-22".parse().unwrap(), keep: None };
    demo.config(&Config::read().unwrap(), dir).unwrap()
}

#[test]
fn the_kept_year_fits_the_present_schema_and_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let kept = snapshot::heading().unwrap().opened_on;
    let (app, logins) = open(&config, kept, &Out::new(true)).unwrap();
    assert_eq!(logins.len(), 11);
    let id = app.store.read_now(|db| Ok(community::by_code(db, "JXHY")?.id)).unwrap();
    let faults = app.store.read_now(|db| domain::check::community(db, id)).unwrap();
    assert_eq!(faults, Vec::<String>::new());
    let files = domain::attachments::missing_files(&app.store, app.files.as_ref(), id);
    assert_eq!(actix_web::rt::System::new().block_on(files).unwrap(), Vec::<String>::new());
}

#[test]
fn nothing_secret_is_kept() {
    use diesel::prelude::*;
    let folder = tempfile::tempdir().unwrap();
    let kept = snapshot::heading().unwrap().opened_on;
    let (app, _) = unpacked(&config(folder.path()), kept, kept, &Out::new(true)).unwrap();
    let accounts = app.store.read_now(|db| Ok(schema::accounts::table.count().get_result::<i64>(db)?));
    let codes = app.store.read_now(|db| Ok(schema::activations::table.count().get_result::<i64>(db)?));
    assert_eq!((accounts.unwrap(), codes.unwrap()), (0, 0));
}

/// Where this fails, the demo's rules, or what the portal does in its days, have changed: `cargo xtask demo`
/// makes the year anew.
#[test]
fn the_same_seed_makes_the_same_first_days() {
    let folder = tempfile::tempdir().unwrap();
    let kept = snapshot::heading().unwrap();
    let mut made = None;
    make(&config(folder.path()), kept.opened_on, |stage| {
        made = Some(first_days(stage)?);
        Ok(())
    })
    .unwrap();
    assert_eq!(made, Some(kept.proof));
}
