//! What is wrong in the ledger, put right page by page: a charge reversed and made anew, a waiver, a refund, a
//! void, each with the second person that it needs, and the account afterwards.

use serde_json::json;
use test_support::both;

use crate::harness::{Community, Form, HOME, Page, Program, Visitor};

/// The property fee and the refuse fee of a month.
const MONTH: i64 = 25_161 + 1_200;

both! {
    fn a_charge_is_reversed_and_made_anew_and_who_pays_reads_of_it(app: Community) {
        bill(&app, "2026-11");
        let (cashier, account) = (app.visitor("cashier"), app.api("resident"));
        pay(&cashier, "100");
        let page = open(&cashier, "reverse").says("将冲红 1-1-0101 的物业管理费").says("¥251.61");
        let page = page.says("SJ20261122-0001").says("¥100.00");
        let form = page.form_to("/reverse");
        cashier.submit(form.clone().set("reason", "  ")).status(422).says("必填");
        let form = form.set("reason", "面积登记有误");
        let done = cashier.submit(form.clone()).status(200).says("缴费人会收到通知").says("原因：面积登记有误");
        assert_eq!((books(&account), path(&done)), ((1_200 - 10_000, 10_000), "/homes/1-1-0101/bills"));

        cashier.submit(form.clone()).status(200);
        cashier.submit(form.forge("idempotency_key", "pressed anew")).status(422).says("已经冲红");
        assert_eq!(books(&account), (1_200 - 10_000, 10_000), "it was reversed once");

        let again = open(&cashier, "again").says("重新计").says("89.86 ㎡ × ¥2.80");
        let form = again.form_to("/again");
        cashier.submit(form.clone()).status(200).says("已重新计费");
        assert_eq!(books(&account), (MONTH - 10_000, 0), "the prepayment was used");
        cashier.submit(form.clone().forge("idempotency_key", "another")).status(422).says("已经重新计费");
        cashier.get(&form.action).status(200).says("已经重新计费");

        let resident = app.visitor("resident");
        resident.see("/bills").says("已冲红").says("原因：面积登记有误").says_nothing_of("重新计费");
        resident.see("/notifications").says("有一笔费用已冲红").says("重新计费为 ¥251.61");
        app.linli(&["check"]).ok();
    }

    fn what_changed_while_somebody_thought_is_looked_at_again(app: Community) {
        bill(&app, "2026-11");
        let (cashier, account) = (app.visitor("cashier"), app.api("resident"));
        let (reverse, waive) = (open(&cashier, "reverse"), open(&cashier, "waive"));
        pay(&cashier, "51.61");
        let stale = cashier.submit(reverse.form_to("/reverse").set("reason", "录错房号")).status(422);
        let stale = stale.says("刚才有变动").says("SJ20261122-0001");
        assert_eq!(stale.form_to("/reverse").value("reason"), Some("录错房号"), "what was typed is lost");
        let waive = waive.form_to("/waive").set("amount", "200").set("reason", "停电");
        let stale = cashier.submit(waive).status(422).says("刚才有变动");
        assert_eq!(books(&account).0, MONTH - 5_161);
        cashier.submit(stale.form_to("/waive")).status(200).says("已减免");
        assert_eq!(books(&account).0, MONTH - 5_161 - 20_000);
        app.linli(&["check"]).ok();
    }

    fn lists_are_sorted_by_links_that_need_no_script(app: Community) {
        bill(&app, "2026-11");
        let manager = app.visitor("manager");
        let first = |address: &str| manager.see(address).texts("tbody tr th").remove(0);
        assert_eq!(first("/arrears?sort=register"), HOME);
        assert_ne!(first("/arrears?sort=open"), HOME, "a shop owes more");
        let links = manager.see("/arrears?sort=open").texts(".sorting a");
        assert_eq!(links, ["到期多的在前", "欠得久的在前", "房屋顺序"], "the present order is no link");
        for list in ["/arrears", "/cases", "/visits/team", "/manager"] {
            manager.get(&format!("{list}?sort=colour")).status(422);
        }
        let desk = app.api("desk");
        let report = |category: &str| json!({"kind": "repair", "home": HOME, "category": category, "text": "坏了", "channel": "phone"});
        let numbers = ["door.lock", "water.leak"].map(|category| desk.post("/cases", &report(category)).status(201).json()["number"].clone());
        assert_eq!(json!(first("/cases?sort=newest")), numbers[1]);
        assert_eq!(json!(first("/cases?sort=due")), json!(first("/cases")));
    }

    fn a_waiver_above_the_years_limit_waits_for_a_manager(app: Community) {
        for month in ["2026-09", "2026-10", "2026-11"] {
            bill(&app, month);
        }
        let (cashier, manager, account) = (app.visitor("cashier"), app.visitor("manager"), app.api("resident"));
        let page = open(&cashier, "waive").says("¥500.00");
        for (typed, said) in [("-5", "应大于零"), ("0", "应大于零"), ("0.001", "金额写作"), ("１２", "金额写作"), ("1e2", "金额写作"), ("251.62", "超过未缴的金额"), ("", "必填")] {
            let form = page.form_to("/waive").set("amount", typed).set("reason", "电梯停运");
            let wrong = cashier.submit(form).status(422).says(said);
            assert_eq!(wrong.form_to("/waive").value("amount"), Some(typed), "what was typed is lost");
        }
        waive(&cashier, 0, "251.61").says("已减免");
        assert_eq!(books(&account).0, 3 * MONTH - 25_161);
        waive(&cashier, 1, "251.61").says("等经理批准").says("减免待批");
        assert_eq!(books(&account).0, 3 * MONTH - 25_161, "what waits is not in the ledger");

        let own = cashier.see("/corrections").says("您提交的");
        assert!(own.texts("form[action$='/make']").is_empty());
        let withdraw = own.form_to("/withdraw");
        let make = withdraw.clone().to(&withdraw.action.replace("withdraw", "make"));
        cashier.submit(make).status(403).says("您的岗位不能做这件事");
        manager.see("/notifications").says("有一项减免等您批准");
        assert_eq!(manager.see("/manager").says("等您审批").attribute(".notice.needs a", "href"), "/corrections");
        let page = manager.see("/corrections").says("减免 ¥251.61：1-1-0101").says("电梯停运");
        manager.submit(page.form_to("/refuse").clear("answer")).status(422).says("必填");
        manager.submit(page.form_to("/make")).status(200).says("已办理");
        manager.submit(page.form_to("/make").forge("idempotency_key", "again")).status(422).says("已经办理过了");
        assert_eq!(books(&account).0, 3 * MONTH - 2 * 25_161);

        waive(&manager, 2, "100").says("等经理批准");
        manager.see("/manager").says_nothing_of("等您审批");
        let own = manager.see("/corrections").form_to("/withdraw");
        let make = own.clone().to(&own.action.replace("withdraw", "make"));
        manager.submit(make).status(422).says("不能办理自己提交的");
        cashier.submit(bare(&cashier, &own.action)).status(422).says("不能撤回");
        manager.submit(own).status(200).says("已撤回");
        waive(&cashier, 2, "100").says("等经理批准");
        let refuse = manager.see("/corrections").form_to("/refuse").set("answer", "没有依据");
        manager.submit(refuse).status(200).says("没有依据");
        cashier.see("/notifications").says("没有同意").says("没有依据");
        assert_eq!(books(&account).0, 3 * MONTH - 2 * 25_161);
        app.visitor("resident").see("/bills").says("已减免").says("原因：电梯停运");
        app.linli(&["check"]).ok();
    }

    fn money_is_given_back_by_another_than_who_took_it(app: Community) {
        bill(&app, "2026-11");
        let (cashier, manager, account) = (app.visitor("cashier"), app.visitor("manager"), app.api("resident"));
        let receipt = pay(&cashier, "300");
        assert_eq!(books(&account), (MONTH - 30_000, 3_639));
        let ask = cashier.get(&receipt.attribute("a[href$='/refund']", "href")).says("¥36.39").form_to("/refund");
        cashier.submit(ask.clone().set("amount", "36.40").set("reason", "多交")).status(422).says("超过了预存的金额");
        cashier.submit(ask.clone().set("reason", "多交")).status(200).says("等另一位同事");
        cashier.submit(ask.set("reason", "多交").forge("idempotency_key", "again")).status(422).says("已有申请在等待");
        assert_eq!(books(&account), (MONTH - 30_000, 3_639), "asking moves no money");
        let own = cashier.see("/corrections").form_to("/withdraw");
        cashier.submit(own.clone().to(&own.action.replace("withdraw", "make"))).status(422).says("不能办理自己提交的");
        manager.submit(manager.see("/corrections").says("退款 ¥36.39").form_to("/make")).status(200).says("已办理");
        assert_eq!(books(&account), (0, 0));
        let resident = app.visitor("resident");
        resident.see("/notifications").says("退款 ¥36.39");
        resident.see("/receipts/SJ20261122-0001").says("已退").says("¥36.39");

        // All that was paid of a charge: who took the money cannot give it back, even where somebody else asks.
        let form = open(&manager, "refund").says("¥251.61").form_to("/refund").set("reason", "重复收取");
        manager.submit(form.clone()).status(200).says("退款待办");
        cashier.submit(cashier.see("/corrections").form_to("/make")).status(422).says("自己收的款");
        manager.submit(manager.see("/corrections").form_to("/withdraw")).status(200);
        let form = open(&cashier, "refund").form_to("/refund").set("reason", "重复收取");
        cashier.submit(form).status(200);
        manager.submit(manager.see("/corrections").form_to("/make")).status(200);
        assert_eq!(books(&account), (0, 0), "the charge is gone and its money too");
        resident.see("/bills").says("已退款").says("已冲红").says("重复收取");
        app.linli(&["check"]).ok();
    }

    fn a_payment_is_voided_by_somebody_else(app: Community) {
        bill(&app, "2026-11");
        let (cashier, manager, account) = (app.visitor("cashier"), app.visitor("manager"), app.api("resident"));
        let receipt = pay(&cashier, "263.61").says_nothing_of("作废");
        let page = manager.see(receipt.path());
        let page = manager.get(&page.attribute("a[href$='/void']", "href")).says("将作废收据 SJ20261122-0001");
        cashier.submit(cashier.get(page.path()).form_to("/void").set("reason", "录错")).status(422).says("自己收的款");
        manager.submit(page.form_to("/void")).status(422).says("必填");
        manager.submit(page.form_to("/void").set("reason", "录错房号")).status(200).says("录错房号");
        let twice = page.form_to("/void").set("reason", "录错房号").forge("idempotency_key", "again");
        manager.submit(twice).status(422).says("已经作废");
        assert_eq!(books(&account), (MONTH, 0));
        app.linli(&["check"]).ok();
    }

    fn nobody_corrects_what_is_not_theirs_to_correct(app: Community) {
        bill(&app, "2026-11");
        let cashier = app.visitor("cashier");
        let own = open(&cashier, "reverse").form_to("/reverse").set("reason", "x");
        let other = own.action.replace(HOME, "1-1-0102");
        for path in [&other, "/homes/9-9-9999/charges/1/reverse", "/homes/1-1-0101/charges/999999/waive", "/homes/1-1-0101/charges/1/erase", "/payments/999999/refund"] {
            cashier.get(path).status(404);
        }
        cashier.submit(own.clone().to(&other)).status(404);
        cashier.submit(bare(&cashier, "/corrections/999999/make")).status(404);
        for role in ["resident", "desk", "steward", "supervisor"] {
            let who = app.visitor(role);
            assert!(matches!(who.get(&own.action).0.status, 403 | 404), "{role}");
            assert!(matches!(who.submit(bare(&who, &own.action)).0.status, 403 | 404), "{role}");
            assert!(matches!(who.get("/corrections").0.status, 403 | 404), "{role}");
        }
        assert_eq!(books(&app.api("resident")).0, MONTH);
    }
}

fn bill(app: &Community, period: &str) {
    app.linli(&["bill", "--community", "JXHY", "--period", period]).ok();
}

/// The balance and the prepayment of the home.
fn books(resident: &Program) -> (i64, i64) {
    let account = resident.get(&format!("/homes/{HOME}/account")).status(200).json();
    (account["balance_fen"].as_i64().unwrap(), account["prepaid_fen"].as_i64().unwrap())
}

/// Takes cash; the receipt.
fn pay(cashier: &Visitor, yuan: &str) -> Page {
    let form = cashier.see(&format!("/homes/{HOME}/pay")).form_to("/pay").set("amount", yuan);
    cashier.submit(form).status(200)
}

/// The page that asks before it does something to the newest month's property fee.
fn open(who: &Visitor, act: &str) -> Page {
    open_of(who, 0, act)
}

/// The same of a month, counted from the newest: each has a section of its own below what is owed.
fn open_of(who: &Visitor, month: usize, act: &str) -> Page {
    let bills = who.see(&format!("/homes/{HOME}/bills"));
    let link = format!("section:nth-of-type({}) details:first-of-type a[href$='/{act}']", month + 2);
    who.see(&bills.attribute(&link, "href"))
}

fn waive(who: &Visitor, month: usize, yuan: &str) -> Page {
    let form = open_of(who, month, "waive").form_to("/waive").set("amount", yuan).set("reason", "电梯停运");
    who.submit(form).status(200)
}

/// A form with nothing in it but what every form of theirs carries.
fn bare(who: &Visitor, action: &str) -> Form {
    who.see("/account").form_to("/logout").to(action)
}

fn path(page: &Page) -> &str {
    page.path().split('?').next().unwrap_or_default()
}
