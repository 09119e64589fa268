//! A program that knows nothing but the API's description: it finds each operation by its name in the
//! document, builds each body from its schema, and takes what it may do from the case's `actions`. So it
//! carries a repair from the report, over a quote and materials from the store, to the closing return visit.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use test_support::both;

use crate::gates::change;
use crate::harness::{Community, Program};

/// What the people behind the program would say, by the name of the field.
fn facts() -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        ("text", json!("厨房水槽堵了")),
        ("available", json!("晚上")),
        ("work", json!("疏通")),
        ("cause", json!("油污")),
        ("minutes", json!(30)),
        ("score", json!(5)),
        ("word", json!("很快")),
        ("reason", json!("好了")),
        ("outcome", json!("satisfied")),
        ("note", json!("满意")),
    ])
}

/// The description, and somebody's way in.
struct Reader<'d> {
    document: &'d Value,
    program: Program,
    known: BTreeMap<&'static str, Value>,
    /// Which of what they may do leads on, what comes first on top.
    way: &'static [&'static str],
}

impl Reader<'_> {
    /// Calls an operation by its name; the body is what its schema asks for, as far as it is known.
    fn call(&self, operation: &str, path_values: &[(&str, &str)]) -> Value {
        let (method, path, described) = self.find(operation);
        let path = path_values
            .iter()
            .fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
        assert!(!path.contains('{'), "{operation} needs more than {path_values:?}: {path}");
        let path = path.trim_start_matches("/api/v1");
        match method {
            "get" => self.program.get(path).status(200).json(),
            _ => {
                let schema = &described["requestBody"]["content"]["application/json"]["schema"];
                let answer = self.program.post(path, &self.body(schema));
                let status = answer.status;
                assert!(status < 300, "{operation}: {status} {}", answer.text());
                answer.json()
            }
        }
    }

    /// Takes the next step that leads on and is allowed, if there is one; says which.
    fn step(&mut self, number: &str, done: &[&str]) -> Option<&'static str> {
        let (_, path, _) = self.find("get_cases_number");
        let path = path.trim_start_matches("/api/v1").replace("{number}", number);
        let seen = self.program.get(&path);
        if seen.status == 404 {
            return None;
        }
        let case = seen.json();
        let allowed: Vec<&str> =
            case["actions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let next = *self.way.iter().find(|action| allowed.contains(action) && !done.contains(action))?;
        self.known.insert("version", case["version"].clone());
        self.call(&format!("repair_{next}"), &[("number", number)]);
        Some(next)
    }

    fn find(&self, operation: &str) -> (&str, &str, &Value) {
        let paths = self.document["paths"].as_object().unwrap();
        for (path, methods) in paths {
            for (method, described) in methods.as_object().unwrap() {
                if described["operationId"] == operation {
                    return (method, path, described);
                }
            }
        }
        panic!("no operation {operation} in the description")
    }

    /// Every field of a schema that is known; one that is required and is not, is a hole in the description.
    fn body(&self, schema: &Value) -> Value {
        let schema = self.resolved(schema);
        if let Some(kinds) = schema["oneOf"].as_array() {
            let ours = kinds.iter().map(|one| self.resolved(one));
            let ours = ours.into_iter().find(|one| one["properties"]["kind"]["const"] == "repair");
            return self.body(ours.expect("a repair among the kinds"));
        }
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut body = Map::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let value = self.known.get(name.as_str()).cloned().or_else(|| field.get("const").cloned());
            match value {
                Some(value) => {
                    self.fits(name, &value, field);
                    body.insert(name.clone(), value);
                }
                None => assert!(!required.contains(&name.as_str()), "nobody says what {name} is"),
            }
        }
        Value::Object(body)
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                self.document.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere")
            }
            None => schema,
        }
    }

    /// What is sent is of the type that the schema names, and one of its words where it has a list.
    fn fits(&self, name: &str, value: &Value, field: &Value) {
        let field = self.resolved(field);
        if let Some(words) = field["enum"].as_array() {
            assert!(words.contains(value), "{name}: {value} is none of {words:?}");
        }
        let types: Vec<&str> = match &field["type"] {
            Value::String(one) => vec![one],
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            _ => return,
        };
        let is = match value {
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Number(_) if types.contains(&"number") => "number",
            Value::Number(_) => "integer",
            Value::Bool(_) => "boolean",
            _ => "object",
        };
        assert!(types.contains(&is), "{name}: {value} is no {types:?}");
    }
}

both! {
    fn a_program_does_the_whole_of_a_repair_by_the_description_alone(app: Community) {
        let document = app.program().get("/openapi.json").status(200).json();
        let reader = |role: &str, way| Reader { document: &document, program: app.api(role), known: facts(), way };
        let mut resident = reader("resident", &["rate", "agree"]);
        let mut desk = reader("desk", &["dispatch", "accept"]);
        let mut technician = reader("technician", &["finish", "quote", "arrive", "take"]);
        change(
            &app,
            "INSERT INTO price_items (community_id, code, kind, zh, en, unit, price_fen) \
             SELECT id, 'washer', 'material', '垫圈', 'Washer', '个', 500 FROM communities WHERE code = 'JXHY'",
        );

        // Which home, which category: asked for, too.
        let me = resident.call("get_me", &[]);
        resident.known.insert("home", me["homes"][0]["code"].clone());
        let categories = resident.call("get_categories", &[]);
        let blocked = categories["items"].as_array().unwrap().iter().find(|one| one["name_zh"] == "管道堵塞").unwrap();
        resident.known.insert("category", blocked["code"].clone());
        let opened = resident.call("post_cases", &[]);
        let number = opened["number"].as_str().unwrap().to_owned();

        desk.known.insert("technician", json!("technician"));
        // What it costs, and that it is there.
        let washer = technician.call("get_price_list", &[])["items"][0]["item"].clone();
        let two = json!([{"item": washer, "quantity": 2}]);
        technician.known.insert("lines", two.clone());
        technician.known.insert("materials", two);
        desk.known.extend([("item", washer.clone()), ("quantity", json!(5))]);
        assert_eq!(desk.call("post_stock_receipts", &[])["stock"], "5");
        let board = desk.call("get_dispatch", &[]);
        assert_eq!(board["pool"][0]["case"]["number"], number.as_str());
        assert_eq!(board["pool"][0]["candidates"][0]["fit"], "skill");
        technician.known.insert("attachments", json!([technician.program.upload_photo()]));
        // Each does the next thing that they may; then it is somebody else's turn.
        let mut done = Vec::new();
        for _ in 0..8 {
            // The desk sends somebody before anybody helps themselves from the pool.
            while let Some(next) = desk.step(&number, &done) {
                done.push(next);
            }
            for who in [&mut resident, &mut technician] {
                done.extend(who.step(&number, &done));
            }
        }
        assert_eq!(done, ["accept", "dispatch", "take", "quote", "agree", "arrive", "finish", "rate"]);

        app.worker_once();
        let duties = desk.call("get_duties", &[]);
        let owed = duties["items"].as_array().unwrap().iter()
            .find(|one| one["kind"] == "return_visit" && one["subject"] == number.as_str()).unwrap();
        desk.call("post_duties_id_record", &[("id", &owed["id"].to_string())]);
        let closed = resident.call("get_cases_number", &[("number", &number)]);
        assert_eq!((closed["state"].as_str(), closed["rating"].as_i64()), (Some("closed"), Some(5)));
        assert_eq!((closed["quote"]["state"].as_str(), closed["quote"]["total_fen"].as_i64()), (Some("agreed"), Some(1_000)));
        assert_eq!((&closed["materials"][0]["item"], &closed["materials"][0]["quantity"]), (&washer, &json!("2")));
        let month = desk.call("get_stock_month", &[]);
        assert_eq!((&month["items"][0]["taken"], &month["items"][0]["closing"]), (&json!("2"), &json!("3")));
        // Every action that a repair's table has is described.
        for action in ["decline", "release", "hand_over", "wait", "resume", "quote", "agree", "refuse", "disagree", "reopen", "cancel", "merge", "no_access"] {
            desk.find(&format!("repair_{action}"));
        }
        app.linli(&["check"]).ok();
    }
}
