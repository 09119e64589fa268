//! A program keeps the books: closes a month, splits a charge when a home is sold, takes a whole shared bill back.

use serde_json::{Value, json};
use test_support::both;

use crate::gates::change;
use crate::harness::{Community, HOME, Program, register};

/// The home's charge for an item, by what its code begins with.
fn charge(who: &Program, item: &str) -> Value {
    let account = who.get(&format!("/homes/{HOME}/account")).status(200).json();
    let charges = account["charges"].as_array().unwrap();
    let found = charges.iter().find(|charge| charge["item"].as_str().unwrap().starts_with(item));
    found.unwrap_or(&Value::Null).clone()
}

both! {
    fn a_program_closes_a_month_and_reads_what_keeps_the_next_open(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let cashier = app.api("cashier");
        let seen = cashier.get("/closings").status(200).json();
        assert_eq!((&seen["next"]["month"], &seen["next"]["kept_open_by"], &seen["closed"]), (&json!("2026-10"), &json!(null), &json!([])));
        let november = json!({"month": "2026-11"});
        assert_eq!(cashier.post("/closings", &november).status(422).problem(), "closing.not_over");
        assert_eq!(cashier.post("/closings", &json!({"month": "2026-13"})).wrong(), "month: month");
        assert_eq!(cashier.post("/closings", &json!({})).wrong(), "month: required");
        app.clock_to("2026-12-02T09:00:00+08:00");
        let seen = cashier.get("/closings").status(200).json();
        assert_eq!(seen["next"]["month"], "2026-11");
        let made = cashier.post_once("k1", "/closings", &november).unwrap().status(201).json();
        assert_eq!(cashier.post_once("k1", "/closings", &november).unwrap().status(201).json(), made, "sent twice");
        assert_eq!(made["books"], seen["next"]["books"], "what was shown is what was frozen");
        let fees = &made["books"][0];
        let moved: i64 = fees["entries"].as_array().unwrap().iter().map(|kind| kind["amount_fen"].as_i64().unwrap()).sum();
        assert!(moved > 0);
        assert_eq!((&fees["opening_fen"], &fees["closing_fen"]), (&json!(0), &json!(moved)));
        cashier.post("/payments", &json!({"home": HOME, "amount_fen": 10_000, "method": "cash"})).status(201);
        assert_eq!(cashier.get("/closings/2026-11").status(200).json(), made);
        assert_eq!(cashier.post("/closings", &november).status(422).problem(), "closing.closed");
        assert_eq!(cashier.post("/closings", &json!({"month": "2026-12"})).status(422).problem(), "closing.not_over");
        let seen = cashier.get("/closings").status(200).json();
        let next = &seen["next"];
        assert_eq!((&next["month"], &next["kept_open_by"]), (&json!("2026-12"), &json!("closing.not_over")));
        assert_eq!(next["closable_from"], "2026-12-31T17:00:00Z", "an hour behind the month");
        assert_eq!(seen["closed"].as_array().unwrap().len(), 1);
        cashier.get("/closings/2026-10").status(404);
        cashier.get("/closings/november").status(404);
        for role in ["desk", "resident"] {
            let other = app.api(role);
            other.get("/closings").status(403);
            other.post("/closings", &november).status(403);
        }
        app.linli(&["check"]).ok();
    }

    fn a_program_splits_a_charge_when_the_home_is_sold(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (cashier, resident) = (app.api("cashier"), app.api("resident"));
        let fee = charge(&cashier, "property");
        let split = format!("/homes/{HOME}/charges/{}/split", fee["id"]);
        assert_eq!(cashier.get(&split).status(422).problem(), "split.same_payer");
        change(&app, &format!("UPDATE occupancies SET ends_on = '2026-11-15' WHERE home_id = (SELECT id FROM homes WHERE code = '{HOME}')"));
        change(&app, &format!(
            "INSERT INTO occupancies (community_id, home_id, person_id, kind, lives_there, pays, starts_on) \
             SELECT h.community_id, h.id, (SELECT MIN(person_id) FROM occupancies WHERE home_id <> h.id AND pays), 'owner', FALSE, TRUE, '2026-11-16' \
             FROM homes h WHERE h.code = '{HOME}'"));
        let seen = cashier.get(&split).status(200).json();
        assert_eq!(seen["on"], "2026-11-16", "as the register says");
        let half = |n: usize| seen["halves"][n]["amount_fen"].as_i64().unwrap();
        assert_eq!(json!(half(0) + half(1)), fee["amount_fen"]);
        assert_ne!(seen["halves"][0]["payer"], seen["halves"][1]["payer"]);
        assert_eq!(cashier.get(&format!("{split}?on=2026-12-01")).wrong(), "on: not_within");
        let body = |reason: &str, seen: &Value| json!({"on": "2026-11-16", "reason": reason, "seen": seen});
        assert_eq!(cashier.post(&split, &body("", &seen["seen"])).wrong(), "reason: required");
        assert_eq!(cashier.post(&split, &json!({"on": "16.11.2026", "reason": "过户结算"})).wrong(), "on: value");
        assert_eq!(cashier.post(&split, &body("过户结算", &json!("1-0-0"))).status(422).problem(), "charge.changed");
        cashier.post(&split.replace(HOME, "1-1-0102"), &body("过户结算", &Value::Null)).status(404);
        resident.post(&split, &body("过户结算", &Value::Null)).status(403);
        let good = body("过户结算", &seen["seen"]);
        let made = cashier.post_once("k1", &split, &good).unwrap().status(201).json();
        assert_eq!(cashier.post_once("k1", &split, &good).unwrap().status(201).json(), made, "sent twice");
        let sums: Vec<_> = made["items"].as_array().unwrap().iter().map(|one| one["amount_fen"].as_i64().unwrap()).collect();
        assert_eq!(sums, [half(0), half(1)]);
        assert_ne!(made["items"][0]["account"], made["items"][1]["account"]);
        assert_eq!(cashier.post(&split, &body("过户结算", &Value::Null)).status(422).problem(), "charge.reversed");
        app.linli(&["check"]).ok();
    }

    fn a_program_takes_a_whole_shared_bill_back(app: Community) {
        let file = register("shared_bills.csv");
        app.linli(&["import", "shared-bills", file.to_str().unwrap(), "--community", "JXHY"]).ok();
        let (cashier, resident) = (app.api("cashier"), app.api("resident"));
        let open = cashier.get("/shared-bills?period=2026-11").status(200).json();
        let lifts = open["items"].as_array().unwrap().iter().find(|bill| bill["name"] == "电梯电费").unwrap();
        let address = format!("/shared-bills/{}", lifts["id"]);
        let back = format!("{address}/take-back");
        let reason = json!({"reason": "总金额登记错了"});
        assert_eq!(cashier.post(&back, &reason).status(422).problem(), "shared.not_charged");
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11", "--shared"]).ok();
        let paid = json!({"home": HOME, "amount_fen": 3_000, "method": "cash"});
        cashier.post("/payments", &paid).status(201);
        let seen = cashier.get(&address).status(200).json();
        assert_eq!((&seen["homes"], &seen["charged_fen"], &seen["paid_homes"]), (&json!(852), &json!(2_710_088), &json!(1)));
        assert_eq!(cashier.get("/shared-bills").status(200).json()["items"].as_array().unwrap().len(), 3);
        assert_eq!(cashier.get("/shared-bills?period=2026-10").status(200).json()["items"], json!([]));
        assert_eq!(cashier.get("/shared-bills?period=november").wrong(), "period: month");
        assert_eq!(cashier.post(&back, &json!({"reason": " "})).wrong(), "reason: required");
        let stale = json!({"reason": "总金额登记错了", "seen": "852-2710088-0-0"});
        assert_eq!(cashier.post(&back, &stale).status(422).problem(), "charge.changed");
        for who in [&resident, &app.api("desk")] {
            who.get(&address).status(403);
            who.post(&back, &reason).status(403);
        }
        let good = json!({"reason": "总金额登记错了", "seen": seen["seen"]});
        let done = cashier.post_once("k1", &back, &good).unwrap().status(200).json();
        assert_eq!(cashier.post_once("k1", &back, &good).unwrap().status(200).json(), done, "sent twice");
        assert_eq!((&done["bill"]["split_at"], &done["homes"]), (&json!(null), &json!(0)));
        let once = &done["taken_back"][0];
        assert_eq!((&once["homes"], &once["charged_fen"], &once["reason"]), (&json!(852), &json!(2_710_088), &json!("总金额登记错了")));
        assert_eq!(cashier.post(&back, &reason).status(422).problem(), "shared.not_charged");
        assert_eq!(charge(&resident, "shared:电梯电费"), Value::Null);
        let told = resident.get("/notifications").status(200).json();
        assert_eq!(told["items"][0]["code"], "correction.reversed");
        app.linli(&["check"]).ok();
    }
}
