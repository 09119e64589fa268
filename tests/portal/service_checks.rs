//! The supervisor's daily look at the service and the weekly review of complaints: owed without being asked for,
//! taken on a page, counted where nobody can edit the count.

use serde_json::json;
use test_support::both;

use crate::harness::{Community, HOME};

both! {
    fn a_look_is_owed_each_day_and_what_was_found_is_kept(app: Community) {
        app.clock_to("2026-11-23T09:00:00+08:00");
        app.worker_once();
        let supervisor = app.visitor("supervisor");
        let owed = supervisor.see("/service-checks").says("服务日检").says("未做").says("还没有记录");
        let page = supervisor.see(&owed.attribute("ul.list li:last-child a", "href")).says("系统现在显示");
        let wrong = supervisor.submit(page.form_to(page.path()).set("arranged", "加派一人")).status(422);
        let form = wrong.says("必填").form_to(page.path());
        assert_eq!(form.value("arranged"), Some("加派一人"), "what was typed is lost");
        let done = supervisor.submit(form.set("found", "两件报修没人接")).status(200).says("检查已记录");
        done.says("两件报修没人接").says("加派一人").says("按时完成");
        let again = supervisor.submit(page.form_to(page.path()).set("found", "再看一遍"));
        again.status(409);
        app.visitor("manager").see(page.path()).says("两件报修没人接").says("检查时系统显示");
        app.visitor("desk").get("/service-checks").status(403);
        app.linli(&["check"]).ok();
    }

    fn nobody_can_edit_how_many_were_due(app: Community) {
        app.clock_to("2026-11-23T05:01:00+08:00");
        app.worker_once();
        let duties = app.api("supervisor");
        let all = |kind: &str| duties.get(&format!("/duties?kind={kind}")).status(200).json()["items"].clone();
        let first = all("service_check")[0]["id"].clone();
        duties.post(&format!("/duties/{first}/record"), &json!({"outcome": "satisfied"})).status(422);
        duties.post(&format!("/duties/{first}/record"), &json!({"found": "都好"})).status(200);
        for day in ["24", "25", "26"] {
            app.clock_to(&format!("2026-11-{day}T05:01:00+08:00"));
            app.worker_once();
        }
        let supervisor = app.visitor("supervisor");
        supervisor.see("/supervisor").says("服务日检").says("3 件中 1 件及时");
        supervisor.see("/return-visits/coverage?month=2026-11").says("服务日检").says("3 件中 1 件及时");
        let missed = supervisor.see("/figures/duties?kind=service_check&which=missed&month=2026-11");
        assert_eq!(missed.texts("tbody tr").len(), 2);
        let late = supervisor.see("/service-checks").says("未完成");
        let yesterday = late.attribute("tbody tr a", "href");
        let form = supervisor.see(&yesterday).form_to(&yesterday).set("found", "补记");
        supervisor.submit(form).status(200);
        supervisor.see("/supervisor").says("3 件中 1 件及时");
        app.visitor("manager").see("/notifications").says("2026-11-25 的服务检查漏做了");
        assert_eq!(all("complaint_review")[0]["occurrence"], "2026-11-23");
        app.linli(&["check"]).ok();
    }

    fn the_review_goes_through_the_complaints_of_the_week_before(app: Community) {
        let complaint = json!({"kind": "complaint", "home": HOME, "category": "complaint.noise", "text": "太吵", "wish": "安静"});
        app.api("resident").post("/cases", &complaint).status(201);
        app.clock_to("2026-11-23T05:01:00+08:00");
        app.worker_once();
        let supervisor = app.visitor("supervisor");
        let owed = supervisor.see("/service-checks").says("投诉周评审");
        let review = owed.attribute("ul.list li:first-child a", "href");
        let page = supervisor.see(&review).says("本次评审的投诉").says("TS20261122-0001").says("噪音扰民");
        let form = page.form_to(&review).set("found", "一件，客服部在查").set("arranged", "周三前答复");
        supervisor.submit(form).status(200).says("一件，客服部在查");
        app.linli(&["check"]).ok();
    }
}
