//! The line through the whole house, by the API, on both databases: a month of 锦绣花园 from the bill to the
//! frozen quota, as programs would work it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use test_support::both;

use crate::harness::{App, Community, HOME, Program, data};

both! {
    fn november_is_billed_once_and_equal_to_the_oracle(app: Community) {
        let bill = |words: &[&str]| app.linli(&[&["bill", "--community", "JXHY", "--period", "2026-11"], words].concat()).ok();
        bill(&["--preview"]);
        assert_eq!(charges(&app).len(), 0, "a preview charges nothing");
        bill(&[]);
        bill(&[]);
        assert_eq!(charges(&app), oracle());
        app.linli(&["check"]).ok();
    }

    fn a_resident_sees_what_is_owed_and_why_and_a_payment_counts_once(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let resident = app.api("resident");
        assert_eq!(resident.get("/me").status(200).json()["homes"][0]["code"], HOME);
        let account = account(&resident);
        assert_eq!(account["balance_fen"], 25_161 + 1_200);
        let words: Vec<&str> = account["charges"].as_array().unwrap().iter().map(|c| c["explanation"].as_str().unwrap()).collect();
        assert!(words.iter().any(|text| text.starts_with("89.86 ㎡ × ¥2.80 × 1 个月 = ¥251.6080 → ¥251.61")), "{words:?}");

        let cashier = app.api("cashier");
        let payment = json!({"home": HOME, "amount_fen": 26_361, "method": "cash"});
        let first = cashier.post_once("one-payment", "/payments", &payment).unwrap().status(201).json();
        let again = cashier.post_once("one-payment", "/payments", &payment).unwrap().status(201).json();
        assert_eq!(first, again);
        let other = json!({"home": HOME, "amount_fen": 1, "method": "cash"});
        cashier.post_once("one-payment", "/payments", &other).unwrap().status(422);

        let after = self::account(&resident);
        assert_eq!((&after["balance_fen"], &after["prepaid_fen"]), (&json!(0), &json!(0)));
        app.linli(&["check"]).ok();
    }

    fn a_repair_goes_from_the_photo_to_the_answered_call(app: Community) {
        let (resident, desk, technician) = (app.api("resident"), app.api("desk"), app.api("technician"));
        let photo = resident.upload_photo();
        let report = json!({
            "kind": "repair", "home": HOME, "category": "water.leak", "text": "厨房水管漏水",
            "available": "晚上", "attachments": [photo],
        });
        let opened = resident.post("/cases", &report).status(201).json();
        let number = opened["number"].as_str().unwrap().to_owned();
        assert!(number.starts_with("WX20261122-"), "{number}");

        let act = |who: &Program, action: &str, body: Value| act(who, &number, action, body);
        act(&desk, "accept", json!({}));
        act(&desk, "dispatch", json!({"technician": "technician"}));
        act(&technician, "take", json!({}));
        act(&technician, "arrive", json!({}));
        let after = technician.upload_photo();
        let done = json!({"work": "换了角阀", "cause": "老化", "minutes": 30, "attachments": [after]});
        assert_eq!(act(&technician, "finish", done)["state"], "done");

        let stale = json!({"version": 1, "reason": "x"});
        let conflict = desk.post(&format!("/cases/{number}/actions/cancel"), &stale);
        assert!([409, 422, 403].contains(&conflict.status));

        app.worker_once();
        let duties = desk.get("/duties?kind=return_visit").status(200).json();
        let duty = duties["items"][0].clone();
        assert_eq!((&duty["state"], duties["items"].as_array().unwrap().len()), (&json!("open"), 1));
        let hours = |name: &str| (instant(duty[name].as_str().unwrap()) - instant(&app.now())).num_hours();
        assert!((1..=24).contains(&hours("next_at")) && (70..=72).contains(&hours("due_at")), "{duty}");

        app.clock_to("2026-11-22T15:00:00+08:00");
        let answer = json!({"outcome": "satisfied", "words": "很快", "note": ""});
        let recorded = desk.post(&format!("/duties/{}/record", duty["id"]), &answer);
        assert!((200..300).contains(&recorded.status), "{}", recorded.text());
        assert_eq!(desk.get(&format!("/cases/{number}")).json()["state"], "closed");
        app.linli(&["check"]).ok();
    }

    fn who_owes_is_reminded_by_mail_once_and_who_has_paid_hears_nothing(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        // 25 November + 10 days at least from the 22nd: due on 2 December; the third day after is the 5th.
        app.clock_to("2026-12-05T09:31:00+08:00");
        let cashier = app.api("cashier");
        cashier.post("/payments", &json!({"home": HOME, "amount_fen": 26_361, "method": "transfer"})).status(201);
        app.worker_once();
        app.worker_once();
        let mails = app.smtp.mails();
        assert!(mails.len() > 100, "{} mails", mails.len());
        let mut by_receiver: BTreeMap<String, usize> = BTreeMap::new();
        for mail in &mails {
            *by_receiver.entry(format!("{:?} {}", mail.to, mail.subject)).or_default() += 1;
        }
        assert!(by_receiver.values().all(|count| *count == 1), "somebody was told twice");
        assert!(!by_receiver.keys().any(|to| to.contains("110101@example.com") && to.contains("物业费")), "who has paid was reminded");
        app.linli(&["check"]).ok();
    }

    fn a_month_of_visits_is_counted_by_household_and_frozen_on_the_first(app: Community) {
        let steward = app.api("steward");
        let visit = |home: &str, started_at: &str| {
            let body = json!({
                "home": home, "spoken_to": "业主本人", "topics": ["卫生"], "said": "很好", "satisfaction": 5,
                "started_at": started_at,
            });
            steward.post("/visits", &body).status(201)
        };
        visit("1-1-0101", "2026-11-21T02:00:00Z");
        visit("1-1-0101", "2026-11-21T07:00:00Z");
        visit("1-1-0102", "2026-11-21T08:00:00Z");
        let quota = || steward.get("/stewards/steward/quota?month=2026-11").status(200).json();
        let running = quota();
        assert_eq!((&running["quota"], &running["counted"], &running["state"]), (&json!(30), &json!(2), &json!("running")));

        // The worker was down that night; the close is as of half past midnight all the same.
        app.clock_to("2026-12-02T09:00:00+08:00");
        app.worker_once();
        let closed = quota();
        assert_eq!((&closed["state"], &closed["short_by"]), (&json!("short"), &json!(28)));
        app.linli(&["check"]).ok();
    }
}

/// What was charged: fen by home, item and subject.
fn charges(app: &App) -> BTreeMap<(String, String, String), i64> {
    let file = app.file("charges.csv", "");
    let path = file.to_str().unwrap();
    app.linli(&["export", "charges", "--community", "JXHY", "--period", "2026-11", "--out", path]).ok();
    read(&std::fs::read(&file).unwrap(), "amount_fen")
}

fn oracle() -> BTreeMap<(String, String, String), i64> {
    read(&std::fs::read(data("expected_2026-11.csv")).unwrap(), "fen")
}

fn read(csv: &[u8], amount: &str) -> BTreeMap<(String, String, String), i64> {
    let mut reader = csv::Reader::from_reader(csv);
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.map(|row| {
        ((row["home"].clone(), row["item"].clone(), row["subject"].clone()), row[amount].parse().unwrap())
    })
    .collect()
}

fn account(resident: &Program) -> Value {
    resident.get(&format!("/homes/{HOME}/account")).status(200).json()
}

fn act(who: &Program, number: &str, action: &str, mut body: Value) -> Value {
    let case = who.get(&format!("/cases/{number}"));
    // A technician sees a case once it is theirs; before that the number of steps is known from the desk.
    body["version"] = case.json()["version"].clone();
    who.post(&format!("/cases/{number}/actions/{action}"), &body).status(200).json()
}

fn instant(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap()
}
