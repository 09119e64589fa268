//! What was charged ahead and is not owed any more, as people meet it: the manager sees it where the item ends and in
//! the preview before it is done, the resident reads why on the bill and is told.

use test_support::both;

use crate::harness::{Community, HOME};

both! {
    fn what_was_paid_for_a_quarter_is_given_back_when_the_item_ends(app: Community) {
        let (manager, cashier, resident) = (app.visitor("manager"), app.visitor("cashier"), app.visitor("resident"));
        let page = manager.see("/settings/fees/garbage");
        let form = page.form("form[action$='/interval']").set("months", "3").set("timing", "first").set("from_month", "2026-11");
        manager.submit(form.forge("act", "set")).status(200).says("每季度");
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let owed = app.api("resident").get(&format!("/homes/{HOME}/account")).status(200).json()["balance_fen"].as_i64().unwrap();
        app.api("cashier").post("/payments", &serde_json::json!({"home": HOME, "amount_fen": owed, "method": "cash"})).status(201);

        let page = manager.see("/settings/fees/garbage").says_nothing_of("预收多收的退回");
        let form = page.form("form[action='/settings/fees/garbage']").set("ends_on", "2026-10-31");
        let wrong = manager.submit(form).status(422).says("已经出账");
        let form = wrong.form("form[action='/settings/fees/garbage']").set("ends_on", "2026-11-30");
        let shown = manager.submit(form).status(200).says("预收多收的退回").says("本项目只收到 2026-11-30");
        assert!(shown.words().contains("共 852 笔"));
        resident.see("/bills").says_nothing_of("本项目只收到");

        let preview = cashier.see("/billing/preview?period=2026-11").says("预收多收的退回").says("¥36.00").says("¥12.00");
        let seen = app.linli(&["bill", "--community", "JXHY", "--period", "2026-11", "--preview"]).ok().json();
        assert_eq!(seen["given_back"].as_array().unwrap().len(), 852);
        let run = cashier.submit(preview.form("form[action='/billing/runs']")).status(200);
        app.worker_once();
        let run = cashier.see(run.path()).says("预收多收的退回").says("共 852 笔");
        assert!(!run.words().contains("人工"));

        let bill = resident.see("/bills").says("多收退回").says("本项目只收到 2026-11-30，之后的不再收取").says("原来收到").says("预存 ¥24.00");
        assert!(!bill.words().contains("given_back"), "the reason is in words everywhere");
        resident.see("/notifications").says("有一笔费用少收 ¥24.00");
        let statement = resident.see(&format!("/homes/{HOME}/statement")).says("冲红");
        assert!(statement.words().contains("本项目只收到 2026-11-30") && !statement.words().contains("given_back"));
        cashier.see("/billing/preview?period=2026-11").says_nothing_of("预收多收的退回");
        // The next bill uses it.
        app.clock_to("2026-12-01T03:00:00+08:00");
        app.worker_once();
        resident.see("/bills").says_nothing_of("预存 ¥24.00");
        app.linli(&["check"]).ok();
    }
}
