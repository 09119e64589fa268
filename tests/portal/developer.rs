//! What is the developer's as people meet it: terms by a manager, a month that is over looked at and billed.

use serde_json::json;
use test_support::both;

use crate::gates::change;
use crate::harness::Community;

both! {
    fn a_manager_agrees_and_a_cashier_bills_the_month_that_is_over(app: Community) {
        change(&app, "UPDATE buildings SET completed_on = '2020-06-01'");
        let (manager, cashier) = (app.visitor("manager"), app.visitor("cashier"));
        cashier.see("/billing").says("开发商空置房");
        // Terms are the manager's.
        cashier.see("/billing/developer").says("还没有约定").says_nothing_of("登记新的约定");
        cashier.see("/billing/developer/preview?period=2026-10").says("没有与开发商的约定");

        let form = manager.see("/billing/developer").form("form[action='/billing/developer']");
        let form = form.set("name", "锦绣置业有限公司").set("from_month", "2026-10").set("percent", "170");
        let wrong = manager.submit(form.set("basis", "前期物业服务合同第十二条")).status(422);
        let form = wrong.form("form[action='/billing/developer']");
        assert_eq!(form.value("name"), Some("锦绣置业有限公司"), "what was typed is kept");
        manager.submit(form.set("percent", "70")).status(200).says("70 %");

        cashier.see("/billing/developer/preview?period=2026-11").says("还没有过完");
        let seen = cashier.see("/billing/developer/preview?period=2026-10").says("物业管理费（住宅）（开发商）");
        let told = cashier.submit(seen.form("form[action='/billing/runs']")).status(200).says("开发商空置房");
        assert!(told.path().starts_with("/billing/runs/"), "{}", told.path());
        app.worker_once();
        cashier.see("/billing/developer").says_nothing_of("还没有出过账");
        let asked = json!({"period": "2026-10", "developer": true, "preview": true});
        let left = app.api("cashier").post("/billing-runs", &asked).status(200).json();
        assert_eq!((&left["charges"], &left["developer"]), (&json!(0), &json!(true)), "all of it is charged");
        let both = json!({"period": "2026-10", "developer": true, "shared": true});
        app.api("cashier").post("/billing-runs", &both).status(422);
        let again = app.linli(&["bill", "--community", "JXHY", "--period", "2026-10", "--developer"]).ok().json();
        assert_eq!(again["charges"], json!(0));
        app.linli(&["check"]).ok();
    }
}
