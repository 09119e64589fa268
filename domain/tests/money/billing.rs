//! Billing: November 2026 to the fen, run twice, by several at once, killed, cancelled, and by the night.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::billing::explain::explain_stored;
use domain::billing::{self, Change, Reason, State, Step, What};
use domain::db::schema::{billing_runs, charges, fee_items, homes};
use domain::{BillingRunId, Error, Fen, Store, ledger};

use crate::estate::{BILLING, Estate, day, expected, instant, month};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Estate {
    fn count(&self, sql: &str) -> i64 {
        self.store.read_now(|db| Ok(diesel::sql_query(sql).get_result::<Count>(db)?.n)).unwrap()
    }

    fn charged(&self) -> (i64, i64) {
        let fen = "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) AS n FROM charges";
        (self.count("SELECT COUNT(*) AS n FROM charges"), self.count(fen))
    }

    fn start(&self, period: &str) -> BillingRunId {
        let (at, period) = (instant(BILLING), month(period));
        self.store
            .write_now(|tx| billing::ask(tx, &self.manager, at, at, self.community, (period, What::Items)))
            .unwrap()
    }

    fn step(&self, run: BillingRunId) -> Step {
        self.store.write_now(|tx| billing::step(tx, run, instant(BILLING))).unwrap()
    }

    /// Makes every home its own batch: as if each were a thousand.
    fn spread(&self) {
        self.sql("UPDATE homes SET register_order = register_order * 100000");
    }
}

const WHOLE: (i64, i64) = (2140, 34_663_254);

type Key = (String, String, String);

test_support::both! {
    fn november_is_billed_to_the_fen(estate: Estate) {
        let run = estate.bill("2026-11", BILLING);
        assert_eq!((run.state, run.charges, run.total, run.percent()), (State::Done, 2140, Fen(34_663_254), 100));
        let expected: BTreeMap<Key, (i64, i64)> = expected("expected_2026-11.csv")
            .iter()
            .map(|row| {
                let key = (row[0].to_owned(), row[1].to_owned(), row[2].to_owned());
                (key, (row[3].parse().unwrap(), row[4].parse().unwrap()))
            })
            .collect();
        let rows: Vec<(String, String, String, i64, String)> = estate.store.read_now(|db| {
            let joined = charges::table
                .inner_join(homes::table.on(homes::id.eq(charges::home_id)))
                .inner_join(fee_items::table.on(fee_items::id.eq(charges::fee_item_id)));
            Ok(joined.select((homes::code, fee_items::code, charges::subject, charges::amount_fen, charges::basis)).load(db)?)
        }).unwrap();
        assert_eq!(rows.len(), expected.len());
        for (home, item, subject, fen, basis) in rows {
            let parsed: billing::rules::Basis = basis.parse().unwrap();
            let days: i64 = parsed.parts.iter().map(|part| part.days).sum();
            assert_eq!(expected.get(&(home.clone(), item.clone(), subject)), Some(&(fen, days)), "{home} {item} {basis}");
        }
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn the_preview_says_what_the_run_does(estate: Estate) {
        let preview = |at| estate.store.read_now(|db| {
            billing::preview(db, &estate.manager, instant(at), estate.community, month("2026-11"))
        }).unwrap();
        let before = preview(BILLING);
        assert_eq!((before.charges(), before.total()), (2140, Fen(34_663_254)));
        assert_eq!(before.by_item[1].item, "property_shop");
        assert_eq!((before.by_item[1].charges, before.by_item[1].amount), (24, Fen(1_801_852)));
        assert!(before.differences.is_empty(), "nothing was billed before");
        assert_eq!(before.left_out.len(), 12);
        assert!(before.left_out.iter().all(|one| one.reason == Reason::Undelivered));
        let run = estate.bill("2026-11", BILLING);
        assert_eq!(run.left_out().unwrap(), before.left_out);
        let after = preview(BILLING);
        assert_eq!((after.charges(), after.by_item[1].charged), (0, 24));
    }

    fn what_stands_out_against_the_month_before_is_listed(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.sql("UPDATE bays SET ends_on = '2026-11-30' WHERE code = 'B1-0001'");
        let preview = estate.store.read_now(|db| {
            billing::preview(db, &estate.manager, instant("2026-12-01T02:00:00Z"), estate.community, month("2026-12"))
        }).unwrap();
        let of = |change| preview.differences.iter().filter(|one| one.change == change).count();
        assert_eq!((of(Change::New), of(Change::Gone)), (0, 1));
        let changed = preview.differences.iter().find(|one| one.change == Change::Changed && one.home == "1-1-0901").unwrap();
        assert_eq!((changed.before, changed.now), (Some(Fen(10_064)), Some(Fen(25_161))));
        assert!(preview.differences.iter().all(|one| one.change != Change::Changed || one.before < one.now));
    }

    fn homes_with_missing_data_stop_nobody(estate: Estate) {
        estate.sql("UPDATE occupancies SET pays = FALSE WHERE home_id = (SELECT id FROM homes WHERE code = '1-1-0101')");
        estate.sql("UPDATE homes SET use_kind = 'office' WHERE code = '1-1-0102'");
        let run = estate.bill("2026-11", BILLING);
        let left = run.left_out().unwrap();
        let of = |home: &str| left.iter().filter(|one| one.home == home).map(|one| (one.what.as_str(), one.reason)).collect::<Vec<_>>();
        assert!(of("1-1-0101").contains(&("property_residential", Reason::NoPayer)));
        assert_eq!(of("1-1-0102"), [("", Reason::NoItem)]);
        assert_eq!(estate.charges("1-1-0103").len(), 2);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn run_twice_is_run_once(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let again = estate.bill("2026-11", "2026-11-05T02:00:00Z");
        assert_eq!((again.state, again.charges, estate.charged()), (State::Done, 0, WHOLE));
    }

    fn many_at_once_charge_once(estate: Estate) {
        let url = estate.database.url();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let store = Store::open(url).unwrap();
                    billing::run_now(&store, &estate.manager, instant(BILLING), estate.community, (month("2026-11"), What::Items)).unwrap();
                });
            }
        });
        assert_eq!(estate.charged(), WHOLE);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_run_that_was_killed_is_taken_up_where_it_stood(estate: Estate) {
        estate.spread();
        let run = estate.start("2026-11");
        // One batch, then the process is gone: the row says how far it came.
        estate.sql("UPDATE billing_runs SET last_order = (SELECT register_order FROM homes WHERE code = '3-1-0101'), homes_done = 200");
        let next = estate.bill("2026-11", BILLING);
        assert_eq!((next.id, next.state), (run, State::Done));
        assert!(next.charges < 2140);
        // What the killed run never reached is the next one's.
        let last = estate.bill("2026-11", BILLING);
        assert_eq!((next.charges + last.charges, estate.charged()), (2140, WHOLE));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_fails_inside_a_batch_leaves_nothing_of_it(estate: Estate) {
        let run = estate.start("2026-11");
        let killed: Result<(), Error> = estate.store.write_now(|tx| {
            billing::step(tx, run, instant(BILLING))?;
            Err(Error::NotFound)
        });
        assert!(killed.is_err());
        assert_eq!(estate.charged(), (0, 0));
        assert_eq!(estate.step(run), Step::Ended);
        assert_eq!(estate.charged(), WHOLE);
    }

    fn a_cancelled_run_stops_and_the_next_completes_it(estate: Estate) {
        let run = estate.start("2026-11");
        estate.store.write_now(|tx| billing::cancel(tx, &estate.manager, instant(BILLING), run)).unwrap();
        assert_eq!((estate.step(run), estate.charged()), (Step::Ended, (0, 0)));
        let refused = estate.store.write_now(|tx| billing::cancel(tx, &estate.manager, instant(BILLING), run));
        assert!(matches!(refused, Err(Error::Refused(_))));
        estate.bill("2026-11", BILLING);
        assert_eq!(estate.charged(), WHOLE);
    }

    fn asking_twice_is_one_run_and_one_job(estate: Estate) {
        assert_eq!(estate.start("2026-11"), estate.start("2026-11"));
        assert_eq!(estate.count("SELECT COUNT(*) AS n FROM jobs WHERE kind = 'billing_run'"), 1);
        let runs: i64 = estate.store.read_now(|db| Ok(billing_runs::table.count().get_result(db)?)).unwrap();
        assert_eq!(runs, 1);
    }

    fn the_night_bills_what_came_later(estate: Estate) {
        let periods = |today| estate.store.read_now(|db| billing::periods_to_bill(db, estate.community, day(today))).unwrap();
        assert_eq!(periods("2026-11-01"), [month("2026-11")]);
        estate.bill("2026-11", BILLING);
        assert_eq!(periods("2026-11-02"), []);
        // A home is handed over on the 20th, with its owner; the night charges eleven days.
        estate.sql("UPDATE homes SET delivered_on = '2026-11-20' WHERE delivered_on IS NULL AND register_order = (SELECT MIN(register_order) FROM homes WHERE delivered_on IS NULL)");
        assert_eq!(periods("2026-11-21"), [], "nobody pays for it yet");
        estate.sql("INSERT INTO occupancies (community_id, home_id, person_id, kind, lives_there, pays, starts_on) \
            SELECT community_id, id, 1, 'owner', FALSE, TRUE, delivered_on FROM homes WHERE delivered_on = '2026-11-20' \
            AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.home_id = homes.id)");
        assert_eq!(periods("2026-11-21"), [month("2026-11")]);
        let night = estate.bill("2026-11", "2026-11-20T18:00:00Z");
        assert!((2..=4).contains(&night.charges));
        let due: Vec<domain::LocalDate> = estate.store.read_now(|db| {
            Ok(charges::table.filter(charges::run_id.eq(night.id.0)).select(charges::due_on).distinct().load(db)?)
        }).unwrap();
        assert_eq!(due, [day("2026-12-01")], "never earlier than ten days after the charge was made");
        assert_eq!(periods("2026-12-01"), [month("2026-12")]);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_tariff_that_changes_inside_the_month_is_summed_exactly(estate: Estate) {
        estate.sql("INSERT INTO tariffs (community_id, fee_item_id, rate, starts_on) VALUES (1, 1, 30000, '2026-11-11')");
        estate.bill("2026-11", BILLING);
        assert_eq!(estate.faults(), Vec::<String>::new());
        let whole = estate.charges("1-1-0101").remove(0).charge;
        assert_eq!(whole.basis, "area:8986*28000*10/30+8986*30000*20/30");
        let part = estate.charges("1-1-0901").remove(0).charge;
        assert!(part.basis.starts_with("area:8986*30000*12/30"), "{}", part.basis);
    }

    fn the_lease_names_the_payer_and_a_bay_its_own_start(estate: Estate) {
        estate.sql("INSERT INTO occupancies (community_id, home_id, person_id, kind, lives_there, pays, starts_on) \
            SELECT 1, id, 1, 'tenant', FALSE, TRUE, '2026-10-15' FROM homes WHERE code = '1-1-0101'");
        estate.sql("UPDATE bays SET starts_on = '2026-11-21' WHERE home_id = (SELECT id FROM homes WHERE code = '1-2-0702')");
        estate.bill("2026-11", BILLING);
        assert!(estate.charges("1-1-0101").iter().all(|line| line.charge.payer_id.0 == 1));
        let bay = estate.charges("1-2-0702").into_iter().find(|line| line.item == "parking_leased").unwrap();
        assert_eq!((bay.charge.amount, bay.charge.from_on), (Fen(10_000), day("2026-11-21")));
    }

    fn a_reversed_charge_is_charged_anew_only_by_hand(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let at = instant("2026-11-10T02:00:00Z");
        let id = estate.charges("1-1-0101")[0].charge.id;
        estate.pay("1-1-0101", 30_000, "2026-11-09T02:00:00Z");
        estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, at, id, "面积登记有误")).unwrap();
        assert_eq!(estate.faults(), Vec::<String>::new());
        assert_eq!(estate.account("1-1-0101").balance, Fen(1_200 - 30_000));
        assert_eq!(estate.bill("2026-11", "2026-11-10T18:00:00Z").charges, 0);
        estate.sql("UPDATE homes SET area = 9000 WHERE code = '1-1-0101'");
        let anew = estate.store.write_now(|tx| billing::charge_again(tx, &estate.manager, at, id)).unwrap();
        let charge = estate.store.read_now(|db| ledger::charge_of(db, anew)).unwrap();
        assert_eq!((charge.amount, charge.revision, charge.paid), (Fen(25_200), 1, Fen(25_200)));
        assert_eq!(explain_stored(&charge.basis, "en"), "90.00 m² × ¥2.80 × 1 month = ¥252.00");
        let twice = estate.store.write_now(|tx| billing::charge_again(tx, &estate.manager, at, id));
        assert!(matches!(twice, Err(Error::Refused(_))));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn only_who_may_bill_bills(estate: Estate) {
        let mut nobody = estate.cashier.clone();
        nobody.grants.clear();
        let asked = estate.store.write_now(|tx| billing::ask(tx, &nobody, instant(BILLING), instant(BILLING), estate.community, (month("2026-11"), What::Items)));
        assert!(asked.is_err());
    }
}
