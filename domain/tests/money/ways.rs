//! How SQLite finds what is asked for: by a key, never by going through a table that grows with the community
//! or with its years.

use std::sync::{Arc, Mutex};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::access::Actor;
use domain::ledger::{self, Book};
use domain::{Db, Result, homes};
use test_support::{Kind, On};

use crate::estate::{BILLING, Estate, day};

type Statements = Arc<Mutex<Vec<String>>>;

/// Notes every statement of a connection from now on.
fn watch(db: &mut Db) -> Statements {
    let noted = Statements::default();
    let into = noted.clone();
    let Db::Sqlite(lite) = db else { panic!("SQLite is asked for its plans") };
    lite.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            into.lock().unwrap().push(text.split(" -- binds").next().unwrap_or_default().to_owned());
        }
    });
    noted
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The scans in the plans of these statements, each with its statement; tables that a batch makes for itself
/// are made again and may be gone through.
fn scans(estate: &Estate, statements: &Statements) -> Vec<String> {
    let path = estate.database.url().strip_prefix("sqlite://").unwrap();
    let mut lite = SqliteConnection::establish(path).unwrap();
    // Plans name the scans of foreign keys too, which happen only where one is broken at that moment.
    lite.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
    let mut found = Vec::new();
    for statement in statements.lock().unwrap().iter() {
        if statement.starts_with("CREATE TEMPORARY") || statement.starts_with("DROP TABLE") {
            diesel::sql_query(statement).execute(&mut lite).unwrap();
        }
        let made = statement.strip_prefix("CREATE TEMPORARY TABLE ").and_then(|rest| rest.split_once(" AS "));
        let asked = made.map_or(statement.as_str(), |(_, query)| query);
        if !["SELECT", "INSERT", "UPDATE"].iter().any(|word| asked.starts_with(word)) {
            continue;
        }
        let plan: Vec<Step> =
            diesel::sql_query(format!("EXPLAIN QUERY PLAN {asked}")).load(&mut lite).unwrap();
        let scanned = plan.iter().filter_map(|step| step.detail.strip_prefix("SCAN "));
        found.extend(scanned.map(|table| format!("{table}: {asked}")));
    }
    found
}

fn of_tables(scans: &[String], tables: &[&str]) -> Vec<String> {
    let names = |scan: &&String| tables.iter().any(|table| scan.split([' ', ':']).next() == Some(*table));
    scans.iter().filter(names).cloned().collect()
}

#[test]
fn a_batch_of_a_billing_run_goes_through_none_of_the_charges_made_before() {
    let estate = Estate::on(Kind::Sqlite);
    estate.bill("2026-10", BILLING);
    let noted = estate.store.write_now(|tx| Ok(watch(tx))).unwrap();
    assert!(estate.bill("2026-11", BILLING).charges > 0);
    let kept = noted.lock().unwrap().iter().filter(|text| text.starts_with("CREATE TEMPORARY")).count();
    assert_eq!(kept, 3, "what is wanted, who pays it and what was made");
    let grown = ["charges", "c", "ledger_entries", "ledger_accounts", "a", "payments", "p", "homes", "h"];
    // The query of what is wanted calls its own rows `c`, and they are few.
    let scans: Vec<String> = of_tables(&scans(&estate, &noted), &grown)
        .into_iter()
        .filter(|scan| !(scan.starts_with("c:") && scan.contains("AS payer_id FROM (")))
        .collect();
    assert_eq!(scans, Vec::<String>::new());
}

#[test]
fn what_a_page_of_a_resident_asks_is_found_by_a_key() {
    let estate = Estate::on(Kind::Sqlite);
    estate.bill("2026-11", BILLING);
    let (home, payer) = (estate.home("1-1-0101"), estate.account("1-1-0101").payer_id);
    let noted = estate
        .store
        .read_now(|db| -> Result<Statements> {
            let noted = watch(db);
            let actor = Actor::load(db, payer, day("2026-11-22"), "test")?;
            assert!(!ledger::visible(db, &actor, home, Book::Fees)?.is_empty());
            homes::steward(db, home, day("2026-11-22"))?;
            Ok(noted)
        })
        .unwrap();
    assert!(noted.lock().unwrap().len() >= 6);
    assert_eq!(scans(&estate, &noted), Vec::<String>::new());
}
