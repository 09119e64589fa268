//! What a repair costs, as people meet it: the manager keeps categories, prices and holidays, the desk the
//! store and the board, the technician offers a quote, the resident agrees and finds it on the bill.

use test_support::both;

use crate::harness::{Community, HOME, Page, Visitor, photo};

both! {
    fn a_quote_is_agreed_to_and_stands_on_the_bill(app: Community) {
        let (manager, desk) = (app.visitor("manager"), app.visitor("desk"));
        price(&manager, ("unblock", "labour", "疏通管道", "60.00", "次"));
        price(&manager, ("valve", "material", "角阀", "25.00", "个"));
        let wrong = manager.see("/settings/prices/new").form("form[action='/settings/prices']");
        let wrong = wrong.set("code", "x").set("kind", "labour").set("zh", "坏").set("en", "Bad").set("unit", "次").set("price", "贵");
        let again = manager.submit(wrong).status(422).form("form[action='/settings/prices']");
        assert_eq!(again.value("zh"), Some("坏"));

        let receipt = desk.see("/stock").form("form[action='/stock/receipts']");
        desk.submit(receipt.set("item", "valve").set("quantity", "3").set("note", "五金店")).status(200).says("3 个");

        let number = report(&app);
        let board = desk.see("/dispatch");
        assert!(board.words().contains("技能对口"), "{}", board.words());
        let order = board.attribute("input[name=order]", "value");
        assert!(order.starts_with(&number));
        let nothing = desk.submit(board.form("form[action='/dispatch']"));
        nothing.status(422);
        let sent = desk.see("/dispatch").form("form[action='/dispatch']").set("order", &order);
        desk.submit(sent).status(200).says("没有待派的单");

        let technician = app.visitor("technician");
        for action in ["take", "arrive"] {
            step(&technician, &number, action, &[]).status(200);
        }
        let odd = step(&technician, &number, "quote", &[("item_1", "unblock"), ("quantity_1", "多")]);
        odd.status(422);
        step(&technician, &number, "quote", &[("item_1", "unblock"), ("quantity_1", "1"), ("item_2", "valve"), ("quantity_2", "2")])
            .status(200).says("¥110.00");
        let early = finish(&technician, &number, &[]);
        early.status(422).says("住户同意报价后才能完工收费");

        let resident = app.visitor("resident");
        let page = resident.see(&format!("/cases/{number}"));
        for words in ["住户自费", "2026-01-24 已到期", "疏通管道", "角阀", "¥110.00"] {
            assert!(page.words().contains(words), "{words}: {}", page.words());
        }
        step(&resident, &number, "agree", &[]).status(200);
        step(&resident, &number, "disagree", &[]).status(200);
        step(&resident, &number, "agree", &[]).status(200);
        let too_much = finish(&technician, &number, &[("item_1", "valve"), ("quantity_1", "4")]);
        too_much.status(422).says("库存只有 3 个");
        finish(&technician, &number, &[("item_1", "valve"), ("quantity_1", "2")]).status(200).says("角阀 2 个");

        let bill = resident.see(&format!("/homes/{HOME}/bills"));
        for words in ["维修服务费", "疏通管道 1 次 × ¥60.00 + 角阀 2 个 × ¥25.00 = ¥110.00"] {
            assert!(bill.words().contains(words), "{words}: {}", bill.words());
        }
        // A billing run leaves the service alone, and is sound beside it.
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        desk.see("/stock/month?month=2026-11").says("月度维修库存记录").says(&number).says("角阀");
        let csv = desk.get("/stock/month.csv?month=2026-11").status(200).words();
        assert!(csv.contains("valve,角阀,个,0,3,2,0,1,2500,5000"), "{csv}");
        let count = desk.see("/stock").form("form[action='/stock/counts']");
        desk.submit(count.set("item", "valve").set("quantity", "0")).status(422);
        app.linli(&["check"]).ok();
    }

    fn a_quote_begins_with_the_usual_price_and_can_be_refused(app: Community) {
        let manager = app.visitor("manager");
        price(&manager, ("unblock", "labour", "疏通管道", "60.00", "次"));
        let category = manager.see("/settings/categories/water.blocked").form("form[action='/settings/categories/water.blocked']");
        manager.submit(category.set("price_item", "unblock")).status(200);
        let number = report(&app);
        let (desk, technician, resident) = (app.visitor("desk"), app.visitor("technician"), app.visitor("resident"));
        let order = desk.see("/dispatch").attribute("input[name=order]", "value");
        desk.submit(desk.see("/dispatch").form("form[action='/dispatch']").set("order", &order)).status(200);
        for action in ["take", "arrive"] {
            step(&technician, &number, action, &[]).status(200);
        }
        let quote = technician.see(&format!("/cases/{number}")).form(&format!("form[action='/cases/{number}/quote']"));
        assert_eq!((quote.value("item_1"), quote.value("quantity_1")), (Some("unblock"), Some("1")));
        technician.submit(quote).status(200).says("¥60.00");
        let silent = step(&resident, &number, "refuse", &[("reason", " ")]).status(422).says("必填");
        assert!(silent.words().contains("没有您的同意不会收费"));
        step(&resident, &number, "refuse", &[("reason", "太贵，想自己找人")]).status(200).says("住户不同意");
        let page = technician.see(&format!("/cases/{number}"));
        page.says("住户的理由：太贵，想自己找人");
        technician.see("/notifications").says("住户不同意报价");
        finish(&technician, &number, &[]).status(200);
        let bill = resident.see(&format!("/homes/{HOME}/bills"));
        bill.says_nothing_of("维修服务费");
        app.linli(&["check"]).ok();
    }

    fn a_manager_keeps_the_holidays_and_the_categories(app: Community) {
        let manager = app.visitor("manager");
        manager.see("/settings").says("2027 年的节假日还没有填");
        manager.see("/settings/holidays?year=2026").says("国庆节调休");
        let form = |page: &Page| page.form("form[action='/settings/holidays']");
        let next = manager.see("/settings/holidays?year=2027");
        let wrong = form(&next).set("day", "2027-02-30").set("kind", "off").set("name", "春节");
        assert_eq!(form(&manager.submit(wrong).status(422)).value("name"), Some("春节"));
        let right = form(&next).set("day", "2027-01-01").set("kind", "off").set("name", "元旦");
        manager.submit(right).status(200).says("元旦");
        manager.see("/settings").says_nothing_of("2027 年的节假日还没有填");
        let gone = manager.see("/settings/holidays?year=2027").form("form[action='/settings/holidays/remove']");
        manager.submit(gone).status(200).says("2027 年还没有填");

        let new = manager.see("/settings/categories/new").form("form[action='/settings/categories']");
        let new = new.set("code", "pool.pump").set("zh", "泳池水泵").set("en", "Pool pump").set("kind", "repair");
        let new = new.set("skill", "电").set("urgency", "urgent").set("part", "public").set("warranty", "installation");
        manager.submit(new).status(200).says("泳池水泵");
        let number = reported(&app, "pool.pump");
        app.visitor("desk").see("/cases").says("泳池水泵").says(&number);
        app.visitor("desk").see("/notifications").says("泳池水泵");
        let kept = manager.see("/settings/categories/pool.pump").form("form[action='/settings/categories/pool.pump']");
        assert_eq!(kept.value("en"), Some("Pool pump"));
        let remove = manager.see("/settings/categories/pool.pump").form("form[action='/settings/categories/pool.pump/remove']");
        manager.submit(remove).status(200).says("类别已停用");
        let program = app.api("resident");
        let again = serde_json::json!({"kind": "repair", "home": HOME, "category": "pool.pump", "text": "又坏"});
        let refused = program.post("/cases", &again).status(422).json();
        assert_eq!(refused["errors"][0]["field"], "category");
        assert_eq!(refused["errors"][0]["code"], "retired_category");
        let codes: Vec<String> = program.get("/categories").status(200).json()["items"].as_array().unwrap().iter()
            .map(|one| one["code"].as_str().unwrap().to_owned()).collect();
        assert!(codes.contains(&"service.parking".to_owned()) && !codes.contains(&"pool.pump".to_owned()));
        app.visitor("resident").see(&format!("/cases/{number}")).says("泳池水泵");
    }

    fn many_reports_of_one_thing_become_one_incident(app: Community) {
        let first = reported(&app, "water.leak");
        let second = reported(&app, "water.leak");
        let desk = app.visitor("desk");
        // What the desk registers is held against what runs there, before it is registered.
        let form = |page: &Page| page.form("form[action='/repairs/register']");
        let typed = form(&desk.see("/repairs/register")).set("home", HOME).set("category", "water.leak").set("text", "厨房也漏");
        let asked = desk.submit(typed).status(200).says(&first).says("再按一次");
        desk.submit(form(&asked)).status(200).says("厨房也漏").says("已登记");
        let page = desk.see("/incidents").says(&first).says(&second);
        let form = page.form("form[action='/incidents']");
        desk.submit(form).status(422);
        let form = desk.see("/incidents").form("form[action='/incidents']").set("notice", "主管爆裂，正在抢修。");
        desk.submit(form).status(200).says("报修人都已通知");
        let resident = app.visitor("resident");
        resident.see("/notifications").says("主管爆裂，正在抢修。").says(HOME);
        resident.see(&format!("/cases/{second}")).says(&first);
        app.linli(&["check"]).ok();
    }
}

fn price(manager: &Visitor, (code, kind, name, price, unit): (&str, &str, &str, &str, &str)) {
    let form = manager.see("/settings/prices/new").form("form[action='/settings/prices']");
    let form = form.set("code", code).set("kind", kind).set("zh", name).set("en", code).set("unit", unit);
    manager.submit(form.set("price", price)).status(200).says(name);
}

fn report(app: &Community) -> String {
    reported(app, "water.blocked")
}

fn reported(app: &Community, category: &str) -> String {
    let report = serde_json::json!({"kind": "repair", "home": HOME, "category": category, "text": "坏了"});
    let opened = app.api("resident").post("/cases", &report).status(201).json();
    opened["number"].as_str().unwrap().to_owned()
}

fn step(who: &Visitor, number: &str, action: &str, typed: &[(&str, &str)]) -> Page {
    let form = who.see(&format!("/cases/{number}")).form(&format!("form[action='/cases/{number}/{action}']"));
    who.submit(typed.iter().fold(form, |form, (name, value)| form.set(name, value)))
}

fn finish(who: &Visitor, number: &str, typed: &[(&str, &str)]) -> Page {
    let form = who.see(&format!("/cases/{number}")).form(&format!("form[action='/cases/{number}/finish']"));
    let form = form.set("work", "疏通").set("cause", "油污").set("minutes", "30");
    let form = form.attach("attachments", "after.jpg", "image/jpeg", &photo());
    who.submit(typed.iter().fold(form, |form, (name, value)| form.set(name, value)))
}
