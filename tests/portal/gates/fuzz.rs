//! The API held against its own description: schemathesis makes requests from `openapi.json`, sound ones and unsound
//! ones, as somebody of each role, and looks at every answer: no 5xx, and a status, a content type and a body that the
//! description knows. Afterwards the books have to be as right as before.
//!
//! `cargo xtask test fuzz` installs it and runs this; a plain `cargo test` leaves it out.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::json;
use test_support::both;

use super::objects::World;
use crate::harness::{Community, HOME};

/// Everybody who can reach something of the API; who reaches much comes first.
const ROLES: [&str; 8] =
    ["manager", "desk", "resident", "steward", "cashier", "technician", "officer", "admin"];

/// How long each role is tried.
const SECONDS: u32 = 20;

/// That a sound request is refused is what rules are for. The others are about what this API has not: something that
/// is there after it was made and gone after it was deleted.
const NOT_CHECKED: &str = "positive_data_acceptance,use_after_free,ensure_resource_availability";

both! {
    fn what_was_found_stays_mended(app: Community) {
        let desk = app.api("desk");
        for (path, field) in [("/duties?to=%2B262142-12-31", "to"), ("/duties?from=%2B10000-01-01T00:00:00Z", "from")] {
            assert_eq!(desk.get(path).status(422).json()["errors"][0]["field"], field, "{path}");
        }
        let report = json!({"kind": "repair", "home": HOME, "category": "water.leak", "text": "漏水", "channel": "phone"});
        let unkept = |key: &[u8]| {
            let key = HeaderValue::from_bytes(key).unwrap();
            desk.ask(Method::POST, "/cases", |request| request.header("Idempotency-Key", key).json(&report)).unwrap()
        };
        for key in [&b"caf\xe9"[..], &[b'x'; 101]] {
            assert_eq!(unkept(key).status(422).json()["errors"][0]["field"], "Idempotency-Key");
        }
        assert_eq!(desk.get("/cases").json()["items"], json!([]), "nothing was done without its key");
        let other = desk.delete("/cases").status(405);
        assert_eq!((other.header("allow"), other.problem().as_str()), ("GET, HEAD, POST", "method"));
        desk.get("/homes?colour=red").status(400);
        desk.get("/duties?owner=a%00").status(422);
        desk.get("/homes/a%00").status(404);
        desk.post("/cases", &json!(["repair", HOME])).status(422);
        desk.post("/cases", &json!({"kind": "repair", "home": HOME, "category": "water.leak", "text": "a\0"})).status(422);
        desk.ask(Method::POST, "/me/totp", |request| request).unwrap().status(200);
    }

    #[ignore = "needs schemathesis: cargo xtask test fuzz"]
    fn the_api_does_what_its_description_says(app: Community) {
        let world = World::build(&app, "厨房漏水");
        let settings = app.file("schemathesis.toml", settings(&world));
        let failed: Vec<&str> = ROLES.into_iter().filter(|role| !holds(&app, role, &settings)).collect();
        app.linli(&["check"]).ok();
        assert_eq!(failed, Vec::<&str>::new(), "see above what the portal did");
    }
}

/// Tries the API as a role; what is found stands in the output.
fn holds(app: &Community, role: &str, settings: &PathBuf) -> bool {
    let seconds = std::env::var("LINLI_FUZZ_SECONDS").unwrap_or_else(|_| SECONDS.to_string());
    let seed = std::env::var("LINLI_FUZZ_SEED").unwrap_or_else(|_| "20261122".to_owned());
    let mut schemathesis = Command::new(std::env::var("SCHEMATHESIS").expect("where schemathesis is"));
    schemathesis.current_dir(app.database.folder()).arg("--config-file").arg(settings).arg("run");
    schemathesis.arg(format!("{}/api/v1/openapi.json", app.url())).args(["--url", &app.url()]);
    schemathesis.args(["--header", &format!("Authorization: Bearer {}", app.api(role).token())]);
    // It would end the session that it asks with.
    schemathesis.args(["--exclude-path", "/api/v1/sessions/current", "--exclude-checks", NOT_CHECKED]);
    schemathesis.args([
        "--max-time",
        &seconds,
        "--seed",
        &seed,
        "--generation-database",
        "none",
        "--no-color",
    ]);
    let ran = schemathesis.output().expect("schemathesis runs");
    let said = [&ran.stdout, &ran.stderr].map(|words| String::from_utf8_lossy(words));
    eprintln!("\n=== {role}\n{}", said.concat());
    ran.status.success()
}

/// The objects that it asks for by their ids.
const NAMED: [&str; 15] = [
    "payment",
    "run",
    "photo",
    "duty",
    "import",
    "deposit",
    "bank_line",
    "account",
    "dispute",
    "plan",
    "demand",
    "batch",
    "meter",
    "reading",
    "bill",
];

/// What it has to know to get beyond *not found*: words of ours, objects of the world, for most of its requests.
fn settings(world: &World) -> String {
    let texts = [
        ("path.code", vec![world.id("home"), world.id("fee")]),
        ("path.month", words("2026-10 9999-12")),
        (
            "path.number",
            vec![
                world.id("case"),
                world.id("done"),
                world.id("site"),
                world.id("moving"),
                world.id("receipt"),
            ],
        ),
        ("path.login", vec![world.id("login")]),
        (
            "path.action",
            words(
                "accept dispatch take arrive wait finish rate reopen cancel merge submit return approve stop resume extend",
            ),
        ),
        ("query.community", words("JXHY")),
        ("query.period", words("2026-11")),
        ("query.month", words("2026-11")),
        ("query.by", words("building item steward month")),
        ("query.as_of", words("2026-11-30T00:00:00Z 9999-12-31T23:59:59Z")),
        ("query.kind", words("repair renovation return_visit")),
        ("query.from", words("2026-11-01 0001-01-01")),
        ("query.to", words("2026-12-01 9999-12-31 +262142-12-31")),
        ("query.cursor", words("1 9223372036854775807")),
        ("body.community", words("JXHY")),
        ("body.home", vec![world.id("home")]),
        ("body.renovation", vec![world.id("site")]),
        ("body.category", words("water.leak door.lock tenant")),
        ("body.method", words("cash transfer")),
        ("body.period", words("2026-12 9999-12")),
        ("body.outcome", words("satisfied unsatisfied no_answer call_later upheld rejected")),
        ("body.agreed_at", words("2026-12-04T02:00:00Z +262142-12-31T23:59:59Z")),
        ("body.started_at", words("2026-12-02T02:00:00Z 0001-01-01T00:00:00Z +262142-12-31T23:59:59Z")),
        ("body.made_at", words("2026-12-03T00:30:00Z 0001-01-01T00:00:00Z")),
        ("body.progress", words("水电")),
        ("body.decision", words("confirm turned put_right refuse")),
        ("body.timing", words("first last")),
        ("body.month", words("2026-11 0001-01 9999-12")),
        ("body.from_month", words("2027-04 9999-12")),
        ("body.day", words("2026-12-02 0001-01-01 9999-12-31")),
        ("body.read_on", words("2026-12-02 0001-01-01 9999-12-31")),
        ("body.installed_on", words("2026-12-02 0001-01-01")),
    ];
    let numbers = [
        ("path.id", NAMED.map(|one| world.id(one)).to_vec()),
        ("body.version", words("1 2 3 4")),
        ("body.satisfaction", words("1 5")),
        ("body.workers", words("2")),
        ("body.charge", vec![world.id("charge")]),
        ("body.months", words("1 3 6 12")),
        ("body.value", words("1 100 1000000000000")),
        ("body.last", words("1 100 1000000000000")),
        ("body.turns_at", words("100000 1000000000000")),
        ("body.amount_fen", words("1 100 9223372036854775807")),
    ];
    let quoted =
        |values: &[String]| values.iter().map(|one| format!("{one:?}")).collect::<Vec<_>>().join(", ");
    let lists = texts.iter().map(|(name, values)| (*name, quoted(values)));
    let lists: Vec<_> =
        lists.chain(numbers.iter().map(|(name, values)| (*name, values.join(", ")))).collect();
    let mut toml = String::new();
    for (name, values) in &lists {
        writeln!(toml, "[dictionaries.\"{name}\"]\nvalues = [{values}]").unwrap();
    }
    toml.push_str("[parameters]\n");
    for (name, _) in &lists {
        writeln!(toml, "\"{name}\" = {{ dictionary = \"{name}\", probability = 0.7 }}").unwrap();
    }
    toml
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}
