//! Payments: oldest first or as the payer says, gapless receipts, a second person for the way back.

use domain::corrections;
use domain::ledger::{self, Book};
use domain::payments::{self, Method, NewPayment};
use domain::{Error, Fen, Store};

use crate::estate::{BILLING, Estate, day, instant, new_payment};

const AT: &str = "2026-11-22T02:00:00Z";

impl Estate {
    fn void(&self, actor: &domain::access::Actor, id: domain::PaymentId, reason: &str) -> Result<(), Error> {
        self.store.write_now(|tx| payments::void(tx, actor, instant(AT), id, reason, None))
    }

    /// Item and what is paid of it, for each charge of a home.
    fn paid(&self, home: &str) -> Vec<(String, i64)> {
        let lines = self.charges(home).into_iter();
        lines.map(|line| (format!("{} {}", line.item, line.charge.period), line.charge.paid.0)).collect()
    }
}

fn refused(outcome: Result<impl std::fmt::Debug, Error>) -> &'static str {
    match outcome {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

test_support::both! {
    fn the_oldest_is_paid_first_and_the_rest_is_prepaid(estate: Estate) {
        estate.bill("2026-10", "2026-09-30T18:00:00Z");
        estate.bill("2026-11", BILLING);
        let first = estate.pay("1-1-0101", 25_161 + 1_200 + 100, AT);
        let paid = |october, garbage, november| vec![
            ("property_residential 2026-10".to_owned(), october), ("garbage 2026-10".to_owned(), garbage),
            ("property_residential 2026-11".to_owned(), november), ("garbage 2026-11".to_owned(), 0),
        ];
        assert_eq!(estate.paid("1-1-0101"), paid(25_161, 1_200, 100));
        assert_eq!(estate.payment(first).receipt, "SJ20261122-0001");
        estate.pay("1-1-0101", 100_000, AT);
        let account = estate.account("1-1-0101");
        assert_eq!(account.balance, Fen(2 * (25_161 + 1_200) - 26_461 - 100_000));
        let prepaid = estate.store.read_now(|db| ledger::prepaid(db, &[account.id])).unwrap();
        assert_eq!(prepaid, -account.balance);
        // The next bill uses it.
        estate.bill("2026-12", "2026-11-30T18:00:00Z");
        assert!(estate.charges("1-1-0101").iter().all(|line| line.charge.open() == Fen::ZERO));
        let left = estate.store.read_now(|db| ledger::prepaid(db, &[account.id])).unwrap();
        assert_eq!(left, prepaid - Fen(25_161 + 1_200));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn the_payer_says_what_it_covers(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let charges = estate.charges("1-1-0101");
        let garbage = charges[1].charge.id;
        let pay = |fen, shares: Vec<(domain::ChargeId, i64)>| {
            let allocate = shares.into_iter().map(|(id, fen)| (id, Fen(fen))).collect();
            estate.try_pay(&NewPayment { allocate, ..new_payment(estate.home("1-1-0101"), fen) }, AT)
        };
        pay(2_000, vec![(garbage, 1_200)]).unwrap();
        assert_eq!(estate.paid("1-1-0101"), [("property_residential 2026-11".to_owned(), 0), ("garbage 2026-11".to_owned(), 1_200)]);
        assert_eq!(refused(pay(100, vec![(garbage, 1)])), "more_than_open");
        let other = estate.charges("1-1-0102")[0].charge.id;
        assert_eq!(refused(pay(100, vec![(other, 1)])), "unknown_charge");
        assert_eq!(refused(pay(0, vec![])), "not_positive");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_payment_is_voided_by_somebody_else_with_a_reason(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let id = estate.pay("1-1-0101", 30_000, AT);
        assert_eq!(refused(estate.void(&estate.cashier, id, "录错")), "payment.second_person");
        assert_eq!(refused(estate.void(&estate.other_cashier, id, "  ")), "required");
        estate.void(&estate.other_cashier, id, "录错").unwrap();
        assert_eq!(refused(estate.void(&estate.manager, id, "录错")), "payment.voided");
        assert_eq!(estate.account("1-1-0101").balance, Fen(26_361));
        assert!(estate.charges("1-1-0101").iter().all(|line| line.charge.paid == Fen::ZERO));
        let closing = estate.store.read_now(|db| payments::closing(db, &estate.cashier, instant(AT), estate.community, day("2026-11-22"))).unwrap();
        assert_eq!((closing[0].method, closing[0].payments, closing[0].taken, closing[0].net()), (Method::Cash, 1, Fen(30_000), Fen::ZERO));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_prepaid_can_be_given_back(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let id = estate.pay("1-1-0101", 30_000, AT);
        let ask = |fen| estate.store.write_now(|tx| corrections::ask_prepaid_refund(tx, &estate.other_cashier, instant(AT), id, Fen(fen), "多交"));
        assert_eq!(refused(ask(3_640)), "more_than_prepaid");
        assert_eq!(refused(ask(-1)), "not_positive");
        let asked = ask(3_639).unwrap().id;
        assert_eq!(refused(ask(1)), "correction.asked");
        assert_eq!(estate.account("1-1-0101").balance, Fen(26_361 - 30_000), "asking moves no money");
        let make = |actor: &domain::access::Actor| estate.store.write_now(|tx| corrections::make(tx, actor, instant(AT), asked));
        assert_eq!(refused(make(&estate.other_cashier)), "correction.same_person");
        assert_eq!(refused(make(&estate.cashier)), "payment.second_person");
        make(&estate.manager).unwrap();
        assert_eq!(refused(make(&estate.manager)), "correction.decided");
        assert_eq!(estate.account("1-1-0101").balance, Fen::ZERO);
        assert_eq!(refused(estate.void(&estate.manager, id, "录错")), "payment.refunded");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn two_cashiers_at_one_bill_in_the_same_second(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let (url, home) = (estate.database.url(), estate.home("1-1-0101"));
        std::thread::scope(|scope| {
            for cashier in [&estate.cashier, &estate.other_cashier] {
                scope.spawn(move || {
                    let store = Store::open(url).unwrap();
                    for _ in 0..10 {
                        store.write_now(|tx| payments::take(tx, cashier, instant(AT), &new_payment(home, 5_000))).unwrap();
                    }
                });
            }
        });
        let account = estate.account("1-1-0101");
        assert_eq!(account.balance, Fen(26_361 - 100_000));
        let prepaid = estate.store.read_now(|db| ledger::prepaid(db, &[account.id])).unwrap();
        assert_eq!(prepaid, Fen(100_000 - 26_361));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn payments_and_a_run_meet(estate: Estate) {
        estate.bill("2026-10", "2026-09-30T18:00:00Z");
        let (url, home) = (estate.database.url(), estate.home("1-1-0101"));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let store = Store::open(url).unwrap();
                for _ in 0..10 {
                    store.write_now(|tx| payments::take(tx, &estate.cashier, instant(AT), &new_payment(home, 5_000))).unwrap();
                }
            });
            scope.spawn(|| estate.bill("2026-11", BILLING));
        });
        assert_eq!(estate.account("1-1-0101").balance, Fen(2 * 26_361 - 50_000));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_receipt_shows_what_was_paid_to_who_may_see_it(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.pay("1-1-0101", 26_000, AT);
        let shown = |actor: &domain::access::Actor| estate.store.read_now(|db| payments::receipt(db, actor, instant(AT), estate.community, "SJ20261122-0001"));
        let receipt = shown(&estate.cashier).unwrap();
        assert_eq!((receipt.home.as_str(), receipt.cashier.as_deref()), ("1-1-0101", Some("收费员甲")));
        assert_eq!(receipt.lines.iter().map(|line| line.amount.0).collect::<Vec<_>>(), [25_161, 839]);
        let resident = |home: &str| {
            let payer = estate.account(home).payer_id;
            estate.store.read_now(|db| domain::access::Actor::load(db, payer, day("2026-11-22"), "test")).unwrap()
        };
        assert!(shown(&resident("1-1-0101")).is_ok());
        assert!(matches!(shown(&resident("1-1-0102")), Err(Error::NotFound)));
    }

    fn a_tenant_does_not_see_what_the_owner_owed(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.sql("INSERT INTO occupancies (community_id, home_id, person_id, kind, lives_there, pays, starts_on) \
            SELECT 1, id, 1, 'tenant', FALSE, TRUE, '2026-11-15' FROM homes WHERE code = '1-1-0101'");
        estate.bill("2026-12", "2026-11-30T18:00:00Z");
        let home = estate.home("1-1-0101");
        let owner = estate.account("1-1-0101").payer_id;
        let seen = |person| estate.store.read_now(|db| ledger::seen_by(db, person, home, Book::Fees)).unwrap().len();
        assert_eq!((seen(domain::PersonId(1)), seen(owner)), (1, 2));
    }
}
