//! P5: billing twice, by several workers, killed half way: every charge once, to the oracle's fen. The processes are
//! `linli bill` itself, ended by SIGKILL while they work through homes enough for several batches.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use domain::Store;
use domain::db::schema::billing_runs;
use test_support::both;

use super::kill::random;
use crate::harness::{Community, data};

/// Homes beside those of the register, so that a run has five batches of a thousand.
const MORE: usize = 4_000;
const BILL: [&str; 5] = ["bill", "--community", "JXHY", "--period", "2026-11"];

both! {
    fn p5_every_charge_is_made_once_though_half_of_the_billing_processes_are_killed(app: Community) {
        let file = app.file("more.csv", more_homes());
        app.linli(&["import", "homes", file.to_str().unwrap(), "--community", "JXHY"]).ok();
        let store = Store::open(app.database.url()).unwrap();

        // One after the other, each killed as soon as it has charged a batch that the one before had not.
        let mut seen = 0;
        for _ in 0..2 {
            let process = app.spawn(&BILL);
            seen = kill_after(&store, seen, process);
            let (state, done, homes) = run(&store).expect("a run was begun");
            assert!(state == "running" && 0 < done && done < homes, "killed when {done} of {homes} were {state}");
        }

        // Eight at once, every other one killed at a random moment.
        let processes: Vec<Child> = (0..8).map(|_| app.spawn(&BILL)).collect();
        let mut survivors = Vec::new();
        for (n, process) in processes.into_iter().enumerate() {
            if n % 2 == 0 {
                sleep(Duration::from_millis(random() % 300));
                kill(process);
            } else {
                survivors.push(process);
            }
        }
        for mut survivor in survivors {
            assert!(survivor.wait().unwrap().success(), "who was not killed came to the end");
        }
        app.linli(&BILL).ok();

        let charged = charges(&app);
        let mut expected = oracle();
        for n in 0..MORE {
            let home = code(n);
            expected.insert((home.clone(), "property_residential".into(), String::new()), 25_161);
            expected.insert((home, "garbage".into(), String::new()), 1_200);
        }
        assert_eq!(charged.len(), expected.len());
        assert!(charged == expected, "a charge differs from the oracle");
        app.linli(&["check"]).ok();
        app.database.assert_intact();
    }
}

fn more_homes() -> String {
    let mut text = String::from("楼栋,单元,房号,房屋编码,楼层,用途,建筑面积,交付日期,状态,业主姓名\n");
    for n in 0..MORE {
        let (building, room) = place(n);
        let _ = writeln!(
            text,
            "{building},1,{room},{},{},住宅,89.86,2024-01-24,已入住,业主{n}",
            code(n),
            n % 200 / 10 + 1
        );
    }
    text
}

fn place(n: usize) -> (usize, String) {
    (n / 200 + 100, format!("{:02}{:02}", n % 200 / 10 + 1, n % 10 + 1))
}

fn code(n: usize) -> String {
    let (building, room) = place(n);
    format!("{building}-1-{room}")
}

/// Kills the process once the run is further than `before`; gives how far it is then.
fn kill_after(store: &Store, before: i64, process: Child) -> i64 {
    let patience = Instant::now() + Duration::from_secs(120);
    while run(store).is_none_or(|(_, done, _)| done <= before) {
        assert!(Instant::now() < patience, "no batch was charged within two minutes");
        sleep(Duration::from_millis(2));
    }
    kill(process);
    run(store).map_or(0, |(_, done, _)| done)
}

fn kill(mut process: Child) {
    let _ = process.kill();
    let _ = process.wait();
}

/// The state of the latest run, how many homes it has been through, and of how many.
fn run(store: &Store) -> Option<(String, i64, i64)> {
    let latest = billing_runs::table.order(billing_runs::id.desc());
    let row = latest.select((billing_runs::state, billing_runs::homes_done, billing_runs::homes));
    store.read_now(|db| Ok(row.first(db).optional()?)).unwrap()
}

type Charges = BTreeMap<(String, String, String), i64>;

/// What was charged, each key once.
fn charges(app: &Community) -> Charges {
    let file = app.file("charges.csv", "");
    let path = file.to_str().unwrap();
    app.linli(&["export", "charges", "--community", "JXHY", "--period", "2026-11", "--out", path]).ok();
    read(&std::fs::read(file).unwrap(), "amount_fen")
}

fn oracle() -> Charges {
    read(&std::fs::read(data("expected_2026-11.csv")).unwrap(), "fen")
}

fn read(csv: &[u8], amount: &str) -> Charges {
    let mut charges = Charges::new();
    for row in csv::Reader::from_reader(csv).deserialize::<BTreeMap<String, String>>().map(Result::unwrap) {
        let key = (row["home"].clone(), row["item"].clone(), row["subject"].clone());
        let twice = charges.insert(key, row[amount].parse().unwrap());
        assert_eq!(twice, None, "charged twice: {row:?}");
    }
    charges
}
