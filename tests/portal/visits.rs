//! The quota as a steward and a supervisor meet it, page by page: thirty distinct households a month, what is
//! logged late, the month that closes by itself, and what is said of one that stayed short.

use serde_json::Value;
use test_support::both;

use crate::harness::{App, Community, Page, Visitor};

both! {
    fn two_visits_to_one_household_count_once(app: Community) {
        let steward = app.visitor("steward");
        log(&steward, "1-1-0101", "2026-11-21T10:00");
        log(&steward, "1-1-0101", "2026-11-21T16:00").says("1 / 30 户");
        log(&steward, "1-1-0102", "2026-11-22T09:30").says("2 / 30 户");
        assert_eq!(steward.see("/visits").texts("ul.list > li").len(), 3, "every visit is kept");
        let wrong = steward.see("/visits/new/1-1-0201").form_to("/visits/new/1-1-0201").set("said", "电梯太慢");
        let wrong = steward.submit(wrong).status(422);
        assert!(wrong.words().contains("电梯太慢"), "what was typed is lost");
        steward.get("/visits/new/2-1-0102").status(404);
        app.linli(&["check"]).ok();
    }

    fn a_visit_is_voided_on_its_own_page_with_a_reason(app: Community) {
        let steward = app.visitor("steward");
        log(&steward, "1-1-0101", "2026-11-21T10:00").says("1 / 30 户");
        let month = steward.see("/visits").says_nothing_of("不再计入指标");
        let page = steward.see(&month.attribute("ul.list a[href^='/visits/']", "href"));
        assert_eq!(page.texts(".qr svg").len(), 1, "its page as a QR code");
        let other = app.visitor("supervisor").see(page.path());
        assert_eq!(other.texts("form[action$='/void']").len(), 0, "who has not made it does not void it here");
        let silent = steward.submit(page.form_to("/void")).status(422);
        assert_eq!(silent.attributes("details.confirm[open]", "class").len(), 1, "what was tried stays open");
        let voided = steward.submit(silent.form_to("/void").set("reason", "记错了户")).status(200).says("已作废 记错了户");
        assert_eq!(voided.texts("form[action$='/void']").len(), 0, "it is voided once");
        steward.see(&voided.attribute(".tools a", "href")).says("0 / 30 户");
        app.linli(&["check"]).ok();
    }

    fn what_is_logged_after_two_days_waits_for_the_supervisor(app: Community) {
        let steward = app.visitor("steward");
        log(&steward, "1-1-0101", "2026-11-20T09:00").says("需主管认可后计入").says("0 / 30 户");
        log(&steward, "1-1-0102", "2026-11-20T09:10").says("0 / 30 户");
        log(&steward, "1-1-0201", "2026-11-20T10:30").says("1 / 30 户");

        let supervisor = app.visitor("supervisor");
        let decide = |verdict: &str, reason: &str| {
            let form = supervisor.see("/visits/team").form("form[action$='/decide']");
            supervisor.submit(form.set("reason", reason).forge("verdict", verdict))
        };
        decide("accept", "").status(200);
        decide("refuse", "").status(422);
        decide("refuse", "没有访谈内容").status(200).says("没有等待认可的走访");
        steward.see("/today").says("2 / 30 户");
        steward.see("/visits").says("不计入");
        app.linli(&["check"]).ok();
    }

    fn the_month_closes_at_half_past_midnight_and_stays_as_it_was(app: Community) {
        let steward = app.visitor("steward");
        log(&steward, "1-1-0101", "2026-11-21T10:00");
        app.clock_to("2026-12-01T00:29:00+08:00");
        app.worker_once();
        assert_eq!(quota(&app)["frozen"], false);
        app.clock_to("2026-12-01T00:31:00+08:00");
        app.worker_once();
        assert_eq!(standing(&app), (true, "short".to_owned(), 1, 29));
        steward.see("/visits?month=2026-11").says("本月已结");

        // What arrives later in time, and what is decided later, stands beside the figure as a line of its own.
        app.clock_to("2026-12-01T09:00:00+08:00");
        log(&steward, "1-1-0102", "2026-11-30T17:00");
        let closed = quota(&app);
        assert_eq!((&closed["counted"], &closed["corrections"][0]["cause"], &closed["corrections"][0]["delta"]), (&2.into(), &"arrived".into(), &1.into()));
        steward.see("/visits?month=2026-11").says("按时补报");
        app.linli(&["check"]).ok();
    }

    fn a_worker_that_was_down_that_night_closes_the_month_as_of_that_night(app: Community) {
        let steward = app.visitor("steward");
        log(&steward, "1-1-0101", "2026-11-21T10:00");
        // In time by the 48 hours, but after the close: a correction, not a part of the frozen figure.
        app.clock_to("2026-12-01T08:00:00+08:00");
        log(&steward, "1-1-0102", "2026-11-30T17:00");
        app.clock_to("2026-12-02T09:00:00+08:00");
        app.worker_once();
        assert_eq!(standing(&app), (true, "short".to_owned(), 2, 28));
        assert_eq!(quota(&app)["corrections"].as_array().unwrap().len(), 1);
        app.worker_once();
        assert_eq!(standing(&app), (true, "short".to_owned(), 2, 28));
        app.linli(&["check"]).ok();
    }

    fn a_short_month_is_explained_and_made_up(app: Community) {
        let steward = app.visitor("steward");
        log(&steward, "1-1-0101", "2026-11-21T10:00");
        app.clock_to("2026-12-03T08:31:00+08:00");
        app.worker_once();
        steward.see("/notifications").says("2026-11 走访少 29 户");
        let page = steward.see("/visits");
        let explain = page.form("form[action^='/shortfalls/']");
        steward.submit(explain.clone()).status(422);
        steward.submit(explain.set("reason", "参加两周培训")).status(200).says("原因已提交");

        let supervisor = app.visitor("supervisor");
        let team = supervisor.see("/visits/team").says("参加两周培训");
        let entry = team.texts("ul.list > li").iter().position(|row| row.contains("参加两周培训")).unwrap();
        assert_eq!(entry, 0, "the first steward's comes first");
        let decide = team.form("form[action^='/shortfalls/']").set("note", "下月补上").forge("decision", "make_up");
        let again = decide.clone();
        supervisor.submit(decide).status(200).says("下月补访");
        supervisor.submit(again.forge("idempotency_key", "another")).status(409);
        let december = app.api("steward").get("/stewards/steward/quota?month=2026-12").status(200).json();
        assert_eq!(december["quota"], 30 + 29);
        assert_eq!(standing(&app), (true, "short".to_owned(), 1, 29), "it stands in the assessment");
        app.linli(&["check"]).ok();
    }
}

/// Logs a visit on the pages; gives the steward's day that it leads to.
fn log(steward: &Visitor, home: &str, started_at: &str) -> Page {
    let form = steward.see(&format!("/visits/new/{home}")).form_to(&format!("/visits/new/{home}"));
    let form = form.set("started_at", started_at).set("spoken_to", "业主本人").set("topics", "cleaning");
    steward.submit(form.set("said", "很好").set("satisfaction", "5")).status(200)
}

fn quota(app: &App) -> Value {
    app.api("steward").get("/stewards/steward/quota?month=2026-11").status(200).json()
}

/// Whether November is closed, how it stands, how many count, how many are missing.
fn standing(app: &App) -> (bool, String, i64, i64) {
    let quota = quota(app);
    let number = |name: &str| quota[name].as_i64().unwrap();
    (
        quota["frozen"].as_bool().unwrap(),
        quota["state"].as_str().unwrap().to_owned(),
        number("counted"),
        number("short_by"),
    )
}
