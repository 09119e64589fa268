//! An enquiry as people meet it, without a script: asked after the articles that may answer it were shown,
//! answered, asked back, found helpful; made into an article with one click; and what everybody can look up.

use serde_json::json;
use test_support::both;

use crate::harness::{Community, Form, HOME, Page, Visitor};

both! {
    fn a_resident_asks_is_answered_asks_back_and_says_that_it_helped(app: Community) {
        let (resident, desk) = (app.visitor("resident"), app.visitor("desk"));
        let number = ask(&resident, "物业费可以按季缴吗");
        assert!(number.starts_with("ZN20261122-"), "{number}");
        assert!(desk.see("/cases?kind=enquiry").words().contains(&number));
        let silent = step(&desk, &number, "answer", |form| form).status(422);
        silent.says("必填");
        step(&desk, &number, "answer", |form| form.set("text", "可以，每季首月在前台办理。")).status(200).says("已答复");
        resident.see(&format!("/cases/{number}")).says("每季首月在前台办理");
        step(&resident, &number, "ask_back", |form| form.set("text", "周末前台上班吗？")).status(200).says("待答复");
        step(&desk, &number, "answer", |form| form.set("text", "周末九点到五点上班。")).status(200);
        step(&resident, &number, "helped", |form| form).status(200).says("已解决");

        let written = desk.see(&format!("/knowledge/new?from={number}")).form_to("/knowledge/new");
        assert_eq!((written.value("title_zh"), written.value("body_zh")), (Some("物业费可以按季缴吗"), Some("周末九点到五点上班。")));
        let kept = desk.submit(written.set("body_zh", "可以按季缴，每季首月在前台办理。")).status(200).says("文章已保存");
        let article = kept.path().split('?').next().unwrap().to_owned();
        resident.see("/knowledge?q=按季").says("物业费可以按季缴吗");
        resident.see(&article).says("可以按季缴").says_nothing_of("历次修改");
        resident.get(&format!("{article}/edit")).status(403);
        app.linli(&["check"]).ok();
    }

    fn who_asks_what_is_known_is_shown_the_article_before_it_is_sent(app: Community) {
        let (resident, desk) = (app.visitor("resident"), app.visitor("desk"));
        let form = desk.see("/knowledge/new").form_to("/knowledge/new").set("category", "enquiry.parking");
        let half = desk.submit(form.set("title_zh", "停车证怎么办").set("body_zh", "带行驶证到前台。").set("title_en", "Parking permit")).status(422);
        let form = half.form_to("/knowledge/new").set("body_en", "Bring your papers to the desk.");
        desk.submit(form).status(200);
        let blank = resident.see("/enquiries/new").form_to("/enquiries/new").forge("home", HOME);
        let offered = resident.submit(blank.set("question", "停车证去哪里办").set("category", "enquiry.parking")).status(200);
        let offered = offered.says("停车证怎么办").says("仍要提交");
        let sent = resident.submit(offered.form_to("/enquiries/new").forge("home", HOME)).status(200);
        assert!(number_of(&sent).starts_with("ZN"));
        resident.see("/knowledge?question=parking").says("停车证怎么办");
        // The desk's own common answers are no resident's.
        let form = desk.see("/knowledge/new").form_to("/knowledge/new").set("category", "enquiry.fees").set("state", "internal");
        desk.submit(form.set("title_zh", "催费口径").set("body_zh", "先核对账单再解释。")).status(200);
        resident.see("/knowledge?q=催费").says("没有找到");
        app.visitor("cashier").see("/knowledge?q=催费").says("催费口径");
        app.linli(&["check"]).ok();
    }

    fn a_common_answer_is_at_hand_whatever_was_asked(app: Community) {
        let (resident, desk) = (app.visitor("resident"), app.visitor("desk"));
        let form = desk.see("/knowledge/new").form_to("/knowledge/new").set("category", "enquiry.other").set("state", "internal");
        let kept = desk.submit(form.set("title_zh", "统一回复：核实后上门").set("body_zh", "已为您核实，管家今天上门说明。")).status(200);
        let article = kept.path().split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        let number = ask(&resident, "门口的灯什么时候亮");
        step(&desk, &number, "answer", |form| form.set("article", &article)).status(200);
        resident.see(&format!("/enquiries/{number}")).says("管家今天上门说明").says_nothing_of("统一回复");
        app.linli(&["check"]).ok();
    }

    fn a_program_asks_and_answers(app: Community) {
        let (resident, desk) = (app.api("resident"), app.api("desk"));
        let new = json!({"kind": "enquiry", "home": HOME, "category": "enquiry.moving", "text": "钥匙几把？"});
        let opened = resident.post("/cases", &new).status(201).json();
        assert_eq!((&opened["state"], &opened["respond_by"]), (&json!("asked"), &opened["resolve_by"]));
        assert!(opened["resolve_by"].as_str().unwrap().starts_with("2026-11-23T02:00:"), "{opened}");
        let number = opened["number"].as_str().unwrap();
        let to = |action: &str| format!("/cases/{number}/actions/{action}");
        let answered = desk.post(&to("answer"), &json!({"version": 1, "text": "三把"})).status(200).json();
        assert_eq!((&answered["state"], &answered["enquiry"]["answer"]), (&json!("answered"), &json!("三把")));
        assert_eq!(resident.get(&format!("/cases/{number}")).json()["actions"], json!(["helped", "ask_back"]));
        let helped = resident.post(&to("helped"), &json!({"version": 2})).status(200).json();
        assert_eq!((&helped["state"], &helped["enquiry"]["helped"]), (&json!("closed"), &json!(true)));
    }
}

fn ask(resident: &Visitor, question: &str) -> String {
    let form = resident.see("/enquiries/new").form_to("/enquiries/new").forge("home", HOME);
    number_of(&resident.submit(form.set("question", question).set("category", "enquiry.fees")).status(200))
}

fn number_of(page: &Page) -> String {
    page.texts("h1").remove(0).split_whitespace().next().unwrap().to_owned()
}

fn step(who: &Visitor, number: &str, action: &str, fill: impl FnOnce(Form) -> Form) -> Page {
    let page = who.see(&format!("/enquiries/{number}"));
    who.submit(fill(page.form(&format!("form[action='/enquiries/{number}/{action}']"))))
}
