//! Three years: until when each charge can be demanded, and a written acknowledgement that starts them anew.

use test_support::both;

use crate::harness::{Community, photo};

both! {
    fn an_acknowledgement_needs_its_paper_and_starts_the_three_years_anew(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        app.clock_to("2026-12-20T10:00:00+08:00");
        let cashier = app.visitor("cashier");
        cashier.see("/limitation").says("没有快到期的");
        let debtor = cashier.see("/arrears?sort=register").attribute("tbody tr:first-child th a", "href");
        cashier.see(&debtor).says("2029-12-02");
        let form = cashier.see(&format!("{debtor}/acknowledge")).form_to("/acknowledge");
        cashier.submit(form.clone()).status(422).says("必填");
        cashier.submit(form.clone().set("day", "2026-12-21")).status(422).says("不能是将来的日期");
        let none = form.clone().clear("charges").attach("photos", "欠条.jpg", "image/jpeg", &photo());
        let page = cashier.submit(none).status(422).says("必填").says("已上传 1 个文件");
        let id = page.attributes("input[name='charges']", "value").remove(0);
        let form = page.form_to("/acknowledge").set("charges", &id).set("note", "对账单上签字");
        let done = cashier.submit(form).status(200).says("时效从签字日重新计算").says("2029-12-20").says("书面认可");
        let scan = done.attribute("a[href^='/attachments/']", "href");
        cashier.get(&scan).status(200);
        app.visitor("resident").get(&scan).status(404);

        // Nobody paid or said anything for three years.
        app.clock_to("2029-12-03T10:00:00+08:00");
        let page = app.visitor("manager").see("/limitation");
        let page = page.says("已满，2029-12-02");
        assert!(page.texts("tbody tr").iter().any(|row| row.contains("书面认可") && row.contains("2029-12-20")));
        app.linli(&["check"]).ok();
    }
}
