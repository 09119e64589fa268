//! The trail of who did what, as a manager looks for one line among many: by person, by kind of thing, by days.

use test_support::both;

use crate::harness::{Community, HOME, Page, Visitor};

both! {
    fn a_line_is_found_by_person_kind_and_day(app: Community) {
        let manager = app.visitor("manager");
        let change = |value: &str| {
            let form = manager.see("/settings").form("form[action='/settings']");
            manager.submit(form.set("visit_quota", value)).status(200)
        };
        change("31");
        let payment = serde_json::json!({"home": HOME, "amount_fen": 100, "method": "cash"});
        app.api("cashier").post("/payments", &payment).status(201);
        app.clock_to("2026-11-23T09:00:00+08:00");
        change("32");

        let named = |role: &str| app.api(role).get("/me").json()["name"].as_str().unwrap().to_owned();
        let (boss, cashier) = (named("manager"), named("cashier"));
        let by_cashier = narrowed(&manager, &[("who", &cashier)]);
        assert!(people(&by_cashier).iter().all(|who| *who == cashier) && !people(&by_cashier).is_empty());
        let settings = narrowed(&manager, &[("who", &boss), ("kind", "community"), ("from", "2026-11-23")]);
        assert_eq!(fields(&settings), ["visit_quota=32"]);
        let day_before = narrowed(&manager, &[("kind", "community"), ("to", "2026-11-22")]);
        assert!(fields(&day_before).contains(&"visit_quota=31".to_owned()));
        assert!(!fields(&day_before).contains(&"visit_quota=32".to_owned()));
        narrowed(&manager, &[("who", "没有这个人")]).says("没有符合条件的记录");
        manager.get("/audit?from=2026-13-01").status(422);
        app.visitor("cashier").get("/audit").status(403);
    }

    fn the_next_page_keeps_what_was_asked_for(app: Community) {
        let manager = app.visitor("manager");
        for n in 0..52 {
            let form = manager.see("/settings").form("form[action='/settings']");
            manager.submit(form.set("visit_quota", &(100 + n).to_string())).status(200);
        }
        let first = narrowed(&manager, &[("kind", "community"), ("from", "2026-11-22")]);
        assert_eq!(fields(&first)[0], "visit_quota=151");
        assert_eq!(fields(&first).len(), 50);
        let second = manager.see(&first.attribute(".pager a", "href"));
        assert_eq!(fields(&second)[..2], ["visit_quota=101", "visit_quota=100"]);
        assert_eq!(second.attribute("#f-from", "value"), "2026-11-22");
    }
}

fn narrowed(manager: &Visitor, asked: &[(&str, &str)]) -> Page {
    let form = manager.see("/audit").form("form.filters");
    let form = asked.iter().fold(form, |form, (name, value)| form.set(name, value));
    manager.submit(form).status(200)
}

fn people(page: &Page) -> Vec<String> {
    page.texts("#trail tbody td:nth-child(3)")
}

fn fields(page: &Page) -> Vec<String> {
    page.texts("#trail tbody td:nth-child(6)")
}
