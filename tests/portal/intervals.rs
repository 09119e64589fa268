//! An item by the quarter as people meet it: tried on real homes, set, previewed, billed and read on the bill.

use test_support::both;

use crate::harness::{Community, Form, HOME, Page};

fn interval(page: &Page) -> Form {
    page.form("form[action$='/interval']")
}

fn bill(app: &Community, period: &str) {
    app.linli(&["bill", "--community", "JXHY", "--period", period]).ok();
}

both! {
    fn a_quarter_is_tried_set_billed_and_understood(app: Community) {
        let manager = app.visitor("manager");
        let page = manager.see("/settings/fees/garbage").says("每月出账");
        let form = interval(&page).set("months", "3").set("timing", "first").set("from_month", "2026-10");
        let wrong = manager.submit(form.forge("act", "set")).status(422).says("这个月已经过去");
        assert_eq!(interval(&wrong).value("from_month"), Some("2026-10"), "what was typed is kept");

        let tried = manager.submit(interval(&wrong).set("from_month", "2026-11").forge("act", "try")).status(200);
        let tried = tried.says("第一个周期 2026年11月 至 2027年1月，由 2026年11月的出账收取").says("1 户 × ¥12.00 × 12/30 + 1 户 × ¥12.00 × 2 个月 = ¥28.80").says("现在首期 ¥4.80");
        manager.see("/settings/fees/garbage").says_nothing_of("2026年11月起");
        let set = interval(&tried).forge("act", "set").forge("idempotency_key", "set");
        manager.submit(set).status(200).says("2026年11月起").says("每季度").says("期初");
        manager.see("/settings/fees").says("每季度");

        manager.see("/billing/preview?period=2026-11").says("垃圾清运费");
        bill(&app, "2026-11");
        let text = "2026-11-01 至 2027-01-31：1 户 × ¥12.00 × 3 个月 = ¥36.00";
        app.visitor("resident").see("/bills").says(text);
        let account = app.api("resident").get(&format!("/homes/{HOME}/account")).status(200).json();
        let charges = account["charges"].as_array().unwrap();
        let garbage = charges.iter().find(|one| one["item"] == "garbage").unwrap();
        assert_eq!((&garbage["period"], &garbage["amount_fen"]), (&"2026-11".into(), &3_600.into()));
        // Charged to the end of January: neither the interval nor the tariff changes before.
        let early = interval(&manager.see("/settings/fees/garbage")).set("months", "1").set("from_month", "2027-01");
        manager.submit(early.forge("act", "try")).says("已经出账");

        app.clock_to("2026-12-01T03:00:00+08:00");
        let preview = app.linli(&["bill", "--community", "JXHY", "--period", "2026-12", "--preview"]).ok().json();
        let items = preview["by_item"].as_array().unwrap();
        let garbage = items.iter().find(|one| one["item"] == "garbage").unwrap();
        assert_eq!(garbage["charges"], 0, "December is charged already");
        app.worker_once();
        app.visitor("cashier").see("/billing").says("2026年12月");
        app.visitor("cashier").get("/settings/fees/garbage").status(403);
        app.linli(&["check"]).ok();
    }
}
