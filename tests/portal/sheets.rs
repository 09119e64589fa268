//! Tables as workbooks, out and in: what leaves says who took it and when, has typed cells and no formula; what comes in
//! says the same as the CSV that it was made from.

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use encoding_rs::GB18030;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use test_support::both;

use crate::harness::{App, Community, HOME, data, register};

both! {
    fn every_table_leaves_as_a_workbook_and_as_csv(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let manager = app.visitor("manager");
        for (path, query, title) in [
            ("/arrears", "", "欠费名单"),
            ("/manager/collection", "?month=2026-11", "收缴情况"),
            ("/manager/quota", "?month=2026-11", "走访定额"),
            ("/figures/cases", "?which=opened&month=2026-11", "事项明细"),
            ("/figures/duties", "?kind=return_visit&which=due&month=2026-11", "任务明细"),
            ("/complaints/figures", "?from=2026-11-01&to=2026-11-22", "投诉分类统计"),
            ("/stock/month", "?month=2026-11", "月度维修库存"),
        ] {
            let sheet = manager.get(&format!("{path}.xlsx{query}")).status(200).0;
            let kept = sheet.header("content-disposition");
            assert!(kept.starts_with("attachment") && kept.ends_with(".xlsx\""), "{path}: {kept}");
            let rows = cells(&sheet.body);
            let first = rows[0][0].to_string();
            assert!(first.starts_with(title) && first.contains("锦绣花园") && first.contains("于 2026-11-22"), "{first}");
            let csv = manager.get(&format!("{path}.csv{query}")).status(200).0;
            let lines = csv::Reader::from_reader(csv.text().trim_start_matches('\u{feff}').as_bytes()).records().count();
            assert_eq!(rows.len(), lines + 2, "{path}: as many rows in both");
        }
        let audit = manager.see("/audit").words();
        assert!(audit.contains("导出表格") && audit.contains("arrears,xlsx") && audit.contains("arrears,csv"), "{audit}");
        app.visitor("resident").get("/arrears.xlsx").status(403);
        app.visitor("desk").get("/manager/collection.xlsx").status(403);
        app.linli(&["check"]).ok();
    }

    fn who_owes_leaves_with_who_took_it_on_every_row(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let cashier = app.visitor("cashier");
        let sheet = cells(&cashier.get("/arrears.xlsx?sort=register").status(200).0.body);
        let at = |name: &str| sheet[1].iter().position(|cell| matches!(cell, Data::String(text) if text == name)).unwrap();
        let row = sheet.iter().find(|row| row[0] == Data::String(HOME.to_owned())).unwrap();
        assert_eq!(row[at("未付（元）")], Data::Float(263.61));
        let who = row[at("导出人")].to_string();
        assert!(!who.is_empty() && sheet[0][0].to_string().contains(&who), "{who}");
        assert!(matches!(row[at("导出时间")], Data::DateTime(_)), "{:?}", row[at("导出时间")]);
        let csv = cashier.get("/arrears.csv").status(200).0.text();
        assert!(csv.lines().next().unwrap().ends_with(",disputed,in_plan,taken_by,taken_at"), "{csv}");
        assert!(csv.lines().skip(1).all(|line| line.contains(&who) && line.contains("2026-11-22T")), "{csv}");
    }

    fn the_command_line_keeps_its_promised_columns(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        for (what, head) in [
            ("homes", "home,building,entrance,use,area,delivered_on,status,owner,phone"),
            ("charges", "home,item,subject,period,revision,amount_fen,paid_fen,due_on,payer,explanation"),
            ("arrears", "home,payer,charges,open_fen,overdue_fen,oldest_period,oldest_due_on"),
            ("collection", "period,by,key,name,charges,due_fen,collected_fen,rate"),
            ("cases", "number,kind,state,home"),
            ("visits", "id,started_at,home,steward"),
            ("entries", "id,at,home,payer,book,kind,amount_fen,charge,receipt,note"),
        ] {
            let export = |format: &str| {
                let file = app.file(&format!("{what}.{format}"), "");
                let path = file.to_str().unwrap();
                app.linli(&["export", what, "--community", "JXHY", "--period", "2026-11", "--format", format, "--out", path]).ok();
                std::fs::read(&file).unwrap()
            };
            let csv = String::from_utf8(export("csv")).unwrap();
            assert!(csv.starts_with(head), "{what}: {}", csv.lines().next().unwrap());
            let sheet = cells(&export("xlsx"));
            let heading: Vec<String> = sheet[0].iter().map(ToString::to_string).collect();
            assert_eq!(heading.join(","), csv.lines().next().unwrap());
            assert_eq!(sheet.len(), csv::Reader::from_reader(csv.as_bytes()).records().count() + 1, "{what}");
        }
        let out = app.linli(&["export", "charges", "--community", "JXHY", "--period", "2026-11"]).ok().out();
        let first: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
        assert_eq!((&first["home"], &first["revision"]), (&HOME.into(), &"0".into()));
        app.linli(&["export", "collection", "--community", "JXHY"]).refused();
        app.linli(&["export", "homes", "--community", "JXHY", "--format", "pdf"]).ended(2);
    }

    fn a_register_from_a_workbook_is_the_same_register(app: App) {
        app.linli(&["community", "add", "--code", "JXHY", "--name", "锦绣花园"]).ok();
        let book = app.file("homes.xlsx", workbook(&text(&std::fs::read(register("homes.csv")).unwrap())));
        let words = ["import", "homes", book.to_str().unwrap(), "--community", "JXHY"];
        app.linli(&words).ok();
        let from_book = app.linli(&["export", "homes", "--community", "JXHY"]).ok().out();
        assert_eq!(from_book.lines().count(), 888);
        let csv = register("homes.csv");
        let again = app.linli(&["import", "homes", csv.to_str().unwrap(), "--community", "JXHY"]).ok().json();
        assert_eq!((&again["added"], &again["changed"], &again["unchanged"]), (&0.into(), &0.into(), &888.into()));
        assert_eq!(app.linli(&["export", "homes", "--community", "JXHY"]).ok().out(), from_book);
    }

    fn a_sheet_that_is_named_is_the_one_that_comes_in(app: Community) {
        let mut book = Workbook::new();
        for (name, day) in [("去年", "2026-01-04"), ("今年", "2027-01-09")] {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            sheet.write_row(0, 0, ["日期", "类型", "名称"]).unwrap();
            sheet.write_row(1, 0, [day, "上班", "元旦调休"]).unwrap();
        }
        let bytes = book.save_to_buffer().unwrap();
        let file = app.file("days.xlsx", bytes.clone());
        let words = |sheet: &'static str| ["import", "holidays", file.to_str().unwrap(), "--community", "JXHY", "--sheet", sheet].map(str::to_owned);
        let run = |sheet| { let all = words(sheet); app.linli(&all.iter().map(String::as_str).collect::<Vec<_>>()) };
        assert_eq!(run("今年").ok().json()["added"], 1);
        assert!(format!("{:?}", run("明年").refused()).contains("去年、今年"), "it says which there are");
        let manager = app.visitor("manager");
        let form = manager.see("/imports").form("form[action='/imports']").set("kind", "holidays").set("mode", "all").set("sheet", "明年");
        let wrong = manager.submit(form.clone().attach("file", "days.xlsx", "application/octet-stream", &bytes)).status(422).says("去年、今年");
        assert_eq!(wrong.form("form[action='/imports']").value("sheet"), Some("明年"), "what was typed is lost");
        manager.submit(form.set("sheet", "去年").attach("file", "days.xlsx", "application/octet-stream", &bytes)).status(200).says("节假日");
    }

    fn a_dirty_workbook_is_reported_row_by_row(app: Community) {
        let dirty = workbook(&text(&std::fs::read(data("homes_dirty.csv")).unwrap()));
        let manager = app.visitor("manager");
        let form = manager.see("/imports").form("form[action='/imports']").set("kind", "homes").set("mode", "all");
        let refused = manager.submit(form.attach("file", "dirty.xlsx", "application/octet-stream", &dirty)).status(200);
        let mut expected = csv::Reader::from_path(data("expected_dirty.csv")).unwrap();
        let rejected = expected.records().map(Result::unwrap).filter(|row| &row[1] == "rejected");
        let rejected: Vec<String> = rejected.map(|row| row[0].to_owned()).collect();
        assert_eq!(refused.texts("td[data-label='行']"), rejected);
        let report = refused.attribute("a[href$='/report.xlsx']", "href");
        let report = cells(&manager.get(&report).status(200).0.body);
        assert_eq!(report[2][0].to_string(), rejected[0]);
    }

    fn a_banks_workbook_books_what_its_csv_would(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let statement = std::fs::read(data("bank_2026-11.csv")).unwrap();
        let book = app.file("bank.xlsx", workbook(&text(&statement)));
        let done = app.linli(&["import", "bank", book.to_str().unwrap(), "--community", "JXHY"]).ok().json();
        assert_eq!((&done["bank"]["tally"]["booked"], &done["bank"]["tally"]["queued"]), (&200.into(), &20.into()), "{done}");
        let csv = data("bank_2026-11.csv");
        let again = app.linli(&["import", "bank", csv.to_str().unwrap(), "--community", "JXHY"]).ok().json();
        assert_eq!(again["bank"]["tally"]["booked"], 0, "the same lines: {again}");
        app.linli(&["check"]).ok();
    }

    fn who_owes_is_narrowed_and_shows_how_far_reminding_has_come(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let cashier = app.visitor("cashier");
        cashier.see("/arrears?sort=register").says("未提醒").says("还没有");
        app.clock_to("2026-12-05T09:31:00+08:00");
        app.worker_once();
        let page = cashier.see("/arrears?sort=register").says("逾期 3 天提醒");
        assert!(page.texts("main tbody tr td")[4].contains("逾期 3 天提醒"), "{:?}", page.texts("main tbody tr td"));
        let form = page.form("form[action='/arrears']");
        assert!(form.is_get());
        let seen = cashier.see("/arrears?sort=register&building=&steward=&stage=day3");
        assert_eq!(seen.texts("main tbody th a").first().map(String::as_str), Some(HOME));
        cashier.see("/arrears?stage=day30").says("没有这样的欠费").says("看全部");
        let option = page.attributes("#f-building option", "value").remove(2);
        let second = cashier.see(&format!("/arrears?building={option}&sort=register"));
        assert!(second.texts("main tbody th a").iter().all(|home| home.starts_with("2-")), "{:?}", second.texts("main tbody th a"));
        let next = second.attributes("a[href*='offset=']", "href").remove(0);
        assert!(next.contains(&format!("building={option}")), "the next page keeps what it is narrowed to: {next}");
        let steward = page.attributes("#f-steward option", "value").remove(1);
        assert!(!cashier.see(&format!("/arrears?steward={steward}")).texts("main tbody th a").is_empty());
        cashier.get("/arrears?stage=never").status(422);
        cashier.get("/arrears?building=x").status(422);
        // What leaves is what is seen.
        let csv = cashier.get(&format!("/arrears.csv?building={option}")).status(200).0.text();
        assert!(csv.lines().skip(1).all(|line| line.starts_with("2-")), "{csv}");
        app.visitor("supervisor").see("/arrears").says("逾期 3 天提醒");
    }

    fn a_year_stands_beside_the_one_before(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let manager = app.visitor("manager");
        manager.see("/manager?month=2026-12").says("去年同月").says_nothing_of("逐月收缴率");
        app.clock_to("2027-11-22T10:00:00+08:00");
        app.linli(&["bill", "--community", "JXHY", "--period", "2027-11"]).ok();
        let page = manager.see("/manager?month=2027-12").says("逐月收缴率，与上一年相比");
        assert!(page.texts("td[data-label='去年同月']").iter().all(|rate| rate == "0.00 %"), "{:?}", page.texts("td[data-label='去年同月']"));
        for by in ["building", "item", "steward", "month"] {
            let page = manager.see(&format!("/collection?period=2027-12&by={by}"));
            let rates = page.texts("td[data-label='去年同月']");
            assert!(rates.iter().any(|rate| rate == "0.00 %"), "{by}: {rates:?}");
        }
    }
}

/// A file's text: some are in GB18030, as spreadsheets on Chinese desktops save them.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => GB18030.decode(bytes).0.into_owned(),
    }
}

/// The first sheet's cells.
fn cells(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

/// A CSV file as a spreadsheet program would keep it: what looks like a number or a day is one, but for codes.
fn workbook(csv: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("yyyy/m/d");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    for (row, line) in (0..).zip(reader.records()) {
        for (column, cell) in (0..).zip(line.unwrap().iter()) {
            let date = (cell.len() == 10).then(|| ExcelDateTime::parse_from_str(cell).ok()).flatten();
            let number = cell.parse::<f64>().ok().filter(|_| cell.len() < 10 && !cell.starts_with('0'));
            match (date, number) {
                (Some(date), _) => sheet.write_with_format(row, column, &date, &day).map(|_| ()),
                (None, Some(number)) => sheet.write(row, column, number).map(|_| ()),
                (None, None) => sheet.write_string(row, column, cell).map(|_| ()),
            }
            .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}
