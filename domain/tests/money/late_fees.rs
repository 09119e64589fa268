//! Late fees: agreed on, grown by the day, charged once a month, gone with what they grew on.

use domain::debts::{self, Outcome};
use domain::late_fees::{self, NewTerms};
use domain::ledger::{self, ChargeLine};
use domain::payments::{self, NewPayment};
use domain::{ChargeId, Error, Fen, Rate, Result};

use crate::estate::{BILLING, Estate, day, instant, new_payment};

const HOME: &str = "1-1-0101";
const PROPERTY: &str = "property_residential";
/// The property fee of a month, due on the 25th.
const FEE: i64 = 25_161;

fn terms(starts_on: &str, rate: i64) -> NewTerms {
    NewTerms {
        starts_on: day(starts_on),
        basis: "《物业服务合同》第十八条".into(),
        rate: Rate(rate),
        grace_days: 5,
        cap_percent: 20,
    }
}

impl Estate {
    pub(crate) fn late(&self, new: &NewTerms, at: &str) -> Result<()> {
        let (manager, at) = (&self.manager, instant(at));
        self.store.write_now(|tx| late_fees::agree(tx, manager, at, self.community, PROPERTY, new))
    }

    /// What the worker does in the night; how many late fees it charged.
    pub(crate) fn late_night(&self, at: &str) -> usize {
        let (actor, at) = (domain::access::Actor::system("late_fees"), instant(at));
        let due = self.store.read_now(|db| late_fees::due(db, self.community, at)).unwrap();
        due.into_iter()
            .filter_map(|id| self.store.write_now(|tx| late_fees::charge(tx, &actor, at, id)).unwrap())
            .count()
    }

    /// What has grown on the home up to the day before and is not charged yet.
    fn growing(&self, today: &str) -> Fen {
        let lines = self.charges(HOME);
        let open: Vec<_> = lines.iter().map(|line| &line.charge).collect();
        let zone = "Asia/Shanghai".parse().unwrap();
        self.store.read_now(|db| late_fees::growing(db, &open, zone, day(today))).unwrap()
    }

    fn late_fees(&self) -> Vec<ChargeLine> {
        self.charges(HOME).into_iter().filter(|line| line.item.starts_with("late:")).collect()
    }

    fn property(&self) -> ChargeId {
        self.charges(HOME).iter().find(|line| line.item == PROPERTY).unwrap().charge.id
    }
}

/// The home under test alone, with late fees at 0.05 % a day, its November billed.
fn billed(estate: &Estate) {
    estate.sql("UPDATE homes SET delivered_on = NULL WHERE code <> '1-1-0101'");
    estate.late(&terms("2026-11-01", 500), "2026-10-30T02:00:00Z").unwrap();
    estate.bill("2026-11", BILLING);
}

fn rule<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

test_support::both! {
    fn it_grows_by_the_day_and_is_charged_once_a_month(estate: Estate) {
        billed(&estate);
        assert_eq!(estate.late_night("2026-11-30T18:40:00Z"), 0, "1 December: the grace ended with November");
        assert_eq!(estate.late_night("2026-12-30T18:40:00Z"), 0, "within the month nothing is charged");
        // 19 days of December, as the desk is told on the 20th: 251.61 × 19 × 0.05 % = 2.390295.
        assert_eq!((estate.growing("2026-12-01"), estate.growing("2026-12-20")), (Fen::ZERO, Fen(239)));
        assert_eq!((estate.late_night("2026-12-31T18:40:00Z"), estate.late_night("2026-12-31T18:41:00Z")), (1, 0));
        let first = estate.late_fees().remove(0);
        assert_eq!((estate.growing("2027-01-01"), estate.growing("2027-01-06")), (Fen::ZERO, Fen(63)), "only what came since");
        // 31 days of December: 251.61 × 31 × 0.05 % = 3.899955.
        assert_eq!((first.charge.amount, first.charge.subject.as_str()), (Fen(390), "2026-11"));
        assert_eq!((first.item_name.as_str(), first.charge.period.as_str()), ("物业管理费（住宅）违约金", "2026-12"));
        assert_eq!(domain::billing::explain::explain_stored(&first.charge.basis, "zh"),
            "¥251.61 × 31 天（2026-12-01 至 2026-12-31） × 每日 0.05% = ¥3.899955 → ¥3.90");
        assert!(first.charge.due_on > day("2026-11-25"));

        // The fee is paid on 11 January: ten days more, charged in the night after; never on the late fee itself.
        let shares = vec![(estate.property(), Fen(FEE))];
        let new = NewPayment { allocate: shares, ..new_payment(estate.home(HOME), FEE) };
        estate.try_pay(&new, "2027-01-11T02:00:00Z").unwrap();
        assert_eq!(estate.late_night("2027-01-11T18:40:00Z"), 1);
        assert_eq!(estate.late_fees()[1].charge.amount, Fen(126), "251.61 × 10 × 0.05 % = 1.25805");
        assert_eq!(estate.late_night("2027-05-31T18:40:00Z"), 0);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_worker_that_was_down_charges_the_same_days_once(estate: Estate) {
        billed(&estate);
        assert_eq!(estate.late_night("2027-02-28T18:40:00Z"), 1);
        let only = estate.late_fees().remove(0);
        assert_eq!((only.charge.from_on, only.charge.to_on), (day("2026-12-01"), day("2027-02-28")));
        assert_eq!(only.charge.amount, Fen(1_132), "251.61 × 90 × 0.05 % = 11.32245");
        // The cap of 20 % of the fee stops it for good.
        for month in ["2027-06-30", "2028-06-30", "2029-06-30"] {
            estate.late_night(&format!("{month}T18:40:00Z"));
        }
        let all: Fen = estate.late_fees().iter().map(|line| line.charge.amount).sum();
        assert_eq!(all, Fen(FEE * 20 / 100));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn days_of_a_dispute_or_a_plan_cost_nothing(estate: Estate) {
        billed(&estate);
        let (account, fee) = (estate.account_id(HOME), estate.property());
        let write = |at: &str, answer: Option<domain::DisputeId>| match answer {
            None => estate.store.write_now(|tx| debts::dispute(tx, &estate.cashier, instant(at), account, fee, "面积不对")),
            Some(id) => estate.store.write_now(|tx| debts::end_dispute(tx, &estate.manager, instant(at), id, Outcome::Rejected, "无误")).map(|_| id),
        };
        let id = write("2026-12-11T02:00:00Z", None).unwrap();
        write("2026-12-20T02:00:00Z", Some(id)).unwrap();
        assert_eq!(estate.late_night("2026-12-31T18:40:00Z"), 1);
        let charge = estate.late_fees().remove(0).charge;
        assert_eq!(charge.amount, Fen(264), "21 days of 31: 251.61 × 21 × 0.05 % = 2.641905");

        let part = debts::Part { due_on: day("2027-01-20"), amount: Fen(FEE) };
        let new = debts::NewPlan { charges: vec![fee], parts: vec![part], agreed_by: "业主".into(), agreed_on: day("2027-01-01"), note: String::new() };
        let plan = estate.store.write_now(|tx| debts::agree(tx, &estate.cashier, instant("2027-01-01T02:00:00Z"), account, &new)).unwrap();
        // Broken: from the day after the missed instalment it grows again.
        estate.store.write_now(|tx| debts::judge(tx, &domain::access::Actor::system("reminders"), instant("2027-01-24T02:00:00Z"), plan)).unwrap();
        assert_eq!(estate.late_night("2027-01-31T18:40:00Z"), 1);
        let charge = estate.late_fees().remove(1).charge;
        assert_eq!((charge.from_on, charge.amount), (day("2027-01-21"), Fen(138)), "11 days: 1.383855");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn it_is_paid_after_what_it_grew_on_and_falls_with_it(estate: Estate) {
        billed(&estate);
        estate.late_night("2026-12-31T18:40:00Z");
        let fee = estate.property();
        let paid = estate.pay(HOME, FEE + 1_200, "2027-01-02T02:00:00Z");
        assert_eq!(estate.late_fees()[0].charge.paid, Fen(0), "the fees first");
        estate.pay(HOME, 390, "2027-01-02T03:00:00Z");
        assert_eq!(estate.late_fees()[0].charge.paid, Fen(390));
        // The bank takes the money back: what was open again in January is charged with that month, no day twice.
        estate.store.write_now(|tx| payments::void(tx, &estate.manager, instant("2027-01-20T02:00:00Z"), paid, "退票", None)).unwrap();
        estate.late_night("2027-01-02T18:40:00Z");
        estate.late_night("2027-01-31T18:40:00Z");
        estate.late_night("2027-02-28T18:40:00Z");
        assert_eq!(estate.faults(), Vec::<String>::new());
        estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, instant("2027-03-02T02:00:00Z"), fee, "收错")).unwrap();
        assert!(estate.late_fees().iter().all(|line| line.charge.reversed));
        assert_eq!((estate.late_night("2027-04-30T18:40:00Z"), estate.faults()), (0, Vec::<String>::new()));
    }

    fn what_is_agreed_makes_nothing_dearer_that_is_due_already(estate: Estate) {
        estate.sql("UPDATE homes SET delivered_on = NULL WHERE code <> '1-1-0101'");
        estate.bill("2026-11", BILLING);
        let at = "2026-11-26T02:00:00Z";
        for (new, expected) in [
            (terms("2026-11-25", 500), "day_past"),
            (terms("2026-11-26", -1), "late_rate"),
            (terms("2026-11-26", 3_001), "late_rate"),
            (NewTerms { basis: " ".into(), ..terms("2026-11-26", 500) }, "required"),
            (NewTerms { grace_days: -1, ..terms("2026-11-26", 500) }, "between"),
            (NewTerms { cap_percent: 0, ..terms("2026-11-26", 500) }, "between"),
            (NewTerms { cap_percent: 101, ..terms("2026-11-26", 500) }, "between"),
        ] {
            assert_eq!(rule(estate.late(&new, at)), expected, "{new:?}");
        }
        estate.late(&terms("2026-11-26", 500), at).unwrap();
        assert_eq!(rule(estate.late(&terms("2026-11-26", 0), at)), "terms_same_day");
        let by_cashier = estate.store.write_now(|tx| late_fees::agree(tx, &estate.cashier, instant(at), estate.community, PROPERTY, &terms("2026-12-01", 1)));
        assert!(matches!(by_cashier, Err(Error::NotAllowed)), "{by_cashier:?}");
        assert_eq!(estate.late_night("2027-01-31T18:40:00Z"), 0, "November was due before");
        // December was due under it; from February on none is agreed any more.
        estate.bill("2026-12", "2026-12-01T18:00:00Z");
        estate.late(&NewTerms { basis: String::new(), ..terms("2027-01-25", 0) }, at).unwrap();
        estate.bill("2027-01", "2026-12-31T18:00:00Z");
        assert_eq!(estate.late_night("2027-02-28T18:40:00Z"), 1);
        assert_eq!(estate.late_fees()[0].charge.subject, "2026-12");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_payment_reaches_what_is_disputed_last(estate: Estate) {
        estate.bill("2026-10", "2026-09-30T18:00:00Z");
        estate.bill("2026-11", BILLING);
        let october = estate.charges(HOME).iter().find(|line| line.item == PROPERTY).unwrap().charge.id;
        let account = estate.account_id(HOME);
        estate.store.write_now(|tx| debts::dispute(tx, &estate.cashier, instant("2026-11-02T02:00:00Z"), account, october, "没有服务")).unwrap();
        estate.pay(HOME, 2 * 1_200 + FEE, "2026-11-03T02:00:00Z");
        let paid = |id: ChargeId| estate.charges(HOME).iter().find(|line| line.charge.id == id).unwrap().charge.paid;
        assert_eq!(paid(october), Fen(0));
        estate.pay(HOME, 100, "2026-11-03T03:00:00Z");
        assert_eq!(paid(october), Fen(100), "nothing else is open");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }
}
