//! P10: clocks that jump. A worker that slept over a leap day, a month's end and a reminder's morning leaves what one
//! leaves that was there all the time; a clock that is set back repeats nothing.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use domain::Store;
use serde_json::{Value, json};
use test_support::{On, both};

use crate::harness::{App, Community, HOME, Program};

const ASLEEP: &str = "2028-02-27T10:00:00+08:00";
const AWAKE: &str = "2028-03-03T15:05:00+08:00";
const DAYS: [&str; 6] = ["2028-02-27", "2028-02-28", "2028-02-29", "2028-03-01", "2028-03-02", "2028-03-03"];
/// After the close of the month and the permits, after the day lists, after the pace and the reminders.
const HOURS: [&str; 3] = ["00:35", "05:05", "09:35"];

both! {
    fn p10_a_worker_that_slept_leaves_what_one_in_time_leaves(in_time: Community) {
        let slept = Community::on(in_time.database.kind());
        for portal in [&in_time, &slept] {
            begin(portal);
        }
        let before = state(&in_time);
        assert_eq!(state(&slept), before);

        let instants = DAYS.iter().flat_map(|day| HOURS.map(|hour| format!("{day}T{hour}:00+08:00")));
        for instant in instants.filter(|instant| instant.as_str() > ASLEEP).chain([AWAKE.to_owned()]) {
            work_at(&in_time, &instant);
        }
        work_at(&slept, AWAKE);
        let after = state(&slept);
        let expected = state(&in_time);
        for (what, rows) in &after {
            assert_eq!(rows, &expected[what], "{what}");
            assert_ne!(rows, &before[what], "{what}: nothing was due, so nothing is shown");
        }

        for instant in [ASLEEP, "2028-02-29T09:35:00+08:00", "2026-12-01T00:35:00+08:00", AWAKE] {
            work_at(&slept, instant);
            assert_eq!(state(&slept), after, "set to {instant}");
        }
        for portal in [&in_time, &slept] {
            portal.linli(&["check"]).ok();
        }
    }
}

/// What is under way when one of the two falls asleep: bills, visits, a repair that is done, one that waits, a site to
/// be looked at each day, whose permit ends on the leap day.
fn begin(app: &App) {
    app.clock_to(ASLEEP);
    app.worker_once();
    app.linli(&["bill", "--community", "JXHY", "--period", "2028-02"]).ok();
    let (desk, technician, steward) = (app.api("desk"), app.api("technician"), app.api("steward"));
    for home in [HOME, "1-1-0102"] {
        let visit = json!({
            "home": home, "spoken_to": "业主本人", "topics": ["卫生"], "said": "很好", "satisfaction": 5,
            "started_at": "2028-02-27T01:00:00Z",
        });
        steward.post("/visits", &visit).status(201);
    }
    let site = app.visitor("desk");
    let form =
        site.see("/renovations/new").form_to("/renovations").set("home", HOME).set("contractor", "鸿运装饰");
    let form = form.set("permit_number", "ZXXK-1").set("reason", "已开工，补登记");
    site.submit(form.set("starts_on", "2028-02-02").set("ends_on", "2028-02-29")).status(200);
    let report = |text: &str| {
        let body = json!({"kind": "repair", "home": HOME, "category": "water.leak", "text": text, "channel": "phone"});
        desk.post("/cases", &body).status(201).json()["number"].as_str().unwrap().to_owned()
    };
    let done = report("the tap drips");
    report("the lamp is dark");
    let photo = technician.upload_photo();
    act(&desk, &done, "accept", json!({}));
    act(&desk, &done, "dispatch", json!({"technician": "technician"}));
    act(&technician, &done, "take", json!({}));
    act(&technician, &done, "arrive", json!({}));
    let work = json!({"work": "换了角阀", "cause": "老化", "minutes": 30, "attachments": [photo]});
    act(&technician, &done, "finish", work);
    app.worker_once();
    app.stop();
}

fn act(who: &Program, number: &str, action: &str, mut body: Value) {
    body["version"] = who.get(&format!("/cases/{number}")).json()["version"].clone();
    who.post(&format!("/cases/{number}/actions/{action}"), &body).status(200);
}

fn work_at(app: &App, instant: &str) {
    app.set("LINLI_CLOCK", instant);
    app.worker_once();
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    line: String,
}

/// What the calendar has done: everything but the moment at which it was written down. What counts from a submission is
/// given to the hour, as the two were not prepared in the same second.
const STATE: [(&str, &str); 7] = [
    ("cases", "SELECT number || ' ' || state AS line FROM cases"),
    (
        "return visits that were escalated",
        "SELECT person_id || ' ' || event AS line FROM notifications WHERE code = 'return_visit.overdue'",
    ),
    (
        "months closed",
        "SELECT steward_id || ' ' || month || ' ' || own_days || ' ' || month_days || ' ' || households || ' ' || \
         make_up || ' ' || quota || ' ' || counted || ' ' || CAST(as_of AS TEXT) AS line FROM visit_months",
    ),
    ("short months asked about", "SELECT steward_id || ' ' || month AS line FROM visit_shortfalls"),
    (
        "duties",
        "SELECT kind || ' ' || subject_kind || ' ' || subject_id || ' ' || occurrence || ' ' || rule || ' ' || owner_id || \
         ' ' || CAST(not_before AS TEXT) || ' ' || SUBSTR(CAST(due_at AS TEXT), 1, 13) || ' ' || state AS line FROM duties",
    ),
    (
        "clocks that ran out",
        "SELECT case_id || ' ' || clock || ' ' || round || ' ' || SUBSTR(CAST(due_at AS TEXT), 1, 13) AS line FROM case_breaches",
    ),
    (
        "reminders",
        "SELECT account_id || ' ' || period || ' ' || stage || ' ' || outcome || ' ' || owed_fen || ' ' || \
         CAST(day AS TEXT) AS line FROM reminders",
    ),
];

fn state(app: &App) -> BTreeMap<&'static str, Vec<String>> {
    let store = Store::open(app.database.url()).unwrap();
    let rows = |sql: &str| {
        let found: Vec<Row> =
            store.read_now(|db| Ok(sql_query(format!("{sql} ORDER BY 1")).load(db)?)).unwrap();
        found.into_iter().map(|row| row.line).collect()
    };
    STATE.iter().map(|(what, sql)| (*what, rows(sql))).collect()
}
