//! Every change × where it comes from: what another site makes a browser send is refused, and changes nothing.

use std::collections::BTreeMap;

use test_support::both;

use super::Route;
use super::asker::{Asker, look_up, somebody};
use crate::harness::{App, Community, ROLES};

both! {
    fn nothing_is_changed_from_another_site_or_without_the_forms_token(app: Community) {
        let everybody = everybody(&app);
        let before = counts(&app);
        let mut faults = Vec::new();
        let changes: Vec<Route> = Route::all(&app).into_iter().filter(|route| route.method != "GET").collect();
        assert!(changes.len() > 40, "only {} change anything", changes.len());
        for route in &changes {
            let path = in_words(&route.path);
            if route.is_api() {
                let status = everybody.borrowed(&route.method, &path, &[]).as_u16();
                let expected: &[u16] = if route.is_public() { &[422] } else { &[401] };
                if !expected.contains(&status) {
                    faults.push(format!("{} {path} with a borrowed cookie: {status}", route.method));
                }
                continue;
            }
            if route.access == "provider" {
                // No session counts here, only a signature: where nobody is set up who could make one, nobody is there.
                let status = everybody.send(&route.method, &path, &[("sec-fetch-site", "cross-site")], &[]).status;
                if status != 404 {
                    faults.push(format!("{} {path} without a provider: {status}", route.method));
                }
                continue;
            }
            let token = vec![("csrf".to_owned(), everybody.csrf().to_owned())];
            let tries: [From; 6] = [
                ("from another site", &[("sec-fetch-site", "cross-site")], &token),
                ("from a sister site", &[("sec-fetch-site", "same-site")], &token),
                ("with a foreign origin", &[("origin", "https://evil.example")], &token),
                ("with no origin", &[("origin", "null")], &token),
                ("without a token", &[("sec-fetch-site", "same-origin")], &[]),
                ("with a token of nobody's", &[("sec-fetch-site", "same-origin")], &forged()),
            ];
            for (how, headers, fields) in tries {
                let answer = everybody.send(&route.method, &path, headers, fields);
                if answer.status != 403 {
                    faults.push(format!("{} {path} {how}: {}", route.method, answer.status));
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert_eq!(counts(&app), before, "something was changed");
    }
}

/// The address with a word where a part of it is one of ours, so that the form itself is looked at; else with an id.
fn in_words(path: &str) -> String {
    let words = path.replace("{act}", "reverse").replace("{decision}", "refuse").replace("{step}", "kind");
    words.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/")
}

/// How a change is sent: in words, with which headers, with which fields.
type From<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [(String, String)]);

fn forged() -> Vec<(String, String)> {
    vec![("csrf".to_owned(), "0".repeat(80))]
}

/// One person with every role there is.
pub(super) fn everybody(app: &Community) -> Asker {
    let staff: Vec<&str> =
        ROLES.iter().copied().filter(|role| !["resident", "admin"].contains(role)).collect();
    let person = somebody(app, "JXHY", "万能", &staff);
    super::asker::change(app, &format!("INSERT INTO admins (person_id) VALUES ({person})"));
    super::asker::change(
        app,
        &format!(
            "INSERT INTO occupancies (community_id, home_id, person_id, kind, lives_there, pays, starts_on) \
             SELECT community_id, id, {person}, 'owner', FALSE, FALSE, '2026-01-01' FROM homes WHERE code = '{}'",
            crate::harness::HOME
        ),
    );
    Asker::person(app, "everybody", "everybody", person)
}

/// How many rows there are of what a change would make, and the head of the audit trail.
fn counts(app: &App) -> BTreeMap<&'static str, String> {
    let tables = [
        "accounts",
        "activations",
        "attachments",
        "billing_runs",
        "case_events",
        "cases",
        "duties",
        "idempotency_keys",
        "imports",
        "invitations",
        "logins",
        "notifications",
        "occupancies",
        "one_time_codes",
        "payments",
        "people",
        "sessions",
        "settings",
        "visits",
    ];
    let count = |table| look_up(app, &format!("SELECT COUNT(*) AS value FROM {table}"));
    let mut counts: BTreeMap<&'static str, String> =
        tables.into_iter().map(|table| (table, count(table))).collect();
    counts.insert("audit", look_up(app, "SELECT SUM(seq) AS value FROM audit_heads"));
    counts
}
