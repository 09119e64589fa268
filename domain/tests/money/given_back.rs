//! What was charged ahead and is not owed any more: bays, items and agreements that end within a period, paid and
//! unpaid, once only whatever is killed, and what a person has to decide about first.

use domain::billing::exceptions::{self, NewException, Terms};
use domain::billing::given_back::{self, Cause, Due, Hand, Was, words};
use domain::billing::intervals::{self, NewInterval, Timing};
use domain::billing::keep::{self, Change};
use domain::billing::{self, Step, What, items};
use domain::ledger::{self, Book, ChargeLine};
use domain::{Db, Error, FeeExceptionId, Fen, Result, Store, corrections, debts};

use crate::estate::{BILLING, Estate, day, instant, month};

/// 15 January, in the night.
const LATER: &str = "2027-01-14T18:00:00Z";
/// The home whose bay is its own, at 80.00 a month.
const HOME: &str = "1-1-0602";

impl Estate {
    /// Parking is charged by the year, from November on.
    fn by_the_year(&self, item: &str) {
        let new = NewInterval { from: month("2026-11"), months: 12, timing: Timing::First };
        self.store
            .write_now(|tx| intervals::set(tx, &self.manager, instant(BILLING), self.community, item, &new))
            .unwrap();
    }

    fn ends_bay(&self, home: &str, last: &str) {
        self.sql(&format!(
            "UPDATE bays SET ends_on = '{last}' WHERE home_id = (SELECT id FROM homes WHERE code = '{home}')"
        ));
    }

    fn ends_item(&self, code: &str, last: Option<&str>) -> Result<()> {
        let item = self.item_of(code).item;
        let change =
            Change { name: item.name, unit: item.unit, due_day: item.due_day, ends_on: last.map(day) };
        self.store
            .write_now(|tx| keep::change(tx, &self.manager, instant(LATER), self.community, code, &change))
    }

    fn item_of(&self, code: &str) -> items::Tariffed {
        let all = self.store.read_now(|db| items::items(db, self.community)).unwrap();
        all.into_iter().find(|one| one.item.code == code).unwrap()
    }

    fn agrees(&self, home: &str, code: &str, (terms, from): (Terms, &str)) -> Result<FeeExceptionId> {
        let (home, reason) = (home.to_owned(), "邻近施工".to_owned());
        let new = NewException { home, terms, from: month(from), to: None, reason };
        let item = self.item_of(code).item;
        self.store
            .write_now(|tx| exceptions::agree(tx, &self.manager, instant(LATER), self.community, &item, &new))
    }

    /// What the next run would give back.
    fn given_back(&self) -> Vec<Due> {
        let read = |db: &mut Db| {
            billing::preview(db, &self.manager, instant(LATER), self.community, month("2027-01"))
        };
        self.store.read_now(read).unwrap().given_back
    }

    fn of_item_at(&self, home: &str, code: &str) -> Vec<ChargeLine> {
        self.charges(home).into_iter().filter(|line| line.item == code).collect()
    }

    /// Revision, last day, fen and whether it was taken back.
    fn revisions(&self, home: &str, code: &str) -> Vec<(i32, String, i64, bool)> {
        let of = |line: ChargeLine| {
            let one = line.charge;
            (one.revision, one.to_on.to_string(), one.amount.0, one.reversed)
        };
        self.of_item_at(home, code).into_iter().map(of).collect()
    }

    fn ahead(&self, home: &str) -> Fen {
        let account = self.account_id(home);
        self.store.read_now(|db| ledger::prepaid(db, &[account])).unwrap()
    }

    fn was(&self, home: &str) -> Vec<Was> {
        let account = self.account_id(home);
        self.store.read_now(|db| given_back::of_accounts(db, &[account])).unwrap()
    }

    fn notes(&self, home: &str) -> Vec<String> {
        let account = self.account_id(home);
        let corrected = self.store.read_now(|db| ledger::corrected(db, &[account], 50)).unwrap();
        corrected.into_iter().map(|one| one.reason).collect()
    }

    fn codes_told(&self, home: &str) -> Vec<String> {
        use diesel::prelude::*;
        use domain::db::schema::notifications as n;
        let payer = self.account(home).payer_id;
        let rows = n::table.filter(n::person_id.eq(payer.0).and(n::channel.eq("portal"))).order(n::id);
        self.store.read_now(|db| Ok(rows.select(n::code).load(db)?)).unwrap()
    }
}

fn stands(revision: i32, last: &str, fen: i64, reversed: bool) -> (i32, String, i64, bool) {
    (revision, last.to_owned(), fen, reversed)
}

test_support::both! {
    fn a_bay_that_is_given_up_is_charged_to_its_last_day_and_the_rest_is_prepaid(estate: Estate) {
        estate.by_the_year("parking_owned");
        estate.bill("2026-11", BILLING);
        let owed: Fen = estate.charges(HOME).iter().map(|line| line.charge.open()).sum();
        estate.pay(HOME, owed.0, "2026-11-10T02:00:00Z");
        assert_eq!((estate.given_back(), estate.ahead(HOME)), (vec![], Fen::ZERO));
        assert_eq!(estate.revisions(HOME, "parking_owned"), [stands(0, "2027-10-31", 96_000, false)]);

        estate.ends_bay(HOME, "2027-01-14");
        let shown = estate.given_back();
        assert_eq!(shown.len(), 1);
        let one = &shown[0];
        assert_eq!((one.home.as_str(), one.item.as_str(), one.cause, one.hand), (HOME, "parking_owned", Cause::Bay, None));
        assert_eq!((one.until_on, one.last_on), (day("2027-10-31"), Some(day("2027-01-14"))));
        // 80.00 for November, December and 14 of 31 days of January.
        assert_eq!((one.before, one.now), (Fen(96_000), Fen(19_613)));
        assert_eq!(estate.ahead(HOME), Fen::ZERO, "it is only shown");

        let run = estate.bill("2027-01", LATER);
        assert_eq!(estate.revisions(HOME, "parking_owned"), [stands(0, "2027-10-31", 96_000, true), stands(1, "2027-01-14", 19_613, false)]);
        let made = estate.of_item_at(HOME, "parking_owned").pop().unwrap().charge;
        assert_eq!((made.open(), made.due_on), (Fen::ZERO, day("2026-11-25")), "it is paid, and due as it was");
        // What is over pays January's bill first.
        let january: Fen = estate.charges(HOME).iter().filter(|line| line.charge.period == month("2027-01")).map(|line| line.charge.paid).sum();
        assert!(january > Fen::ZERO);
        assert_eq!(estate.ahead(HOME) + january, Fen(96_000 - 19_613));
        let was = estate.was(HOME);
        assert_eq!((was.len(), was[0].made_id, was[0].before, was[0].now), (1, Some(made.id), Fen(96_000), Fen(19_613)));
        assert_eq!(estate.store.read_now(|db| given_back::of_run(db, run.id)).unwrap().len(), 1);
        assert_eq!(words::in_words(&estate.notes(HOME)[0], "zh"), "车位只用到 2027-01-14，之后的不再收取");
        assert_eq!(estate.codes_told(HOME).last().map(String::as_str), Some("given_back.less"));
        let told = estate.codes_told(HOME).len();

        assert_eq!(estate.given_back(), []);
        estate.bill("2027-01", LATER);
        assert_eq!((estate.revisions(HOME, "parking_owned").len(), estate.codes_told(HOME).len()), (2, told), "once only");
        estate.bill("2027-02", "2027-01-31T18:00:00Z");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn the_night_gives_back_though_nothing_is_left_to_charge(estate: Estate) {
        let nights = |today| estate.store.read_now(|db| billing::periods_to_bill(db, estate.community, day(today))).unwrap();
        estate.by_the_year("parking_owned");
        estate.ends_bay(HOME, "2027-01-14");
        assert_eq!(nights("2026-11-01"), [month("2026-11")], "what was never billed is not given back");
        estate.bill("2026-11", BILLING);
        assert_eq!(nights("2026-11-02"), [], "it is charged to its end from the beginning");
        estate.ends_bay(HOME, "2026-11-20");
        assert_eq!(nights("2026-11-21"), [month("2026-11")]);
        estate.bill("2026-11", "2026-11-20T18:00:00Z");
        assert_eq!(nights("2026-11-22"), []);
        // Twenty days of November, unpaid: 53.33.
        assert_eq!(estate.revisions(HOME, "parking_owned").pop(), Some(stands(1, "2026-11-20", 5_333, false)));
        // A month that is charged on its first day is charged ahead, too: 300.00 for four days of it, from the handover on.
        estate.sql("UPDATE bays SET ends_on = '2026-11-15' WHERE home_id = (SELECT id FROM homes WHERE code = '1-2-0702')");
        assert_eq!(nights("2026-11-22"), [month("2026-11")]);
        estate.bill("2026-11", "2026-11-21T18:00:00Z");
        assert_eq!(estate.revisions("1-2-0702", "parking_leased").pop(), Some(stands(1, "2026-11-15", 4_000, false)));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_bay_that_ended_before_its_period_leaves_nothing(estate: Estate) {
        estate.by_the_year("parking_owned");
        estate.bill("2026-11", BILLING);
        estate.ends_bay(HOME, "2026-10-31");
        estate.bill("2026-11", "2026-11-02T18:00:00Z");
        assert_eq!(estate.revisions(HOME, "parking_owned"), [stands(0, "2027-10-31", 96_000, true)]);
        assert_eq!(words::in_words(&estate.notes(HOME)[0], "en"), "the bay is not held any more in these days");
        estate.bill("2026-11", "2026-11-03T18:00:00Z");
        assert_eq!(estate.revisions(HOME, "parking_owned").len(), 1);
        // Held after all: a person charges it anew.
        estate.ends_bay(HOME, "2027-03-31");
        let old = estate.of_item_at(HOME, "parking_owned")[0].charge.id;
        let at = instant("2026-11-04T02:00:00Z");
        estate.store.write_now(|tx| billing::charge_again(tx, &estate.manager, at, old)).unwrap();
        assert_eq!(estate.revisions(HOME, "parking_owned").pop(), Some(stands(1, "2027-03-31", 40_000, false)));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn an_item_that_ends_is_given_back_to_all_once_whatever_is_killed(estate: Estate) {
        estate.by_the_year("garbage");
        estate.bill("2026-11", BILLING);
        assert!(estate.ends_item("garbage", Some("2026-12-31")).is_err(), "a month that is over stays as it is charged");
        estate.ends_item("garbage", Some("2027-01-31")).unwrap();
        let due = estate.given_back();
        assert_eq!(due.len(), 852);
        assert!(due.iter().all(|one| one.cause == Cause::Item && one.last_on == Some(day("2027-01-31"))));

        // Killed after the first transaction: what stands is whole.
        let at = instant(LATER);
        let run = estate.store.write_now(|tx| billing::ask(tx, &estate.manager, at, at, estate.community, (month("2027-01"), What::Items))).unwrap();
        assert_eq!(estate.store.write_now(|tx| billing::step(tx, run, at)).unwrap(), Step::More);
        let left = estate.given_back().len();
        assert!(0 < left && left < 852, "{left}");
        assert_eq!(estate.faults(), Vec::<String>::new());
        estate.store.write_now(|tx| billing::cancel(tx, &estate.manager, at, run)).unwrap();

        // The next two, at once.
        let (url, manager, community) = (estate.database.url(), &estate.manager, estate.community);
        std::thread::scope(|scope| {
            for period in ["2027-01", "2026-12"] {
                scope.spawn(move || {
                    let store = Store::open(url).unwrap();
                    billing::run_now(&store, manager, instant(LATER), community, (month(period), What::Items)).unwrap();
                });
            }
        });
        assert_eq!(estate.given_back(), []);
        assert_eq!(estate.revisions("1-1-0101", "garbage"), [stands(0, "2027-10-31", 14_400, true), stands(1, "2027-01-31", 3_600, false)]);
        assert_eq!(estate.faults(), Vec::<String>::new());

        // The end is put off: it is charged on.
        estate.ends_item("garbage", Some("2027-03-31")).unwrap();
        assert!(estate.given_back().iter().all(|one| one.cause == Cause::Again && one.before < one.now));
        estate.bill("2027-01", LATER);
        let last = estate.of_item_at("1-1-0101", "garbage").pop().unwrap().charge;
        assert_eq!((last.revision, last.amount, last.due_on), (2, Fen(6_000), day("2027-01-25")), "what is more is due anew");
        assert_eq!(estate.codes_told("1-1-0101").last().map(String::as_str), Some("given_back.more"));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_agreed_for_later_months_of_a_period_is_given_back_and_charged_when_it_ends(estate: Estate) {
        estate.by_the_year("garbage");
        estate.bill("2026-11", BILLING);
        let early = estate.agrees("1-1-0101", "garbage", (Terms::Free, "2026-12"));
        assert!(matches!(early, Err(Error::Invalid(_))), "December is over");
        let id = estate.agrees("1-1-0101", "garbage", (Terms::Part(50), "2027-02")).unwrap();
        estate.agrees("1-1-0102", "garbage", (Terms::Free, "2027-02")).unwrap();
        let due = estate.given_back();
        assert_eq!(due.iter().map(|one| (one.cause, one.now.0)).collect::<Vec<_>>(), [
            // Three whole months, nine at half.
            (Cause::Agreed, 3_600 + 5_400), (Cause::Agreed, 3_600),
        ]);
        estate.bill("2027-01", LATER);
        assert_eq!(estate.revisions("1-1-0101", "garbage").pop(), Some(stands(1, "2027-10-31", 9_000, false)));
        assert_eq!(estate.given_back(), []);
        // It ends with March: the seven months behind it are whole again.
        let item = estate.item_of("garbage").item.id;
        estate.store.write_now(|tx| exceptions::end(tx, &estate.manager, instant(LATER), estate.community, (item, id), month("2027-03"))).unwrap();
        assert_eq!(estate.given_back().len(), 1);
        estate.bill("2027-01", LATER);
        assert_eq!(estate.revisions("1-1-0101", "garbage").pop(), Some(stands(2, "2027-10-31", 3_600 + 1_200 + 8_400, false)));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_somebody_has_to_decide_about_is_left_to_them(estate: Estate) {
        estate.by_the_year("garbage");
        estate.bill("2026-11", BILLING);
        let of = |home: &str| estate.of_item_at(home, "garbage")[0].charge.id;
        let at = instant(LATER);
        estate.store.write_now(|tx| corrections::ask_waiver(tx, &estate.cashier, at, of("1-1-0101"), Fen(100), "停收三天")).unwrap();
        estate.store.write_now(|tx| corrections::ask_waiver(tx, &estate.cashier, at, of("1-1-0102"), Fen(14_400), "全免")).unwrap();
        estate.store.write_now(|tx| debts::dispute(tx, &estate.cashier, at, estate.account_id("1-1-0103"), of("1-1-0103"), "没有收过垃圾")).unwrap();
        estate.ends_item("garbage", Some("2027-01-31")).unwrap();
        let hand = |home: &str| estate.given_back().into_iter().find(|one| one.home == home).and_then(|one| one.hand);
        assert_eq!((hand("1-1-0101"), hand("1-1-0103"), hand("1-1-0104")), (Some(Hand::Waived), Some(Hand::Disputed), None));
        assert!(hand("1-1-0102").is_some());
        estate.bill("2026-12", LATER);
        estate.bill("2027-01", LATER);
        assert!(estate.given_back().iter().all(|one| one.hand.is_some()), "only these are left");
        let nights = estate.store.read_now(|db| billing::periods_to_bill(db, estate.community, day("2027-01-16"))).unwrap();
        assert_eq!(nights, [], "they keep no night busy");
        for home in ["1-1-0101", "1-1-0102", "1-1-0103"] {
            assert_eq!(estate.revisions(home, "garbage"), [stands(0, "2027-10-31", 14_400, false)], "{home}");
        }
        // Taken back and charged anew by hand, it is what the run makes of the others.
        let old = of("1-1-0101");
        estate.store.write_now(|tx| {
            ledger::reverse(tx, &estate.manager, at, old, "停收")?;
            billing::charge_again(tx, &estate.manager, at, old)
        }).unwrap();
        assert_eq!(estate.revisions("1-1-0101", "garbage").pop(), Some(stands(1, "2027-01-31", 3_600, false)));
        assert!(hand("1-1-0101").is_none());
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_bay_that_is_held_again_is_charged_for_the_days_on_which_it_is_held(estate: Estate) {
        estate.by_the_year("parking_owned");
        estate.bill("2026-11", BILLING);
        estate.ends_bay(HOME, "2027-01-14");
        estate.bill("2027-01", LATER);
        estate.sql(&format!(
            "INSERT INTO bays (community_id, home_id, code, kind, position, starts_on) \
             SELECT b.community_id, b.home_id, b.code, b.kind, b.position, '2027-01-25' FROM bays b \
             JOIN homes h ON h.id = b.home_id WHERE h.code = '{HOME}'"));
        let due = estate.given_back();
        assert_eq!((due.len(), due[0].cause, due[0].last_on), (1, Cause::Again, Some(day("2027-10-31"))));
        estate.bill("2027-01", LATER);
        // 14 and 7 of 31 days of January, and eleven whole months.
        assert_eq!(estate.revisions(HOME, "parking_owned").pop(), Some(stands(2, "2027-10-31", 16_000 + 5_419 + 72_000, false)));
        assert_eq!(estate.given_back(), []);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_does_not_add_up_is_found(estate: Estate) {
        estate.by_the_year("parking_owned");
        estate.bill("2026-11", BILLING);
        estate.ends_bay(HOME, "2027-01-14");
        estate.bill("2027-01", LATER);
        let faults = || estate.store.read_now(|db| given_back::faults(db, estate.community)).unwrap();
        assert_eq!(faults(), Vec::<String>::new());
        estate.sql("UPDATE given_back SET amount_fen = amount_fen - 1");
        assert!(faults()[0].starts_with("what was left of a charge is not charged"), "{:?}", faults());
        estate.sql("UPDATE given_back SET amount_fen = amount_fen + 1, until_on = '2027-01-01'");
        assert!(faults()[0].starts_with("charge goes on"), "{:?}", faults());
        estate.sql("UPDATE charges SET reversed = FALSE WHERE id IN (SELECT charge_id FROM given_back)");
        assert!(faults().iter().any(|fault| fault.starts_with("charge was given back and stands")), "{:?}", faults());
        assert_eq!(estate.store.read_now(|db| ledger::of_home(db, estate.home(HOME), Book::Fees)).unwrap().len(), 1);
    }
}
