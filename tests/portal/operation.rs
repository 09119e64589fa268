//! What an operator looks at: figures for Prometheus, and a log that finds a request and tells no secret.

use reqwest::Method;
use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Community, HOME, PASSWORD, free_port};

/// The resident's phone in the register of the examples.
const PHONE: &str = "13900000001";

both! {
    fn figures_tell_of_requests_jobs_and_notifications(app: Community) {
        let bind = format!("127.0.0.1:{}", free_port());
        app.set("LINLI_METRICS_BIND", bind.clone());
        app.restart();
        let desk = app.api("desk");
        let report = json!({"kind": "repair", "home": HOME, "category": "water.leak", "text": "x", "channel": "phone"});
        let number = desk.post("/cases", &report).status(201).json()["number"].as_str().unwrap().to_owned();
        desk.get(&format!("/cases/{number}")).status(200);
        desk.get("/cases/WX20000101-0001").status(404);
        let text = reqwest::blocking::get(format!("http://{bind}/metrics")).unwrap().text().unwrap();
        let count = |status: u16| format!(
            "linli_http_request_seconds_count{{method=\"GET\",route=\"/api/v1/cases/{{number}}\",status=\"{status}\"}} 1\n"
        );
        for line in [count(200), count(404), "linli_jobs{state=\"failed\"} 0\n".to_owned(), "linli_database_up 1\n".to_owned()] {
            assert!(text.contains(&line), "no {line} in\n{text}");
        }
        let value = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
            line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()
        };
        assert!(value("linli_database_bytes") > 100_000.0);
        assert!(text.contains("linli_notifications{state=\"waiting\"}"), "{text}");
        assert!(!text.contains(&number), "figures name no case");
        app.worker_once();
        let later = reqwest::blocking::get(format!("http://{bind}/metrics")).unwrap().text().unwrap();
        assert!(later.contains("linli_jobs{state=\"waiting\"} 0\n"), "{later}");
    }

    fn the_log_finds_a_request_and_tells_no_secret(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (resident, desk) = (app.api("resident"), app.api("desk"));
        let opened = resident.post("/cases", &json!({
            "kind": "repair", "home": HOME, "category": "water.leak", "text": "厨房水管漏水", "available": "晚上",
        })).status(201);
        let request = opened.header("x-request-id").to_owned();
        let number = opened.json()["number"].as_str().unwrap().to_owned();
        let seen = desk.get(&format!("/cases/{number}")).status(200);
        let cashier = app.visitor("cashier");
        cashier.see("/");
        app.api("manager").get("/collection?period=2026-11").status(200);
        app.program().post("/sessions", &json!({"login": PHONE, "password": "a wrong one, surely"}));
        app.program().ask(Method::GET, "/me", |request| request.bearer_auth("no such token")).unwrap();
        app.stop();

        let log = app.log();
        let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let answered = |id: &str| {
            let found = lines.iter().map(|line| &line["fields"]).find(|f| f["request_id"] == id && f["message"] == "answered");
            found.unwrap_or_else(|| panic!("no {id} in\n{log}")).clone()
        };
        let opening = answered(&request);
        assert_eq!((&opening["route"], &opening["status"]), (&json!("/api/v1/cases"), &json!(201)));
        assert!(opening["person"].is_i64(), "{opening}");
        assert_eq!(answered(seen.header("x-request-id"))["object"], number.as_str());
        let told = |needle: &str| log.lines().find(|line| line.contains(needle)).map(str::to_owned);
        for secret in [PASSWORD, "a wrong one, surely", PHONE, "no such token", "厨房水管漏水"] {
            assert_eq!(told(secret), None, "{secret}");
        }
        for token in [desk.token(), resident.token()] {
            assert_eq!(told(&token), None);
        }
        assert!(!has_phone(&log), "a full phone number is in the log");
    }
}

/// Whether eleven digits that begin like a mobile number stand anywhere by themselves: a request's id, in hexadecimal,
/// may hold as many in a row.
fn has_phone(log: &str) -> bool {
    let phone =
        |word: &str| word.len() == 11 && word.starts_with('1') && word.chars().all(|c| c.is_ascii_digit());
    log.split(|c: char| !c.is_ascii_alphanumeric()).any(phone)
}
