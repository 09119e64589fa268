use std::collections::HashSet;

use domain::access::Actor;
use domain::notifications::{self, Channel, Notification, State, Tell, Urgency};
use domain::{Clock, Db, NotificationId, PersonId};
use jobs::{App, Handler, Mailer, Recheck, calendar};
use serde_json::json;
use test_support::{Fault, SmtpServer, both};

use crate::world::{World, at};

/// 10:00 in Shanghai.
const MORNING: &str = "2026-11-22T02:00:00Z";
/// 22:00 in Shanghai.
const EVENING: &str = "2026-11-22T14:00:00Z";
fn unpaid(all: &[&Notification]) -> HashSet<NotificationId> {
    all.iter().filter(|one| one.code != "reminder.paid").map(|one| one.id).collect()
}

const RECHECKS: &[Recheck] = &[Recheck { prefix: "reminder.", still_due: |_, all, _| Ok(unpaid(all)) }];

impl World {
    fn mailing(&self, server: &SmtpServer, now: &str) -> App {
        let handlers: &'static [Handler] = calendar::HANDLERS;
        let mailer = Mailer::smtp(&server.url(), "锦绣花园 <portal@example.com>").unwrap();
        App { handlers, mailer, rechecks: RECHECKS, clock: Clock::starting_at(at(now)), ..self.app.clone() }
    }

    fn tell(&self, event: &str, person: PersonId, code: &'static str, urgency: Urgency) {
        let tell = Tell {
            community: self.community,
            event: event.to_owned(),
            person,
            code,
            args: json!({ "number": "WX20261122-0007" }),
            link: Some("/repairs/7".to_owned()),
            urgency,
        };
        self.app.store.write_now(|tx| notifications::tell(tx, &tell, at(MORNING))).unwrap();
    }

    fn mail_of(&self, person: PersonId) -> Notification {
        use diesel::prelude::*;
        use domain::db::schema::notifications::dsl;
        let query = |db: &mut Db| {
            let theirs =
                dsl::notifications.filter(dsl::person_id.eq(person.0).and(dsl::channel.eq(Channel::Email)));
            Ok(theirs.select(Notification::as_select()).first(db)?)
        };
        self.app.store.read_now(query).unwrap()
    }
}

both! {
    async fn a_mail_goes_out_once_in_the_persons_language(world: World) {
        let server = SmtpServer::start();
        let app = world.mailing(&server, MORNING);
        let wang = world.add_person("王芳", Some("wang@example.org"));
        world.add_person("nobody", None);
        world.tell("repair:7", wang, "repair.accepted", Urgency::Normal);
        world.tell("repair:7", wang, "repair.accepted", Urgency::Normal);
        assert_eq!(jobs::run_due(&app).await.unwrap().len(), 1);
        assert_eq!(jobs::run_due(&app).await.unwrap().len(), 0);
        let mails = server.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!((mails[0].from.as_str(), &mails[0].to), ("portal@example.com", &vec!["wang@example.org".to_owned()]));
        assert!(mails[0].subject.starts_with("mail/subject.txt zh"), "{}", mails[0].subject);
        assert!(mails[0].text.contains("https://linli.example/repairs/7"), "{}", mails[0].text);
        assert!(mails[0].message_id.ends_with("@example.com"));
        assert_eq!((world.mail_of(wang).state, world.mail_of(wang).attempts), (State::Sent, 1));
    }

    async fn what_may_pass_is_repeated_under_the_same_id(world: World) {
        let server = SmtpServer::start();
        let app = world.mailing(&server, MORNING);
        let wang = world.add_person("王芳", Some("wang@example.org"));
        world.tell("repair:7", wang, "repair.accepted", Urgency::Now);
        server.next([
            Some(Fault::Close), Some(Fault::Greeting(421)), Some(Fault::Recipient(450)),
            Some(Fault::DropBeforeData), Some(Fault::AfterDot(452)), None,
        ]);
        for attempt in 1..=6 {
            assert_eq!(jobs::run_due(&app).await.unwrap().len(), 1, "attempt {attempt}");
            let expected = if attempt < 6 { State::Waiting } else { State::Sent };
            assert_eq!(world.mail_of(wang).state, expected, "attempt {attempt}: {:?}", world.mail_of(wang).last_error);
            assert_eq!(jobs::run_due(&app).await.unwrap().len(), 0, "no repetition before its pause is over");
            world.pauses_are_over();
        }
        assert_eq!(server.mails().len(), 1);

        let zhao = world.add_person("赵敏", Some("zhao@example.org"));
        world.tell("repair:8", zhao, "repair.accepted", Urgency::Now);
        let lost = SmtpServer::start();
        let app = world.mailing(&lost, MORNING);
        lost.next([Some(Fault::DropAfterDot), None]);
        jobs::run_due(&app).await.unwrap();
        world.pauses_are_over();
        jobs::run_due(&app).await.unwrap();
        let ids: std::collections::HashSet<_> = lost.mails().into_iter().map(|mail| mail.message_id).collect();
        assert_eq!(ids.len(), 1, "a repetition carries the same Message-ID");
        assert_eq!(world.mail_of(zhao).state, State::Sent);
    }

    async fn a_server_that_is_away_for_a_day_of_pauses_ends_in_failed_and_can_be_run_again(world: World) {
        let server = SmtpServer::start();
        let app = world.mailing(&server, MORNING);
        let wang = world.add_person("王芳", Some("wang@example.org"));
        world.tell("repair:7", wang, "repair.accepted", Urgency::Normal);
        server.refuse();
        for _ in 1..=7 {
            assert_eq!(world.mail_of(wang).state, State::Waiting);
            jobs::run_due(&app).await.unwrap();
            world.pauses_are_over();
        }
        assert_eq!(world.mail_of(wang).state, State::Failed);
        server.listen();
        let failed = app.store.read_now(|db| jobs::list(db, jobs::JobState::Failed, 1)).unwrap();
        let now = app.clock.now();
        let real_now = app.clock.real_now();
        app.store.write_now(|tx| jobs::run_again(tx, &Actor::system("test"), now, real_now, failed[0].id)).unwrap();
        jobs::run_due(&app).await.unwrap();
        assert_eq!(world.mail_of(wang).state, State::Sent);
    }

    async fn an_address_that_is_refused_for_good_gets_no_more(world: World) {
        let server = SmtpServer::start();
        let app = world.mailing(&server, MORNING);
        let wang = world.add_person("王芳", Some("gone@example.org"));
        server.next([Some(Fault::Recipient(550))]);
        world.tell("repair:7", wang, "repair.accepted", Urgency::Now);
        world.tell("repair:8", wang, "repair.accepted", Urgency::Now);
        jobs::run_due(&app).await.unwrap();
        world.pauses_are_over();
        assert_eq!(jobs::run_due(&app).await.unwrap().len(), 0);
        assert_eq!(server.mails().len(), 0);
        assert_eq!(server.sessions(), 1, "the second is not even tried");
        assert_eq!(world.mail_of(wang).state, State::Failed);
        assert_eq!(world.count("FROM notifications WHERE channel = 'email' AND state = 'dropped'"), 1);
        assert_eq!(world.count("FROM people WHERE email_bad_at IS NOT NULL"), 1);
        assert_eq!(world.count("FROM audit_lines WHERE action = 'person.email_bad'"), 1);
    }

    async fn a_mail_that_is_refused_does_not_make_its_address_bad(world: World) {
        let server = SmtpServer::start();
        let app = world.mailing(&server, MORNING);
        let wang = world.add_person("王芳", Some("wang@example.org"));
        server.next([Some(Fault::AfterDot(554))]);
        world.tell("repair:7", wang, "repair.accepted", Urgency::Now);
        jobs::run_due(&app).await.unwrap();
        assert_eq!(world.mail_of(wang).state, State::Failed);
        assert_eq!(world.count("FROM people WHERE email_bad_at IS NOT NULL"), 0);
        assert_eq!(world.count("FROM jobs WHERE state = 'failed'"), 1);
    }

    async fn quiet_hours_hold_all_but_what_is_urgent(world: World) {
        let server = SmtpServer::start();
        let wang = world.add_person("王芳", Some("wang@example.org"));
        let code = world.add_person("赵敏", Some("zhao@example.org"));
        world.tell("notice:1", wang, "notice.published", Urgency::Normal);
        world.tell("code:1", code, "account.code", Urgency::Now);
        jobs::run_due(&world.mailing(&server, EVENING)).await.unwrap();
        assert_eq!(server.mails().len(), 1);
        assert_eq!(server.mails_to("zhao@example.org").len(), 1);
        assert_eq!((world.mail_of(wang).state, world.mail_of(wang).attempts), (State::Waiting, 0));
        world.pauses_are_over();
        jobs::run_due(&world.mailing(&server, "2026-11-23T00:00:00Z")).await.unwrap();
        assert_eq!(server.mails_to("wang@example.org").len(), 1);
    }

    async fn what_is_no_longer_true_is_not_sent(world: World) {
        let server = SmtpServer::start();
        let (paid, owing) = (world.add_person("王芳", Some("a@example.org")), world.add_person("赵敏", Some("b@example.org")));
        world.tell("reminder:1", paid, "reminder.paid", Urgency::Normal);
        world.tell("reminder:2", owing, "reminder.before", Urgency::Normal);
        jobs::run_due(&world.mailing(&server, MORNING)).await.unwrap();
        assert_eq!(server.mails().len(), 1);
        assert_eq!(server.mails_to("b@example.org").len(), 1);
        assert_eq!(world.mail_of(paid).state, State::Dropped);
    }

    async fn after_a_crash_while_sending_it_is_sent_again(world: World) {
        let server = SmtpServer::start();
        let app = world.mailing(&server, MORNING);
        let wang = world.add_person("王芳", Some("wang@example.org"));
        world.tell("repair:7", wang, "repair.accepted", Urgency::Normal);
        world.sql("UPDATE notifications SET state = 'sending', attempts = 1 WHERE channel = 'email'");
        world.sql("UPDATE jobs SET state = 'running', attempts = 1, leased_by = 'gone', leased_until = created_at");
        jobs::run_due(&app).await.unwrap();
        assert_eq!(server.mails().len(), 1);
        assert_eq!((world.mail_of(wang).state, world.mail_of(wang).attempts), (State::Sent, 2));
    }

    async fn the_sweep_finds_what_has_no_job(world: World) {
        let server = SmtpServer::start();
        let mut app = world.mailing(&server, MORNING);
        app.schedules = calendar::SCHEDULES;
        let wang = world.add_person("王芳", Some("wang@example.org"));
        let zhao = world.add_person("赵敏", Some("zhao@example.org"));
        world.tell("repair:7", wang, "repair.accepted", Urgency::Normal);
        world.sql("DELETE FROM jobs");
        world.tell("repair:8", zhao, "repair.accepted", Urgency::Normal);
        world.sql("UPDATE jobs SET state = 'failed'");
        jobs::run_due(&app).await.unwrap();
        assert_eq!(world.mail_of(wang).state, State::Sent);
        assert_eq!(world.mail_of(zhao).state, State::Failed);
        assert_eq!(server.mails().len(), 1);
    }

    async fn without_a_server_mails_are_files(world: World) {
        let mut app = world.app.clone();
        app.handlers = calendar::HANDLERS;
        app.clock = Clock::starting_at(at(MORNING));
        let wang = world.add_person("x\r\nBcc: all@example.org", Some("wang@example.org"));
        world.tell("repair:7", wang, "repair.accepted", Urgency::Normal);
        jobs::run_due(&app).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(world.db.folder().join("mail")).unwrap().flatten().collect();
        assert_eq!(files.len(), 1);
        assert!(files[0].file_name().to_str().unwrap().ends_with(".eml"));
        let mail = std::fs::read_to_string(files[0].path()).unwrap();
        assert!(!mail.lines().any(|line| line.starts_with("Bcc")), "{mail}");
        assert_eq!(world.mail_of(wang).state, State::Sent);
    }

    async fn a_text_that_cannot_be_written_is_no_lost_mail(world: World) {
        let server = SmtpServer::start();
        let app = world.mailing(&server, MORNING);
        let wang = world.add_person("王芳", Some("wang@example.org"));
        world.tell("x:1", wang, "unwritable", Urgency::Normal);
        jobs::run_due(&app).await.unwrap();
        assert_eq!(world.mail_of(wang).state, State::Waiting);
        assert!(world.mail_of(wang).last_error.unwrap().contains("no such text"));
    }
}
