//! Reminders: who gets one when, once each, and who hears nothing.

use diesel::prelude::*;
use domain::access::Actor;
use domain::db::schema::{jobs, notifications};
use domain::notifications::{Channel, Notification};
use domain::reminders::{self, rules::Stage};

use crate::estate::{BILLING, Estate, instant};

impl Estate {
    /// Lets the reminders go out at an instant; returns how many did.
    pub(crate) fn remind(&self, at: &str) -> usize {
        let due = self.store.read_now(|db| reminders::due(db, self.community, instant(at))).unwrap();
        let actor = Actor::system("reminders");
        let sent = due.iter().filter_map(|account| {
            self.store.write_now(|tx| reminders::remind(tx, &actor, instant(at), *account)).unwrap()
        });
        sent.count()
    }

    fn history(&self, home: &str) -> Vec<String> {
        let account = self.account_id(home);
        let rows = self.store.read_now(|db| reminders::of_account(db, account)).unwrap();
        rows.iter().rev().map(|row| format!("{} {} {}", row.period, row.stage, row.outcome)).collect()
    }

    pub(crate) fn mails(&self) -> Vec<Notification> {
        self.store
            .read_now(|db| {
                Ok(notifications::table
                    .filter(notifications::channel.eq(Channel::Email))
                    .order(notifications::id)
                    .select(Notification::as_select())
                    .load(db)?)
            })
            .unwrap()
    }

    /// Pays everything but for one home.
    pub(crate) fn only_owes(&self, home: &str) {
        self.sql(&format!("UPDATE homes SET delivered_on = NULL WHERE code <> '{home}'"));
    }
}

const HOME: &str = "1-1-0101";

test_support::both! {
    fn each_stage_goes_out_once_in_its_hours(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        // Due on the 25th. Local times: 09:30 is 01:30 UTC.
        for (at, sent) in [
            ("2026-11-19T01:30:00Z", 0),
            ("2026-11-20T00:30:00Z", 0),
            ("2026-11-20T04:30:00Z", 0),
            ("2026-11-20T01:30:00Z", 1),
            ("2026-11-20T07:00:00Z", 0),
            ("2026-11-24T01:30:00Z", 0),
            ("2026-11-25T01:30:00Z", 0),
            ("2026-11-27T01:30:00Z", 0),
            ("2026-11-28T12:30:00Z", 0),
            ("2026-11-28T07:00:00Z", 1),
            ("2026-12-10T01:30:00Z", 1),
            ("2026-12-25T01:30:00Z", 1),
            ("2027-03-01T01:30:00Z", 0),
        ] {
            assert_eq!(estate.remind(at), sent, "{at}");
        }
        assert_eq!(estate.history(HOME), ["2026-11 before sent", "2026-11 day3 sent", "2026-11 day15 sent", "2026-11 day30 sent"]);
        let mails = estate.mails();
        assert_eq!(mails.len(), 4);
        let args = mails[0].args().unwrap();
        assert_eq!(args["owed"], "263.61");
        assert_eq!(args["list"].as_str().unwrap().lines().count(), 2);
    }

    fn after_a_downtime_only_the_latest_is_sent(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        assert_eq!(estate.remind("2026-12-12T01:30:00Z"), 1);
        assert_eq!(estate.history(HOME), ["2026-11 before skipped", "2026-11 day3 skipped", "2026-11 day15 sent"]);
    }

    fn the_stage_is_that_of_the_oldest_unpaid_month_and_at_most_one_a_day(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        estate.bill("2026-12", "2026-11-30T18:00:00Z");
        assert_eq!(estate.remind("2026-12-22T01:30:00Z"), 1);
        estate.pay(HOME, 26_361, "2026-12-22T03:00:00Z");
        // December's first would be due now, but one a day is enough.
        assert_eq!(estate.remind("2026-12-22T07:00:00Z"), 0);
        assert_eq!(estate.remind("2026-12-23T01:30:00Z"), 1);
        assert_eq!(estate.history(HOME).last().unwrap(), "2026-12 before sent");
    }

    fn who_owes_little_or_nothing_hears_nothing(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        estate.pay(HOME, 26_361 - 999, "2026-11-10T03:00:00Z");
        assert_eq!(estate.remind("2026-11-28T01:30:00Z"), 0);
        assert_eq!(estate.history(HOME), Vec::<String>::new());
    }

    fn who_pays_while_the_mail_waits_hears_nothing(estate: Estate) {
        estate.only_owes(HOME);
        estate.bill("2026-11", BILLING);
        estate.remind("2026-11-20T01:30:00Z");
        let mail = estate.mails().remove(0);
        let still = |at| estate.store.read_now(|db| reminders::still_due(db, &[&mail], instant(at))).unwrap().contains(&mail.id);
        assert!(still("2026-11-20T01:31:00Z"));
        assert!(!still("2026-11-25T01:31:00Z"), "none before due on the due date");
        estate.pay(HOME, 26_361, "2026-11-20T01:32:00Z");
        assert!(!still("2026-11-20T01:33:00Z"));
    }

    fn a_whole_community_is_reminded_at_once_and_once(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let at = instant("2026-11-28T01:30:00Z");
        let (actor, community) = (Actor::system("reminders"), estate.community);
        let due = estate.store.read_now(|db| reminders::due(db, community, at)).unwrap();
        let remind = || estate.store.write_now(|tx| reminders::remind_all(tx, &actor, at, community, &due)).unwrap();
        let sent = remind();
        assert_eq!(sent.len(), due.len());
        assert!(sent.len() > 800 && sent.iter().all(|(_, stage)| *stage == Stage::Day3));
        let mails = estate.mails().len();
        let jobs: i64 = estate
            .store
            .read_now(|db| Ok(jobs::table.filter(jobs::kind.eq("deliver")).count().get_result(db)?))
            .unwrap();
        assert_eq!(i64::try_from(mails).unwrap(), jobs, "each mail has its job");
        assert!(mails > 0 && mails < sent.len(), "who has no address is told in the portal alone");
        assert_eq!(remind(), []);
        assert_eq!(estate.mails().len(), mails);
    }

    fn two_workers_remind_once(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let at = instant("2026-11-28T01:30:00Z");
        let due = estate.store.read_now(|db| reminders::due(db, estate.community, at)).unwrap();
        let sent: usize = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..2).map(|_| scope.spawn(|| {
                let store = domain::Store::open(estate.database.url()).unwrap();
                due.iter().take(60).filter(|account| {
                    let actor = Actor::system("reminders");
                    store.write_now(|tx| reminders::remind(tx, &actor, at, **account)).unwrap() == Some(Stage::Day3)
                }).count()
            })).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        assert_eq!(sent, 60);
    }
}
