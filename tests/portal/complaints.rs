//! A complaint as people meet it, page by page and without a script: sent by a resident, judged, looked into,
//! planned, chosen, carried out, answered and asked about; late, with its notice; and the same as a program does it.

use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Community, Form, HOME, Page, Program, Visitor};

both! {
    fn a_resident_complains_and_chooses_what_is_done(app: Community) {
        name_head(&app);
        let resident = app.visitor("resident");
        let blank = resident.see("/complaints/new").form_to("/complaints/new").forge("home", HOME);
        let wrong = resident.submit(blank.set("text", "楼上半夜施工")).status(422);
        let form = wrong.form_to("/complaints/new");
        assert_eq!(form.value("text"), Some("楼上半夜施工"), "what was typed is lost");
        let form = form.forge("home", HOME).set("category", "complaint.noise").set("wish", "晚上不要施工");
        let number = number_of(&resident.submit(form).status(200).says("楼上半夜施工"));
        assert!(number.starts_with("TS20261122-"), "{number}");
        assert!(resident.see("/").words().contains("噪音扰民"));

        let (desk, supervisor) = (app.visitor("desk"), app.visitor("supervisor"));
        assert!(desk.see("/cases?kind=complaint").words().contains(&number));
        step(&desk, &number, "reply", |form| form.set("text", "已通知夜班巡查"));
        resident.see(&format!("/cases/{number}")).says("已通知夜班巡查");
        step(&supervisor, &number, "founded", |form| form.set("department", "engineering").set("note", "情况属实"));

        let head = app.visitor("technician");
        assert!(head.see("/cases").words().contains(&number), "the head's list");
        step(&head, &number, "investigate", |form| form);
        let bare = step(&head, &number, "propose", |form| form.set("findings", "工人没有按时收工")).status(422);
        let form = bare.form(&format!("form[action='/complaints/{number}/propose']"));
        assert_eq!(form.value("findings"), Some("工人没有按时收工"));
        let form = form.set("cause", "third_party").set("option_1", "当面道歉").set("option_2", "道歉并加装隔音").set("money_2", "250.60");
        head.submit(form).status(200);
        resident.see(&format!("/complaints/{number}")).says_nothing_of("加装隔音");
        assert_eq!(actions(&supervisor, &number, "approve"), 0, "money is the manager's to approve");

        let manager = app.visitor("manager");
        step(&manager, &number, "approve", |form| form).status(200);
        let seen = resident.see(&format!("/complaints/{number}")).says("道歉并加装隔音").says("¥250.60").says_nothing_of("工人没有按时收工");
        let chosen = resident.submit(seen.form(&format!("form[action='/complaints/{number}/choose']")).forge("option", "2"));
        chosen.status(200).says("已选");
        assert_eq!(actions(&head, &number, "carry_out"), 0, "the choice can still be changed");
        app.clock_to("2026-11-22T10:15:00+08:00");
        step(&head, &number, "carry_out", |form| form).status(200);
        step(&head, &number, "answer", |form| form.set("done", "已加装隔音并道歉").set("lesson", "晚八点后复查")).status(200);
        resident.see(&format!("/complaints/{number}")).says("已加装隔音并道歉").says_nothing_of("晚八点后复查");

        app.worker_once();
        let due = desk.see("/return-visits").says(&number);
        let form = due.form("form[action^='/return-visits/']");
        desk.submit(form.forge("outcome", "satisfied").set("note", "满意了")).status(200);
        resident.see(&format!("/complaints/{number}")).says("已关闭").says("满意了");
        let paper = desk.see(&format!("/complaints/{number}/paper"));
        for words in ["投诉登记表", &number, "晚上不要施工", "工程部", "道歉并加装隔音", "满意了"] {
            assert!(paper.words().contains(words), "no {words} on the form");
        }
        let table = supervisor.see("/complaints/figures").says("噪音扰民").says("第三方单位").says("工程部").says("晚八点后复查");
        assert!(table.words().contains(&number));
        supervisor.see("/complaints/figures/paper").says("投诉分类统计表");
        let csv = supervisor.get("/complaints/figures.csv").status(200).words();
        assert!(csv.contains("complaint.noise,third_party,engineering,closed,founded"), "{csv}");
        supervisor.see("/complaints/figures?from=2026-01-01&to=2026-01-31").says("这段时间没有投诉");
        app.linli(&["check"]).ok();
    }

    fn what_is_late_has_to_be_accounted_for(app: Community) {
        let desk = app.visitor("desk");
        let blank = desk.see("/complaints/register").form_to("/complaints/register").set("home", HOME);
        let form = blank.set("channel", "hotline_12345").set("category", "complaint.security").set("text", "门岗不登记");
        let wrong = desk.submit(form).status(422).says("请填写来件编号").says("请填写来件要求的答复时间");
        let form = wrong.form_to("/complaints/register").set("reference", "GD-881").set("deadline", "2026-11-23T18:00");
        let number = number_of(&desk.submit(form.set("reporter_name", "周先生").set("reporter_phone", "13711112222")).status(200).says("GD-881"));

        app.clock_to("2026-11-23T10:01:00+08:00");
        app.worker_once();
        let supervisor = app.visitor("supervisor");
        let list = supervisor.see("/rectifications").says(&number).says("待答复");
        let notice = supervisor.see(&list.attribute("main a[href^='/rectifications/']", "href"));
        let silent = supervisor.submit(notice.form("main form[action^='/rectifications/']").set("reason", "在外开会")).status(422);
        let form = silent.form("main form[action^='/rectifications/']");
        assert_eq!(form.value("reason"), Some("在外开会"));
        supervisor.submit(form.set("measures", "安排代理人")).status(200).says("已答复").says("安排代理人");
        assert!(!desk.see("/rectifications").words().contains(&number), "it is not the desk's");

        app.clock_to("2026-11-23T18:01:00+08:00");
        app.worker_once();
        assert_eq!(supervisor.see("/rectifications").texts("main tbody tr").len(), 2);
        app.visitor("manager").see("/notifications").says(&number);
        app.linli(&["check"]).ok();
    }

    fn who_complained_withdraws_and_takes_that_back_within_ten_minutes(app: Community) {
        let resident = app.visitor("resident");
        let form = resident.see("/complaints/new").form_to("/complaints/new").forge("home", HOME);
        let form = form.set("text", "草坪没人剪").set("category", "complaint.greening").forge("about_steward", "on");
        let number = number_of(&resident.submit(form).status(200));
        step(&resident, &number, "withdraw", |form| form).status(200).says("已撤回");
        step(&resident, &number, "undo", |form| form).status(200).says("已登记");
        step(&resident, &number, "withdraw", |form| form).status(200);
        app.clock_to("2026-11-22T10:20:00+08:00");
        assert_eq!(actions(&resident, &number, "undo"), 0);
        // It was about the steward: the supervisor answers for it, and the steward moves nothing.
        let case = app.api("supervisor").get(&format!("/cases/{number}")).json();
        assert_eq!(case["accountable"], app.api("supervisor").get("/me").json()["name"]);
        app.linli(&["check"]).ok();
    }

    fn a_program_takes_a_complaint_from_its_beginning_to_its_end(app: Community) {
        name_head(&app);
        let (resident, supervisor, head) = (app.api("resident"), app.api("supervisor"), app.api("technician"));
        let new = json!({"kind": "complaint", "home": HOME, "category": "complaint.fees", "text": "账单看不懂", "wish": "解释"});
        let opened = resident.post("/cases", &new).status(201).json();
        let number = opened["number"].as_str().unwrap().to_owned();
        assert_eq!(opened["state"], "registered");
        for (clock, by) in [("respond_by", "2026-11-23T02:00:"), ("resolve_by", "2026-11-24T02:00:")] {
            assert!(opened[clock].as_str().unwrap().starts_with(by), "{opened}");
        }
        let nothing = resident.post("/cases", &json!({"kind": "complaint", "home": HOME, "category": "water.leak", "text": "x"})).status(422).json();
        assert!(nothing["errors"].to_string().contains("category"), "{nothing}");
        act(&supervisor, &number, "founded", json!({"department": "engineering"}));
        let stale = head.post(&format!("/cases/{number}/actions/investigate"), &json!({"version": 1})).status(409).json();
        assert_eq!(stale["present"]["state"], "founded");
        act(&head, &number, "investigate", json!({}));
        act(&head, &number, "propose", json!({"cause": "communication", "findings": "没有讲清楚", "options": [{"text": "上门讲解"}]}));
        act(&supervisor, &number, "approve", json!({}));
        let seen = resident.get(&format!("/cases/{number}")).json();
        assert_eq!(seen["actions"], json!(["choose", "withdraw"]));
        assert_eq!((&seen["complaint"]["options"][0]["text"], &seen["complaint"]["findings"]), (&json!("上门讲解"), &json!("")));
        act(&head, &number, "carry_out", json!({}));
        let answered = act(&head, &number, "answer", json!({"done": "已上门讲解"}));
        assert_eq!((&answered["state"], &answered["finish_number"]), (&json!("answered"), &json!(1)));
        app.worker_once();
        let desk = app.api("desk");
        let duties = desk.get("/duties?kind=return_visit&state=open").json();
        let duty = duties["items"][0]["id"].as_i64().unwrap();
        desk.post(&format!("/duties/{duty}/record"), &json!({"outcome": "not_mended", "note": "还是不懂"})).status(200);
        let again = supervisor.get(&format!("/cases/{number}")).json();
        assert_eq!(again["state"], "investigating");
        app.linli(&["check"]).ok();
    }
}

fn number_of(page: &Page) -> String {
    page.texts("h1").remove(0).split_whitespace().next().unwrap().to_owned()
}

fn step(who: &Visitor, number: &str, action: &str, fill: impl FnOnce(Form) -> Form) -> Page {
    let page = who.see(&format!("/complaints/{number}"));
    who.submit(fill(page.form(&format!("form[action='/complaints/{number}/{action}']"))))
}

/// How many forms of an action a page offers.
fn actions(who: &Visitor, number: &str, action: &str) -> usize {
    let css = format!("form[action='/complaints/{number}/{action}'] button");
    who.see(&format!("/complaints/{number}")).texts(&css).len()
}

fn act(who: &Program, number: &str, action: &str, mut body: Value) -> Value {
    body["version"] = who.get(&format!("/cases/{number}")).json()["version"].clone();
    who.post(&format!("/cases/{number}/actions/{action}"), &body).status(200).json()
}

/// The technician whose login the stories use heads 工程部.
fn name_head(app: &Community) {
    let manager = app.visitor("manager");
    let page = manager.see("/departments");
    let name = app.api("technician").get("/me").json()["name"].as_str().unwrap().to_owned();
    let place = page.texts("#f-engineering option").iter().position(|text| text.starts_with(&name)).unwrap();
    let value = page.attribute(&format!("#f-engineering option:nth-of-type({})", place + 1), "value");
    manager
        .submit(page.form_to("/departments").set("engineering", &value))
        .status(200)
        .says("部门负责人已保存");
}
