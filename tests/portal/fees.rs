//! Fee items as a manager keeps them: a tariff is tried on real homes and set, an item is added and retired, an
//! exception is made for a home and stands on its bill.

use test_support::both;

use crate::harness::{Community, HOME, Page};

fn tariff(page: &Page) -> crate::harness::Form {
    page.form("form[action$='/tariffs']")
}

both! {
    fn a_tariff_is_tried_on_real_homes_and_then_set(app: Community) {
        let manager = app.visitor("manager");
        manager.see("/settings").says("收费项目");
        let page = manager.see("/settings/fees").says("物业管理费（住宅）");
        assert!(page.words().contains("元/平方米·月"));
        let page = manager.see("/settings/fees/property_residential").says("已过去或已出账的月份不能改价");
        let form = tariff(&page).set("rate", "-1").set("starts_on", "2026-12-01");
        let wrong = manager.submit(form.clone().forge("act", "set")).status(422).says("不能小于零");
        assert_eq!(tariff(&wrong).value("rate"), Some("-1"));
        manager.submit(form.clone().set("starts_on", "2026-10-01").set("rate", "3").forge("act", "set")).status(422).says("这个月已经过去");

        // Trying shows real homes and sets nothing.
        let tried = manager.submit(form.set("rate", "3.00").forge("act", "try")).status(200);
        let tried = tried.says("× ¥3.00 × 1 个月").says("原来").says(HOME);
        manager.see("/settings/fees/property_residential").says_nothing_of("¥3.00");
        manager.submit(tariff(&tried).forge("act", "set").forge("idempotency_key", "set")).status(200).says("¥3.00");
        let again = tariff(&manager.see("/settings/fees/property_residential")).set("rate", "4").set("starts_on", "2026-12-01");
        manager.submit(again.forge("act", "set")).status(422).says("这一天已经有单价");

        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let billed = tariff(&manager.see("/settings/fees/property_residential")).set("rate", "4").set("starts_on", "2026-11-30");
        manager.submit(billed.forge("act", "try")).says("已经出账");
        app.linli(&["check"]).ok();
    }

    fn an_item_is_added_and_an_exception_stands_on_the_bill(app: Community) {
        let manager = app.visitor("manager");
        let form = manager.see("/settings/fees/new").form("form[action='/settings/fees']");
        let missing = ["name", "code", "by", "applies_to", "rate", "unit"].map(|name| format!("#f-{name}"));
        assert_eq!(manager.submit(form.clone()).status(422).attributes("#errors a", "href"), missing, "in the page's order");
        let form = form.set("name", "电梯维保费").set("code", "lift_upkeep").set("by", "bay").set("applies_to", "residential");
        let form = form.set("rate", "10").set("unit", "元/户·月").set("starts_on", "2026-11-01").set("due_day", "20");
        let wrong = manager.submit(form).status(422).says("适用范围与计费方式不符").form("form[action='/settings/fees']");
        assert_eq!(wrong.value("name"), Some("电梯维保费"));
        let page = manager.submit(wrong.set("by", "home")).status(200).says("电梯维保费").says("没有例外");

        let form = page.form("form[action$='/exceptions']");
        let wrong = manager.submit(form.clone().set("home", HOME).set("kind", "part").set("value", "半价").set("reason", "老人")
            .set("from_month", "2026-11")).status(422).says("1 到 99");
        let page = manager.submit(wrong.form("form[action$='/exceptions']").set("value", "50")).status(200).says("50%").says("老人");
        manager.submit(page.form("form[action$='/exceptions']").set("home", "1-1-0102").set("kind", "free").set("reason", "社区用房")
            .set("from_month", "2026-11")).status(200).says("免收");
        manager.see("/billing/preview?period=2026-11").says("约定免收");
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        app.visitor("resident").see("/bills").says("1 户 × ¥10.00 × 1 个月 × 50% （本户约定） = ¥5.00");

        let end = manager.see("/settings/fees/lift_upkeep").form("form[action$='/end']");
        manager.submit(end.clone().set("last", "2026-10")).status(422);
        manager.submit(end.set("last", "2026-12")).status(200);
        let change = manager.see("/settings/fees/lift_upkeep").form("form[action='/settings/fees/lift_upkeep']");
        manager.submit(change.clone().set("ends_on", "2026-10-31")).status(422).says("已经出账");
        manager.submit(change.set("ends_on", "2026-12-31")).status(200);
        manager.see("/settings/fees").says("已停用");
        app.visitor("cashier").get("/settings/fees").status(403);
        app.linli(&["check"]).ok();
    }

    fn late_fees_are_entered_with_the_agreements_words_and_explained_on_the_bill(app: Community) {
        let manager = app.visitor("manager");
        let page = manager.see("/settings/fees/property_residential").says("没有约定，不收违约金");
        let form = page.form("form[action$='/late']").set("rate", "5").set("starts_on", "2026-11-25");
        let wrong = manager.submit(form).status(422).says("日利率在 0 到 0.30% 之间").form("form[action$='/late']");
        assert_eq!(wrong.value("rate"), Some("5"));
        let wrong = manager.submit(wrong.set("rate", "0.05")).status(422).form("form[action$='/late']");
        let form = wrong.set("basis", "合同第十八条：逾期每日万分之五").set("grace_days", "5").set("cap_percent", "20");
        manager.submit(form).status(200).says("每日 0.05%（折合每年 18.25%）").says("合同第十八条");
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        app.clock_to("2027-01-01T02:45:00+08:00");
        app.worker_once();
        app.visitor("resident").see("/bills").says("违约金").says("24 天（2026-12-08 至 2026-12-31） × 每日 0.05%");
        app.visitor("cashier").get("/settings/fees").status(403);
        app.linli(&["check"]).ok();
    }
}
