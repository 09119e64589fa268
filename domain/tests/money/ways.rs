//! How SQLite finds what is asked for: by a key, never by going through a table that grows with the community
//! or with its years.

use std::sync::{Arc, Mutex};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::access::Actor;
use domain::debts::{self, NewPlan, Part, State};
use domain::ledger::{self, Book};
use domain::{Db, Result, homes};
use test_support::{Kind, On};

use crate::estate::{BILLING, Estate, day, instant};

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

#[test]
fn a_list_of_disputes_or_plans_is_asked_for_in_as_many_statements_as_one_of_them() {
    let estate = Estate::on(Kind::Sqlite);
    estate.bill("2026-11", BILLING);
    let at = instant("2026-11-20T02:00:00Z");
    let homes = ["1-1-0101", "1-1-0102", "1-1-0201"];
    for home in homes {
        let (account, charges) = (estate.account_id(home), estate.charges(home));
        let (disputed, planned) = (&charges[0].charge, &charges[1].charge);
        let part = Part { due_on: day("2026-12-20"), amount: planned.open() };
        let agreed_by = "业主".to_owned();
        let plan = NewPlan {
            charges: vec![planned.id],
            parts: vec![part],
            agreed_by,
            agreed_on: day("2026-11-20"),
            note: String::new(),
        };
        let write = |tx: &mut Db| {
            debts::dispute(tx, &estate.cashier, at, account, disputed.id, "没有服务")?;
            debts::agree(tx, &estate.cashier, at, account, &plan)
        };
        estate.store.write_now(write).unwrap();
    }
    let asked = |limit| {
        let found = estate.store.read_now(|db| {
            let noted = watch(db);
            let open = debts::open_disputes(db, &estate.cashier, at, estate.community, (None, limit))?;
            let plans =
                debts::plans_in(db, &estate.cashier, at, estate.community, State::Running, (None, limit))?;
            Ok((debts::dispute_lines(db, open)?.len(), plans.len(), noted))
        });
        let (disputes, plans, noted) = found.unwrap();
        let statements = noted.lock().unwrap().len();
        ((disputes, plans), statements)
    };
    let (one, all) = (asked(1), asked(200));
    assert_eq!((one.0, all.0), ((1, 1), (homes.len(), homes.len())));
    assert_eq!(one.1, all.1);
}
