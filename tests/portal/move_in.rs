//! A move-in as people meet it, page by page and without a script: applied for, sent back once, sent again, approved,
//! handed over; and the same as programs would do it.

use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Community, Form, HOME, Page, Program, Visitor};

/// A home that the developer has finished and nobody has taken over, in the steward's area.
const NEW_HOME: &str = "1-2-0801";

both! {
    fn a_tenant_is_applied_for_page_by_page_sent_back_once_and_handed_over(app: Community) {
        let (resident, desk) = (app.visitor("resident"), app.visitor("desk"));
        let check = answer_all(&resident);
        for words in ["王小明", "13700001234", "租户", "2026-12-01", "2027-11-30", "合同.jpg"] {
            assert!(check.words().contains(words), "{words} is not among the answers");
        }
        let number = number_of(&resident.submit(check.form_to("/check")).status(200));
        assert!(number.starts_with("RZ20261122-"), "{number}");

        assert!(desk.see("/move-ins").words().contains(&number));
        step(&desk, &number, "start_review", |form| form);
        let silent = step(&desk, &number, "return", |form| form).status(422);
        let form = silent.form(&format!("form[action='/move-ins/{number}/return']"));
        desk.submit(form.set("remarks", "请补租约的续租页")).status(200);

        let returned = resident.see(&format!("/cases/{number}")).says("请补租约的续租页");
        let edit = resident.see(&returned.attribute("a[href^='/move-ins/form/']", "href")).says("请补租约的续租页");
        let lease = resident.see(&edit.attribute("a[href*='/lease?']", "href"));
        let changed = lease.form_to("/lease").set("lease_to", "2028-11-30");
        let again = resident.submit(changed.forge("go", "next")).status(200).says("2028-11-30");
        resident.submit(again.form_to("/check")).status(200).says("审核中");

        desk.see(&format!("/move-ins/{number}")).says("由客服主管审批");
        let supervisor = app.visitor("supervisor");
        let doings = supervisor.see(&format!("/move-ins/{number}")).attributes(".doings form", "action");
        let first = doings.first().map(String::as_str);
        assert_eq!(first, Some(format!("/move-ins/{number}/approve").as_str()), "the main act comes first");
        step(&supervisor, &number, "approve", |form| form).status(200).says("待交接");
        let steward = app.visitor("steward");
        let checklist = steward.see(&format!("/move-ins/{number}/handover")).form_to("/handover");
        let done = steward.submit(complete(checklist)).status(200);
        for words in ["租户 · 自 2026-11-22", "至 2028-11-30", "物业费由谁缴 王小明", "首次走访", "照常计费"] {
            assert!(done.words().contains(words), "no {words:?} in {}", done.words());
        }
        let people = home(&app.api("desk"), HOME)["people"].clone();
        let tenant = people.as_array().unwrap().iter().find(|one| one["name"] == "王小明").unwrap().clone();
        assert_eq!((&tenant["kind"], &tenant["pays"], &tenant["lives_there"]), (&json!("tenant"), &json!(true), &json!(true)));
        assert_eq!((&tenant["starts_on"], &tenant["ends_on"]), (&json!("2026-11-22"), &json!("2028-11-30")));
        assert!(steward.see("/today").words().contains("首次走访"));
        app.linli(&["check"]).ok();
    }

    fn a_walk_in_takes_over_a_new_home_whose_fees_begin_that_day(app: Community) {
        let (desk, steward) = (app.visitor("desk"), app.visitor("steward"));
        let blank = desk.see("/move-ins/register").form_to("/register").set("home", NEW_HOME).set("kind", "owner");
        let wrong = desk.submit(blank.set("name", "赵新").set("phone", "12")).status(422).says("不是电话号码");
        let form = wrong.form_to("/register");
        assert_eq!((form.value("name"), form.value("phone"), form.value("home")), (Some("赵新"), Some("12"), Some(NEW_HOME)));
        let number = number_of(&desk.submit(form.set("phone", "13711112222")).status(200));
        assert!(home(&app.api("desk"), NEW_HOME)["delivered_on"].is_null());

        step(&desk, &number, "start_review", |form| form);
        step(&desk, &number, "approve", |form| form).status(200);
        let list = steward.see("/move-ins");
        assert!(list.words().contains(&number));
        let empty = steward.see(&format!("/move-ins/{number}/handover")).form_to("/handover");
        let wrong = steward.submit(empty.set("readings.water", "12,4").set("defect_1", "窗锁松动")).status(422);
        let wrong = wrong.says("请先核对身份证件").says("读数写作 1234.5");
        let form = wrong.form_to("/handover");
        assert_eq!((form.value("readings.water"), form.value("defect_1")), (Some("12,4"), Some("窗锁松动")));
        let more = steward.submit(complete(form).forge("go", "more")).status(200).form_to("/handover");
        assert_eq!(more.value("defect_1"), Some("窗锁松动"));
        let full = complete(more).set("defect_3", "入户门刮花").set("defect_3_category", "door.lock");
        let done = steward.submit(full.attach("files", "door.jpg", "image/jpeg", &photo())).status(200);
        let done = done.says("随本次交接交付").says("12.4 立方米").says("窗锁松动").says("入户门刮花");
        let done = done.says("管理规约 已签 赵新 签署，").says("消防安全责任书 未签");
        steward.submit(done.form_to("/agreements")).status(422).says("已签署的文件：必填");
        let repair = done.attribute("main a[href^='/cases/WX']", "href");
        app.clock_to("2026-11-23T15:30:00+08:00");
        let later = desk.see(&format!("/move-ins/{number}")).form_to("/agreements").set("agreements", "fire_safety");
        desk.submit(later).status(200).says("消防安全责任书 已签").says("补签了文件");
        let record = desk.see(&format!("/move-ins/{number}/handover/record"));
        for words in ["赵新 · 业主", "12.4 立方米", "管理规约 赵新 签署，", "消防安全责任书 赵新 签署，", "2026-11-23 周一 15:30", "窗锁松动"] {
            assert!(record.words().contains(words), "no {words:?} in {}", record.words());
        }
        assert_eq!(record.texts(".qr svg").len(), 1, "its page as a QR code");
        desk.see(&repair).says("窗锁松动");
        let now = home(&app.api("desk"), NEW_HOME);
        assert_eq!((&now["delivered_on"], &now["people"][0]["name"]), (&json!("2026-11-22"), &json!("赵新")));
        let twice = steward.get(&format!("/move-ins/{number}/handover"));
        assert!(twice.path().ends_with(&number), "a handover is made once");
        app.linli(&["check"]).ok();
    }

    fn what_the_rules_refuse_is_said_beside_its_field_and_what_was_typed_stays(app: Community) {
        let resident = app.visitor("resident");
        let first = begin(&resident, "tenant").form_to("/who");
        let wrong = resident.submit(first.clone().set("name", "王小明").set("id_last4", "12").forge("go", "next"));
        assert_eq!(wrong.clone().status(422).form_to("/who").value("id_last4"), Some("12"));
        let contact = next(&resident, first.set("name", "王小明"));
        let wrong = resident.submit(contact.form_to("/contact").set("phone", "abc").forge("go", "next")).status(422);
        let lease = next(&resident, wrong.form_to("/contact").set("phone", "13700001234"));
        let backwards = lease.form_to("/lease").set("lease_from", "2026-12-01").set("lease_to", "2026-11-30");
        let wrong = resident.submit(backwards.forge("go", "next")).status(422);
        assert_eq!(wrong.form_to("/lease").value("lease_to"), Some("2026-11-30"));
        let when = next(&resident, wrong.form_to("/lease").set("lease_to", "2027-11-30"));
        let papers = next(&resident, when.form_to("/when"));
        let fake = papers.form_to("/papers").attach("file_lease", "lease.pdf", "application/pdf", b"<html>");
        resident.submit(fake.forge("go", "next")).status(422).says("看内容，不看文件名");
        let check = resident.see(papers.path().replace("papers", "check").as_str());
        let number = number_of(&resident.submit(check.form_to("/check")).status(200));

        let second = resident.see("/move-ins/new").form_to("/new").set("home", HOME).set("kind", "tenant");
        resident.submit(second).status(422).says(&number);
        let shop = resident.see("/move-ins/new").form_to("/new").set("home", HOME).set("kind", "shop_operator");
        resident.submit(shop).status(422).says("这不是商铺");
        let form = resident.see("/move-ins/new").form_to("/new").forge("home", NEW_HOME).set("kind", "owner");
        resident.submit(form).status(422);
    }

    fn a_draft_is_its_writers_alone_until_it_is_sent_and_identity_papers_are_not_kept(app: Community) {
        let resident = app.visitor("resident");
        let check = answer_all(&resident);
        let path = check.path().to_owned();
        let scan = check.attribute("a[href^='/attachments/']", "href");
        resident.see(&scan);
        for role in ["desk", "supervisor", "steward", "manager"] {
            let other = app.visitor(role);
            other.get(&path).status(404);
            other.get(&scan).status(404);
            assert!(!other.see("/move-ins").words().contains("王小明"), "the {role} sees a draft");
        }
        assert!(resident.see("/").words().contains("没填完的"));
        assert!(resident.see("/cases").words().contains("没填完的"));

        let number = number_of(&resident.submit(check.form_to("/check")).status(200));
        assert!(!resident.see("/cases").words().contains("没填完的"));
        resident.get(&path).says(&number);
        app.visitor("desk").see(&scan);
        app.visitor("steward").get(&scan).status(404);
        let trail = app.visitor("manager").see("/audit");
        assert!(trail.words().contains("打开证件扫描件"), "the opening is not on the trail");
        step(&resident, &number, "withdraw", |form| form).status(200).says("已撤回");
        app.clock_to("2026-12-23T10:00:00+08:00");
        app.worker_once();
        app.visitor("desk").get(&scan).status(404);
        app.linli(&["check"]).ok();
    }

    fn a_draft_can_be_thrown_away(app: Community) {
        let resident = app.visitor("resident");
        let check = answer_all(&resident);
        let path = check.path().to_owned();
        resident.submit(check.form_to("/discard")).status(200);
        resident.get(&path).status(404);
        app.linli(&["check"]).ok();
    }

    fn the_same_by_the_api(app: Community) {
        let (resident, desk, supervisor, steward) = (app.api("resident"), app.api("desk"), app.api("supervisor"), app.api("steward"));
        let apply = |from: &str, to: &str| json!({
            "kind": "move_in", "home": HOME, "category": "tenant", "name": "王小明", "phone": "13700001234",
            "lease_from": from, "lease_to": to, "pays": true,
        });
        let backwards = resident.post("/cases", &apply("2026-12-01", "2026-11-30")).status(422);
        assert_eq!(backwards.json()["errors"][0]["field"], "lease_to");
        let opened = resident.post("/cases", &apply("2026-12-01", "2027-11-30")).status(201).json();
        let number = opened["number"].as_str().unwrap();
        assert_eq!(resident.post("/cases", &apply("2028-12-01", "2029-11-30")).status(422).json()["code"], "move_in.running");
        act(&desk, number, "start_review", json!({}));
        assert_eq!(act(&desk, number, "return", json!({"remarks": "哪一天？"}))["state"], "returned");
        assert_eq!(act(&resident, number, "submit", json!({"wished_on": "2026-12-01"}))["state"], "reviewing");
        let version = desk.get(&format!("/cases/{number}")).json()["version"].clone();
        desk.post(&format!("/cases/{number}/actions/approve"), &json!({"version": version})).status(403);
        assert_eq!(act(&supervisor, number, "approve", json!({}))["state"], "approved");
        let readings = json!({"water": "12.4", "electricity": 108.6});
        let handed = json!({
            "identity_seen": true, "readings": readings, "keys": "3 把", "defects": ["窗锁松动"],
            "agreements": ["fire_safety", "community_rules"],
        });
        let handed = act(&steward, number, "hand_over", handed);
        assert_eq!((&handed["state"], &handed["actions"]), (&json!("handed_over"), &json!(["close", "sign"])));
        let signed = handed["handover"]["agreements"].as_array().unwrap();
        assert_eq!((&signed[0]["agreement"], &signed[0]["signed_by"]), (&json!("community_rules"), &json!("王小明")));
        assert_eq!((&signed[1]["agreement"], &signed[1]["signed_at"]), (&json!("service_agreement"), &Value::Null));
        assert_eq!(handed["handover"]["readings"]["electricity"], "108.6");
        let again = json!({"agreements": ["fire_safety"], "version": handed["version"]});
        let again = steward.post(&format!("/cases/{number}/actions/sign"), &again).status(422).json();
        assert_eq!(again["code"], "move_in.signed_before");
        let whole = act(&steward, number, "sign", json!({"agreements": ["service_agreement"]}));
        assert_eq!(whole["handover"]["agreements"][1]["signed_by"], "王小明");
        assert_eq!(whole["actions"], json!(["close"]));
        let overlap = resident.post("/cases", &apply("2027-11-30", "2028-11-30")).status(422);
        assert_eq!(overlap.json()["code"], "move_in.lease_overlaps");
        let people = home(&desk, HOME)["people"].clone();
        assert!(people.as_array().unwrap().iter().any(|one| one["name"] == "王小明" && one["kind"] == "tenant"));
        let duties = steward.get("/duties?kind=first_visit").status(200).json();
        assert_eq!(duties["items"].as_array().unwrap().len(), 1);
        app.linli(&["check"]).ok();
    }
}

/// Begins an application for one's home; the page that follows.
fn begin(resident: &Visitor, kind: &str) -> Page {
    let form = resident.see("/move-ins/new").form_to("/new").set("home", HOME).set("kind", kind);
    resident.submit(form).status(200)
}

fn next(resident: &Visitor, form: Form) -> Page {
    resident.submit(form.forge("go", "next")).status(200)
}

/// A tenant's application with every page answered, at the one that checks the answers.
fn answer_all(resident: &Visitor) -> Page {
    let who = begin(resident, "tenant").form_to("/who").set("name", "王小明").set("id_last4", "201x");
    let contact = next(resident, who).form_to("/contact").set("phone", "137 0000 1234");
    let lease = next(resident, contact).form_to("/lease");
    let lease = lease.set("lease_from", "2026-12-01").set("lease_to", "2027-11-30").set("pays", "on");
    let when = next(resident, lease).form_to("/when").set("wished_on", "2026-12-01");
    let papers = next(resident, when).form_to("/papers");
    let papers = papers.attach("file_identity", "证件.jpg", "image/jpeg", &photo());
    next(resident, papers.attach("file_lease", "合同.jpg", "image/jpeg", &photo()))
}

fn complete(checklist: Form) -> Form {
    let readings = checklist.set("readings.water", "12.4").set("readings.electricity", "108.6");
    let readings =
        readings.set("readings.gas", "3").set("identity_seen", "on").set("keys", "入户门钥匙 3 把");
    readings.set("agreements", "community_rules").add("agreements", "service_agreement")
}

fn number_of(page: &Page) -> String {
    let heading = page.texts("h1").remove(0);
    heading.split_whitespace().next().unwrap().to_owned()
}

fn step(who: &Visitor, number: &str, action: &str, fill: impl FnOnce(Form) -> Form) -> Page {
    let page = who.see(&format!("/move-ins/{number}"));
    who.submit(fill(page.form(&format!("form[action='/move-ins/{number}/{action}']"))))
}

fn act(who: &Program, number: &str, action: &str, mut body: Value) -> Value {
    body["version"] = who.get(&format!("/cases/{number}")).json()["version"].clone();
    who.post(&format!("/cases/{number}/actions/{action}"), &body).status(200).json()
}

fn home(who: &Program, code: &str) -> Value {
    who.get(&format!("/homes/{code}")).status(200).json()
}

fn photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::new(64, 48).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}
