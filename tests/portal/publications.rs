//! Income and expenditure, from the cashier's entries to what a resident reads on a phone.

use test_support::both;

use crate::harness::{Community, Visitor};

fn enter(cashier: &Visitor, about: &str, day: &str, amount: &str) {
    let form = cashier.see("/books").form("form[action='/books']");
    let form = form.set("about", about).set("day", day).set("amount", amount).set("party", "洁美保洁");
    cashier.submit(form.set("document", "FP-20261105")).status(200).says("已登记");
}

both! {
    fn a_quarter_is_entered_approved_by_another_and_read_by_everybody(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (cashier, resident) = (app.visitor("cashier"), app.visitor("resident"));
        cashier.see("/books").says("这些天没有登记");
        resident.see("/").says("收支公示");
        resident.see("/publications").says("还没有公示").says_nothing_of("起草");
        resident.get("/books").status(403);
        let form = cashier.see("/books").form("form[action='/books']").set("about", "service_cost.cleaning");
        let wrong = cashier.submit(form.set("amount", "0").set("party", "洁美保洁").set("document", "F")).status(422).says("应大于零");
        assert_eq!(wrong.form("form[action='/books']").value("party"), Some("洁美保洁"), "what was typed is kept");
        enter(&cashier, "service_cost.cleaning", "2026-11-20", "18500");
        enter(&cashier, "common_income.advertising", "2026-11-21", "2400");
        enter(&cashier, "service_cost.office", "2026-11-21", "1000");
        let counter = cashier.see("/books").attribute("a[href$='/counter']", "href");
        let form = cashier.see(&counter).says("1,000.00").form_to("/counter");
        cashier.submit(form.clone().set("reason", "")).status(422);
        cashier.submit(form.set("reason", "录错了")).status(200).says("已冲回").says("录错了");
        cashier.see("/publications").says("起草");

        app.clock_to("2027-01-01T05:01:00+08:00");
        app.worker_once();
        let (cashier, manager, resident) = (app.visitor("cashier"), app.visitor("manager"), app.visitor("resident"));
        manager.see("/publications").says("应在").says("前公示");
        let form = cashier.see("/publications").form("form[action='/publications']");
        let draft = cashier.submit(form.set("note", "保洁换了公司。")).status(200).says("已按账核算").says("18,500.00").says("保洁换了公司");
        let address = draft.path().split('?').next().unwrap().to_owned();
        resident.get(&address).status(404);
        let form = manager.see(&address).form_to("/approve");
        manager.submit(form).status(200).says("数字已锁定");
        let form = manager.see(&address).form_to("/publish");
        manager.submit(form.clone()).status(200).says("已公示");
        manager.submit(form.forge("idempotency_key", "again")).status(409);
        app.worker_once();

        resident.see("/notifications").says("收支公示：2026-10-01 至 2026-12-31");
        let page = resident.see(&address);
        for words in ["物业服务收入", "物业服务支出", "清洁卫生", "18,500.00", "公共收益收入", "广告", "第二百八十二条", "保洁换了公司"] {
            assert!(page.words().contains(words), "{words}: {}", page.words());
        }
        assert!(!page.words().contains("审核"), "who decided is the office's own affair");
        resident.see(&format!("{address}/paper")).says("清洁卫生").says("结余");
        let csv = resident.get(&format!("{address}/figures.csv")).status(200).0.text();
        assert!(csv.contains("service_cost,cleaning,清洁卫生,1,0,1850000"), "{csv}");
        resident.get(&format!("{address}/figures.xlsx")).status(200);
        app.anon().get(&address);
        cashier.see("/publications").says_nothing_of("应在");
        app.linli(&["check"]).ok();
    }
}
