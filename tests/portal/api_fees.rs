//! A program tries another tariff on real homes and sets it, and agrees on what is charged otherwise to single homes.

use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Community, HOME};

const TARIFFS: &str = "/fee-items/garbage/tariffs";
const EXCEPTIONS: &str = "/fee-items/garbage/exceptions";

both! {
    fn a_program_tries_a_tariff_sets_it_and_it_is_billed(app: Community) {
        let manager = app.api("manager");
        let body = |rate: &str, starts_on: &str| json!({"rate": rate, "starts_on": starts_on});
        for (body, wrong) in [
            (body("-1", "2026-12-01"), "rate: negative"),
            (body("much", "2026-12-01"), "rate: rate"),
            (body("13", "2026-10-01"), "starts_on: month_over"),
            (body("13", "2026-02-30"), "starts_on: value"),
            (json!({"rate": 13, "starts_on": "2026-12-01"}), "rate: value"),
            (json!({"rate": "13"}), "starts_on: required"),
            (json!({"rate": "13", "starts_on": "2026-12-01", "tiers": [{"above": 10, "rate": "15"}]}), "tiers: unknown"),
        ] {
            assert_eq!(manager.post(TARIFFS, &body).wrong(), wrong, "{body}");
        }
        let mut tried = body("15.00", "2026-12-01");
        tried["preview"] = json!(true);
        let seen = manager.post(TARIFFS, &tried).status(200).json();
        assert_eq!(seen["item"]["tariffs"].as_array().unwrap().len(), 1, "nothing is set");
        let examples = seen["preview"].as_array().unwrap();
        let whole = examples.iter().find(|one| one["amount_fen"] == 1_500).expect("a home that pays for a whole month");
        assert_eq!(whole["before_fen"], 1_200);
        let new = body("15.00", "2026-12-01");
        let set = manager.post_once("k1", TARIFFS, &new).unwrap().status(200).json();
        assert_eq!(manager.post_once("k1", TARIFFS, &new).unwrap().status(200).json(), set, "sent twice");
        assert_eq!(set["item"]["tariffs"][1], json!({"starts_on": "2026-12-01", "rate": "15.00"}));
        assert_eq!(set["preview"], json!(null));
        assert_eq!(manager.post(TARIFFS, &new).wrong(), "starts_on: tariff_same_day");
        app.api("cashier").post(TARIFFS, &new).status(403);
        manager.post("/fee-items/nothing/tariffs", &new).status(404);

        app.clock_to("2026-12-01T10:00:00+08:00");
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-12"]).ok();
        assert_eq!(charged(&app, HOME, "garbage"), 1_500);
        app.linli(&["check"]).ok();
    }

    fn a_program_agrees_on_what_a_home_is_charged_otherwise(app: Community) {
        let manager = app.api("manager");
        assert_eq!(manager.get(EXCEPTIONS).status(200).json()["items"], json!([]));
        let part = |percent: Value| json!({"home": HOME, "kind": "part", "percent": percent, "from_month": "2026-11", "reason": "老人"});
        for (body, wrong) in [
            (part(json!(100)), "percent: percent"),
            (part(json!(null)), "percent: required"),
            (json!({"home": HOME, "kind": "rate", "from_month": "2026-11", "reason": "老人"}), "rate: required"),
            (json!({"home": HOME, "kind": "rate", "rate": "-1", "from_month": "2026-11", "reason": "老人"}), "rate: negative"),
            (json!({"home": HOME, "kind": "gift", "from_month": "2026-11", "reason": "老人"}), "kind: choice"),
            (json!({"home": "9-9-9999", "kind": "free", "from_month": "2026-11", "reason": "老人"}), "home: unknown_home"),
            (json!({"home": HOME, "kind": "free", "from_month": "November", "reason": "老人"}), "from_month: month"),
            (json!({"home": HOME, "kind": "free", "from_month": "2026-11", "to_month": "2026-10", "reason": "老人"}), "to_month: ends_before_start"),
            (json!({"home": HOME, "kind": "free", "from_month": "2026-11", "reason": " "}), "reason: required"),
        ] {
            assert_eq!(manager.post(EXCEPTIONS, &body).wrong(), wrong, "{body}");
        }
        let half = part(json!(50));
        let made = manager.post_once("k1", EXCEPTIONS, &half).unwrap().status(201).json();
        assert_eq!(manager.post_once("k1", EXCEPTIONS, &half).unwrap().status(201).json(), made, "sent twice");
        assert_eq!((&made["home"], &made["percent"], &made["rate"], &made["to_month"]), (&json!(HOME), &json!(50), &json!(null), &json!(null)));
        assert_eq!(manager.post(EXCEPTIONS, &half).wrong(), "from_month: exception_overlaps");
        let own = json!({"home": "1-1-0102", "kind": "rate", "rate": "8.00", "from_month": "2026-11", "reason": "约定"});
        let own = manager.post(EXCEPTIONS, &own).status(201).json();
        assert_eq!(manager.get(EXCEPTIONS).status(200).json()["items"], json!([own, made]), "newest first");

        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        assert_eq!((charged(&app, HOME, "garbage"), charged(&app, "1-1-0102", "garbage")), (600, 800));
        let end = format!("{EXCEPTIONS}/{}/end", made["id"]);
        assert_eq!(manager.post(&end, &json!({"last": "2026-10"})).wrong(), "last: ends_before_start");
        assert_eq!(manager.post(&end, &json!({"last": "soon"})).wrong(), "last: month");
        assert_eq!(manager.post(&end, &json!({"last": "2026-12"})).status(200).json()["to_month"], "2026-12");
        manager.post("/fee-items/property_residential/exceptions/1/end", &json!({"last": "2026-12"})).status(404);
        let cashier = app.api("cashier");
        cashier.get(EXCEPTIONS).status(403);
        cashier.post(EXCEPTIONS, &half).status(403);
        cashier.post(&end, &json!({"last": "2027-01"})).status(403);
        app.linli(&["check"]).ok();
    }
}

/// What a home was charged for an item.
fn charged(app: &Community, home: &str, item: &str) -> i64 {
    let account = app.api("cashier").get(&format!("/homes/{home}/account")).status(200).json();
    let charge = account["charges"].as_array().unwrap().iter().find(|one| one["item"] == item).unwrap();
    charge["amount_fen"].as_i64().unwrap()
}
