//! Registers as a manager sends them by page and a program by the API: looked at first, refused as a whole or
//! taken without their bad rows, and never by half.

use encoding_rs::GB18030;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Answer, App, Community, PASSWORD, Page, Program, Visitor, data, register};

/// What the portal refuses as a whole, with the words that say why.
fn no_registers() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let homes = homes();
    let middle = homes.len() / 2;
    let middle = (middle..).find(|at| homes[*at - 1] != b'\n' && homes[*at] != b'\n').unwrap();
    vec![
        ("empty", b"".to_vec(), "文件是空的"),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "也不是 CSV 文本文件"),
        ("a broken workbook", b"PK\x03\x04\x14\0".to_vec(), "可能已损坏"),
        ("an old workbook", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "旧版 XLS"),
        ("no table", b"GET / HTTP/1.1\n".to_vec(), "没有找到表头"),
        ("cut in the middle", homes[..middle].to_vec(), "文件不完整"),
        ("an unknown encoding", [&homes[..200], &[0xFF, 0xFF, b',', 0x81, b'\n']].concat(), "编码不认识"),
        ("huge", vec![b'x'; 10 * 1024 * 1024 + 1], "文件超过 10 MB"),
        ("of something else", std::fs::read(register("staff.csv")).unwrap(), "表头缺少"),
    ]
}

both! {
    fn a_manager_looks_first_and_nothing_comes_in_by_half(app: Community) {
        let (manager, before) = (app.visitor("manager"), exported(&app));
        let dirty = std::fs::read(data("homes_dirty.csv")).unwrap();
        let look = send(&manager, "look", &dirty).status(200).says("什么都没有写入");
        assert_eq!(lines_of(&look), rejected());
        let refused = send(&manager, "all", &dirty).status(200).says("没有导入");
        assert_eq!(lines_of(&refused), rejected());
        assert_eq!(exported(&app), before, "a register with a bad row changed something");

        let report = manager.see(&refused.attribute("a[href$='/report.csv']", "href"));
        let report = report.0.text();
        let told: Vec<&str> = report.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!(told, rejected());

        send(&manager, "good", &dirty).status(200).says("已导入").says("有误未导入 7");
        let after = exported(&app);
        assert_ne!(after, before);
        send(&manager, "good", &dirty).status(200).says("新增 0、变更 0");
        assert_eq!(exported(&app), after, "the second time doubled or changed something");
        manager.see("/imports").says("试运行").says("未导入").says("已导入");
        app.linli(&["check"]).ok();
    }

    fn the_imports_are_listed_twenty_on_a_page(app: Community) {
        let manager = app.visitor("manager");
        let before = manager.see("/imports").texts("#history + table tbody tr").len();
        for _ in before..21 {
            send(&manager, "look", &homes()).status(200);
        }
        let last = send(&manager, "look", &homes()).status(200);
        let first = manager.see("/imports");
        assert_eq!(first.texts("#history + table tbody tr").len(), 20);
        assert_eq!(first.attribute("#history + table tbody a", "href"), last.path(), "the newest comes first");
        let second = manager.see(&first.attribute(".pager a", "href"));
        assert_eq!(second.texts("#history + table tbody tr").len(), 2);
        assert_eq!(second.attributes(".pager a", "href"), ["/imports#history"], "nothing is older");
    }

    fn a_program_gets_the_report_row_by_row(app: App) {
        let admin = empty_community(&app);
        let dirty = std::fs::read(data("homes_dirty.csv")).unwrap();
        let refused = upload(&admin, "dirty-1", &dirty, &[]).status(422);
        assert_eq!(refused.problem(), "import.bad_rows");
        assert_eq!(lines_in(&refused.json()["import"]), rejected());
        let look = upload(&admin, "look", &dirty, &[("dry_run", "true")]).status(201).json();
        assert_eq!((&look["outcome"], &look["added"], &look["rejected"]), (&json!("dry_run"), &json!(53), &json!(7)));
        assert_eq!(exported(&app).lines().count(), 1, "nothing but the heading");

        let good = upload(&admin, "good", &dirty, &[("skip_bad", "true")]).status(201).json();
        assert_eq!((&good["outcome"], &good["added"], lines_in(&good)), (&json!("imported"), &json!(53), rejected()));
        let first = &good["errors"][0];
        assert_eq!((&first["column"], &first["value"], &first["reason"]), (&json!("面积(㎡)"), &json!("八十九"), &json!("不是数字")));
        assert_eq!(admin.get(&format!("/imports/{}", good["id"])).status(200).json(), good);
        let same = upload(&admin, "good", &dirty, &[("skip_bad", "true")]).status(201).json();
        assert_eq!(same["id"], good["id"], "one key, one import");
        upload(&admin, "good", &dirty, &[]).status(422);
        let again = upload(&admin, "again", &dirty, &[("skip_bad", "true")]).status(201).json();
        assert_eq!((&again["added"], &again["changed"], &again["unchanged"]), (&json!(0), &json!(0), &json!(53)));
        // A formula as a name is a text: taken in, and harmless where a spreadsheet opens it.
        let register = exported(&app);
        assert_eq!(register.lines().count(), 54);
        assert!(register.contains("'=HYPERLINK") && !register.contains(",=HYPERLINK"), "{register}");
        app.linli(&["check"]).ok();
    }

    fn a_file_that_is_no_register_leaves_everything_as_it_was(app: Community) {
        let (manager, program, before) = (app.visitor("manager"), app.api("manager"), exported(&app));
        for (n, (what, bytes, said)) in no_registers().into_iter().enumerate() {
            let page = send(&manager, "good", &bytes);
            assert_eq!(page.0.status, 422, "{what}");
            assert!(page.words().contains(said), "{what}: {}", page.words());
            let answer = upload(&program, &format!("none-{n}"), &bytes, &[("skip_bad", "true")]);
            assert_eq!(answer.status, 422, "{what}: {}", answer.text());
            assert!(answer.json()["detail"].as_str().unwrap().contains(said), "{what}: {}", answer.text());
        }
        let beyond = send(&manager, "good", &vec![b'x'; 21 * 1024 * 1024]);
        assert!(matches!(beyond.0.status, 413 | 422), "{}", beyond.0.status);
        assert_eq!(exported(&app), before);
        manager.see("/imports").says_nothing_of("register.csv");
    }

    fn a_register_in_another_encoding_is_the_same_register(app: Community) {
        let (manager, before) = (app.visitor("manager"), exported(&app));
        let text = String::from_utf8(homes()).unwrap();
        let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
        let utf16 = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [marked, GB18030.encode(&text).0.into_owned(), utf16] {
            send(&manager, "all", &bytes).status(200).says("新增 0、变更 0、不变 888");
        }
        assert_eq!(exported(&app), before);
    }
}

fn homes() -> Vec<u8> {
    std::fs::read(register("homes.csv")).unwrap()
}

/// The lines of the dirty register that have to be rejected, in their order.
fn rejected() -> Vec<String> {
    let mut reader = csv::Reader::from_path(data("expected_dirty.csv")).unwrap();
    let rows = reader.records().map(Result::unwrap).filter(|row| &row[1] == "rejected");
    rows.map(|row| row[0].to_owned()).collect()
}

/// The register of homes as the portal has it.
fn exported(app: &App) -> String {
    let file = app.file("homes.csv", "");
    app.linli(&["export", "homes", "--community", "JXHY", "--out", file.to_str().unwrap()]).ok();
    std::fs::read_to_string(file).unwrap()
}

fn send(manager: &Visitor, mode: &str, register: &[u8]) -> Page {
    let form = manager.see("/imports").form("form[action='/imports']").set("kind", "homes").set("mode", mode);
    manager.submit(form.attach("file", "register.csv", "text/csv", register))
}

/// The lines that a page reports as bad.
fn lines_of(page: &Page) -> Vec<String> {
    page.texts("td[data-label='行']")
}

fn lines_in(import: &Value) -> Vec<String> {
    import["errors"].as_array().unwrap().iter().map(|error| error["line"].to_string()).collect()
}

/// A community without a home, and the admin who fills it.
fn empty_community(app: &App) -> Program {
    app.linli(&["community", "add", "--code", "JXHY", "--name", "锦绣花园"]).ok();
    app.linli_with(&["admin", "add", "--login", "admin", "--name", "管理员"], &format!("{PASSWORD}\n")).ok();
    app.program().sign_in("admin", PASSWORD)
}

fn upload(program: &Program, key: &str, register: &[u8], options: &[(&'static str, &'static str)]) -> Answer {
    let file = Part::bytes(register.to_vec()).file_name("register.csv");
    let form = Form::new().text("kind", "homes").text("community", "JXHY").part("file", file);
    let form = options.iter().fold(form, |form, (name, value)| form.text(*name, *value));
    let send =
        |request: reqwest::blocking::RequestBuilder| request.header("Idempotency-Key", key).multipart(form);
    program.ask(reqwest::Method::POST, "/imports", send).unwrap()
}
