//! How people get in and what is theirs: activation, a one-time code by mail, a new password, an owner's
//! invitation, what is held on oneself, and being forgotten once one has left (domain.md §2).

use chrono::Days;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use domain::Store;
use serde_json::json;
use test_support::both;

use crate::harness::{App, Community, HOME, PASSWORD, Page, Visitor};

const MAIL: &str = "110101@example.com";
const NEW: &str = "five plums and a kite";

both! {
    fn a_letter_from_the_desk_opens_an_account_once(app: Community) {
        let (desk, neighbour) = (app.visitor("desk"), person_of(&app, "1-1-0102"));
        let letter = desk.submit(desk.see(&format!("/people/{neighbour}")).form_to("/activation"));
        let code = letter.texts(".code").remove(0);

        let guest = app.anon();
        let form = guest.see(&format!("/activate?code={code}")).form_to("/activate");
        assert_eq!(form.value("code"), Some(code.as_str()), "the letter's QR code brings it");
        let weak = guest.submit(form.clone().set("password", "password1")).status(422).says("太常见");
        assert_eq!(weak.form_to("/activate").value("code"), Some(code.as_str()), "what was typed is lost");
        let home = guest.submit(weak.form_to("/activate").set("password", NEW)).status(200);
        assert!(home.words().contains("1-1-0102"), "{}", home.words());

        let again = app.anon();
        let form = again.see("/activate").form_to("/activate").set("code", &code).set("password", NEW);
        again.submit(form).status(422).says("激活码不对");
        app.linli(&["check"]).ok();
    }

    fn a_program_opens_an_account_with_a_code_once(app: Community) {
        let (desk, neighbour) = (app.visitor("desk"), person_of(&app, "1-1-0102"));
        let letter = desk.submit(desk.see(&format!("/people/{neighbour}")).form_to("/activation"));
        let body = json!({"code": letter.texts(".code").remove(0), "password": NEW});
        let done = app.program().post("/activations", &body).status(201).json();
        assert_eq!(done["login"], "13900000002");
        assert_eq!(app.program().post("/activations", &body).status(422).json()["errors"][0]["field"], "code");
        let me = app.program().sign_in("13900000002", NEW).get("/me").status(200).json();
        assert_eq!(me["homes"][0]["code"], "1-1-0102");
    }

    fn guessed_activation_codes_do_not_shut_the_login(app: Community) {
        let guess = json!({"code": "resident", "password": NEW});
        let statuses: Vec<u16> = (0..7).map(|_| app.program().post("/activations", &guess).status).collect();
        assert_eq!((statuses[0], statuses[6]), (422, 429), "{statuses:?}");
        app.visitor("resident").see("/account");
    }

    fn a_code_by_mail_signs_in_once_and_in_the_browser_that_asked(app: Community) {
        let resident = app.anon();
        let page = ask(&resident, "/login/mail", "resident");
        let code = mailed(&app, MAIL);
        let elsewhere = app.anon();
        let stranger = ask(&elsewhere, "/login/mail", "nobody.here");
        assert_eq!(stranger.words(), page.words(), "a known and an unknown login get the same answer");
        elsewhere.submit(stranger.form_to("/login/mail/code").set("code", &code)).status(422).says("验证码不对");

        let wrong = resident.submit(page.form_to("/login/mail/code").set("code", "000000")).status(422);
        let wrong = wrong.says("验证码不对");
        resident.submit(wrong.form_to("/login/mail/code").set("code", &code)).status(200);
        resident.see("/account").says(HOME_OWNER);
        let again = app.anon();
        let form = ask(&again, "/login/mail", "resident").form_to("/login/mail/code").set("code", &code);
        again.submit(form).status(422);
    }

    fn a_code_is_tried_five_times_and_asked_for_a_few_times(app: Community) {
        let resident = app.anon();
        let mut page = ask(&resident, "/login/mail", "resident");
        let code = mailed(&app, MAIL);
        let wrong = if code == "111111" { "222222" } else { "111111" };
        for _ in 0..5 {
            page = resident.submit(page.form_to("/login/mail/code").set("code", wrong)).status(422);
        }
        resident.submit(page.form_to("/login/mail/code").set("code", &code)).status(422);
        let form = || resident.see("/login/mail").form_to("/login/mail").set("login", "resident");
        let statuses: Vec<u16> = (0..6).map(|_| resident.submit_only(form()).status).collect();
        assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
        app.visitor("resident").see("/account");
    }

    fn at_night_a_code_is_mailed_at_once_and_is_seen_nowhere_else(app: Community) {
        app.clock_to("2026-11-22T23:30:00+08:00");
        ask(&app.anon(), "/login/mail", "resident");
        let code = mailed(&app, MAIL);
        assert!(!app.visitor("resident").see("/notifications").words().contains(&code));
        assert!(!app.log().contains(&code), "a code in the log");
        let kept = words(&app, "SELECT args AS word FROM notifications WHERE code LIKE 'one_time%'");
        assert!(!kept.is_empty() && kept.iter().all(|args| !args.contains(&code)), "a code in the database");
    }

    fn a_code_by_mail_does_not_skip_the_second_factor(app: Community) {
        let manager = app.anon();
        let page = ask(&manager, "/login/mail", "manager");
        let code = mailed(&app, &mail_of(&app, "manager"));
        let second = manager.submit(page.form_to("/login/mail/code").set("code", &code)).status(200);
        assert!(second.path().starts_with("/login/code"), "{}", second.path());
        assert!(manager.get("/manager").path().starts_with("/login"), "nobody is in yet");
    }

    fn a_new_password_by_mail_ends_every_session_and_asks_for_the_second_factor(app: Community) {
        let old = app.visitor("manager");
        let manager = app.anon();
        let page = ask(&manager, "/reset", "manager");
        let code = mailed(&app, &mail_of(&app, "manager"));
        let weak = page.form_to("/reset/code").set("code", &code).set("password", "password1");
        let page = manager.submit(weak).status(422).says("太常见");
        let form = page.form_to("/reset/code").set("code", &code).set("password", NEW);
        manager.submit(form.clone()).status(200).says("密码已重设");
        assert!(old.get("/manager").path().starts_with("/login"), "the earlier session goes on");
        let again = ask(&manager, "/reset", "manager").form_to("/reset/code");
        manager.submit(again.set("code", &code).set("password", PASSWORD)).status(422);

        let form = manager.see("/login").form("form:has([name=password])").set("login", "manager");
        let second = manager.submit(form.set("password", NEW)).status(200);
        assert!(!second.texts("form [name=code]").is_empty(), "the second factor was skipped");
        app.worker_once();
        assert!(app.smtp.mails().iter().any(|mail| mail.subject.contains("刚刚重设")));
        app.linli(&["check"]).ok();
    }

    fn an_owner_lets_family_in_and_takes_an_invitation_back(app: Community) {
        let owner = app.visitor("resident");
        let day = app.now();
        let form = || {
            let form = owner.see("/account/residents").form("form[action='/account/residents']");
            form.set("kind", "family").set("name", "黎小满").set("email", "xiaoman@example.com")
        };
        owner.submit(form().set("name", "黎\r\nBcc: x@example.com")).status(422);
        let bare = owner.submit(form().clear("email")).status(422).says("手机号和邮箱至少填一个");
        assert_eq!(bare.form("form[action='/account/residents']").value("name"), Some("黎小满"));
        let letter = owner.submit(form()).status(200).says("黎小满");
        let code = letter.texts(".code").remove(0);
        owner.see("/account/residents").says("黎小满").says_nothing_of(&code);
        app.worker_once();
        assert!(app.smtp.mails_to("xiaoman@example.com").iter().any(|mail| mail.text.contains(&code)));

        let guest = app.anon();
        let form = guest.see("/activate").form_to("/activate").set("code", &code).set("password", NEW);
        let home = guest.submit(form).status(200);
        assert!(home.words().contains(HOME), "{}", home.words());
        owner.see("/account/residents").says("已开通");
        app.worker_once();
        owner.see("/notifications").says("黎小满");
        let not_hers = guest.get("/account/residents").status(200);
        assert!(not_hers.texts("form[action='/account/residents']").is_empty(), "family does not invite");

        let form = || {
            let form = owner.see("/account/residents").form("form[action='/account/residents']");
            form.set("kind", "tenant").set("name", "周租客").set("phone", "13911112222")
        };
        owner.submit(form()).status(422).says("租约的最后一天");
        let until = day.parse::<chrono::DateTime<chrono::Utc>>().unwrap().date_naive() + Days::new(300);
        let code = owner.submit(form().set("ends_on", &until.to_string())).status(200).texts(".code").remove(0);
        let page = owner.see("/account/residents");
        owner.submit(page.form("form[action$='/revoke']")).status(200).says("邀请已撤回");
        let late = app.anon();
        let form = late.see("/activate").form_to("/activate").set("code", &code).set("password", NEW);
        late.submit(form).status(422).says("激活码不对");
        app.linli(&["check"]).ok();
    }

    fn what_is_held_on_oneself_is_a_file_of_ones_own(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let answer = app.visitor("resident").get("/account/data.json").status(200).0;
        assert!(answer.header("content-disposition").starts_with("attachment"));
        let held = answer.json()["held"].clone();
        assert_eq!(held["people.id"][0]["phone"], "13900000001");
        assert_eq!(held["occupancies.person_id"].as_array().unwrap().len(), 1);
        assert!(!held["charges.payer_id"].as_array().unwrap().is_empty());
        let text = answer.text();
        assert!(!text.contains("13900000002") && !text.contains("argon2"), "somebody else's, or a secret");
        assert!(app.anon().get("/account/data.json").path().starts_with("/login"));
    }

    fn who_has_left_and_owes_nothing_is_forgotten(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let visit = json!({
            "home": HOME, "spoken_to": HOME_OWNER, "topics": ["卫生"], "said": "很好", "satisfaction": 5,
            "started_at": "2026-11-21T02:00:00Z",
        });
        let visit = app.api("steward").post("/visits", &visit).status(201).json()["id"].clone();
        let (manager, person) = (app.visitor("manager"), person_of(&app, HOME));
        let forget = || manager.submit(manager.see(&format!("/people/{person}")).form_to("/anonymise"));
        forget().status(422).says("没结束的入住关系");
        execute(&app, "UPDATE occupancies SET ends_on = '2026-11-20' WHERE person_id = ", person);
        forget().status(422).says("没结清");
        app.api("cashier")
            .post("/payments", &json!({"home": HOME, "amount_fen": 26_361, "method": "cash"}))
            .status(201);
        let resident = app.visitor("resident");
        forget().status(200).says("个人信息已抹去").says("已匿名");
        assert!(resident.get("/account").path().starts_with("/login"), "the session goes on");
        let login = json!({"login": "resident", "password": PASSWORD});
        app.program().post("/sessions", &login).status(401);
        for path in [format!("/people/{person}"), format!("/homes/{HOME}"), "/audit".to_owned()] {
            manager.see(&path).says_nothing_of(HOME_OWNER);
        }
        app.visitor("steward").see(&format!("/visits/{visit}")).says_nothing_of(HOME_OWNER);
        app.linli(&["check"]).ok();
    }
}

/// Who owns [`HOME`].
const HOME_OWNER: &str = "黎琪艳";

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn words(app: &App, sql: &str) -> Vec<String> {
    let store = Store::open(app.database.url()).unwrap();
    let rows: Vec<Word> = store.read_now(|db| Ok(sql_query(sql).load(db)?)).unwrap();
    rows.into_iter().map(|row| row.word).collect()
}

fn execute(app: &App, sql: &str, person: i64) {
    let sql = format!("{sql}{person}");
    Store::open(app.database.url()).unwrap().write_now(|tx| Ok(sql_query(&sql).execute(tx)?)).unwrap();
}

fn person_of(app: &App, home: &str) -> i64 {
    let sql = format!(
        "SELECT CAST(o.person_id AS TEXT) AS word FROM occupancies o JOIN homes h ON h.id = o.home_id \
         WHERE h.code = '{home}' AND o.kind = 'owner'"
    );
    words(app, &sql).remove(0).parse().unwrap()
}

fn mail_of(app: &App, login: &str) -> String {
    let sql = format!(
        "SELECT p.email AS word FROM people p JOIN accounts a ON a.person_id = p.id \
         JOIN logins l ON l.account_id = a.id WHERE l.name = '{login}'"
    );
    words(app, &sql).remove(0)
}

/// Asks for a code and is led to where it is typed.
fn ask(visitor: &Visitor, path: &str, login: &str) -> Page {
    let page = visitor.submit(visitor.see(path).form_to(path).set("login", login)).status(200);
    assert_eq!(page.path(), format!("{path}/code"));
    page
}

/// The six digits of the newest mail to an address.
#[track_caller]
fn mailed(app: &App, address: &str) -> String {
    app.worker_once();
    let mails = app.smtp.mails_to(address);
    let mail = mails.last().unwrap_or_else(|| panic!("no mail to {address}"));
    let digits: String = mail.subject.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits.len(), 6, "{}", mail.subject);
    assert!(mail.text.contains(&digits));
    digits
}
