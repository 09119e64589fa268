//! How often an item is billed, by program and from a register: tried, set, billed; what cannot be is told by field and
//! row.

use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Answer, Community, HOME, Program, register};

const GARBAGE: &str = "/fee-items/garbage/interval";

fn import(manager: &Program, file: &str, options: &[&'static str]) -> Answer {
    let file = Part::bytes(file.as_bytes().to_vec()).file_name("fees.csv");
    let form = Form::new().text("kind", "fee-items").part("file", file);
    manager.upload("/imports", options.iter().fold(form, |form, name| form.text(*name, "true")))
}

/// A register of these rows.
fn rows(rows: &[&str]) -> String {
    let heading = "编码,名称,计费方式,适用,单价,单位,周期,收取时间,周期起始月,缴费日,生效日期";
    format!("{heading}\n{}\n", rows.join("\n"))
}

fn counts(import: &Value) -> (i64, i64, i64, i64) {
    let count = |name: &str| import[name].as_i64().unwrap();
    (count("added"), count("changed"), count("unchanged"), count("rejected"))
}

both! {
    fn a_program_tries_a_quarter_sets_it_and_it_is_billed(app: Community) {
        let manager = app.api("manager");
        let items = manager.get("/fee-items").status(200).json();
        let garbage = items["items"].as_array().unwrap().iter().find(|item| item["code"] == "garbage").unwrap();
        assert_eq!((&garbage["months"], &garbage["tariffs"][0]["rate"]), (&json!(1), &json!("12.00")));
        let none = manager.get(GARBAGE).status(200).json();
        assert_eq!((&none["set"], &none["charged_until"]), (&json!([]), &json!(null)));
        let body = |months: i64, timing: &str, from: &str| json!({"months": months, "timing": timing, "from_month": from});
        for (body, wrong) in [
            (body(3, "first", "2026-10"), "from_month: month_over"),
            (body(2, "first", "2026-11"), "months: unknown_word"),
            (body(3, "middle", "2026-11"), "timing: choice"),
            (body(3, "first", "November"), "from_month: month"),
            (json!({"months": 3, "timing": "first"}), "from_month: required"),
        ] {
            assert_eq!(manager.post(GARBAGE, &body).wrong(), wrong, "{body}");
        }
        let mut tried = body(3, "first", "2026-11");
        tried["preview"] = json!(true);
        let seen = manager.post(GARBAGE, &tried).status(200).json();
        let preview = &seen["preview"];
        assert_eq!((&preview["first_month"], &preview["last_month"], &preview["charged_in"]), (&json!("2026-11"), &json!("2027-01"), &json!("2026-11")));
        let example = &preview["examples"][0];
        assert_eq!((&example["amount_fen"], &example["before_fen"], &seen["set"]), (&json!(2_880), &json!(480), &json!([])));
        let quarter = body(3, "first", "2026-11");
        let set = manager.post_once("k1", GARBAGE, &quarter).unwrap().status(200).json();
        assert_eq!(manager.post_once("k1", GARBAGE, &quarter).unwrap().status(200).json(), set, "sent twice");
        let first = &set["set"][0];
        assert_eq!((&first["from_month"], &first["months"], &first["timing"]), (&json!("2026-11"), &json!(3), &json!("first")));
        assert_eq!(manager.get(GARBAGE).status(200).json(), set);
        let cashier = app.api("cashier");
        for path in ["/fee-items", GARBAGE] {
            cashier.get(path).status(403);
        }
        cashier.post(GARBAGE, &quarter).status(403);
        manager.get("/fee-items/nothing/interval").status(404);
        manager.post("/fee-items/nothing/interval", &quarter).status(404);

        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let account = app.api("resident").get(&format!("/homes/{HOME}/account")).status(200).json();
        let charged = account["charges"].as_array().unwrap().iter().find(|one| one["item"] == "garbage").unwrap();
        assert_eq!(charged["amount_fen"], 3_600);
        assert_eq!(manager.get(GARBAGE).status(200).json()["charged_until"], "2027-01");
        assert_eq!(manager.post(GARBAGE, &body(1, "first", "2027-01")).wrong(), "from_month: period_charged");
        manager.post(GARBAGE, &body(1, "first", "2027-02")).status(200);
        app.linli(&["check"]).ok();
    }

    fn a_register_says_how_often_and_is_told_row_by_row_what_cannot_be(app: Community) {
        let manager = app.api("manager");
        let file = rows(&[
            "cleaning,楼道保洁费,按户,住宅,10,元/户·月,每季度,期末,2027-01,25,2026-11-01",
            "lift,电梯维保费,按户,住宅,5,元/户·月,半月,,,25,2026-11-01",
            "fire,消防维保费,按户,住宅,5,元/户·月,每年,,,25,2020-01-01",
            "guard,门岗服务费,按户,住宅,5,元/户·月,,期初,,25,2026-11-01",
            "green,绿化养护费,按户,住宅,5,元/户·月,每年,月底,2027年1月,25,2026-11-01",
            "pool,泳池维护费,按户,住宅,5,元/户·月,每年,,,25,2026-11-01",
        ]);
        let refused = import(&manager, &file, &[]).status(422).json();
        let errors = refused["import"]["errors"].as_array().unwrap();
        let told: Vec<String> = errors.iter().map(|error| {
            let word = |name: &str| error[name].as_str().unwrap().to_owned();
            format!("{} {} {}", error["line"], word("column"), word("code"))
        }).collect();
        assert_eq!(told, ["3 周期 unknown_period", "4 周期起始月 interval_over", "5 周期 required", "6 收取时间 unknown_timing"]);
        manager.get("/fee-items/cleaning/interval").status(404);
        let good = import(&manager, &file, &["skip_bad"]).status(201).json();
        assert_eq!(counts(&good), (2, 0, 0, 4));
        let again = import(&manager, &file, &["skip_bad"]).status(201).json();
        assert_eq!(counts(&again), (0, 0, 2, 4), "nothing is doubled");
        let set = |code: &str| {
            let set = manager.get(&format!("/fee-items/{code}/interval")).status(200).json()["set"].clone();
            assert_eq!(set.as_array().unwrap().len(), 1, "{set}");
            (set[0]["from_month"].clone(), set[0]["months"].clone(), set[0]["timing"].clone())
        };
        assert_eq!(set("cleaning"), (json!("2027-01"), json!(3), json!("last")));
        assert_eq!(set("pool"), (json!("2026-11"), json!(12), json!("first")), "from the month of its tariff");

        // An item that is there; the old register, which says each month, leaves it as it is.
        let half = rows(&["garbage,垃圾清运费,按户,住宅,12,元/户·月,每半年,,2026-12,25,2021-06-01"]);
        assert_eq!(counts(&import(&manager, &half, &[]).status(201).json()), (0, 1, 0, 0));
        let old = std::fs::read_to_string(register("fee_items.csv")).unwrap();
        assert_eq!(counts(&import(&manager, &old, &[]).status(201).json()), (0, 0, 5, 0));
        assert_eq!(set("garbage"), (json!("2026-12"), json!(6), json!("first")));
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-12"]).ok();
        let account = manager.get(&format!("/homes/{HOME}/account")).status(200).json();
        let due: Vec<_> = account["charges"].as_array().unwrap().iter().filter(|one| one["item"] == "garbage").map(|one| one["amount_fen"].as_i64().unwrap()).collect();
        assert_eq!(due, [1_200, 7_200], "November, then half a year");
        let monthly = rows(&["garbage,垃圾清运费,按户,住宅,12,元/户·月,每月,,2027-03,25,2021-06-01"]);
        let file = app.file("fees.csv", &monthly);
        let command = app.linli(&["import", "fee-items", file.to_str().unwrap(), "--community", "JXHY"]).refused();
        let told = &command.json()["errors"][0];
        assert_eq!((&told["code"], &told["column"]), (&json!("interval_charged"), &json!("周期起始月")), "{told}");
        assert!(told["reason"].as_str().unwrap().contains("2027-05-31"), "{told}");
        let page = app.visitor("manager").see("/imports").says("周期起始月是第一个周期的第一个月");
        assert!(page.words().contains("编码、名称、计费方式、适用、单价、单位、缴费日、生效日期"), "{}", page.words());
        app.linli(&["check"]).ok();
    }
}
