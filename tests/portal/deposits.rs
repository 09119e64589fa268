//! A deposit from the desk to its return: the receipt, what is to be kept of it, the payer's objection, the second
//! person.

use test_support::both;

use crate::harness::{Community, HOME};

both! {
    fn a_deposit_is_taken_contested_and_given_back_by_somebody_else(app: Community) {
        let (cashier, manager, resident) = (app.visitor("cashier"), app.visitor("manager"), app.visitor("resident"));
        cashier.see("/deposits").says("现在没有代管的押金");
        let form = cashier.see("/deposits/new").form("form[action='/deposits']");
        let form = form.set("home", "9-9-9999").set("purpose", "renovation").set("basis", "协议第五条").set("amount", "2000");
        let wrong = cashier.submit(form).status(422).form("form[action='/deposits']");
        assert_eq!(wrong.value("basis"), Some("协议第五条"));
        let receipt = cashier.submit(wrong.set("home", HOME).set("handed_in_by", "宏达装饰")).status(200);
        receipt.says("押金已收").says("装修押金").says("贰仟元整").says_nothing_of("预缴");
        let page = cashier.see("/deposits").says("¥2,000.00").says("宏达装饰 代交");
        let deposit = page.attribute("a[href^='/deposits/']:not([href$='new'])", "href");
        cashier.see("/closing").says("押金 · 现金");

        let form = cashier.see(&deposit).form("form[action$='/deductions']").set("amount", "3000").set("reason", "电梯划伤");
        let wrong = cashier.submit(form).status(422).says("最多还能扣 ¥2000.00").form("form[action$='/deductions']");
        assert_eq!(wrong.value("reason"), Some("电梯划伤"));
        cashier.submit(wrong.set("amount", "300")).status(200).says("电梯划伤").says("可在");
        resident.see("/notifications").says("拟扣除 ¥300.00");
        let deduction = resident.see(&deposit).attribute("a[href^='/deductions/']", "href");
        let form = resident.see(&deduction).form("form[action$='/contest']");
        resident.submit(form.clone().set("objection", "")).status(422).says("必填");
        resident.submit(form.set("objection", "搬运前就有划痕")).status(200).says("有异议");
        cashier.submit(cashier.see(&deposit).form("form[action$='/return']")).status(200).says("等另一位同事退还");
        let back = manager.see(&deposit).form("form[action$='/give-back']").set("method", "transfer");
        manager.submit(back.clone()).status(422).says("有异议还没有答复");
        let form = manager.see(&deduction).form("form[action$='/decide']").set("decision", "uphold");
        manager.submit(form.clone()).status(422);
        manager.submit(form.set("answer", "监控可见")).status(200).says("维持扣除");
        resident.see("/notifications").says("监控可见");
        let back = manager.see(&deposit).form("form[action$='/give-back']").set("method", "transfer");
        manager.submit(back).status(200).says("押金已退还").says("¥1,700.00");
        resident.see(&format!("/homes/{HOME}/bills")).says("装修押金").says("已退还");
        cashier.see("/deposits").says("现在没有代管的押金").says("最近退还或作废的");
        app.visitor("desk").get("/deposits").status(403);
        app.linli(&["check"]).ok();
    }

    fn programs_take_and_read_deposits(app: Community) {
        let cashier = app.api("cashier");
        let body = serde_json::json!({"home": HOME, "purpose": "key", "basis": "门禁卡管理规定", "amount_fen": 5_000, "method": "messenger"});
        let taken = cashier.post("/deposits", &body).status(201).json();
        assert_eq!((taken["held_fen"].as_i64(), taken["state"].as_str()), (Some(5_000), Some("held")));
        assert_eq!(cashier.get("/deposits").json()["items"].as_array().unwrap().len(), 1);
        let id = taken["id"].as_i64().unwrap();
        let whole = app.api("resident").get(&format!("/deposits/{id}")).status(200).json();
        assert_eq!(whole["deposit"]["basis"], "门禁卡管理规定");
        let account = app.api("resident").get(&format!("/homes/{HOME}/account")).json();
        assert_eq!((account["balance_fen"].as_i64(), account["prepaid_fen"].as_i64()), (Some(0), Some(0)), "no fee is paid by it");
        cashier.post("/deposits", &serde_json::json!({"home": HOME, "purpose": "x", "basis": "y", "amount_fen": 1, "method": "cash"})).status(422);
        app.linli(&["check"]).ok();
    }
}
