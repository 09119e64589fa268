//! Who comes in, and what every answer carries (quality.md §2).

use reqwest::Method;
use serde_json::json;
use test_support::both;

use crate::harness::{Answer, App, Community, PASSWORD, ROLES};

both! {
    fn the_process_and_its_database_say_that_they_are_well(app: App) {
        for path in ["/healthz", "/readyz"] {
            app.anon().see(path);
        }
    }

    fn every_answer_carries_the_headers(app: App) {
        let anon = app.anon();
        for (path, status) in [("/login", 200), ("/no-such-page", 404), ("/api/v1/no-such-thing", 404)] {
            assert_guarded(anon.ask(Method::GET, path, |request| request).status(status));
        }
    }

    fn an_admin_comes_in_and_goes(app: App) {
        app.linli_with(&["admin", "add", "--login", "admin", "--name", "管理员"], &format!("{PASSWORD}\n")).ok();
        let admin = app.anon();
        admin.sign_in("admin", PASSWORD, || None).status(200);
        assert!(!admin.get("/account").path().starts_with("/login"));
        assert!(app.anon().get("/account").path().starts_with("/login"), "nobody else is in");
    }

    fn a_wrong_password_and_an_unknown_login_get_the_same_answer(app: App) {
        app.linli_with(&["admin", "add", "--login", "admin", "--name", "管理员"], &format!("{PASSWORD}\n")).ok();
        let answers = ["admin", "nobody"].map(|login| {
            app.program().post("/sessions", &json!({"login": login, "password": "not this one, surely"}))
        });
        assert_eq!(answers[0].status, answers[1].status);
        assert_eq!(answers[0].problem(), answers[1].problem());
        assert_eq!(answers[0].json()["detail"], answers[1].json()["detail"]);
    }

    fn a_form_without_its_token_or_from_another_site_is_refused(app: App) {
        let anon = app.anon();
        let form = anon.see("/login").form("form:has([name=password])").set("login", "a").set("password", "b");
        anon.submit_only(form.clone().forge("csrf", "made up")).status(403);
        anon.ask(Method::POST, "/login", |request| request.header("Sec-Fetch-Site", "cross-site")).status(403);
    }

    fn every_role_comes_in_by_page_and_by_api(app: Community) {
        for role in ROLES {
            let me = app.api(role).get("/me").status(200).json();
            let has = me["roles"].as_array().unwrap().iter().any(|one| one == role || one["role"] == role);
            assert!(has, "{role}: {me}");
            app.visitor(role).see("/account");
        }
    }
}

#[track_caller]
fn assert_guarded(answer: Answer) {
    let policy = answer.header("content-security-policy");
    for rule in ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(rule), "{}: no {rule} in {policy:?}", answer.asked);
    }
    assert!(!policy.contains("unsafe-"), "{}: {policy}", answer.asked);
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{}", answer.asked);
    assert!(!answer.header("referrer-policy").is_empty(), "{}", answer.asked);
}
