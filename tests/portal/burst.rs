//! Five hundred households report one burst pipe within a minute, each with a session of their own: everybody is
//! answered with a number, one order goes out for each building, the desk makes one incident of them all, and each
//! is told once that it is looked after, and once, by the name of their home, that it is over.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use domain::access::sessions::{self, NewSession, SessionKind};
use domain::access::{Actor, activation};
use domain::{Clock, Db, PersonId, Store};
use serde_json::{Value, json};
use test_support::both;

use crate::gates::look_up;
use crate::harness::{Community, HOME, Program};

const ALL: usize = 500;

#[derive(Debug, Clone, QueryableByName)]
struct Household {
    #[diesel(sql_type = BigInt)]
    person: i64,
    #[diesel(sql_type = Text)]
    home: String,
}

/// Owners of one home each, the first of the register.
fn households(app: &Community) -> Vec<Household> {
    let sql = format!(
        "SELECT o.person_id AS person, MIN(h.code) AS home FROM occupancies o JOIN homes h ON h.id = o.home_id \
         WHERE o.kind = 'owner' AND o.starts_on <= '2026-11-22' AND o.ends_on IS NULL GROUP BY o.person_id HAVING COUNT(*) = 1 \
         ORDER BY MIN(h.register_order) LIMIT {ALL}"
    );
    store(app).read_now(|db| Ok(sql_query(&sql).load(db)?)).unwrap()
}

fn store(app: &Community) -> Store {
    Store::open(app.database.url()).unwrap()
}

/// Tokens for these people, as if each had signed in.
fn tokens(app: &Community, people: &[i64]) -> Vec<String> {
    let real_now = Clock::system().real_now();
    let start = |tx: &mut Db, person: i64| {
        let account = activation::account_of(tx, PersonId(person), real_now)?;
        let kind = SessionKind::Bearer;
        let new = NewSession { account, kind, second_factor: true, agent: "burst".to_owned() };
        let actor = Actor::load(tx, PersonId(person), real_now.0.date(), "test")?;
        Ok(sessions::start(tx, &actor, &new, real_now)?.0)
    };
    store(app).write_now(|tx| people.iter().map(|person| start(tx, *person)).collect()).unwrap()
}

/// Everybody reports at once; their answers, and how long it took.
fn burst(app: &Community, all: &[Household], tokens: &[String]) -> (Vec<Value>, Duration) {
    let (next, answers) = (Mutex::new(all.iter().zip(tokens)), Mutex::new(Vec::new()));
    let (program, started) = (app.program(), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let Some((one, token)) = next.lock().unwrap().next() else { break };
                    let report = json!({
                        "kind": "repair", "home": one.home, "category": "water.leak", "urgency": "emergency",
                        "text": "楼道主水管爆了，水往下流",
                    });
                    let answer = program.with_token(token.clone()).post("/cases", &report).status(201).json();
                    answers.lock().unwrap().push(answer);
                }
            });
        }
    });
    (answers.into_inner().unwrap(), started.elapsed())
}

fn count(app: &Community, sql: &str) -> usize {
    look_up(app, &format!("SELECT COUNT(*) AS value FROM {sql}")).parse().unwrap()
}

/// The technician who has a case, as a program.
fn technician_of(app: &Community, number: &str) -> Program {
    let sql = format!(
        "SELECT r.technician_id AS value FROM repairs r JOIN cases c ON c.id = r.case_id WHERE c.number = '{number}'"
    );
    let person = look_up(app, &sql).parse().unwrap();
    app.program().with_token(tokens(app, &[person]).remove(0))
}

both! {
    fn five_hundred_households_report_one_burst_pipe_within_a_minute(app: Community) {
        let all = households(&app);
        assert_eq!(all.len(), ALL);
        let people: Vec<i64> = all.iter().map(|one| one.person).collect();
        let keys = tokens(&app, &people);
        let (answers, took) = burst(&app, &all, &keys);
        assert_eq!(answers.len(), ALL, "everybody is answered");
        assert!(took < Duration::from_secs(60), "{took:?}");
        let mut numbers: Vec<String> =
            answers.iter().map(|one| one["number"].as_str().unwrap().to_owned()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), ALL, "each has a number of its own");

        let buildings = count(&app, &format!(
            "(SELECT DISTINCT h.building_id FROM homes h JOIN cases c ON c.home_id = h.id WHERE c.number IN ('{}')) b",
            numbers.join("', '")
        ));
        let sent = count(&app, "cases WHERE state = 'dispatched'");
        assert_eq!(sent, buildings, "one order for each building, not {ALL}");

        let desk = app.api("desk");
        let proposed = desk.get("/incidents").status(200).json()["proposed"].clone();
        let proposed: Vec<String> = proposed.as_array().unwrap().iter()
            .flat_map(|one| one["cases"].as_array().unwrap().clone())
            .map(|number| number.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(proposed.len(), ALL, "all of them are proposed");
        let first = look_up(&app, "SELECT MIN(number) AS value FROM cases WHERE state = 'dispatched'");
        let merge = json!({"into": first, "cases": proposed, "notice": "主管爆裂，正在抢修，约 11 点恢复供水。"});
        desk.post("/incidents", &merge).status(201);
        assert_eq!(count(&app, "cases WHERE state = 'merged'"), ALL - 1);
        let told = |code: &str| count(&app, &format!("notifications WHERE channel = 'portal' AND code = '{code}'"));
        assert_eq!(told("incident.opened"), ALL, "each is told once that it is looked after");

        let technician = technician_of(&app, &first);
        let photo = technician.upload_photo();
        for (action, body) in [
            ("take", json!({})),
            ("arrive", json!({})),
            ("finish", json!({"work": "换了主管阀门", "cause": "管道老化", "minutes": 90, "attachments": [photo]})),
        ] {
            let version = technician.get(&format!("/cases/{first}")).status(200).json()["version"].clone();
            let mut body = body;
            body["version"] = version;
            technician.post(&format!("/cases/{first}/actions/{action}"), &body).status(200);
        }
        assert_eq!(told("incident.over"), ALL, "and once that it is over");
        for one in &all {
            let over = format!(
                "notifications WHERE channel = 'portal' AND code = 'incident.over' AND person_id = {} AND args LIKE '%{}%'",
                one.person, one.home
            );
            assert_eq!(count(&app, &over), 1, "{one:?} is not told once, by the name of their home");
        }
        assert!(all.iter().any(|one| one.home == HOME));
        let news = app.visitor("resident").see("/notifications").says(&format!("{HOME} 报修的漏水已处理完"));
        assert_eq!(news.words().matches("已修好").count(), 1);
        assert_eq!(desk.get("/incidents").json()["incidents"][0]["reports"], ALL);
        app.worker_once();
        app.linli(&["check"]).ok();
    }
}
