//! A bank's statement from the upload to the last line that was decided by hand: by page, by program, by command.

use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Answer, App, Community, HOME, Page, Program, Visitor, data};

const HEAD: &str = "交易日期,对方户名,借方金额,贷方金额,摘要,流水号\n";

fn november() -> Vec<u8> {
    std::fs::read(data("bank_2026-11.csv")).unwrap()
}

both! {
    fn a_cashier_looks_at_a_statement_takes_it_in_and_goes_through_what_waits(app: Community) {
        bill(&app);
        let cashier = app.visitor("cashier");
        cashier.see("/bank").says("还没有导入过对账单");
        let draft = send(&cashier, &november()).status(200).says("按“通用").says("写明了房屋，付款人是这一户的");
        assert_eq!(draft.texts(".figure b"), ["200", "20", "2", "0"]);
        assert_eq!(receipts(&app), 0, "looking books nothing");
        let statement = cashier.submit(draft.form_to(&path_end(&draft))).status(200).says("能确定的已经入账");
        statement.says("6-2-0101").says("SJ20261122-0001");
        assert_eq!(receipts(&app), 200);
        let again = send(&cashier, &november()).status(200).says("没有新的明细");
        cashier.submit(again.form_to("/discard")).status(200).says("已放弃");
        cashier.see("/bank").says("有 20 笔");

        let queue = cashier.see("/bank/queue").says("没写房屋，也不认识付款人");
        let one = cashier.see(&queue.attribute("a[href^='/bank/lines/']", "href"));
        let remembered = one.form_to("/book").set("home", "9-9-9999");
        cashier.submit(remembered).status(422).says("没有这套房屋");
        let found = cashier.see(&format!("{}?q=1-1-01", one.path())).says(HOME);
        cashier.submit(found.form("form[action$='/book']")).status(200).says("已入账并开具收据");
        assert_eq!(receipts(&app), 201);
        cashier.submit(one.form_to("/book").set("home", HOME)).status(409);
        let next = cashier.see(&cashier.see("/bank/queue").attribute("a[href^='/bank/lines/']", "href"));
        cashier.submit(next.form_to("/aside").set("reason", "")).status(422).says("必填");
        cashier.submit(next.form_to("/aside").set("reason", "广告位租金")).status(200).says("已搁置");
        let aside = cashier.see(next.path()).says("广告位租金");
        cashier.submit(aside.form_to("/again")).status(200).says("已回到待处理");
        app.linli(&["check"]).ok();
    }

    fn a_format_that_no_preset_knows_is_written_down_on_a_page(app: Community) {
        let cashier = app.visitor("cashier");
        let text = "记账日,往来方,进账,说明\n2026-11-20,某平台,12.34,代收\n";
        let unknown = send(&cashier, text.as_bytes()).status(422).says("认不出这份对账单的表头");
        assert_eq!(unknown.path(), "/bank");
        let form = cashier.see("/bank/profile").form("form[action='/bank/profile']").set("name", "本地银行");
        cashier.submit(form.clone()).status(422).says("必填");
        let form = form.set("day", "记账日").set("payer", "往来方").set("credit", "进账").set("text", "说明、备注");
        cashier.submit(form).status(200).says("本地银行").says("本小区");
        send(&cashier, text.as_bytes()).status(200).says("按“本地银行”的格式读取");
        let changed = cashier.see("/bank/profile?name=%E4%B8%AD%E5%9B%BD%E9%93%B6%E8%A1%8C");
        assert_eq!(changed.form("form[action='/bank/profile']").value("amount"), Some("交易金额"));
        let own = cashier.see("/bank/profile?name=%E6%9C%AC%E5%9C%B0%E9%93%B6%E8%A1%8C");
        cashier.submit(own.form_to("/remove")).status(200).says_nothing_of("本地银行");
        app.linli(&["check"]).ok();
    }

    fn a_draft_with_bad_rows_is_taken_in_without_them_only_where_one_says_so(app: Community) {
        bill(&app);
        let cashier = app.visitor("cashier");
        let text = format!("{HEAD}2026-11-20,某平台,,12.34,代收,1\n2026-11-20,某平台,,0.001,代收,2\n");
        let draft = send(&cashier, text.as_bytes()).status(200).says("小数位太多");
        let form = draft.form_to(&path_end(&draft));
        let refused = cashier.submit(form.clone()).status(422).says("有看不懂的行");
        cashier.see("/bank").says_nothing_of("有 1 笔");
        cashier.submit(refused.form_to(&path_end(&draft)).set("skip_bad", "on")).status(200);
        cashier.see("/bank").says("有 1 笔、共 ¥12.34");
    }

    fn a_program_sends_a_statement_and_decides_what_waits(app: Community) {
        bill(&app);
        let cashier = app.api("cashier");
        let look = upload(&cashier, &november(), &[("dry_run", "true")]).status(201).json();
        let import = upload(&cashier, &november(), &[]).status(201).json();
        let tally = |import: &Value| {
            ["booked", "queued", "debits", "repeated"].map(|name| import["bank"][name].as_i64().unwrap())
        };
        assert_eq!((tally(&look), tally(&import)), ([200, 20, 1, 1], [200, 20, 1, 1]));
        assert_eq!((&import["rows"], &import["added"], &import["rejected"]), (&json!(222), &json!(222), &json!(0)));
        assert_eq!(cashier.get(&format!("/imports/{}", import["id"])).status(200).json(), import);
        let lines = cashier.get("/bank-lines?limit=5").status(200).json();
        assert_eq!(lines["items"].as_array().unwrap().len(), 5);
        let line = &lines["items"][0];
        let path = format!("/bank-lines/{}", line["id"]);
        assert_eq!(cashier.get(&path).status(200).json(), *line);
        let wrong = cashier.post(&format!("{path}/book"), &json!({"home": "9-9-9999"})).status(422);
        assert_eq!(wrong.json()["errors"][0]["field"], json!("home"));
        let booked = cashier.post(&format!("{path}/book"), &json!({"home": HOME, "version": line["version"]})).status(200).json();
        assert_eq!((&booked["state"], &booked["home"]), (&json!("booked"), &json!(HOME)));
        let receipt = cashier.get(&format!("/receipts/{}", booked["receipt"].as_str().unwrap())).status(200).json();
        assert_eq!((&receipt["method"], &receipt["amount_fen"]), (&json!("bank_statement"), &line["amount_fen"]));
        cashier.post(&format!("{path}/book"), &json!({"home": HOME})).status(409);
        let other = format!("/bank-lines/{}", lines["items"][1]["id"]);
        cashier.post(&format!("{other}/set-aside"), &json!({"reason": "租金"})).status(200);
        let repeated = cashier.get("/bank-lines?state=repeated").status(200).json()["items"][0]["id"].clone();
        let up = cashier.post(&format!("/bank-lines/{repeated}/take-up"), &json!({})).status(200).json();
        assert_eq!(up["state"], json!("queued"));
        cashier.get("/bank-lines?state=lost").status(422);
        for role in ["resident", "desk", "steward"] {
            let who = app.api(role);
            assert!(matches!(upload(&who, &november(), &[]).status, 403 | 404), "{role}");
            assert!(matches!(who.get(&path).status, 403 | 404), "{role}");
        }
        app.linli(&["check"]).ok();
    }

    fn a_cashier_sends_no_register(app: Community) {
        let file = Part::bytes(std::fs::read(crate::harness::register("homes.csv")).unwrap()).file_name("homes.csv");
        let form = Form::new().text("kind", "homes").part("file", file);
        app.api("cashier").upload("/imports", form).status(403);
    }

    fn a_command_takes_a_statement_in_and_says_what_became_of_it(app: Community) {
        bill(&app);
        let file = app.file("bank_2026-11.csv", november());
        let import = |more: &[&str]| {
            let mut words = vec!["import", "bank", file.to_str().unwrap(), "--community", "JXHY"];
            words.extend(more);
            app.linli(&words).ok().json()
        };
        let look = import(&["--dry-run"]);
        assert_eq!((&look["outcome"], &look["bank"]["tally"]["booked"], receipts(&app)), (&json!("dry_run"), &json!(200), 0));
        let done = import(&[]);
        assert_eq!((&done["added"], &done["bank"]["tally"]["queued"], receipts(&app)), (&json!(222), &json!(20), 200));
        let again = import(&[]);
        assert_eq!((&again["added"], &again["unchanged"], receipts(&app)), (&json!(0), &json!(222), 200));
        let cut = app.file("cut.csv", &november()[..9_001]);
        app.linli(&["import", "bank", cut.to_str().unwrap(), "--community", "JXHY"]).refused();
        let other = crate::harness::register("homes.csv");
        app.linli(&["import", "bank", other.to_str().unwrap(), "--community", "JXHY"]).refused();
        app.linli(&["check"]).ok();
    }

    fn what_a_kill_left_over_is_booked_by_the_worker(app: Community) {
        bill(&app);
        let file = app.file("bank_2026-11.csv", november());
        app.linli(&["import", "bank", file.to_str().unwrap(), "--community", "JXHY"]).ok();
        // As a kill would have left it: read, and not booked yet.
        let store = domain::Store::open(app.database.url()).unwrap();
        let left = "INSERT INTO bank_lines (community_id, statement_id, line, day, time, payer, payer_account, amount_fen, \
             text, serial, line_key, state, why, home_id) SELECT s.community_id, s.id, 999, '2026-11-20', '', '', '', 100, \
             '', 'left', 'left', 'certain', 'named_by_payer', h.id FROM bank_statements s, homes h WHERE h.code = '1-1-0101'";
        store.write_now(|tx| Ok(diesel::RunQueryDsl::execute(diesel::sql_query(left), tx)?)).unwrap();
        let before = receipts(&app);
        app.clock_to("2026-11-22T11:00:00+08:00");
        app.worker_once();
        assert_eq!(receipts(&app), before + 1);
        app.worker_once();
        assert_eq!(receipts(&app), before + 1);
        app.linli(&["check"]).ok();
    }
}

fn bill(app: &Community) {
    app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
}

/// How many payments there are.
fn receipts(app: &App) -> usize {
    let entries = app.linli(&["export", "entries", "--community", "JXHY"]).ok().out();
    entries.lines().filter(|line| line.contains("\"kind\":\"payment\"")).count()
}

fn send(cashier: &Visitor, statement: &[u8]) -> Page {
    let form = cashier.see("/bank").form("form[action='/bank']");
    cashier.submit(form.attach("file", "bank.csv", "text/csv", statement))
}

/// The end of a draft's own address: where its form leads.
fn path_end(page: &Page) -> String {
    format!("/{}", page.path().rsplit('/').next().unwrap())
}

fn upload(program: &Program, statement: &[u8], options: &[(&'static str, &'static str)]) -> Answer {
    let file = Part::bytes(statement.to_vec()).file_name("bank.csv");
    let form = Form::new().text("kind", "bank").part("file", file);
    let form = options.iter().fold(form, |form, (name, value)| form.text(*name, *value));
    program.upload("/imports", form)
}
