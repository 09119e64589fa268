//! Shared consumption as people meet it: a register imported or entered by hand, a preview, the run, and what a
//! resident is shown of it.

use std::collections::BTreeMap;

use serde_json::json;
use test_support::both;

use crate::harness::{Community, HOME, data, register};

const SHARED: [&str; 6] = ["bill", "--community", "JXHY", "--period", "2026-11", "--shared"];
/// What the three bills of November come to.
const WHOLE: i64 = 5_477_930;

fn import(app: &Community) {
    let file = register("shared_bills.csv");
    let import = ["import", "shared-bills", file.to_str().unwrap(), "--community", "JXHY", "--period"];
    let other = app.linli(&[&import[..], &["2026-10"]].concat()).refused();
    assert!(other.out().contains("other_month"), "{}", other.out());
    app.linli(&[&import[..], &["2026-11"]].concat()).ok();
}

both! {
    fn november_is_shared_by_command_to_the_fen(app: Community) {
        import(&app);
        let seen = app.linli(&[&SHARED[..], &["--preview"]].concat()).ok().json();
        assert_eq!((&seen["charges"], &seen["total_fen"]), (&json!(2556), &json!(WHOLE)));
        let done = app.linli(&SHARED).ok().json();
        assert_eq!((&done["charges"], &done["total_fen"], &done["preview"]), (&json!(2556), &json!(WHOLE), &json!(false)));
        assert_eq!(done["by_item"][0]["item"], "shared:公共照明电费");
        assert_eq!(app.linli(&SHARED).ok().json()["charges"], 0);

        let out = app.linli(&["export", "charges", "--community", "JXHY", "--period", "2026-11", "--format", "csv"]).ok().out();
        let charged: BTreeMap<(String, String), String> = out.lines().map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let word = |name: &str| row[name].as_str().unwrap().to_owned();
            ((word("home"), word("item")), word("amount_fen"))
        }).collect();
        let mut expected = csv::Reader::from_path(data("expected_shared_2026-11.csv")).unwrap();
        let expected: BTreeMap<(String, String), String> = expected.records().map(|row| row.unwrap())
            .map(|row| ((row[0].to_owned(), row[1].to_owned()), row[2].to_owned())).collect();
        assert_eq!(charged, expected);
        app.linli(&["check"]).ok();
    }

    fn a_program_previews_and_asks_for_the_run(app: Community) {
        import(&app);
        let cashier = app.api("cashier");
        let asked = json!({"period": "2026-11", "shared": true, "preview": true});
        let seen = cashier.post("/billing-runs", &asked).status(200).json();
        assert_eq!((&seen["charges"], &seen["total_fen"], &seen["shared"]), (&json!(2556), &json!(WHOLE), &json!(true)));
        let run = cashier.post("/billing-runs", &json!({"period": "2026-11", "shared": true})).status(202).json();
        // The month's own run goes on beside it.
        let month = cashier.post("/billing-runs", &json!({"period": "2026-11"})).status(202).json();
        assert_ne!(run["id"], month["id"]);
        app.worker_once();
        let done = cashier.get(&format!("/billing-runs/{}", run["id"])).status(200).json();
        assert_eq!((&done["state"], &done["charges"], &done["total_fen"]), (&json!("done"), &json!(2556), &json!(WHOLE)));
        let account = app.api("resident").get(&format!("/homes/{HOME}/account")).status(200).json();
        let shared: Vec<_> = account["charges"].as_array().unwrap().iter()
            .filter(|one| one["item"].as_str().unwrap().starts_with("shared:")).collect();
        assert_eq!(shared.len(), 3);
        assert!(shared[0]["explanation"].as_str().unwrap().contains("89.86 / "), "{shared:?}");
        app.linli(&["check"]).ok();
    }

    fn a_bill_is_entered_by_hand_corrected_shared_and_understood(app: Community) {
        let cashier = app.visitor("cashier");
        cashier.see("/billing").says("公摊账单");
        let page = cashier.see("/billing/shared").says("还没有公摊账单");
        let form = page.form("form[action='/billing/shared']").set("name", "电梯电费").set("total", "-3");
        let wrong = cashier.submit(form).status(422).says("应大于零");
        let form = wrong.form("form[action='/billing/shared']");
        assert_eq!(form.value("name"), Some("电梯电费"));
        let page = cashier.submit(form.set("total", "852.00")).status(200).says("未分摊").says("¥852.00");
        let again = page.form("form[action='/billing/shared']").set("name", "电梯电费").set("total", "1");
        cashier.submit(again).status(422).says("这个月已有同名的账单");

        let bill = page.attribute("td a[href^='/billing/shared/']", "href");
        let form = cashier.see(&bill).form(&format!("form[action='{bill}']"));
        cashier.submit(form.clone().set("method", "household")).status(200).says("按户数");
        cashier.submit(form.set("total", "1").forge("idempotency_key", "stale")).status(422).says("别人刚改过");

        let preview = cashier.see("/billing/shared/preview?period=2026-11").says("852").says("¥852.00").says("未交付");
        cashier.submit(preview.form("form[action='/billing/runs']")).status(200).says("公摊");
        app.worker_once();
        cashier.see("/billing/shared").says("已分摊").says("852 户");
        cashier.see(&bill).says("1-1-0101").says("¥1.00").says_nothing_of("黎琪艳");
        cashier.see(&format!("{bill}?building=8")).says("8-").says_nothing_of("1-1-0101");

        let resident = app.visitor("resident");
        let bills = resident.see("/bills").says("电梯电费").says("按户分摊：¥852.00 × 1 / 852 户 = ¥1.00");
        let link = bills.attribute("a[href*='/shared/']", "href");
        let page = resident.see(&link).says("¥852.00").says("按户数").says("852 户").says("1-1-0102").says("本户");
        page.says_nothing_of("1-1-0101 的业主").says_nothing_of("2-1-0101");
        resident.get("/homes/1-1-0102/shared/2026-11").status(404);
        resident.get(&format!("/homes/{HOME}/shared/2026-10")).status(404);
        app.linli(&["check"]).ok();
    }

    fn a_whole_bill_is_taken_back_corrected_and_charged_anew(app: Community) {
        import(&app);
        app.linli(&SHARED).ok();
        let payment = json!({"home": HOME, "amount_fen": 3_000, "method": "cash"});
        app.api("cashier").post("/payments", &payment).status(201);
        let cashier = app.visitor("cashier");
        let lifts = "table a[href^='/billing/shared/']";
        let page = cashier.see("/billing/shared");
        let links = page.attributes(lifts, "href");
        let at = page.texts(lifts).iter().position(|name| name == "电梯电费").unwrap();
        let bill = links[at].clone();
        let page = cashier.see(&format!("{bill}/take-back")).says("将撤回 2026年11月的电梯电费：852 户，共 ¥27,100.88").says("其中 1 户已缴");
        let form = page.form("form[action$='/take-back']");
        let wrong = cashier.submit(form).status(422).form("form[action$='/take-back']");
        // Somebody pays meanwhile: it is looked at again.
        let other = json!({"home": "1-1-0102", "amount_fen": 10_000, "method": "cash"});
        app.api("cashier").post("/payments", &other).status(201);
        let stale = cashier.submit(wrong.set("reason", "总金额登记错了").forge("idempotency_key", "stale")).status(422);
        let form = stale.says("其中 2 户已缴").form("form[action$='/take-back']");
        assert_eq!(form.value("reason"), Some("总金额登记错了"));
        let open = cashier.submit(form.forge("idempotency_key", "again")).status(200).says("整张账单已撤回").says("未分摊").says("852 户，共 ¥27,100.88");

        let resident = app.visitor("resident");
        resident.see("/notifications").says("总金额登记错了");
        resident.see("/bills").says("已冲红");
        let form = open.form(&format!("form[action='{bill}']"));
        cashier.submit(form.set("total", "25560.00")).status(200);
        let preview = cashier.see("/billing/shared/preview?period=2026-11").says("852").says("¥25,560.00");
        cashier.submit(preview.form("form[action='/billing/runs']")).status(200);
        app.worker_once();
        resident.see("/bills").says("按建筑面积分摊：¥25560.00 × 89.86");
        resident.get(&format!("{bill}/take-back")).status(403);
        app.linli(&["check"]).ok();
    }

    fn what_homes_count_is_agreed_home_by_home(app: Community) {
        let cashier = app.visitor("cashier");
        let form = cashier.see("/billing/shares").says("每户都算 1 份").form("form[action='/billing/shares']");
        cashier.submit(form.clone().set("home", "9-9-9999").set("share", "2")).status(422).says("没有这套房屋");
        cashier.submit(form.clone().set("home", HOME).set("share", "多")).status(422).says("份额写作 1.5");
        cashier.submit(form.set("home", HOME).set("share", "0.5")).status(200).says(HOME).says("0.5");
        let file = app.file("b.csv", "名称,账期,总金额,分摊方式,适用\n电梯电费,2026-11,1703.00,份额,住宅\n");
        app.linli(&["import", "shared-bills", file.to_str().unwrap(), "--community", "JXHY"]).ok();
        app.linli(&SHARED).ok();
        app.visitor("resident").see("/bills").says("按份额分摊：¥1703.00 × 0.50 / 851.50 份 = ¥1.00");
    }
}
