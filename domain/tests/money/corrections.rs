//! What one asks for and another decides, and what the ledger says afterwards.

use domain::access::Actor;
use domain::corrections::{self, Asked, State};
use domain::{ChargeId, CorrectionId, Error, Fen, Result, ledger, notifications};

use crate::estate::{BILLING, Estate, instant};

const AT: &str = "2026-11-22T02:00:00Z";
const HOME: &str = "1-1-0101";

impl Estate {
    fn waive(&self, actor: &Actor, charge: ChargeId, fen: i64) -> Result<Asked> {
        self.store
            .write_now(|tx| corrections::ask_waiver(tx, actor, instant(AT), charge, Fen(fen), "电梯停运"))
    }

    fn make(&self, actor: &Actor, id: CorrectionId) -> Result<()> {
        self.store.write_now(|tx| corrections::make(tx, actor, instant(AT), id))
    }

    fn refund_charge(&self, actor: &Actor, charge: ChargeId) -> Result<Asked> {
        self.store.write_now(|tx| corrections::ask_charge_refund(tx, actor, instant(AT), charge, "重复收取"))
    }

    fn owed(&self) -> i64 {
        self.account(HOME).balance.0
    }

    /// What the payer of the home was told.
    fn told(&self) -> Vec<String> {
        let payer = self.account(HOME).payer_id;
        let all = self.store.read_now(|db| notifications::of_person(db, payer, None, 20)).unwrap();
        all.into_iter().map(|one| one.code).collect()
    }
}

fn refused(outcome: Result<impl std::fmt::Debug>) -> &'static str {
    match outcome {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

test_support::both! {
    fn a_waiver_above_the_years_limit_needs_a_second_person(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let charge = estate.charges(HOME)[0].charge.id;
        estate.sql("INSERT INTO settings (community_id, name, value) VALUES (1, 'waiver_limit_fen', '10000')");
        assert_eq!(estate.waive(&estate.cashier, charge, 6_000).unwrap().state, State::Made);
        let asked = estate.waive(&estate.manager, charge, 6_000).unwrap();
        assert_eq!((asked.state, estate.owed()), (State::Asked, 26_361 - 6_000));
        assert_eq!(refused(estate.waive(&estate.cashier, charge, 6_000)), "correction.asked");
        assert_eq!(refused(estate.make(&estate.manager, asked.id)), "correction.same_person");
        assert!(matches!(estate.make(&estate.cashier, asked.id), Err(Error::NotAllowed)), "a cashier approves nothing");
        let taken_back = |actor: &Actor| estate.store.write_now(|tx| corrections::withdraw(tx, actor, instant(AT), asked.id));
        assert_eq!(refused(taken_back(&estate.cashier)), "correction.not_yours");
        taken_back(&estate.manager).unwrap();
        let asked = estate.waive(&estate.cashier, charge, 6_000).unwrap();
        estate.make(&estate.manager, asked.id).unwrap();
        assert_eq!(refused(estate.waive(&estate.manager, charge, 60_000)), "more_than_open");
        assert_eq!((estate.owed(), estate.told()), (26_361 - 12_000, vec!["correction.waived".into(), "correction.waived".into()]));
        assert_eq!(estate.faults(), Vec::<String>::new());
        estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, instant(AT), charge, "错")).unwrap();
        assert_eq!((estate.owed(), estate.faults()), (1_200, vec![]));
    }

    fn nobody_lets_themselves_off(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let line = estate.charges(HOME).remove(0);
        let mut own = estate.cashier.clone();
        own.person = Some(line.charge.payer_id);
        assert_eq!(refused(estate.waive(&own, line.charge.id, 100)), "correction.own");
        let mut outsider = estate.cashier.clone();
        outsider.grants.clear();
        assert!(matches!(estate.waive(&outsider, line.charge.id, 100), Err(Error::NotFound)));
    }

    fn a_refusal_says_why_and_moves_no_money(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let charge = estate.charges(HOME)[0].charge.id;
        estate.sql("INSERT INTO settings (community_id, name, value) VALUES (1, 'waiver_limit_fen', '0')");
        let asked = estate.waive(&estate.cashier, charge, 6_000).unwrap().id;
        let refuse = |answer: &str| estate.store.write_now(|tx| corrections::refuse(tx, &estate.manager, instant(AT), asked, answer));
        assert_eq!(refused(refuse(" ")), "required");
        refuse("没有依据").unwrap();
        assert_eq!(refused(estate.make(&estate.manager, asked)), "correction.decided");
        let decided = estate.store.read_now(|db| corrections::decided(db, &estate.cashier, instant(AT), estate.community, 9)).unwrap();
        assert_eq!((decided[0].state, decided[0].answer.as_str()), (State::Refused, "没有依据"));
        assert_eq!((estate.owed(), estate.faults()), (26_361, vec![]));
    }

    fn a_charge_that_was_paid_is_given_back_by_another_than_who_took_the_money(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let charge = estate.charges(HOME)[0].charge.id;
        assert_eq!(refused(estate.refund_charge(&estate.manager, charge)), "refund.unpaid");
        estate.pay(HOME, 20_000, AT);
        estate.pay(HOME, 6_361, AT);
        let asked = estate.refund_charge(&estate.manager, charge).unwrap().id;
        assert_eq!(refused(estate.make(&estate.manager, asked)), "correction.same_person");
        assert_eq!(refused(estate.make(&estate.cashier, asked)), "payment.second_person");
        estate.make(&estate.other_cashier, asked).unwrap();
        // The garbage fee stays paid; of the two payments 251.61 went back, nothing is left over.
        assert_eq!(estate.owed(), 0);
        let after = estate.charges(HOME);
        assert!(after[0].charge.reversed && after[1].charge.open() == Fen::ZERO);
        assert_eq!((estate.told(), estate.faults()), (vec!["correction.refunded".to_owned()], vec![]));
    }

    fn what_was_paid_meanwhile_is_looked_at_again(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let line = estate.charges(HOME).remove(0);
        estate.sql("INSERT INTO settings (community_id, name, value) VALUES (1, 'waiver_limit_fen', '0')");
        let asked = estate.waive(&estate.cashier, line.charge.id, 25_161).unwrap().id;
        let seen = line.charge.seen();
        estate.pay(HOME, 100, AT);
        assert_eq!(refused(estate.make(&estate.manager, asked)), "correction.changed");
        let reverse = |seen: &str| estate.store.write_now(|tx| corrections::reverse(tx, &estate.cashier, instant(AT), line.charge.id, "错", seen));
        assert_eq!(refused(reverse(&seen)), "charge.changed");
        let seen = estate.charges(HOME)[0].charge.seen();
        reverse(&seen).unwrap();
        assert_eq!(refused(reverse(&seen)), "charge.reversed");
        let anew = |fen| estate.store.write_now(|tx| corrections::charge_again(tx, &estate.cashier, instant(AT), line.charge.id, Fen(fen)));
        assert_eq!(refused(anew(1)), "charge.changed");
        anew(25_161).unwrap();
        assert_eq!(refused(anew(25_161)), "charge.charged_again");
        assert_eq!(estate.told(), ["correction.charged_again", "correction.reversed"]);
        assert_eq!((estate.owed(), estate.faults()), (26_361 - 100, vec![]));
    }

    fn a_correction_without_its_entry_is_named(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let charge = estate.charges(HOME)[0].charge.id;
        estate.waive(&estate.cashier, charge, 100).unwrap();
        let payment = estate.pay(HOME, 30_000, AT);
        let asked = estate.store.write_now(|tx| corrections::ask_prepaid_refund(tx, &estate.manager, instant(AT), payment, Fen(500), "多交")).unwrap();
        estate.make(&estate.other_cashier, asked.id).unwrap();
        assert_eq!(estate.faults(), Vec::<String>::new());
        for (sql, said) in [
            ("UPDATE corrections SET amount_fen = 99 WHERE kind = 'waiver'", "charge's waivers"),
            ("UPDATE corrections SET amount_fen = 499 WHERE kind = 'refund'", "account's refunds"),
            ("UPDATE corrections SET account_id = account_id + 1 WHERE kind = 'waiver'", "another account"),
            ("UPDATE corrections SET decided_by = NULL WHERE kind = 'refund'", "no second person"),
        ] {
            estate.sql(sql);
            let faults = estate.faults();
            assert!(faults.iter().any(|fault| fault.contains(said)), "{said}: {faults:?}");
        }
    }
}
