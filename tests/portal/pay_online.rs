//! Somebody pays by WeChat or Alipay: asked for, scanned, told of or found by asking, booked once; and everything that
//! can go wrong between three machines.

use reqwest::blocking::Client;
use test_support::{Provider, Standing, Told, Trouble, both};

use crate::harness::{Community, HOME, Visitor};

const WECHAT: &str = "/channels/wechat/notifications";
const ALIPAY: &str = "/channels/alipay/notifications";

/// A portal with November billed, that is set up with both providers.
fn portal(app: &Community) -> Provider {
    app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
    let provider = Provider::start();
    for (name, value) in provider.wechat().into_iter().chain(provider.alipay()) {
        app.set(name, value);
    }
    app.restart();
    provider
}

/// The page of an order that somebody asks for, brought to its provider by the worker.
fn ask(app: &Community, who: &Visitor, channel: &str) -> String {
    let form = who.see(&format!("/homes/{HOME}/pay-online")).form_to("/pay-online");
    let page = who.submit(form.set("channel", channel)).status(200).says("正在生成二维码");
    app.worker_once();
    page.path().to_owned()
}

/// The provider's number of the only order.
fn only(provider: &Provider) -> String {
    let mut orders = provider.orders();
    assert_eq!(orders.len(), 1, "{orders:?}");
    orders.remove(0)
}

/// The provider tells the portal: status and body of what it is answered.
fn tell(app: &Community, path: &str, told: &Told) -> (u16, String) {
    let mut request = Client::new().post(format!("{}{path}", app.url())).body(told.body.clone());
    for (name, value) in &told.headers {
        request = request.header(name, value);
    }
    // A provider is no browser, but nothing of what a browser would say helps or hurts it.
    let answer = request.header("Sec-Fetch-Site", "cross-site").send().unwrap();
    (answer.status().as_u16(), answer.text().unwrap())
}

/// The receipts of the home, newest first.
fn receipts(who: &Visitor) -> Vec<String> {
    who.see(&format!("/homes/{HOME}/bills")).texts("a[href^='/receipts/']")
}

fn well(app: &Community) {
    app.linli(&["check"]).ok();
}

both! {
    fn a_resident_pays_by_wechat_and_the_page_says_so(app: Community) {
        let (resident, provider) = (app.visitor("resident"), portal(&app));
        resident.see("/bills").says("微信 / 支付宝缴费");
        let form = resident.see(&format!("/homes/{HOME}/pay-online")).form_to("/pay-online");
        assert_eq!(form.value("amount"), Some("263.61"));
        let wrong = resident.submit(form.clone().set("amount", "0.001").set("channel", "wechat")).status(422);
        assert_eq!(wrong.form_to("/pay-online").value("amount"), Some("0.001"), "what was typed is lost");
        resident.submit(form.clone().set("channel", "wechat").set("amount", "-1")).status(422);
        let order = ask(&app, &resident, "wechat");
        let page = resident.see(&order).says("请用微信").says("¥263.61").says("还剩 15 分钟");
        assert_eq!(page.texts(".qr svg").len(), 1);
        // The same once more is the same order.
        let again = resident.submit(form.set("channel", "wechat"));
        assert_eq!(again.path(), order);
        let number = only(&provider);
        provider.pays(&number);
        assert_eq!(tell(&app, WECHAT, &provider.wechat_tells(&number)), (204, String::new()));
        let page = resident.see(&order).says("已收到");
        assert!(page.attributes("#order[hx-get]", "hx-get").is_empty(), "it asks on");
        let receipt = resident.see(&page.attribute("a[href^='/receipts/']", "href"));
        receipt.says("微信支付").says(&format!("4200{number}")).says("¥263.61");
        resident.see("/bills").says("没有欠费");
        resident.see("/notifications").says("已收到 1-1-0101 的 ¥263.61");
        // Told again, it is thanked for and booked no second time.
        assert_eq!(tell(&app, WECHAT, &provider.wechat_tells(&number)).0, 204);
        app.clock_to("2026-11-22T12:00:00+08:00");
        app.worker_once();
        assert_eq!(receipts(&resident).len(), 1);
        well(&app);
    }

    fn a_notification_that_was_lost_is_made_up_for_by_asking_while_the_provider_stumbles(app: Community) {
        let (resident, provider) = (app.visitor("resident"), portal(&app));
        provider.next([Trouble::Status(500)]);
        let order = ask(&app, &resident, "alipay");
        resident.see(&order).says("正在生成二维码");
        assert!(provider.orders().is_empty());
        app.clock_to("2026-11-22T10:05:00+08:00");
        app.worker_once();
        let page = resident.see(&order).says("支付宝");
        let number = only(&provider);
        assert_eq!(page.attribute("a[href^='https://qr.alipay.com/']", "href"), format!("https://qr.alipay.com/{number}"));
        provider.pays(&number);
        for (minute, trouble) in [(6, Trouble::WrongSignature), (7, Trouble::Close), (8, Trouble::Status(502))] {
            provider.next([trouble]);
            app.clock_to(&format!("2026-11-22T10:{minute:02}:00+08:00"));
            app.worker_once();
            assert_eq!(receipts(&resident), Vec::<String>::new(), "{trouble:?} was believed");
        }
        app.clock_to("2026-11-22T10:20:00+08:00");
        app.worker_once();
        resident.see(&order).says("已收到");
        assert_eq!(receipts(&resident).len(), 1);
        let asked = provider.requests().iter().filter(|asked| asked.ends_with("alipay.trade.precreate")).count();
        assert_eq!(asked, 1, "{:?}", provider.requests());
        well(&app);
    }

    fn told_by_many_at_once_and_asked_by_the_worker_it_is_booked_once(app: Community) {
        let (cashier, provider) = (app.visitor("cashier"), portal(&app));
        let order = ask(&app, &cashier, "wechat");
        let number = only(&provider);
        provider.pays(&number);
        app.clock_to("2026-11-22T10:01:00+08:00");
        let told = provider.wechat_tells(&number);
        std::thread::scope(|scope| {
            let tellers: Vec<_> = (0..8).map(|_| {
                let (url, told) = (app.url(), told.clone());
                scope.spawn(move || {
                    let mut request = Client::new().post(format!("{url}{WECHAT}")).body(told.body);
                    for (name, value) in &told.headers {
                        request = request.header(name, value);
                    }
                    request.send().unwrap().status().as_u16()
                })
            }).collect();
            app.worker_once();
            for teller in tellers {
                assert_eq!(teller.join().unwrap(), 204);
            }
        });
        cashier.see(&order).says("已收到");
        assert_eq!(receipts(&cashier).len(), 1);
        cashier.see("/pay-orders").says("已入账").says("1-1-0101");
        cashier.see("/closing").says("¥263.61");
        well(&app);
    }

    fn what_no_provider_signed_changes_nothing(app: Community) {
        let (resident, provider) = (app.visitor("resident"), portal(&app));
        let order = ask(&app, &resident, "wechat");
        let number = only(&provider);
        provider.pays(&number);
        let right = provider.wechat_tells(&number);
        let mut changed = right.clone();
        let at = changed.body.len() / 2;
        changed.body[at] ^= 1;
        let mut unsigned = right.clone();
        unsigned.headers.clear();
        let long = Told { body: vec![b'x'; 70_000], ..right.clone() };
        let empty = Told { body: Vec::new(), ..right.clone() };
        for (told, expected) in [
            (&changed, 500),
            (&unsigned, 500),
            (&empty, 500),
            (&provider.wechat_told(&number, 400), 500),
            (&provider.wechat_told(&number, -400), 500),
            (&long, 413),
        ] {
            let (status, body) = tell(&app, WECHAT, told);
            assert_eq!(status, expected, "{body}");
            assert!(expected == 413 || body.contains("\"code\":\"FAIL\""), "{body}");
        }
        assert_eq!(tell(&app, ALIPAY, &right), (200, "fail".to_owned()));
        resident.see(&order).says("还剩");
        assert_eq!(receipts(&resident), Vec::<String>::new());
        assert_eq!(tell(&app, WECHAT, &right).0, 204);
        assert_eq!(receipts(&resident).len(), 1);
        // Keys and what was sealed are in no log.
        for (_, secret) in provider.wechat().into_iter().filter(|(name, _)| name.ends_with("KEY")) {
            assert!(!app.log().contains(&secret));
        }
        well(&app);
    }

    fn what_came_late_is_booked_and_what_is_another_sum_is_not(app: Community) {
        let (resident, cashier, provider) = (app.visitor("resident"), app.visitor("cashier"), portal(&app));
        let order = ask(&app, &resident, "wechat");
        let late = only(&provider);
        app.clock_to("2026-11-22T10:30:00+08:00");
        resident.see(&order).says("已过付款时间");
        app.worker_once();
        resident.see(&order).says("过期未付");
        assert_eq!(provider.standing(&late), Some(Standing::Closed), "nobody can pay what is over");
        // It was paid in the last second all the same.
        provider.pays(&late);
        assert_eq!(tell(&app, WECHAT, &provider.wechat_tells(&late)).0, 204);
        resident.see(&order).says("已收到");

        let form = resident.see(&format!("/homes/{HOME}/pay-online")).form_to("/pay-online");
        let order = resident.submit(form.set("amount", "10").set("channel", "alipay")).status(200).path().to_owned();
        app.worker_once();
        let other = provider.orders().into_iter().find(|number| *number != late).unwrap();
        provider.pays_sum(&other, Some(999));
        let keys = provider.alipay();
        let told = provider.alipay_tells(&other, &keys[0].1, &keys[1].1);
        assert_eq!(tell(&app, ALIPAY, &told), (200, "success".to_owned()));
        assert_eq!(tell(&app, ALIPAY, &told), (200, "success".to_owned()));
        resident.see(&order).says("没有入账").says("¥9.99");
        assert_eq!(receipts(&resident).len(), 1, "only what was asked for is booked");
        let told = cashier.see("/notifications");
        assert_eq!(told.texts("main li").iter().filter(|text| text.contains("要人处理")).count(), 1);
        cashier.see("/pay-orders?state=failed").says("没有入账");
        // The cashier takes it by hand, and says so once.
        let order = order.as_str();
        assert!(resident.see(order).texts("form[action$='/handle']").is_empty());
        let form = cashier.see(order).form_to("/handle");
        cashier.submit(form.clone().set("note", " ")).status(422).says("必填");
        let noted = form.set("note", "原路退回 ¥9.99");
        cashier.submit(noted.clone()).status(200).says("已处理").says("原路退回 ¥9.99");
        cashier.submit(noted.forge("idempotency_key", "again")).status(422).says("已经有人处理");
        cashier.see("/pay-orders?state=failed").says("原路退回");
        well(&app);
    }

    fn an_order_whose_provider_never_answers_goes_to_the_cashiers_after_three_days(app: Community) {
        let (resident, cashier, provider) = (app.visitor("resident"), app.visitor("cashier"), portal(&app));
        let order = ask(&app, &resident, "wechat");
        drop(provider);
        app.clock_to("2026-11-25T10:14:00+08:00");
        app.worker_once();
        resident.see(&order).says("已过付款时间");
        app.clock_to("2026-11-25T11:30:00+08:00");
        app.worker_once();
        resident.see(&order).says("没有答复");
        let told = cashier.see("/notifications");
        assert_eq!(told.texts("main li").iter().filter(|text| text.contains("没有答复")).count(), 1);
        cashier.submit(cashier.see(&order).form_to("/handle").set("note", "没有付款")).status(200).says("没有付款");
        well(&app);
    }

    fn a_portal_that_was_killed_books_what_was_paid_meanwhile(app: Community) {
        let (resident, provider) = (app.visitor("resident"), portal(&app));
        let order = ask(&app, &resident, "wechat");
        let number = only(&provider);
        app.kill();
        provider.pays(&number);
        app.start();
        app.clock_to("2026-11-22T10:10:00+08:00");
        app.worker_once();
        resident.see(&order).says("已收到");
        assert_eq!(receipts(&resident).len(), 1);
        well(&app);
    }

    fn an_order_that_is_given_up_or_replaced_is_closed_there_too(app: Community) {
        let (resident, provider) = (app.visitor("resident"), portal(&app));
        let order = ask(&app, &resident, "wechat");
        let first = only(&provider);
        let form = resident.see(&format!("/homes/{HOME}/pay-online")).says("已有一张支付单").form_to("/pay-online");
        let second = resident.submit(form.set("amount", "5").set("channel", "wechat")).path().to_owned();
        app.worker_once();
        resident.see(&order).says("换了一张新的支付单");
        assert_eq!(provider.standing(&first), Some(Standing::Closed));
        let close = resident.see(&second).form_to("/close");
        resident.submit(close.clone()).status(200).says("已关闭");
        resident.submit(close.forge("idempotency_key", "again")).status(422).says("已经结束");
        app.worker_once();
        let third = provider.orders().into_iter().find(|number| *number != first).unwrap();
        assert_eq!(provider.standing(&third), Some(Standing::Closed));
        well(&app);
    }

    fn a_stranger_sees_no_order_and_without_a_provider_there_is_none_to_pay_with(app: Community) {
        let (resident, provider) = (app.visitor("resident"), portal(&app));
        let order = ask(&app, &resident, "wechat");
        for role in ["technician", "officer"] {
            assert!(matches!(app.visitor(role).get(&order).0.status, 403 | 404), "{role}");
        }
        assert_eq!(resident.get("/practice/ZF2026112200011234abcd").0.status, 404, "no rehearsal beside real money");
        drop(provider);
        app.worker_once();
        resident.see(&order).says("还剩");
    }

    fn in_a_rehearsal_one_clicks_through_and_no_money_moves(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let resident = app.visitor("resident");
        let form = resident.see(&format!("/homes/{HOME}/pay-online")).says("演练").form_to("/pay-online");
        assert_eq!(form.value("channel"), Some("practice"));
        resident.submit(form.clone().forge("channel", "wechat")).status(422);
        let order = resident.submit(form).status(200).path().to_owned();
        app.worker_once();
        let link = resident.see(&order).says("不动真钱").attribute("a[href*='/practice/']", "href");
        let wallet = link[link.find("/practice/").unwrap()..].to_owned();
        let pay = resident.see(&wallet).says("演练").form_to(&wallet);
        resident.submit(pay.clone()).status(200).says("已收到");
        resident.submit(pay.forge("idempotency_key", "again")).status(200).says("已收到");
        assert_eq!(receipts(&resident).len(), 1);
        well(&app);
    }
}

#[test]
fn settings_that_are_half_there_are_refused_and_the_doctor_tries_the_rest() {
    let app = crate::harness::App::stopped(test_support::Kind::Sqlite);
    let provider = Provider::start();
    let (mut wechat, alipay) = (provider.wechat(), provider.alipay());
    wechat.retain(|(name, _)| *name != "LINLI_WECHAT_APIV3_KEY");
    for (name, value) in &wechat {
        app.set(name, value.clone());
    }
    let ran = app.linli(&["worker", "--once"]);
    assert!(format!("{ran:?}").contains("LINLI_WECHAT_APIV3_KEY"), "{ran:?}");

    app.set("LINLI_WECHAT_APIV3_KEY", "a key of thirty-two characters..");
    for (name, value) in &alipay {
        app.set(name, value.clone());
    }
    let found = doctor(&app);
    assert!(found["well"] == true && found["seen"].as_str().unwrap().contains("wechat, alipay"), "{found}");
    assert_eq!(provider.requests().len(), 2, "both were really asked");
    provider.next([Trouble::Status(503)]);
    assert_eq!(doctor(&app)["advice"], "pay_provider");
    app.set("LINLI_ALIPAY_KEY", "hush");
    let found = doctor(&app);
    assert!(
        found["advice"] == "pay_keys" && found["seen"].as_str().unwrap().contains("LINLI_ALIPAY_KEY"),
        "{found}"
    );
}

fn doctor(app: &crate::harness::App) -> serde_json::Value {
    let said = app.linli(&["doctor"]).refused().out();
    assert!(!said.contains("PRIVATE KEY") && !said.contains("hush"), "a secret is in what it says: {said}");
    let said: serde_json::Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    let found = said["findings"].as_array().unwrap().iter().find(|one| one["what"] == "payments");
    found.unwrap_or_else(|| panic!("no payments in {said}")).clone()
}
