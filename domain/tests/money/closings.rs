//! A month's closing: frozen for good, once, in order; nothing is dated into it any more.

use domain::closings::{self, Sum};
use domain::ledger::{self, Book};
use domain::{Error, Fen, MonthClosingId, Result};

use crate::estate::{BILLING, Estate, instant, month, new_payment};

const HOME: &str = "1-1-0101";
/// 1 December 2026, 01:00 in the community.
const OVER: &str = "2026-11-30T17:00:00Z";

impl Estate {
    fn close(&self, period: &str, at: &str) -> Result<MonthClosingId> {
        let (by, at) = (&self.manager, instant(at));
        self.store.write_now(|tx| closings::close(tx, by, at, self.community, month(period)))
    }

    fn frozen(&self, period: &str) -> Vec<Sum> {
        let at = instant("2027-06-01T00:00:00Z");
        self.store
            .read_now(|db| closings::of(db, &self.manager, at, self.community, month(period)))
            .unwrap()
            .1
    }

    fn sum(&self, period: &str, kind: &str) -> (i64, i64) {
        let sums = self.frozen(period);
        let of = || sums.iter().filter(|sum| sum.book == Book::Fees && sum.kind == kind);
        (of().map(|sum| sum.entries).sum(), of().map(|sum| sum.amount_fen.0).sum())
    }
}

fn rule<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

test_support::both! {
    fn what_is_closed_stays_and_corrections_land_in_the_open_month(estate: Estate) {
        estate.sql("UPDATE homes SET delivered_on = NULL WHERE code NOT IN ('1-1-0101', '1-1-0102')");
        estate.bill("2026-11", BILLING);
        let paid = estate.pay(HOME, 10_000, "2026-11-20T02:00:00Z");
        let charged: Fen = ["1-1-0101", "1-1-0102"].iter().flat_map(|home| estate.charges(home)).map(|line| line.charge.amount).sum();
        assert_eq!(rule(estate.close("2026-11", "2026-11-30T16:59:00Z")), "closing.not_over");
        let next = estate.store.read_now(|db| closings::next(db, estate.community, instant(OVER))).unwrap();
        assert_eq!(next, Some(month("2026-11")));
        estate.close("2026-11", OVER).unwrap();
        assert_eq!(rule(estate.close("2026-11", OVER)), "closing.closed");
        assert_eq!(rule(estate.close("2026-12", OVER)), "closing.not_over");
        assert_eq!((estate.sum("2026-11", "charge").1, estate.sum("2026-11", "payment")), (charged.0, (1, -10_000)));

        // A correction of November lands in December; what is frozen stays.
        let before = estate.frozen("2026-11");
        let charge = estate.charges(HOME)[0].charge.id;
        estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, instant("2026-12-03T02:00:00Z"), charge, "收错")).unwrap();
        estate.store.write_now(|tx| domain::payments::void(tx, &estate.manager, instant("2026-12-03T02:00:00Z"), paid, "退票", None)).unwrap();
        assert_eq!(estate.frozen("2026-11"), before);
        assert_eq!(rule(estate.close("2027-01", "2027-02-01T00:00:00Z")), "closing.not_next");
        estate.close("2026-12", "2027-01-01T00:00:00Z").unwrap();
        assert_eq!(estate.sum("2026-12", "opening").1, charged.0 - 10_000);
        assert_eq!((estate.sum("2026-12", "refund"), estate.sum("2026-12", "reversal").0), ((1, 10_000), 1));

        // A clock that jumps back changes nothing that is closed.
        let late = estate.try_pay(&new_payment(estate.home(HOME), 100), "2026-12-31T15:59:59Z");
        assert_eq!(rule(late), "closing.closed_month");
        let asked = (month("2027-01"), domain::billing::What::Items);
        let late = domain::billing::run_now(&estate.store, &estate.manager, instant("2026-12-20T02:00:00Z"), estate.community, asked);
        assert_eq!(rule(late.map(|run| run.id)), "closing.closed_month");
        estate.pay(HOME, 100, "2026-12-31T16:00:00Z");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_month_that_is_closed_late_leaves_the_next_what_is_dated_into_it(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.pay(HOME, 100, "2026-12-02T02:00:00Z");
        estate.close("2026-11", "2026-12-03T02:00:00Z").unwrap();
        assert_eq!(estate.sum("2026-11", "payment"), (0, 0));
        estate.pay(HOME, 200, "2026-12-10T02:00:00Z");
        estate.close("2026-12", "2027-01-05T02:00:00Z").unwrap();
        assert_eq!(estate.sum("2026-12", "payment"), (2, -300));
        // Nothing of January yet, and one of a closing that did not say what it has seen.
        estate.sql("UPDATE month_closings SET last_entry = 0");
        estate.close("2027-01", "2027-02-05T02:00:00Z").unwrap();
        let (opening, charged) = (estate.sum("2027-01", "opening"), estate.sum("2026-11", "charge"));
        assert_eq!(opening, (charged.0 + 2, charged.1 - 300));
        assert_eq!((estate.sum("2027-01", "payment"), estate.faults()), ((0, 0), vec![]));
        estate.pay(HOME, 400, "2027-02-06T02:00:00Z");
        estate.sql("UPDATE month_closings SET last_entry = last_entry + 1 WHERE month = '2027-01'");
        let faults = estate.faults();
        assert!(faults.iter().all(|fault| fault.starts_with("closed month has not seen an entry that it says it has seen: 2027-01 ")));
        assert_eq!(faults.len(), 1);
    }

    fn two_close_one_month_and_one_does(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let closed: usize = std::thread::scope(|scope| {
            let both: Vec<_> = (0..2).map(|_| scope.spawn(|| estate.close("2026-11", OVER).is_ok())).collect();
            both.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
        });
        assert_eq!((closed, estate.faults()), (1, vec![]));
    }

    fn a_frozen_sum_that_is_not_what_the_entries_say_is_named(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.close("2026-11", OVER).unwrap();
        let closed = estate.frozen("2026-11");
        assert_eq!(closed.iter().map(|sum| (sum.book, sum.kind.as_str())).collect::<Vec<_>>(), [(Book::Fees, "charge")]);
        estate.sql("UPDATE month_closing_sums SET amount_fen = amount_fen + 1");
        assert_eq!(estate.faults(), ["closed month's sums are not those of its entries: 2026-11 fees charge"]);
        estate.sql("UPDATE month_closing_sums SET amount_fen = amount_fen - 1");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }
}
