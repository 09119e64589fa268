//! The statement of account as residents and the desk print it, a month's closing, and a charge that is split when the
//! home is sold.

use test_support::both;

use crate::harness::{Community, HOME};

both! {
    fn a_statement_is_read_and_printed_as_of_a_day(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (cashier, resident) = (app.api("cashier"), app.visitor("resident"));
        cashier.post("/payments", &serde_json::json!({"home": HOME, "amount_fen": 10_000, "method": "cash"})).status(201);
        let page = resident.see("/bills").attribute("a[href$='/statement']", "href");
        let page = resident.see(&page).says("期初余额").says("¥263.61").says("¥163.61").says("正数为欠缴");
        assert!(page.words().contains("SJ20261122-0001"));
        resident.see(&format!("/homes/{HOME}/statement?from=2026-11-01&to=2026-11-21")).says("这段时间没有往来");
        resident.get(&format!("/homes/{HOME}/statement?from=2026-11-22&to=2026-11-01")).status(422);
        resident.get(&format!("/homes/{HOME}/statement?from=gestern")).status(422);
        let told = app.api("resident").get(&format!("/homes/{HOME}/statement?from=2026-11-01&to=2026-11-30")).status(200).json();
        let part = &told["accounts"][0];
        assert_eq!((part["opening_fen"].as_i64(), part["closing_fen"].as_i64()), (Some(0), Some(16_361)));
        assert_eq!(part["open_fen"].as_i64(), Some(16_361));
        assert_eq!(part["entries"].as_array().unwrap().len(), 3);
        app.api("resident").get(&format!("/homes/{HOME}/statement?from=2026-12-01&to=2026-11-30")).status(422);
    }

    fn a_month_is_closed_once_and_shown_as_it_was(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let cashier = app.visitor("cashier");
        cashier.see("/closings").says("还没有结过账");
        app.clock_to("2026-12-02T09:00:00+08:00");
        let page = cashier.see("/closings").says("待结：2026年11月").says("应收");
        let form = page.form("form[action='/closings']");
        let shown = cashier.submit(form.clone()).status(200).says("已结账").says("以上合计在结账时封存");
        let total = shown.texts("tfoot td");
        app.api("cashier").post("/payments", &serde_json::json!({"home": HOME, "amount_fen": 10_000, "method": "cash"})).status(201);
        assert_eq!(cashier.see("/closings/2026-11").texts("tfoot td"), total);
        cashier.submit(form.forge("idempotency_key", "again")).status(422).says("已经结过账");
        cashier.see("/closings").says("2026年11月").says("没有可结的月份");
        cashier.get("/closings/2026-10").status(404);
        app.visitor("desk").get("/closings").status(403);
        app.linli(&["check"]).ok();
    }

    fn a_charge_is_split_when_the_home_is_sold_within_the_month(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let cashier = app.visitor("cashier");
        let charges = app.api("cashier").get(&format!("/homes/{HOME}/account")).json();
        let fee = charges["charges"].as_array().unwrap().iter().find(|one| one["item"] == "property_residential").unwrap()["id"].as_i64().unwrap();
        let split = format!("/homes/{HOME}/charges/{fee}/split");
        cashier.see(&split).says("这期内缴费人没有变");
        crate::gates::asker::change(&app, &format!("UPDATE occupancies SET ends_on = '2026-11-15' WHERE home_id = (SELECT id FROM homes WHERE code = '{HOME}')"));
        crate::gates::asker::change(&app, &format!(
            "INSERT INTO occupancies (community_id, home_id, person_id, kind, lives_there, pays, starts_on) \
             SELECT h.community_id, h.id, (SELECT MIN(person_id) FROM occupancies WHERE home_id <> h.id AND pays), 'owner', FALSE, TRUE, '2026-11-16' \
             FROM homes h WHERE h.code = '{HOME}'"));
        cashier.see(&format!("/homes/{HOME}/bills")).says("按天拆分");
        let page = cashier.see(&split).says("拆成").says("15/30");
        let form = page.form(&format!("form[action='{split}'][method='post']")).set("reason", "");
        let wrong = cashier.submit(form).status(422).says("必填");
        let form = wrong.form(&format!("form[action='{split}'][method='post']")).set("reason", "过户结算");
        cashier.submit(form).status(200).says("已拆分").says("自 2026-11-16 起");
        // Two pay for the home now: each reads whose is what.
        for page in [format!("/homes/{HOME}/bills"), format!("/homes/{HOME}/pay")] {
            let rows = cashier.see(&page).texts("main ul.list > li");
            assert_eq!(rows.iter().filter(|row| row.contains("应缴 ¥125.8") || row.contains("应缴 ¥137.8")).count(), 2, "{rows:?}");
        }
        // Wherever the second part is named, people read from when it is.
        let file = app.linli(&["export", "charges", "--community", "JXHY"]).ok().out();
        assert!(file.contains("from 2026-11-16") && !file.contains('≥'));
        let find = |what: &str| crate::gates::asker::look_up(&app, &format!("SELECT {what} AS value FROM charges WHERE subject LIKE '≥%'"));
        let (buyer, second) = (format!("/debtors/{}", find("account_id")), find("id"));
        for page in [buyer.clone(), format!("{buyer}/plan"), format!("{buyer}/dispute"), format!("/homes/{HOME}/charges/{second}/reverse")] {
            cashier.see(&page).says("自 2026-11-16 起").says_nothing_of("≥");
        }
        app.linli(&["check"]).ok();
    }
}
