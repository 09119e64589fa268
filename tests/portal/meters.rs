//! Meters as people meet them: registered from a file, read on a sheet, looked at where they are odd, and on the bill.

use test_support::both;

use crate::harness::{Community, HOME, Page};

fn sheet(page: &Page) -> crate::harness::Form {
    page.form("form[action='/meters/readings']")
}

both! {
    fn a_sheet_is_filled_and_the_bill_says_what_was_used(app: Community) {
        let (manager, cashier) = (app.visitor("manager"), app.visitor("cashier"));
        let form = manager.see("/settings/fees/new").form("form[action='/settings/fees']");
        let form = form.set("name", "水费").set("code", "water").set("by", "meter").set("applies_to", "residential")
            .set("rate", "3").set("unit", "元/吨").set("starts_on", "2026-11-01").set("tiers", "10 四块五");
        let wrong = manager.submit(form).status(422).says("起量要递增").form("form[action='/settings/fees']");
        let wrong = manager.submit(wrong.set("tiers", "10 4.50")).status(422).says("要选表类型").form("form[action='/settings/fees']");
        manager.submit(wrong.set("meter", "water")).status(200).says("水费");

        cashier.see("/meters").says("这栋楼没有这类表");
        let file = app.file("m.csv", format!("房屋编码,表类型,表号,安装日期,起始读数\n{HOME},水表,W1,2026-01-01,100\n1-1-0102,水表,W2,2026-01-01,0\n"));
        app.linli(&["import", "meters", file.to_str().unwrap(), "--community", "JXHY"]).ok();
        let page = cashier.see("/meters?kind=water&period=2026-11&building=1").says(HOME).says("W2");
        let (first, second) = {
            let names: Vec<String> = page.texts("td").into_iter().filter(|text| text.contains("走满一圈")).collect();
            assert_eq!(names.len(), 2);
            let first = page.attribute("input[name^='value_']", "name");
            let number: i64 = first.trim_start_matches("value_").parse().unwrap();
            (first, format!("value_{}", number + 1))
        };
        let wrong = cashier.submit(sheet(&page).set(&first, "99").set(&second, "5")).status(422).says("比上次读数小");
        assert_eq!(sheet(&wrong).value(&second), Some("5"), "what was typed is lost");
        let page = cashier.submit(sheet(&wrong).set(&first, "112").set(&second, "")).status(200).says("112");
        page.says("读数已保存");
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        app.visitor("resident").see("/bills").says("100 → 112，用量 12：10 × ¥3.00 + 2 × ¥4.50 = ¥39.00");

        app.clock_to("2026-12-20T09:00:00+08:00");
        let page = cashier.see("/meters?kind=water&period=2026-12&building=1");
        cashier.submit(sheet(&page).set(&first, "300")).status(200).says("待核对").says("112 → 300");
        let held = cashier.see("/meters").form("form[action$='/refuse']");
        cashier.submit(held.clone()).status(200).says_nothing_of("112 → 300");
        cashier.submit(held.forge("idempotency_key", "again")).status(422).says("已经处理过");
        let page = cashier.see("/meters?kind=water&period=2026-12&building=1");
        cashier.submit(sheet(&page).set(&first, "124")).status(200).says("124");
        app.linli(&["check"]).ok();
        app.visitor("resident").get("/meters").status(403);
    }
}
