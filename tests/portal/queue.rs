//! The desk's queue: it moves by itself, and who has gone away is signed out all the same; what one narrows it by
//! is kept under a name.

use reqwest::Method;
use serde_json::json;
use test_support::both;

use crate::gates::{change, look_up};
use crate::harness::{Answer, Community, HOME, Visitor};

/// What a list that fetches itself sends.
fn poll(desk: &Visitor) -> Answer {
    desk.ask(Method::GET, "/cases?", |request| request.header("Linli-Poll", "yes"))
}

/// Real time, as sessions keep it.
fn hours_ago(hours: i64) -> String {
    let then = domain::Clock::system().now().minus(chrono::TimeDelta::hours(hours));
    then.0.format("%Y-%m-%d %H:%M:%S").to_string()
}

fn idle(app: &Community, since: &str) {
    change(app, &format!("UPDATE sessions SET seen_at = '{since}'"));
}

fn report(app: &Community, category: &str) -> String {
    let new = json!({"kind": "repair", "home": HOME, "category": category, "text": "坏了"});
    app.api("resident").post("/cases", &new).status(201).json()["number"].as_str().unwrap().to_owned()
}

both! {
    fn a_list_that_fetches_itself_keeps_no_idle_session_alive(app: Community) {
        let number = report(&app, "water.blocked");
        let desk = app.visitor("desk");
        let page = desk.see("/cases").says(&number);
        assert_eq!(page.attribute("#cases", "hx-get"), "/cases?", "it fetches its own address");
        assert_eq!(page.attribute("#cases", "hx-headers"), r#"{"Linli-Poll":"yes"}"#);
        assert_eq!(page.attribute("#cases .hint a", "href"), "/cases?", "without scripts there is a link");

        let seen = || look_up(&app, "SELECT MIN(seen_at) AS value FROM sessions");
        idle(&app, &hours_ago(11));
        let before = seen();
        let later = report(&app, "door.lock");
        idle(&app, &before);
        let polled = poll(&desk);
        assert_eq!(polled.status, 200);
        assert!(polled.text().contains(&later), "the list has moved");
        assert_eq!(seen(), before, "the portal's own asking counts as use");
        idle(&app, &hours_ago(13));
        let out = poll(&desk);
        assert_eq!(out.status, 401, "who has gone away is signed out, and the list says so");
        assert!(out.text().contains("请先登录"));
        assert!(desk.get("/cases").path().starts_with("/login?next="));
    }

    fn a_click_is_use(app: Community) {
        let desk = app.visitor("desk");
        idle(&app, "2020-01-01 00:00:00");
        assert!(desk.get("/cases").path().starts_with("/login"));
        let desk = app.visitor("desk");
        let then = hours_ago(11);
        idle(&app, &then);
        desk.see("/cases");
        let newest = look_up(&app, "SELECT MAX(seen_at) AS value FROM sessions");
        assert!(newest > then, "{newest} is not after {then}");
    }

    fn what_one_narrows_the_queue_by_is_kept_under_a_name(app: Community) {
        let (lock, leak) = (report(&app, "water.blocked"), report(&app, "water.leak"));
        let desk = app.visitor("desk");
        let urgent = desk.see("/cases?kind=repair&urgency=urgent");
        let all = desk.see("/cases").says(&lock).says(&leak);
        assert!(all.texts("#cases tbody tr").len() > urgent.texts("#cases tbody tr").len());
        desk.see("/cases?late=yes").says_nothing_of(&lock);
        app.clock_to("2026-11-24T16:00:00+08:00");
        desk.see("/cases?late=yes&kind=repair").says(&lock);
        desk.see("/cases?mine=yes").says_nothing_of("WX2026-nothing");

        let form = desk.see("/cases?late=yes&kind=repair").form_to("/cases/filters");
        desk.submit(form.clone().set("name", " ")).status(422).says("必填");
        let saved = desk.submit(form.set("name", "超时报修")).status(200).says("筛选已保存").says(&lock);
        assert_eq!(saved.attribute("#queue nav a[aria-current]", "href"), "/cases?kind=repair&late=yes");
        app.visitor("supervisor").see("/cases").says_nothing_of("超时报修");
        let gone = desk.see("/cases").form_to("/remove");
        app.visitor("supervisor").submit_only(gone.clone());
        desk.see("/cases").says("超时报修");
        desk.submit(gone).status(200).says("筛选已删除").says_nothing_of("超时报修");
        desk.get("/cases?urgency=soon").status(422);
        app.linli(&["check"]).ok();
    }
}
