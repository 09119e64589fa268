//! Meters by program: the register kept, readings of the office and of residents, what is odd looked at and decided.

use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Community, HOME, Program};
use crate::own_meters::set_up;

/// The meter that is there to begin with.
fn meter(who: &Program) -> Value {
    who.get(&format!("/meters?home={HOME}")).status(200).json()["items"][0].clone()
}

both! {
    fn a_program_keeps_the_register(app: Community) {
        set_up(&app);
        let (cashier, desk) = (app.api("cashier"), app.api("desk"));
        let first = meter(&desk);
        assert_eq!((&first["number"], &first["last"]["value"], &first["last"]["period"]), (&json!("W1"), &json!("100"), &json!("2026-10")));
        let new = |number: &str, first: f64| json!({
            "home": "1-1-0102", "kind": "electricity", "number": number, "multiplier": 20, "turns_at": 100_000,
            "installed_on": "2026-11-01", "first_reading": first,
        });
        let changed = |name: &str, value: Value| {
            let mut body = new("E1", 12.5);
            body[name] = value;
            body
        };
        for (body, wrong) in [
            (changed("home", json!("9-9-9999")), "home: unknown_home"),
            (changed("kind", json!("steam")), "kind: choice"),
            (changed("number", json!(" ")), "number: required"),
            (changed("multiplier", json!(0)), "multiplier: between"),
            (changed("first_reading", json!(-1)), "first_reading: dial"),
            (changed("first_reading", json!(100_000)), "first_reading: reading_beyond"),
            (changed("first_reading", json!(1.234)), "first_reading: value"),
            (changed("installed_on", json!("2026-11-23")), "installed_on: reading_future"),
            (changed("place", json!("hall")), "place: unknown"),
        ] {
            assert_eq!(cashier.post("/meters", &body).wrong(), wrong, "{body}");
        }
        let made = cashier.post_once("k1", "/meters", &new("E1", 12.5)).unwrap().status(201).json();
        assert_eq!(cashier.post_once("k1", "/meters", &new("E1", 12.5)).unwrap().status(201).json(), made, "sent twice");
        assert_eq!(cashier.post("/meters", &new("E1", 12.5)).wrong(), "number: meter_known");
        assert_eq!((&made["meter"]["home"], &made["readings"]), (&json!("1-1-0102"), &json!([])));
        desk.post("/meters", &new("E2", 0.0)).status(403);
        let part = cashier.get("/meters?limit=1").status(200).json();
        let rest = cashier.get(&format!("/meters?cursor={}", part["next_cursor"].as_str().unwrap())).status(200).json();
        assert_eq!((&part["items"], &rest["items"]), (&json!([first]), &json!([made["meter"]])));
        assert_eq!(cashier.get("/meters?building=1&kind=water").status(200).json()["items"], json!([first]));
        assert_eq!(cashier.get("/meters?kind=steam").wrong(), "kind: choice");

        let address = format!("/meters/{}", first["id"]);
        let exchange = |last: i64, number: &str| json!({"day": "2026-11-20", "last": last, "number": number, "turns_at": 100_000, "first_reading": 0});
        assert_eq!(cashier.post(&format!("{address}/exchange"), &exchange(99, "W2")).wrong(), "last: reading_below");
        desk.post(&format!("{address}/exchange"), &exchange(108, "W2")).status(403);
        let next = cashier.post(&format!("{address}/exchange"), &exchange(108, "W2")).status(201).json();
        assert_eq!((&next["meter"]["number"], &next["meter"]["home"]), (&json!("W2"), &json!(HOME)));
        let old = desk.get(&address).status(200).json();
        assert_eq!((&old["meter"]["removed_on"], &old["readings"][0]["value"]), (&json!("2026-11-20"), &json!("108")));
        assert_eq!(cashier.post(&format!("{address}/exchange"), &exchange(110, "W3")).status(422).problem(), "meter.gone");
        let end = json!({"day": "2026-11-21", "last": 3});
        let address = format!("/meters/{}/end", next["meter"]["id"]);
        assert_eq!(cashier.post(&address, &json!({"day": "2026-11-19", "last": 3})).wrong(), "day: meter_not_there");
        let ended = cashier.post(&address, &end).status(200).json();
        assert_eq!((&ended["meter"]["removed_on"], &ended["readings"][0]["used"]), (&json!("2026-11-21"), &json!("3")));
        assert_eq!(cashier.post(&address, &end).status(422).problem(), "meter.gone");
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let bills = app.api("resident").get(&format!("/homes/{HOME}/account")).status(200).text();
        assert!(bills.contains("100 → 108，用量 8") && bills.contains("0 → 3，用量 3"), "{bills}");
        app.linli(&["check"]).ok();
    }

    fn the_desk_reads_and_what_is_odd_is_decided(app: Community) {
        set_up(&app);
        let (cashier, desk) = (app.api("cashier"), app.api("desk"));
        let readings = format!("/meters/{}/readings", meter(&desk)["id"]);
        let read = |value: Value, day: &str| json!({"value": value, "read_on": day});
        for (body, wrong) in [
            (read(json!(99), "2026-11-20"), "value: reading_below"),
            (read(json!(112), "2026-11-23"), "value: reading_future"),
            (read(json!(100_000), "2026-11-20"), "value: reading_beyond"),
            (read(json!(-1), "2026-11-20"), "value: dial"),
            (read(json!("112"), "2026-11-20"), "value: value"),
            (json!({"value": 112, "read_on": "2026-11-20", "period": "now"}), "period: month"),
        ] {
            assert_eq!(desk.post(&readings, &body).wrong(), wrong, "{body}");
        }
        let body = read(json!(112), "2026-11-20");
        let made = desk.post_once("k1", &readings, &body).unwrap().status(201).json();
        assert_eq!(desk.post_once("k1", &readings, &body).unwrap().status(201).json(), made, "sent twice");
        assert_eq!((&made["state"], &made["used"], &made["source"], &made["period"]), (&json!("good"), &json!("12"), &json!("hand"), &json!("2026-11")));
        assert_eq!(desk.post(&readings, &body).wrong(), "value: read_already");
        for role in ["resident", "technician"] {
            app.api(role).post(&readings, &body).status(403);
        }
        assert_eq!(desk.get("/meter-readings").status(200).json()["items"], json!([]));

        app.clock_to("2026-12-20T09:00:00+08:00");
        let held = desk.post(&readings, &read(json!(300), "2026-12-20")).status(201).json();
        assert_eq!(held["state"], "held");
        let waiting = desk.get("/meter-readings").status(200).json();
        let one = &waiting["items"][0];
        assert_eq!((&one["id"], &one["last"], &one["value"], &one["home"]), (&held["id"], &json!("112"), &json!("300"), &json!(HOME)));
        let address = format!("/meter-readings/{}", held["id"]);
        assert_eq!(desk.get(&address).status(200).json()["decisions"], json!([]), "the desk reads, and does not decide");
        let seen = cashier.get(&address).status(200).json();
        assert!(seen["decisions"].as_array().unwrap().contains(&json!("refuse")), "{seen}");
        let decide = format!("{address}/decide");
        assert_eq!(cashier.post(&decide, &json!({"decision": "maybe"})).wrong(), "decision: choice");
        assert_eq!(cashier.post(&decide, &json!({"decision": "put_right"})).wrong(), "value: required");
        desk.post(&decide, &json!({"decision": "refuse"})).status(403);
        assert_eq!(cashier.post(&decide, &json!({"decision": "refuse"})).status(200).json()["reading"]["state"], "refused");
        assert_eq!(cashier.post(&decide, &json!({"decision": "confirm"})).status(422).problem(), "meter.not_held");
        assert_eq!(desk.post(&readings, &read(json!(124), "2026-12-20")).status(201).json()["state"], "good");
        app.linli(&["check"]).ok();
    }

    fn a_resident_sends_what_they_read_with_its_photo(app: Community) {
        set_up(&app);
        app.clock_to("2026-11-22T10:00:00+08:00");
        let (resident, cashier) = (app.api("resident"), app.api("cashier"));
        let list = format!("/homes/{HOME}/meters");
        let own = resident.get(&list).status(200).json()["items"][0].clone();
        assert_eq!((&own["last"], &own["last_period"], &own["reading"]), (&json!("100"), &json!("2026-10"), &json!(null)));
        let send = format!("{list}/{}/readings", own["id"]);
        let say = |value: i64, photos: Value| json!({"value": value, "attachments": photos});
        assert_eq!(resident.post(&send, &say(112, json!([]))).wrong(), "attachments: photo_of_dial");
        assert_eq!(resident.post(&send, &json!({"value": 112})).wrong(), "attachments: required");
        assert_eq!(resident.post(&send, &say(112, json!([987_654_321]))).wrong(), "attachments: unknown_file");
        assert_eq!(resident.post(&send, &say(-1, json!([1]))).wrong(), "value: dial");
        assert_eq!(resident.post(&send, &say(100_000, json!([1]))).wrong(), "value: reading_beyond");
        let body = say(112, json!([resident.upload_photo()]));
        let sent = resident.post_once("k1", &send, &body).unwrap().status(201).json();
        assert_eq!(resident.post_once("k1", &send, &body).unwrap().status(201).json(), sent, "sent twice");
        assert_eq!((&sent["reading"]["value"], &sent["reading"]["used"], &sent["reading"]["state"]), (&json!("112"), &json!("12"), &json!("good")));
        assert!(sent["reading"]["undo_until"].is_string());
        assert_eq!(resident.post(&send, &say(113, json!([resident.upload_photo()]))).wrong(), "value: read_already");
        let back = format!("/meter-readings/{}/take-back", sent["reading"]["id"]);
        cashier.post(&back, &json!({})).status(403);
        let again = resident.post(&back, &json!({})).status(200).json();
        assert_eq!(again["items"][0]["reading"], Value::Null);
        assert_eq!(resident.post(&back, &json!({})).status(422).problem(), "meter.decided");

        // Below the last: it waits for the office, which sees the photo.
        let sent = resident.post(&send, &say(98, json!([resident.upload_photo()]))).status(201).json();
        assert_eq!(sent["reading"]["state"], "held");
        let address = format!("/meter-readings/{}", sent["reading"]["id"]);
        let seen = cashier.get(&address).status(200).json();
        assert_eq!((&seen["last"], &seen["reading"]["source"]), (&json!("100"), &json!("resident")));
        cashier.get(&format!("/attachments/{}", seen["attachments"][0])).status(200);
        resident.get(&address).status(403);
        let decide = format!("{address}/decide");
        assert_eq!(cashier.post(&decide, &json!({"decision": "put_right", "value": 98})).wrong(), "value: reading_below");
        cashier.post(&decide, &json!({"decision": "put_right", "value": 112})).status(200);
        let own = resident.get(&list).status(200).json()["items"][0].clone();
        assert_eq!((&own["reading"]["value"], &own["reading"]["source"]), (&json!("112"), &json!("hand")));
        let told = resident.get("/notifications").status(200).json();
        assert!(told["items"][0]["text"].as_str().unwrap().contains("112"), "{told}");

        resident.get("/homes/1-1-0102/meters").status(404);
        let other = json!({"home": "1-1-0102", "kind": "water", "number": "W2", "turns_at": 100_000, "installed_on": "2026-11-01", "first_reading": 0});
        let other = cashier.post("/meters", &other).status(201).json()["meter"]["id"].clone();
        for home in [HOME, "1-1-0102"] {
            let address = format!("/homes/{home}/meters/{other}/readings");
            resident.post(&address, &say(5, json!([resident.upload_photo()]))).status(404);
        }
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let bills = resident.get(&format!("/homes/{HOME}/account")).status(200).text();
        assert!(bills.contains("100 → 112，用量 12"), "{bills}");
        app.linli(&["check"]).ok();
    }
}
