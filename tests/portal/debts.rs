//! A charge that is disputed, and one that is paid by instalments: what the cashier does, what the payer reads, and
//! that no reminder comes meanwhile.

use test_support::both;

use crate::harness::{Community, HOME, Visitor};

both! {
    fn a_dispute_silences_reminders_until_it_is_answered(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (cashier, resident) = (app.visitor("cashier"), app.visitor("resident"));
        cashier.see("/debts").says("没有争议，也没有分期");
        for item in ["物业管理费", "垃圾"] {
            let page = cashier.see(&format!("{}/dispute", debtor(&cashier)));
            let form = page.form_to("/dispute");
            cashier.submit(form.clone().set("reason", "")).status(422).says("必填");
            let labels = page.texts("label.choice");
            let n = labels.iter().position(|label| label.contains(item)).unwrap();
            let charge = page.attributes("label.choice input", "value").remove(n);
            cashier.submit(form.set("charge", &charge).set("reason", "电梯坏了半个月")).status(200).says("答复前不再催缴");
        }
        cashier.see("/debts").says("电梯坏了半个月");
        resident.see("/bills").says("有争议");
        resident.see("/notifications").says("记为有争议");
        app.clock_to("2026-12-05T09:31:00+08:00");
        app.worker_once();
        assert_eq!(reminders(&app), 0);

        let answer = cashier.see("/debts").attribute("a[href^='/disputes/']", "href");
        let form = cashier.see(&answer).form_to("/end");
        cashier.submit(form.clone().set("answer", "电梯当月已减免")).status(422);
        let form = form.set("outcome", "rejected").set("answer", "停运当月已减免");
        cashier.submit(form.clone()).status(200).says("已答复");
        cashier.submit(form.forge("idempotency_key", "again")).status(422).says("已经答复过了");
        resident.see("/notifications").says("停运当月已减免");
        app.clock_to("2026-12-05T15:01:00+08:00");
        app.worker_once();
        assert_eq!(reminders(&app), 1, "reminders go on");
        app.linli(&["check"]).ok();
    }

    fn instalments_are_proposed_changed_kept_and_broken(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (cashier, resident) = (app.visitor("cashier"), app.visitor("resident"));
        let debtor = debtor(&cashier);
        let first = cashier.see(&format!("{debtor}/plan")).says("选要分期的费用");
        let ids = first.attributes("input[name='charges']", "value");
        assert_eq!(ids.len(), 2);
        let chosen = ids.iter().map(|id| format!("charges={id}")).collect::<Vec<_>>().join("&");
        cashier.see(&format!("{debtor}/plan?{chosen}&count=99&first=2026-12-10")).says("应为数字");
        let second = cashier.see(&format!("{debtor}/plan?{chosen}&count=2&first=2026-12-10")).says("¥263.61");
        let form = second.form_to("/plan");
        assert_eq!((form.value("amount.0"), form.value("amount.1")), (Some("131.81"), Some("131.80")));
        let wrong = cashier.submit(form.clone().set("amount.0", "100")).status(422).says("各期合计 ¥231.80，应正好是 ¥263.61");
        assert_eq!(wrong.form_to("/plan").value("amount.0"), Some("100"), "what was typed is lost");
        let form = wrong.form_to("/plan").set("amount.1", "163.61").set("note", "纸质在财务室");
        cashier.submit(form).status(200).says("按约期间不再催缴").says("纸质在财务室");
        resident.see("/bills").says("您的分期").says("分期中").says("¥163.61");
        app.clock_to("2026-11-28T09:31:00+08:00");
        app.worker_once();
        assert_eq!(reminders(&app), 0);

        // The first instalment is never there.
        app.clock_to("2026-12-14T09:31:00+08:00");
        app.worker_once();
        cashier.see(&debtor).says("未按约付清").says("2026-12-10 周四 这一期没有按时付清");
        cashier.see("/notifications").says("没有按约付清");
        resident.see("/notifications").says("约定不再有效");
        assert_eq!(reminders(&app), 1);
        app.linli(&["check"]).ok();
    }

    fn a_decision_from_a_stale_page_is_told_what_happened_and_what_was_typed_stays(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (cashier, manager) = (app.visitor("cashier"), app.visitor("manager"));
        let debtor = debtor(&cashier);
        let page = cashier.see(&format!("{debtor}/dispute"));
        let charges = page.attributes("input[name='charge']", "value");
        let form = page.form_to("/dispute").set("charge", &charges[0]).set("reason", "电梯坏了半个月");
        cashier.submit(form.clone()).status(200);
        let late = form.set("reason", "没有保洁").forge("idempotency_key", "late");
        cashier.submit(late).status(422).says("请先答复").says("没有保洁");

        let answer = cashier.see("/debts").attribute("a[href^='/disputes/']", "href");
        let stale = cashier.see(&answer).form_to("/end").set("outcome", "rejected").set("answer", "已核对，无误");
        let form = manager.see(&answer).form_to("/end").set("outcome", "upheld").set("answer", "停运属实");
        manager.submit(form).status(200);
        let told = cashier.submit(stale).status(422).says("已经答复过了").says("停运属实").says("成立，会更正");
        told.says("您填的没有提交").says("已核对，无误");

        let plan = format!("{debtor}/plan?charges={}&count=1&first=2026-12-10", charges[1]);
        cashier.submit(cashier.see(&plan).form_to("/plan")).status(200);
        let end = cashier.see(&debtor).attribute("a[href^='/plans/']", "href");
        let stale = cashier.see(&end).form_to("/end").set("reason", "一次付清");
        manager.submit(manager.see(&end).form_to("/end").set("reason", "重新约定")).status(200);
        let told = cashier.submit(stale).status(422).says("已经终止了").says("重新约定");
        told.says("您填的没有提交").says("一次付清");

        // What the worker has judged meanwhile is told as well.
        cashier.submit(cashier.see(&plan).form_to("/plan")).status(200);
        let end = cashier.see(&debtor).attribute("a[href^='/plans/']", "href");
        let stale = cashier.see(&end).form_to("/end").set("reason", "一次付清");
        app.clock_to("2026-12-14T09:31:00+08:00");
        app.worker_once();
        cashier.submit(stale).status(422).says("2026-12-10 一期没有按时付清").says("一次付清");
        app.linli(&["check"]).ok();
    }

    fn a_plan_is_ended_and_none_is_made_of_ones_own_debt_or_by_others(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let cashier = app.visitor("cashier");
        let debtor = debtor(&cashier);
        let ids = cashier.see(&format!("{debtor}/plan")).attributes("input[name='charges']", "value");
        let asked = format!("{debtor}/plan?charges={}&count=1&first=2026-12-10", ids[0]);
        cashier.submit(cashier.see(&asked).form_to("/plan")).status(200);
        let again = cashier.see(&format!("{debtor}/plan")).attributes("input[name='charges']", "value");
        assert_eq!(again.len(), 1, "a charge is in one plan");
        let end = cashier.see(&debtor).attribute("a[href^='/plans/']", "href");
        let form = cashier.see(&end).form_to("/end");
        cashier.submit(form.clone().set("reason", " ")).status(422).says("必填");
        cashier.submit(form.set("reason", "一次付清")).status(200).says("已终止：一次付清");
        for role in ["resident", "desk", "steward", "supervisor"] {
            let who = app.visitor(role);
            assert!(matches!(who.get(&debtor).0.status, 403 | 404), "{role}");
            assert!(matches!(who.get("/debts").0.status, 403 | 404), "{role}");
        }
        app.linli(&["check"]).ok();
    }
}

/// The page of who owes for the home, as the list of arrears leads there.
fn debtor(cashier: &Visitor) -> String {
    let list = cashier.see("/arrears?sort=register");
    let links = list.texts("tbody tr th a");
    assert_eq!(links[0], HOME);
    list.attribute("tbody tr:first-child th a", "href")
}

/// How many reminders the home's payer was sent.
fn reminders(app: &Community) -> usize {
    let resident = app.visitor("resident");
    resident
        .see("/notifications")
        .texts("main li")
        .iter()
        .filter(|text| text.contains("已过缴费日") || text.contains("尚未缴纳"))
        .count()
}
