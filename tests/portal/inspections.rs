//! A renovation site from its registration to its missed day, page by page and without a script: what fails is
//! a violation until a later look shows it mended, what is severe stops the site, a day without a look is missed.

use serde_json::json;
use test_support::both;

use crate::harness::{App, Community, Form, Page, Visitor, photo};

/// A site in the steward's area, and one in that of another.
const OURS: &str = "1-1-0102";
const THEIRS: &str = "2-1-0102";

both! {
    fn a_violation_ends_by_a_later_look_with_a_photo_only(app: Community) {
        let number = register(&app, OURS);
        on(&app, "2026-11-23T09:00:00+08:00");
        let steward = app.visitor("steward");
        steward.see("/today").says(OURS);
        site(&steward, &number).says("今日未巡查");

        let form = look(&steward, &number).set("item_rubbish_bagged", "bad").attach("attachments", "site.jpg", "image/jpeg", &photo());
        let wrong = steward.submit(form).status(422).says("不合格时请说明").says("已上传 1 张照片");
        let form = wrong.form_to("/inspect").set("note_rubbish_bagged", "堆在楼道").set("deadline_rubbish_bagged", "2026-11-22");
        let wrong = steward.submit(form).status(422).says("不能早于巡查日");
        let form = wrong.form_to("/inspect");
        assert_eq!((form.value("note_rubbish_bagged"), form.value("item_rubbish_bagged")), (Some("堆在楼道"), Some("bad")));
        let found = steward.submit(form.set("deadline_rubbish_bagged", "2026-11-25")).status(200);
        let found = found.says("今日已巡查").says("垃圾装袋").says("整改期限 2026-11-25 周三 · 2 天后");
        let paper = steward.see(&found.attribute("a[href^='/inspections/']", "href"));
        assert_eq!(paper.texts(".qr svg").len(), 1, "its page as a QR code");
        let picture = paper.attribute(".pictures img", "src");
        assert_eq!(steward.get(&picture).status(200).0.header("content-type"), "image/jpeg");
        app.visitor("technician").get(&picture).status(404);

        on(&app, "2026-11-26T09:00:00+08:00");
        let page = site(&steward, &number).says("已逾期").says("整改期限 2026-11-25 周三 · 昨天");
        assert_eq!(page.texts("h2").iter().filter(|title| title.contains("漏巡查 2 天")).count(), 1);
        let without = json!({"renovation": number, "items": [{"item": "rubbish_bagged", "ok": true}], "workers": 1, "progress": "瓦工", "made_at": "2026-11-26T00:30:00Z"});
        let refused = app.api("steward").post("/inspections", &without).status(422).json();
        assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("attachments"), &json!("mended_needs_photo")));
        let unseen = steward.submit(look(&steward, &number).set("item_rubbish_bagged", "ok")).status(422);
        let form = unseen.says("标记已整改时，请附照片").form_to("/inspect");
        let mended = steward.submit(form.attach("attachments", "clean.jpg", "image/jpeg", &photo())).status(200);
        mended.says("没有待整改事项").says("今日已巡查");
        app.linli(&["check"]).ok();
    }

    fn all_the_others_are_in_order_in_one_act_but_what_is_faulty_is_named(app: Community) {
        let number = register(&app, OURS);
        on(&app, "2026-11-23T09:00:00+08:00");
        let steward = app.visitor("steward");
        let form = look(&steward, &number).set("rest_ok", "on").set("item_rubbish_bagged", "bad").set("note_rubbish_bagged", "堆在楼道");
        let form = form.set("note_waterproofing", "地面有水");
        let wrong = steward.submit(form).status(422);
        let form = wrong.form_to("/inspect");
        assert_eq!(form.value("rest_ok"), Some("on"), "what was ticked stays");
        let found = steward.submit(form.set("item_waterproofing", "bad")).status(200).says("垃圾装袋").says("整改期限");
        let paper = steward.see(&found.attribute("a[href^='/inspections/']", "href"));
        assert_eq!(said(&paper), (12, 2));

        on(&app, "2026-11-24T09:00:00+08:00");
        let page = steward.submit(look(&steward, &number).set("rest_ok", "on")).status(200).says("垃圾装袋");
        let mut looks = page.attributes("a[href^='/inspections/']", "href");
        looks.retain(|look| look != paper.path());
        let paper = steward.see(&looks[0]);
        assert_eq!(said(&paper), (12, 0), "what was found before is answered by itself");
        app.linli(&["check"]).ok();
    }

    fn what_is_severe_stops_the_site_until_it_is_mended(app: Community) {
        let number = register(&app, OURS);
        let steward = app.visitor("steward");
        let form = look(&steward, &number).set("item_bearing_structure", "bad").set("note_bearing_structure", "墙体开洞");
        steward.submit(form).status(200).says("停工整改").says("严重");
        let told = app.visitor("officer").see("/notifications");
        told.says(&format!("{number} 严重违规，已停工"));

        let officer = app.visitor("officer");
        let resume = |officer: &Visitor| site(officer, &number).form_to("/resume").set("reason", "已处理");
        officer.submit(resume(&officer)).status(422).says("严重问题尚未整改");
        on(&app, "2026-11-22T15:00:00+08:00");
        let form = look(&officer, &number).set("item_bearing_structure", "ok").attach("attachments", "wall.jpg", "image/jpeg", &photo());
        officer.submit(form).status(200).says("没有待整改事项").says("停工整改");
        officer.submit(resume(&officer)).status(200).says("施工中");
        app.linli(&["check"]).ok();
    }

    fn a_day_without_a_look_is_missed_and_a_late_record_does_not_undo_it(app: Community) {
        let number = register(&app, OURS);
        on(&app, "2026-11-23T06:00:00+08:00");
        on(&app, "2026-11-24T09:00:00+08:00");
        let supervisor = app.visitor("supervisor");
        let missed = |supervisor: &Visitor| supervisor.see("/inspections/misses").texts("tbody tr");
        let row = missed(&supervisor).remove(0);
        assert!(row.contains("2026-11-23") && row.contains(OURS) && row.contains('否'), "{row}");

        let steward = app.visitor("steward");
        let form = look(&steward, &number).set("item_waterproofing", "ok").set("made_at", "2026-11-23T16:20");
        let page = steward.submit(form).status(200).says("漏巡查 1 天").says("后来补了记录").says("今日未巡查");
        let paper = steward.see(&page.attribute("a[href^='/inspections/']", "href"));
        paper.says("2026-11-23 周一 16:20").says("2026-11-24 周二 09:0");
        assert!(missed(&supervisor).remove(0).contains("有记录"));

        let form = look(&steward, &number).set("item_waterproofing", "ok").set("made_at", "2026-11-24T10:00");
        steward.submit(form).status(422).says("不能晚于现在");
        app.linli(&["check"]).ok();
    }

    fn a_site_of_another_area_is_not_there(app: Community) {
        let (ours, theirs) = (register(&app, OURS), register(&app, THEIRS));
        let steward = app.visitor("steward");
        assert!(steward.see("/renovations").says(&ours).texts("a").iter().all(|link| !link.contains(&theirs)));
        steward.get(&format!("/renovations/{theirs}")).status(404);
        steward.get(&format!("/renovations/{theirs}/inspect")).status(404);
        let mut form = look(&steward, &ours).set("item_waterproofing", "ok");
        form.action = format!("/renovations/{theirs}/inspect");
        steward.submit(form).status(404);
        let new = json!({"renovation": theirs, "items": [{"item": "waterproofing", "ok": true}], "workers": 1, "progress": "瓦工", "made_at": app.now()});
        app.api("steward").post("/inspections", &new).status(404);

        let officer = app.visitor("officer");
        let page = officer.submit(look(&officer, &theirs).set("item_waterproofing", "ok")).status(200);
        steward.get(&page.attribute("a[href^='/inspections/']", "href")).status(404);
        site(&app.visitor("desk"), &theirs).says_nothing_of("保存巡查");
    }
}

/// How many items a record says are in order, and how many are not.
fn said(paper: &Page) -> (usize, usize) {
    let cells = paper.texts("tbody td:nth-child(2)");
    let count = |word: &str| cells.iter().filter(|text| *text == word).count();
    (count("合格"), count("不合格"))
}

/// Goes to a moment and does what is then due.
fn on(app: &App, moment: &str) {
    app.clock_to(moment);
    app.worker_once();
}

/// The desk registers a site that is at work; gives its number.
fn register(app: &App, home: &str) -> String {
    let desk = app.visitor("desk");
    let form = desk.see("/renovations/new").form_to("/renovations");
    let form =
        form.set("home", home).set("permit_number", &format!("ZXXK-{home}")).set("reason", "已开工，补登记");
    let form = form.set("contractor", "鸿运装饰").set("starts_on", "2026-11-02").set("ends_on", "2027-01-31");
    let page = desk.submit(form).status(200).says("施工中");
    let heading = page.texts("h1").remove(0);
    heading.rsplit(' ').next().unwrap().to_owned()
}

fn site(who: &Visitor, number: &str) -> Page {
    who.see(&format!("/renovations/{number}"))
}

/// The form of a look, with what is asked beside the items.
fn look(who: &Visitor, number: &str) -> Form {
    let form = who.see(&format!("/renovations/{number}/inspect")).form_to("/inspect");
    form.set("progress", "瓦工").set("workers", "3")
}
