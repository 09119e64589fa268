//! What an attacker would try first: a replayed code, a script in every text field, a formula in every table,
//! files that are two things at once or unpack beyond measure, line breaks on their way into a mail's header.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use reqwest::blocking::multipart::{Form, Part};
use scraper::{ElementRef, Html};
use serde_json::json;
use test_support::both;

use super::Route;
use super::asker::{Asker, change, look_up};
use super::borders::everybody;
use super::objects::World;
use crate::harness::{Answer, App, Community, PASSWORD, Program, photo};

/// Breaks out of a text and of a quoted attribute.
const SCRIPT: &str = "\"'><img src=x onerror=x()>";
const FORMULA: &str = "=HYPERLINK(\"http://evil.example\")";

both! {
    fn a_code_of_the_second_factor_is_good_once(app: Community) {
        let code = app.next_code("manager");
        let login = json!({"login": "manager", "password": PASSWORD, "code": code});
        app.program().post("/sessions", &login).status(201);
        let again = app.program().post("/sessions", &login).status(422).json();
        assert_eq!(again["errors"][0]["code"], "second_factor_wrong");
    }

    fn a_script_in_every_text_field_is_text(app: Community) {
        let _world = World::build(&app, SCRIPT);
        let everybody = everybody(&app);
        for (table, column) in [
            ("people", "name"), ("cases", "text"), ("cases", "reporter_name"), ("renovations", "contractor"),
            ("attachments", "name"), ("communities", "name"), ("staff", "skills"),
        ] {
            change(&app, &format!("UPDATE {table} SET {column} = '{}'", SCRIPT.replace('\'', "''")));
        }
        let mut pages = Pages::of(&app);
        pages.walk(&everybody, true);
        pages.walk(&everybody, false);
        assert!(pages.faults.is_empty(), "{}", pages.faults.join("\n"));
        assert!(pages.shown.len() > 15, "shown on {:?} only", pages.shown);
        assert!(pages.accepted > 5, "only {} forms took it", pages.accepted);
    }

    fn a_formula_in_every_table_is_text(app: Community) {
        let _world = World::build(&app, FORMULA);
        let everybody = everybody(&app);
        for (table, column) in [("people", "name"), ("cases", "place"), ("cases", "text"), ("fee_items", "name")] {
            change(&app, &format!("UPDATE {table} SET {column} = '{FORMULA}'"));
        }
        let dirty = app.file("dirty.csv", format!("楼栋,单元,房号,房屋编码,楼层,用途,建筑面积,交付日期,状态,业主姓名,手机号\n{FORMULA},1,0101,=1+1,1,住宅,@x,-1,x,+1,+2\n"));
        app.linli(&["import", "homes", dirty.to_str().unwrap(), "--community", "JXHY", "--dry-run"]);
        let mut tables: BTreeMap<String, String> = BTreeMap::new();
        for what in ["homes", "charges", "arrears", "collection", "entries"] {
            let file = app.file(&format!("{what}.csv"), "");
            let mut words = vec!["export", what, "--community", "JXHY", "--out", file.to_str().unwrap()];
            if ["charges", "collection", "entries"].contains(&what) {
                words.extend(["--period", "2026-11"]);
            }
            app.linli(&words).ok();
            tables.insert(what.to_owned(), std::fs::read_to_string(&file).unwrap());
        }
        let import = look_up(&app, "SELECT MAX(id) AS value FROM imports");
        for route in Route::all(&app).iter().filter(|route| route.path.ends_with(".csv")) {
            for word in ["1", import.as_str(), "building", "item", "stewards", "arrears", "collection", "quota"] {
                let answer = everybody.ask("GET", &route.with(word), &[]);
                if answer.status == 200 {
                    tables.insert(answer.asked.clone(), answer.text());
                }
            }
        }
        assert!(tables.len() > 8, "{:?}", tables.keys());
        assert!(tables.values().any(|table| table.contains("HYPERLINK")), "no table holds the formula");
        for (name, table) in &tables {
            let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(table.as_bytes());
            for cell in reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
                let cell = cell.trim_start_matches('\u{feff}');
                assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']), "{name}: {cell}");
                let number = cell.strip_prefix('-').is_none_or(|rest| rest.parse::<f64>().is_ok());
                assert!(number, "{name}: {cell}");
            }
        }
    }

    fn a_formula_in_every_workbook_is_text(app: Community) {
        let _world = World::build(&app, FORMULA);
        let everybody = everybody(&app);
        for (table, column) in [("people", "name"), ("cases", "place"), ("cases", "text"), ("fee_items", "name")] {
            change(&app, &format!("UPDATE {table} SET {column} = '{FORMULA}'"));
        }
        let mut seen = 0;
        for route in Route::all(&app).iter().filter(|route| route.path.ends_with(".xlsx")) {
            for word in ["1", "collection", "quota"] {
                let answer = everybody.ask("GET", &route.with(word), &[]);
                if answer.status != 200 {
                    continue;
                }
                seen += 1;
                let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(answer.body.clone())).unwrap();
                assert!(book.worksheet_formula(&book.sheet_names()[0].clone()).unwrap().is_empty(), "{}", answer.asked);
                for cell in book.worksheet_range_at(0).unwrap().unwrap().rows().flatten() {
                    let Data::String(text) = cell else { continue };
                    assert!(!text.starts_with(['=', '+', '-', '@', '\t', '\r']), "{}: {text}", answer.asked);
                }
            }
        }
        assert!(seen > 5, "only {seen} were seen");
    }

    fn a_file_that_is_two_things_is_kept_as_one_and_runs_nowhere(app: Community) {
        let resident = app.api("resident");
        let mut two = photo();
        two.extend(b"<script>alert(1)</script><?php system('x'); ?>PK\x03\x04");
        let kept = resident.get(&upload(&resident, two, "a.html.jpg"));
        assert_eq!(kept.header("content-type"), "image/jpeg");
        assert!(!kept.text().contains("<script"), "what follows the picture was kept");
        let pdf = b"%PDF-1.4\n<html><script>alert(1)</script></html>\n%%EOF".to_vec();
        let form = Form::new().part("file", Part::bytes(pdf).file_name("\"><script>.pdf"));
        let sent = resident.upload("/attachments", form);
        if sent.status == 201 {
            let kept = resident.get(&format!("/attachments/{}", sent.json()["id"]));
            assert_eq!(kept.header("content-type"), "application/pdf");
            assert!(kept.header("content-security-policy").contains("sandbox"));
            assert!(!kept.header("content-disposition").contains('<'), "{}", kept.header("content-disposition"));
        }
        for (bytes, name) in [
            (b"<html><script>alert(1)</script>".to_vec(), "a.jpg"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), "a.png"),
            (b"GIF89a\x01\x00\x01\x00".to_vec(), "a.jpg"),
            (b"MZ\x90\x00".to_vec(), "a.pdf"),
        ] {
            let form = Form::new().part("file", Part::bytes(bytes).file_name(name));
            assert_eq!(resident.upload("/attachments", form).status(422).json()["errors"][0]["field"], "file");
        }
    }

    fn a_picture_that_unpacks_beyond_measure_is_refused_at_once(app: Community) {
        let resident = app.api("resident");
        let started = std::time::Instant::now();
        for side in [30_000, 65_000, 2_000_000_000] {
            let form = Form::new().part("file", Part::bytes(bomb(side)).file_name("bomb.png"));
            assert_eq!(resident.upload("/attachments", form).status(422).json()["errors"][0]["field"], "file");
        }
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
        resident.get("/me").status(200);
    }

    fn a_line_break_in_a_name_does_not_reach_a_mails_header(app: Community) {
        let evil = "黎\r\nBcc: evil@example.com\r\n\r\nsent by us";
        let update = format!("UPDATE people SET name = '{evil}' WHERE email = '110101@example.com'");
        change(&app, &update);
        let anon = app.anon();
        anon.submit(anon.see("/login/mail").form_to("/login/mail").set("login", "resident")).status(200);
        app.worker_once();
        let mails = app.smtp.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, ["110101@example.com"]);
        let raw = String::from_utf8_lossy(&mails[0].raw).into_owned();
        let head = raw.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
    }
}

/// The pages that everybody reaches, walked link by link.
struct Pages {
    open: Vec<String>,
    seen: BTreeSet<String>,
    /// How often an address of a shape was opened: `/cases/#` stands for all cases.
    shapes: BTreeMap<String, usize>,
    faults: Vec<String>,
    shown: BTreeSet<String>,
    accepted: usize,
}

/// What ends the walker's own session or is no text of anybody's.
const LEFT_ALONE: [&str; 6] = ["/logout", "/language", "/large", "/end", "/anonymise", "/second-factor"];

impl Pages {
    fn of(app: &App) -> Self {
        let starts = Route::all(app).into_iter().filter(|route| route.method == "GET" && !route.has_object());
        let open = starts
            .map(|route| route.path)
            .filter(|path| !path.starts_with("/api/") && path != "/readyz")
            .collect();
        let (seen, shapes, shown) = (BTreeSet::new(), BTreeMap::new(), BTreeSet::new());
        Self { open, seen, shapes, faults: Vec::new(), shown, accepted: 0 }
    }

    /// Opens every page once; with `fill`, every form on it is sent with the script in each of its texts.
    fn walk(&mut self, who: &Asker, fill: bool) {
        if !fill {
            self.open = std::mem::take(&mut self.seen).into_iter().collect();
            self.shapes.clear();
        }
        while let Some(path) = self.open.pop() {
            let shape: String = path
                .split('?')
                .next()
                .unwrap_or_default()
                .chars()
                .map(|c| if c.is_ascii_digit() { '#' } else { c })
                .collect();
            let times = self.shapes.entry(shape).or_default();
            *times += 1;
            if *times > 4 || !self.seen.insert(path.clone()) {
                continue;
            }
            let answer = who.ask("GET", &path, &[]);
            let forms = self.look(&answer, &path);
            for (action, fields) in forms.into_iter().filter(|_| fill) {
                let sent = who.ask("POST", &action, &fields);
                self.accepted += usize::from(sent.status == 303);
                self.look(&sent, &action);
            }
        }
    }

    /// Looks for the script as an element, notes where it stands as text, and reads links and forms.
    fn look(&mut self, answer: &Answer, path: &str) -> Vec<(String, Vec<(String, String)>)> {
        if answer.status >= 500 {
            self.faults.push(format!("{}: {}", answer.asked, answer.status));
        }
        if !answer.header("content-type").starts_with("text/html") {
            return Vec::new();
        }
        let page = Html::parse_document(&answer.text());
        let all = |css: &str| page.select(&crate::harness::selector(css)).collect::<Vec<_>>();
        if !all("[onerror], img[src=x]").is_empty() {
            self.faults.push(format!("{}: the script is an element", answer.asked));
        }
        if answer.text().contains("onerror=x()") {
            self.shown.insert(path.split('?').next().unwrap_or_default().to_owned());
        }
        let links = all("a[href^='/']").into_iter().filter_map(|link| link.attr("href")).map(str::to_owned);
        self.open.extend(links.filter(|link| !link.starts_with("//") && !link.starts_with("/static/")));
        let forms = all("form[method=post]").into_iter().filter_map(|form| filled(form));
        forms.filter(|(action, _)| !LEFT_ALONE.iter().any(|end| action.ends_with(end))).collect()
    }
}

/// A form with the script in every text, and a choice made wherever one is asked for.
fn filled(form: ElementRef<'_>) -> Option<(String, Vec<(String, String)>)> {
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    for field in form.select(&crate::harness::selector("[name]")) {
        let name = field.attr("name")?.to_owned();
        let value = field.attr("value").unwrap_or_default().to_owned();
        let value = match (field.value().name(), field.attr("type").unwrap_or_default()) {
            ("textarea", _) | ("input", "text" | "search" | "tel" | "email") if value.is_empty() => {
                SCRIPT.to_owned()
            }
            ("textarea", _) => SCRIPT.to_owned(),
            ("input", "file") | ("button", _) => continue,
            ("input", "radio") => fields.get(&name).cloned().unwrap_or(value),
            ("select", _) => {
                let options = crate::harness::selector("option[value]:not([value=''])");
                field.select(&options).next().and_then(|one| one.attr("value")).unwrap_or_default().to_owned()
            }
            _ => value,
        };
        fields.insert(name, value);
    }
    Some((form.attr("action")?.to_owned(), fields.into_iter().collect()))
}

fn upload(who: &Program, bytes: Vec<u8>, name: &str) -> String {
    let form = Form::new().part("file", Part::bytes(bytes).file_name(name.to_owned()));
    format!("/attachments/{}", who.upload("/attachments", form).status(201).json()["id"])
}

/// A PNG of some hundred bytes that says it is `side` pixels wide and high.
fn bomb(side: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = Vec::new();
    head.extend(side.to_be_bytes());
    head.extend(side.to_be_bytes());
    head.extend([8, 2, 0, 0, 0]);
    for (kind, data) in
        [(b"IHDR", head), (b"IDAT", vec![0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]), (b"IEND", vec![])]
    {
        png.write_all(&u32::try_from(data.len()).unwrap().to_be_bytes()).unwrap();
        let body: Vec<u8> = kind.iter().copied().chain(data).collect();
        png.extend(&body);
        png.extend(crc(&body).to_be_bytes());
    }
    png
}

/// The checksum of a PNG's part.
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 },
        )
    };
    !bytes.iter().fold(u32::MAX, step)
}
