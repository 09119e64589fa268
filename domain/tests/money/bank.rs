//! Bank statements against the oracle of the community, sent twice, killed half way, decided by two at once.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::bank::{self, Booking, Line, State};
use domain::db::schema::{bank_lines, homes, payments};
use domain::imports::{self, Import, Kind, Options, Outcome};
use domain::payments::Method;
use domain::{Error, Fen};

use crate::estate::{BILLING, Estate, instant};

const AT: &str = "2026-11-22T02:00:00Z";
const HEAD: &str = "交易日期,对方户名,借方金额,贷方金额,摘要,流水号\n";

fn data(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(name)
}

fn oracle_file() -> Vec<u8> {
    std::fs::read(data("bank_2026-11.csv")).unwrap()
}

impl Estate {
    fn read_statement(&self, bytes: &[u8], options: Options) -> Result<Import, Error> {
        let sheet = imports::read(Kind::Bank, "bank.csv", bytes)?;
        self.store
            .write_now(|tx| imports::run(tx, &self.cashier, instant(AT), self.community, &sheet, options))
    }

    fn take_in(&self, text: &str) -> Import {
        let import = self.read_statement(text.as_bytes(), Options::default()).unwrap();
        self.book_all();
        import
    }

    fn book_one(&self) -> bool {
        self.store.write_now(|tx| bank::book_next(tx, instant(AT), self.community)).unwrap()
    }

    fn book_all(&self) {
        while self.book_one() {}
    }

    fn lines(&self, state: State) -> Vec<Line> {
        let which = (self.community, state);
        self.store.read_now(|db| bank::lines(db, &self.cashier, instant(AT), which, (0, 1_000))).unwrap()
    }

    /// Serial, home and sum of what is booked.
    fn booked(&self) -> HashMap<String, (String, i64)> {
        let rows: Vec<(String, String, Fen)> = self
            .store
            .read_now(|db| {
                Ok(bank_lines::table
                    .inner_join(payments::table.on(payments::id.nullable().eq(bank_lines::payment_id)))
                    .inner_join(homes::table.on(homes::id.nullable().eq(bank_lines::home_id)))
                    .filter(payments::method.eq(Method::BankStatement))
                    .select((bank_lines::serial, homes::code, payments::amount_fen))
                    .load(db)?)
            })
            .unwrap();
        rows.into_iter().map(|(serial, home, fen)| (serial, (home, fen.0))).collect()
    }

    fn payments(&self) -> i64 {
        self.store.read_now(|db| Ok(payments::table.count().get_result(db)?)).unwrap()
    }
}

/// What has to be booked where, and what has to wait.
fn oracle() -> (HashMap<String, (String, i64)>, Vec<String>) {
    let mut reader = csv::Reader::from_path(data("expected_bank_2026-11.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let (book, queue): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| &row[1] == "book");
    let booked = book.iter().map(|row| (row[0].to_owned(), (row[2].to_owned(), row[3].parse().unwrap())));
    let mut waiting: Vec<String> = queue.iter().map(|row| row[0].to_owned()).collect();
    waiting.sort();
    (booked.collect(), waiting)
}

test_support::both! {
    fn the_statement_of_november_ends_as_the_oracle_says(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let look = estate.read_statement(&oracle_file(), Options { dry_run: true, skip_bad: false, month: None }).unwrap();
        assert_eq!((look.outcome, estate.booked().len()), (Outcome::DryRun, 0));
        let import = estate.read_statement(&oracle_file(), Options::default()).unwrap();
        let tally = import.report.bank.clone().unwrap().tally;
        assert_eq!(look.report.bank.unwrap().tally, tally, "the preview said something else");
        assert_eq!((tally.booked, tally.queued, tally.debits, tally.repeated), (200, 20, 1, 1));
        estate.book_all();
        let (booked, waiting) = oracle();
        assert_eq!(estate.booked(), booked);
        let mut queued: Vec<String> = estate.lines(State::Queued).into_iter().map(|line| line.serial).collect();
        queued.sort();
        assert_eq!(queued, waiting);
        assert_eq!(estate.faults(), Vec::<String>::new());

        let (again, before) = (estate.read_statement(&oracle_file(), Options::default()).unwrap(), estate.payments());
        estate.book_all();
        assert_eq!((again.report.added, again.report.unchanged), (0, 222), "the second time brought something");
        assert_eq!((again.report.bank.unwrap().statement, estate.payments()), (None, before));
    }

    fn a_kill_half_way_loses_nothing_and_books_nothing_twice(estate: Estate) {
        estate.bill("2026-11", BILLING);
        // Killed before the lines were in: nothing is.
        let sheet = imports::read(Kind::Bank, "bank.csv", &oracle_file()).unwrap();
        let killed: Result<(), Error> = estate.store.write_now(|tx| {
            imports::run(tx, &estate.cashier, instant(AT), estate.community, &sheet, Options::default())?;
            bank::book_next(tx, instant(AT), estate.community)?;
            Err(Error::internal("killed"))
        });
        assert!(killed.is_err() && estate.payments() == 0 && estate.lines(State::Queued).is_empty());
        // Killed while lines are booked: the next goes on, be it the same file again or the worker.
        estate.read_statement(&oracle_file(), Options::default()).unwrap();
        for _ in 0..70 {
            assert!(estate.book_one());
        }
        let killed: Result<(), Error> = estate.store.write_now(|tx| {
            bank::book_next(tx, instant(AT), estate.community)?;
            Err(Error::internal("killed"))
        });
        assert!(killed.is_err());
        assert_eq!(estate.booked().len(), 70);
        estate.read_statement(&oracle_file(), Options::default()).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| estate.book_all());
            }
        });
        assert_eq!(estate.booked(), oracle().0);
        assert_eq!(estate.payments(), 200);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn two_who_book_one_line_book_it_once(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.take_in(&format!("{HEAD}2026-11-20,某平台,,12.34,代收,1\n"));
        let line = estate.lines(State::Queued).remove(0);
        let home = estate.home("1-1-0101");
        let booking = Booking { home, remember: false, version: Some(line.version) };
        let book = |actor: &domain::access::Actor| {
            estate.store.write_now(|tx| bank::book(tx, actor, instant(AT), line.id, &booking))
        };
        let outcomes = std::thread::scope(|scope| {
            let one = scope.spawn(|| book(&estate.cashier));
            let other = scope.spawn(|| book(&estate.other_cashier));
            [one.join().unwrap(), other.join().unwrap()]
        });
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(won, 1, "{outcomes:?}");
        assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(Error::Conflict(_)))), "{outcomes:?}");
        assert_eq!(estate.payments(), 1);
        let booked = estate.lines(State::Booked).remove(0);
        assert!(booked.decider.is_some() && booked.decided_at.is_some() && booked.receipt.is_some());
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn who_pays_for_relatives_is_remembered_only_if_a_cashier_says_so(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let home = estate.home("1-1-0101");
        let row = |serial: i32| format!("{HEAD}2026-11-20,从未见过的亲戚,,1.00,1-1-0101,{serial}\n");
        for (serial, remember, certain) in [(1, false, 0), (2, true, 0), (3, false, 1)] {
            let import = estate.take_in(&row(serial));
            assert_eq!(import.report.bank.unwrap().tally.booked, certain, "{serial}");
            if certain == 0 {
                let line = estate.lines(State::Queued).remove(0);
                let booking = Booking { home, remember, version: None };
                estate.store.write_now(|tx| bank::book(tx, &estate.cashier, instant(AT), line.id, &booking)).unwrap();
            }
        }
        assert_eq!(estate.account("1-1-0101").balance, Fen(25_161 + 1_200 - 300));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_nobodys_is_set_aside_with_a_reason_and_taken_up_again(estate: Estate) {
        estate.take_in(&format!("{HEAD}2026-11-20,某公司,,500.00,广告位,1\n"));
        let line = estate.lines(State::Queued).remove(0);
        let aside = |reason: &str, version| {
            estate.store.write_now(|tx| {
                bank::set_aside(tx, &estate.cashier, instant(AT), line.id, reason, version)
            })
        };
        assert!(matches!(aside(" ", None), Err(Error::Invalid(_))));
        assert!(matches!(aside("租金", Some(9)), Err(Error::Conflict(_))));
        aside("租金", Some(line.version)).unwrap();
        assert!(matches!(aside("租金", None), Err(Error::Conflict(_))), "it is set aside already");
        let kept = estate.lines(State::Aside).remove(0);
        assert_eq!((kept.note.as_str(), kept.decider.is_some()), ("租金", true));
        estate.store.write_now(|tx| bank::take_up(tx, &estate.cashier, instant(AT), line.id, None)).unwrap();
        assert_eq!(estate.lines(State::Queued).len(), 1);
        let by_manager = estate.store.write_now(|tx| {
            bank::set_aside(tx, &estate.manager, instant(AT), line.id, "租金", None)
        });
        assert!(matches!(by_manager, Err(Error::NotAllowed)), "{by_manager:?}");
    }

    fn a_line_whose_payment_is_voided_waits_again(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let name = estate.account("1-1-0101").payer;
        estate.take_in(&format!("{HEAD}2026-11-20,{name},,263.61,1-1-0101,1\n"));
        let payment = estate.lines(State::Booked).remove(0).payment_id.unwrap();
        estate.store.write_now(|tx| {
            domain::payments::void(tx, &estate.other_cashier, instant(AT), payment, "记错了", None)
        }).unwrap();
        let line = estate.lines(State::Queued).remove(0);
        assert_eq!((line.why, line.payment_id), (bank::Why::Voided, None));
        assert_eq!(estate.faults(), Vec::<String>::new());
        let booking = Booking { home: estate.home("1-1-0102"), remember: false, version: None };
        estate.store.write_now(|tx| bank::book(tx, &estate.cashier, instant(AT), line.id, &booking)).unwrap();
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_number_on_another_line_than_before_is_listed_and_not_booked(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let name = estate.account("1-1-0101").payer;
        let row = |sum: &str| format!("{HEAD}2026-11-20,{name},,{sum},1-1-0101,1\n");
        estate.take_in(&row("1.00"));
        let other = estate.take_in(&row("2.00")).report;
        assert_eq!((other.added, other.bank.unwrap().tally.repeated), (1, 1));
        let again = estate.take_in(&row("2.00")).report;
        assert_eq!((again.added, again.unchanged), (0, 1));
        assert_eq!((estate.payments(), estate.lines(State::Repeated).len()), (1, 1));
    }

    fn one_bad_row_stops_all_unless_it_is_left_out(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let text = format!("{HEAD}2026-11-20,某平台,,12.34,代收,1\n2026-11-20,某平台,,0.001,代收,2\n2026-11-20,某平台,,-1.00,代收,3\n");
        let refused = estate.take_in(&text);
        assert_eq!((refused.outcome, refused.report.rejected), (Outcome::Refused, 2));
        assert!(estate.lines(State::Queued).is_empty());
        let bad: Vec<(usize, &str)> = refused.report.errors.iter().map(|e| (e.line, e.code.as_str())).collect();
        assert_eq!(bad, [(3, "too_many_decimals"), (4, "not_positive")]);
        let good = estate.read_statement(text.as_bytes(), Options { dry_run: false, skip_bad: true, month: None }).unwrap();
        assert_eq!((good.outcome, good.report.added), (Outcome::Imported, 1));
        let of_december = Options { month: Some("2026-12".parse().unwrap()), ..Options::default() };
        let other = estate.read_statement(format!("{HEAD}2026-11-20,某平台,,12.34,代收,9\n").as_bytes(), of_december).unwrap();
        let bad: Vec<(usize, &str, &str)> = other.report.errors.iter().map(|e| (e.line, e.column.as_str(), e.code.as_str())).collect();
        assert_eq!((other.outcome, bad), (Outcome::Refused, vec![(2, "交易日期", "other_month")]));
        let too_much = estate.take_in(&format!("{HEAD}2026-11-20,{},,99999999.00,1-1-0101,4\n", estate.account("1-1-0101").payer));
        assert_eq!(too_much.report.bank.unwrap().tally.queued, 1, "more than anybody pays is looked at by somebody");
    }

    fn what_is_broken_is_named_by_the_check(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let name = estate.account("1-1-0101").payer;
        estate.take_in(&format!("{HEAD}2026-11-20,{name},,1.00,1-1-0101,1\n"));
        assert_eq!(estate.faults(), Vec::<String>::new());
        estate.sql("UPDATE bank_lines SET amount_fen = 2");
        assert!(estate.faults().iter().any(|fault| fault.starts_with("bank line is booked without")));
    }
}
