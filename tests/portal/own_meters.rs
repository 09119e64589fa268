//! A resident reads the meter of their home: figure, photo, what it comes to; taken back within ten minutes; what is odd
//! waits for the office, which looks at the photo.

use test_support::both;

use crate::harness::{Community, HOME, Page, Visitor, photo};

/// Water at 3 yuan, a meter that was read at 100 in October.
pub(crate) fn set_up(app: &Community) {
    let manager = app.visitor("manager");
    let form = manager.see("/settings/fees/new").form("form[action='/settings/fees']");
    let form =
        form.set("name", "水费").set("code", "water").set("by", "meter").set("applies_to", "residential");
    let form =
        form.set("rate", "3").set("unit", "元/吨").set("starts_on", "2026-11-01").set("meter", "water");
    manager.submit(form).status(200);
    let row = "房屋编码,表类型,表号,安装日期,起始读数,读数,抄表日期\n";
    let file = app.file("m.csv", format!("{row}{HOME},水表,W1,2026-01-01,90,100,2026-10-20\n"));
    app.linli(&["import", "meters", file.to_str().unwrap(), "--community", "JXHY"]).ok();
}

/// Says a figure with a photo; the page that the answers stand on.
fn say(resident: &Visitor, value: &str) -> Page {
    let page = resident.see(&format!("/homes/{HOME}/meters"));
    let figure = resident.see(&page.attribute("main .actions a", "href")).says("表上现在是多少");
    let form = figure.form("main form:has([name=step])").set("value", value).forge("go", "next");
    let form = resident.submit(form).status(200).says("拍一张表盘").form("main form:has([name=step])");
    let form = form.attach("files", "dial.jpg", "image/jpeg", &photo()).forge("go", "next");
    resident.submit(form).status(200).says("核对用量后提交")
}

fn send(resident: &Visitor, check: &Page) -> Page {
    resident.submit(check.form("main form:has([name=step])").forge("go", "send")).status(200)
}

both! {
    fn a_reading_is_sent_with_its_photo_taken_back_and_billed(app: Community) {
        set_up(&app);
        app.clock_to("2026-11-22T10:00:00+08:00");
        let resident = app.visitor("resident");
        resident.see("/").says("报表读数");
        let page = resident.see(&format!("/homes/{HOME}/meters")).says("W1").says("2026年10月读数").says("100");
        let figure = resident.see(&page.attribute("main .actions a", "href")).form("main form:has([name=step])");
        let wrong = resident.submit(figure.clone().set("value", "一百").forge("go", "next")).status(422).says("最多两位小数");
        assert_eq!(wrong.form("main form:has([name=step])").value("value"), Some("一百"), "what was typed is lost");
        let blank = resident.submit(figure.set("value", "112").forge("go", "next")).form("main form:has([name=step])");
        resident.submit(blank.forge("go", "next")).status(422).says("请附表盘照片");

        let check = say(&resident, "112").says("12 吨");
        assert_eq!(check.attributes(".thumbs img", "src").len(), 1, "the photo is among the answers");
        let list = send(&resident, &check).says("已收到").says("112").says("之前可以撤回重报");
        resident.submit(list.form_to("/take-back")).status(200).says("已撤回").says("月读数");
        let list = send(&resident, &say(&resident, "113"));
        app.clock_to("2026-11-22T10:11:00+08:00");
        resident.submit(list.form_to("/take-back")).status(422).says("超过十分钟");
        app.worker_once();
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        resident.see("/bills").says("100 → 113，用量 13");

        // The office sees whose it is, with the photo.
        let cashier = app.visitor("cashier");
        let sheet = cashier.see("/meters?kind=water&period=2026-11&building=1").says("住户自报");
        let reading = cashier.see(&sheet.attribute("td a[href^='/meters/readings/']", "href")).says("113").says("住户自报");
        let picture = reading.attribute(".thumbs a", "href");
        assert_eq!(cashier.get(&picture).0.status, 200);
        assert_eq!(resident.get(&picture).0.status, 200);
        for role in ["technician", "steward", "officer"] {
            assert_eq!(app.visitor(role).get(&picture).0.status, 404, "{role}");
        }
        assert!(reading.texts("form[action$='/confirm']").is_empty(), "it counts already");
        app.linli(&["check"]).ok();
    }

    fn what_is_odd_waits_and_is_put_right_by_the_photo(app: Community) {
        set_up(&app);
        let (resident, cashier) = (app.visitor("resident"), app.visitor("cashier"));
        let check = say(&resident, "99").says("比上次的读数小");
        send(&resident, &check).says("等待物业核对");
        let held = cashier.see("/meters").says("住户自报");
        let reading = cashier.see(&held.attribute("a[href^='/meters/readings/']", "href")).says("比上次小").says("表走满了一圈");
        assert!(reading.texts("form[action$='/confirm']").is_empty(), "it cannot count as it is");
        cashier.submit(reading.form_to("/refuse")).status(200).says("已处理");
        resident.see("/notifications").says("请重新上报");
        resident.see(&format!("/homes/{HOME}/meters")).says("99 物业没有采用");

        let check = say(&resident, "912").says("与平时的用量相差较大");
        send(&resident, &check);
        let held = cashier.see("/meters");
        let reading = cashier.see(&held.attribute("a[href^='/meters/readings/']", "href"));
        let form = reading.form_to("/put_right");
        let wrong = cashier.submit(form.clone().set("value", "98")).status(422).says("比上次读数小");
        assert_eq!(wrong.form_to("/put_right").value("value"), Some("98"), "what was typed is lost");
        cashier.submit(form.clone().set("value", "112")).status(200).says("已处理");
        cashier.submit(form.set("value", "113").forge("idempotency_key", "again")).status(422).says("已经处理过");
        resident.see("/notifications").says("核对后改为 112");
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        resident.see("/bills").says("100 → 112，用量 12");
        resident.get("/meters").status(403);
        app.linli(&["check"]).ok();
    }

    fn a_meter_is_registered_exchanged_and_taken_out(app: Community) {
        set_up(&app);
        let cashier = app.visitor("cashier");
        let form = cashier.see("/meters/register").says("W1").says("100").form("form[action='/meters/register']");
        cashier.submit(form.set("home", "1-1-0102")).status(200).says("没有登记的表");
        let new = cashier.see("/meters/new?home=1-1-0102&kind=electricity").form_to("/meters/new");
        assert_eq!((new.value("home"), new.value("kind")), (Some("1-1-0102"), Some("electricity")));
        let wrong = cashier.submit(new.clone().set("home", "9-9-9999").set("number", "E1").set("first_reading", "0")).status(422);
        let wrong = wrong.says("没有这套房屋").form_to("/meters/new");
        assert_eq!(wrong.value("number"), Some("E1"), "what was typed is lost");
        cashier.submit(new.set("number", "E1").set("first_reading", "12.5").set("multiplier", "20")).status(200).says("已登记").says("E1 × 20");

        let meter = cashier.see("/meters/register").attribute("td a[href^='/meters/']", "href");
        let page = cashier.see(&meter).says("W1").says("导入");
        let exchange = cashier.see(&page.attribute("a[href$='/exchange']", "href")).form_to("/exchange");
        let typed = exchange.set("last", "99").set("number", "W2").set("day", "2026-11-20");
        let wrong = cashier.submit(typed.clone()).status(422).says("比上次读数小");
        assert_eq!(wrong.form_to("/exchange").value("number"), Some("W2"), "what was typed is lost");
        cashier.submit(typed.clone().set("last", "108").set("number", "W1")).status(422).says("已经有这个表号");
        let new = cashier.submit(typed.set("last", "108")).status(200).says("已换表").says("W2");
        cashier.see(&meter).says("已采用").says("108").says_nothing_of("换表");
        let end = cashier.see(&new.attribute("a[href$='/end']", "href")).form_to("/end");
        cashier.submit(end.set("last", "3")).status(200).says("已拆表").says("拆除日期");
        cashier.get(&format!("{meter}/exchange")).status(422);
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        app.visitor("resident").see("/bills").says("100 → 108，用量 8").says("0 → 3，用量 3");
        for role in ["resident", "desk", "steward"] {
            assert_eq!(app.visitor(role).get("/meters/new").0.status, 403, "{role}");
        }
        app.linli(&["check"]).ok();
    }
}
