//! Every answer × its headers (quality.md §2): each route in each method, to who may and who may not, errors
//! and files included.

use test_support::both;

use super::Route;
use super::asker::Asker;
use super::borders::everybody;
use crate::harness::{Answer, Community};

both! {
    fn every_answer_of_every_route_carries_the_headers(app: Community) {
        let (nobody, everybody) = (Asker::nobody(&app), everybody(&app));
        let mut faults = Vec::new();
        let mut answers = 0;
        for route in Route::all(&app) {
            for who in [&nobody, &everybody] {
                // Who is refused for the method is refused before anybody knows who asks.
                let methods = if who.name == "nobody" { ["HEAD", "PUT"] } else { ["HEAD", "GET"] };
                for method in [route.method.as_str()].into_iter().chain(methods) {
                    let answer = who.ask(method, &route.with("1"), &[]);
                    answers += 1;
                    faults.extend(wrong(&answer).map(|what| format!("{}: {}: {what}", answer.asked, answer.status)));
                    if answer.status >= 500 {
                        faults.push(format!("{}: {}", answer.asked, answer.status));
                    }
                }
            }
        }
        let login = nobody.ask("GET", "/login", &[]).text();
        let style = login.split_once("href=\"/static/").expect("a style sheet").1.split('"').next().unwrap();
        for path in ["/no-such-page", "/api/v1/no-such-thing", "/%00", "/homes/%2e%2e/x", &format!("/static/{style}")] {
            let answer = nobody.ask("GET", path, &[]);
            faults.extend(wrong(&answer).map(|what| format!("{}: {}: {what}", answer.asked, answer.status)));
        }
        assert!(faults.is_empty(), "{} of {answers}:\n{}", faults.len(), faults.join("\n"));
    }
}

/// What a header of an answer lacks.
fn wrong(answer: &Answer) -> Option<String> {
    let policy = answer.header("content-security-policy");
    let rules = ["default-src 'none'", "frame-ancestors 'none'"];
    let lacking = rules.iter().find(|rule| !policy.contains(**rule));
    if let Some(rule) = lacking {
        return Some(format!("no {rule} in {policy:?}"));
    }
    if policy.contains("unsafe-") || policy.contains('*') {
        return Some(policy.to_owned());
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        if answer.header(name) != value {
            return Some(format!("{name}: {:?}", answer.header(name)));
        }
    }
    if answer.header("referrer-policy").is_empty() || !answer.header("access-control-allow-origin").is_empty()
    {
        return Some("referrer-policy or CORS".to_owned());
    }
    let kept = answer.header("cache-control");
    let is_file = answer.asked.contains("/static/") && answer.status == 200;
    (kept != "no-store" && !is_file).then(|| format!("cache-control: {kept:?}"))
}
