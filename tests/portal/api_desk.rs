//! What the desk has on its pages, for a program: the board with its proposals, incidents, the store, what is known.

use serde_json::{Value, json};
use test_support::both;

use crate::gates::change;
use crate::harness::{Community, HOME, Program};

fn report(resident: &Program, category: &str) -> Value {
    let new = json!({"kind": "repair", "home": HOME, "category": category, "text": "坏了"});
    resident.post("/cases", &new).status(201).json()
}

both! {
    fn many_orders_are_given_in_one_act_or_none(app: Community) {
        let (resident, desk) = (app.api("resident"), app.api("desk"));
        let (one, two) = (report(&resident, "water.blocked"), report(&resident, "power.socket"));
        let board = desk.get("/dispatch").status(200).json();
        assert_eq!(board["pool"].as_array().unwrap().len(), 2);
        let order = |case: &Value, version: i64| json!({"number": case["number"], "version": version});
        let stale = json!({"orders": [order(&one, 1), order(&two, 99)]});
        let refused = desk.post("/dispatch", &stale).status(422);
        assert_eq!(refused.problem(), "repair.moved_meanwhile");
        assert_eq!(desk.get("/dispatch").json()["pool"].as_array().unwrap().len(), 2, "nothing was given");
        let nobody = json!({"orders": [{"number": one["number"], "version": 1, "technician": "nobody"}]});
        let refused = desk.post("/dispatch", &nobody).status(422).json();
        let wrong = (&refused["errors"][0]["field"], &refused["errors"][0]["code"]);
        assert_eq!(wrong, (&json!("orders[0].technician"), &json!("no_technician")), "{refused}");
        let given = desk.post("/dispatch", &json!({"orders": [order(&one, 1), order(&two, 1)]})).status(200).json();
        assert!(given["items"].as_array().unwrap().iter().all(|case| case["state"] == "dispatched"));
        let held: usize = desk.get("/dispatch").json()["technicians"].as_array().unwrap().iter()
            .map(|one| one["orders"].as_array().unwrap().len()).sum();
        assert_eq!(held, 2);
        resident.get("/dispatch").status(403);
        app.linli(&["check"]).ok();
    }

    fn reports_are_made_one_incident_by_a_program(app: Community) {
        let (resident, desk) = (app.api("resident"), app.api("desk"));
        let (first, second) = (report(&resident, "water.leak"), report(&resident, "water.leak"));
        let proposed = desk.get("/incidents").status(200).json()["proposed"][0].clone();
        assert_eq!(proposed["cases"], json!([first["number"], second["number"]]));
        let merge = json!({"into": first["number"], "cases": proposed["cases"], "notice": ""});
        desk.post("/incidents", &merge).status(422);
        let merge = json!({"into": first["number"], "cases": proposed["cases"], "notice": "正在抢修"});
        let case = desk.post("/incidents", &merge).status(201).json();
        assert_eq!(case["number"], first["number"]);
        let all = desk.get("/incidents").json();
        assert_eq!((&all["proposed"], &all["incidents"][0]["reports"]), (&json!([]), &json!(2)));
        app.linli(&["check"]).ok();
    }

    fn the_store_is_kept_by_a_program(app: Community) {
        change(
            &app,
            "INSERT INTO price_items (community_id, code, kind, zh, en, unit, price_fen) \
             SELECT id, 'valve', 'material', '角阀', 'Valve', '个', 2500 FROM communities WHERE code = 'JXHY'",
        );
        let desk = app.api("desk");
        let valve = desk.post("/stock/receipts", &json!({"item": "valve", "quantity": 3, "note": "五金店"})).status(201).json();
        assert_eq!((&valve["stock"], &valve["price_fen"]), (&json!("3"), &json!(2_500)));
        desk.post("/stock/counts", &json!({"item": "valve", "quantity": 2})).status(422);
        desk.post("/stock/counts", &json!({"item": "valve", "quantity": 2, "note": "盘亏一个"})).status(201);
        desk.post("/stock/receipts", &json!({"item": "none", "quantity": 1})).status(422);
        let row = desk.get("/stock/month?month=2026-11").status(200).json()["items"][0].clone();
        assert_eq!((&row["received"], &row["counted"], &row["closing"]), (&json!("3"), &json!("-1"), &json!("2")));
        app.api("technician").get("/price-list").status(200);
        app.api("technician").get("/stock/month").status(403);
        app.linli(&["check"]).ok();
    }

    fn what_is_known_is_found_by_a_program(app: Community) {
        let desk = app.visitor("desk");
        for (title, state) in [("装修押金多久退", "published"), ("装修押金内部口径", "internal")] {
            let form = desk.see("/knowledge/new").form("form[action^='/knowledge']:not([method='get'])");
            let form = form.set("category", "enquiry.renovation").set("state", state).set("title_zh", title);
            desk.submit(form.set("body_zh", "复核合格后七天内退还。")).status(200);
        }
        let resident = app.api("resident");
        let found = resident.get("/knowledge?q=装修押金").status(200).json();
        let titles: Vec<&str> = found["items"].as_array().unwrap().iter().map(|one| one["title_zh"].as_str().unwrap()).collect();
        assert_eq!(titles, ["装修押金多久退"], "what only staff use is not found");
        let id = &found["items"][0]["id"];
        resident.get(&format!("/knowledge/{id}")).status(200);
        let all = app.api("desk").get("/knowledge?category=enquiry.renovation").json();
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        let hidden = all["items"].as_array().unwrap().iter().find(|one| one["state"] == "internal").unwrap()["id"].clone();
        resident.get(&format!("/knowledge/{hidden}")).status(404);
        resident.get("/knowledge?category=enquiry.none").status(422);
    }

    fn what_i_was_told_is_read_in_parts(app: Community) {
        let (resident, desk) = (app.api("resident"), app.api("desk"));
        for category in ["door.lock", "power.light", "water.blocked"] {
            let case = report(&resident, category);
            let number = case["number"].as_str().unwrap();
            desk.post(&format!("/cases/{number}/actions/accept"), &json!({"version": case["version"]})).status(200);
        }
        let all = resident.get("/notifications").status(200).json();
        let all = all["items"].as_array().unwrap();
        assert!(all.len() >= 3, "{all:?}");
        assert!(all.iter().all(|one| !one["subject"].as_str().unwrap().is_empty() && one["read_at"].is_null()));
        let (mut parts, mut cursor) = (Vec::new(), String::new());
        loop {
            let part = resident.get(&format!("/notifications?limit=2{cursor}")).status(200).json();
            parts.extend(part["items"].as_array().unwrap().clone());
            let Some(next) = part["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(&parts, all, "nothing is left out, nothing comes twice");
        resident.get("/notifications?limit=0").status(422);
        let told = desk.get("/notifications").json();
        assert!(told["items"].as_array().unwrap().iter().all(|one| !all.contains(one)), "one's own only");
    }

    fn what_has_names_is_not_taken_from_an_array(app: Community) {
        let desk = app.api("desk");
        let case = report(&app.api("resident"), "door.lock");
        let odd = json!({"orders": [[case["number"], 1, null]]});
        let refused = desk.post("/dispatch", &odd).status(422).json();
        let wrong = (&refused["errors"][0]["field"], &refused["errors"][0]["code"]);
        assert_eq!(wrong, (&json!("orders[0]"), &json!("value")), "{refused}");
        desk.post("/dispatch", &json!({"orders": [{"number": case["number"], "version": 1}]})).status(200);
    }
}
