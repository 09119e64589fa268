//! Charging by quantity as people meet it: looked at in words, charged once however often it is pressed, read by the
//! payer, taken back as any other.

use serde_json::json;
use test_support::both;

use crate::harness::{Community, Form, HOME, Page};

fn item(app: &Community) {
    let manager = app.visitor("manager");
    let page = manager.see("/charges/counted").says("还没有按量收费的项目");
    page.attribute("a[href='/settings/fees/new']", "href");
    let form = manager.see("/settings/fees/new").form("form[action='/settings/fees']");
    let form = form
        .set("name", "空调加时费")
        .set("code", "air_overtime")
        .set("by", "hour")
        .set("applies_to", "residential");
    let form =
        form.set("rate", "35").set("unit", "元/小时").set("starts_on", "2026-11-01").set("due_day", "25");
    manager.submit(form).status(200).says("不在每月出账里");
}

fn count(page: &Page) -> Form {
    page.form("form[action='/charges/counted']")
}

both! {
    fn the_desk_charges_hours_once_and_the_payer_reads_why(app: Community) {
        item(&app);
        let desk = app.visitor("desk");
        let form = count(&desk.see("/charges/counted").says("还没有按量收过费")).set("home", "9-9-9999").set("day", "2026-11-20");
        let form = form.set("quantity", "三").set("note", "周六夜间会议");
        let wrong = desk.submit(form.forge("act", "look")).status(422).says("应为数字");
        let wrong = desk.submit(count(&wrong).set("quantity", "3.5").forge("act", "look")).status(422).says("没有这套房屋");
        assert_eq!(count(&wrong).value("note"), Some("周六夜间会议"), "what was typed is kept");

        let seen = desk.submit(count(&wrong).set("home", HOME).forge("act", "look")).status(200);
        let seen = seen.says(&format!("将向 {HOME} 收空调加时费 ¥122.50")).says("3.5 小时 × ¥35.00 = ¥122.50（周六夜间会议）");
        app.visitor("resident").see("/bills").says_nothing_of("空调加时费");
        // Who changes something after looking looks again.
        let other = count(&seen).set("home", "1-1-0102").forge("act", "charge");
        desk.submit(other.forge("idempotency_key", "other")).status(422).says("请重新看金额再确认");

        let charge = count(&seen).forge("act", "charge");
        desk.submit(charge.clone()).status(200).says("已入账").says("¥122.50").says(HOME);
        desk.submit(charge).status(200);
        let resident = app.visitor("resident");
        let bills = resident.see("/bills").says("3.5 小时 × ¥35.00 = ¥122.50（周六夜间会议）");
        assert_eq!(bills.words().matches("空调加时费").count(), 1, "pressed twice, charged once");
        resident.see("/notifications").says("新增一笔费用 ¥122.50").says("周六夜间会议");
        resident.get("/charges/counted").status(403);

        // A wrong one goes the way of any other.
        let cashier = app.visitor("cashier");
        let link = cashier.see(&format!("/homes/{HOME}/bills")).attribute("a[href$='/reverse']", "href");
        let form = cashier.see(&link).form("form[action$='/reverse']").set("reason", "记错房屋");
        cashier.submit(form).status(200);
        cashier.see("/charges/counted").says("已冲红");
        app.linli(&["check"]).ok();
    }

    fn a_program_looks_and_charges(app: Community) {
        item(&app);
        let desk = app.api("desk");
        let mut asked = json!({"home": HOME, "item": "air_overtime", "day": "2026-11-20", "quantity": 2, "note": "会议", "preview": true});
        let seen = desk.post("/charges", &asked).status(200).json();
        assert_eq!((&seen["id"], &seen["amount_fen"]), (&json!(null), &json!(7_000)));
        asked["preview"] = json!(false);
        let made = desk.post_once("k1", "/charges", &asked).unwrap().status(201).json();
        assert_eq!(desk.post_once("k1", "/charges", &asked).unwrap().status(201).json(), made);
        assert_eq!(made["explanation"], "2026-11-20：2 小时 × ¥35.00 = ¥70.00（会议）");
        asked["quantity"] = json!(0);
        desk.post("/charges", &asked).status(422);
        app.api("resident").post("/charges", &asked).status(403);
        let account = app.api("resident").get(&format!("/homes/{HOME}/account")).status(200).json();
        let overtime = account["charges"].as_array().unwrap().iter().filter(|one| one["item"] == "air_overtime").count();
        assert_eq!(overtime, 1);
        app.linli(&["check"]).ok();
    }
}
