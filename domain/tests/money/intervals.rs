//! Items by quarter, half-year and year: in advance and in arrears, part-months, tariffs and exceptions that change
//! within a period, a home that is handed over later, and a change of how often it is billed.

use diesel::prelude::*;
use domain::billing::explain::explain_stored;
use domain::billing::intervals::{self, NewInterval, Timing};
use domain::billing::{self, Change, Difference, interval_example, items};
use domain::db::schema::fee_items;
use domain::ledger::ChargeLine;
use domain::{Error, Fen, Result, ledger};

use crate::estate::{BILLING, Estate, day, instant, month};

const DECEMBER: &str = "2026-11-30T18:00:00Z";
const JANUARY: &str = "2026-12-31T18:00:00Z";
const FEBRUARY: &str = "2027-01-31T18:00:00Z";

impl Estate {
    fn every(&self, item: &str, (from, months, timing): (&str, i32, Timing), at: &str) -> Result<()> {
        let new = NewInterval { from: month(from), months, timing };
        self.store.write_now(|tx| intervals::set(tx, &self.manager, instant(at), self.community, item, &new))
    }

    /// What a home was charged for an item, oldest first.
    fn billed_for(&self, home: &str, item: &str) -> Vec<ChargeLine> {
        self.charges(home).into_iter().filter(|line| line.item == item).collect()
    }

    /// First day, last day, period and fen.
    fn spans(&self, home: &str, item: &str) -> Vec<(String, String, String, i64)> {
        let lines = self.billed_for(home, item).into_iter().map(|line| line.charge);
        let span = |one: ledger::Charge| {
            (one.from_on.to_string(), one.to_on.to_string(), one.period.to_string(), one.amount.0)
        };
        lines.map(span).collect()
    }

    fn differences(&self, period: &str, at: &str) -> Vec<Difference> {
        let read = |db: &mut domain::Db| {
            billing::preview(db, &self.manager, instant(at), self.community, month(period))
        };
        self.store.read_now(read).unwrap().differences
    }

    /// Charging a charge anew says what the run said, worked out by itself.
    fn the_same_anew(&self, home: &str, item: &str, at: &str) {
        let old = self.billed_for(home, item).pop().unwrap().charge;
        let anew = self
            .store
            .write_now(|tx| {
                ledger::reverse(tx, &self.manager, instant(at), old.id, "核对")?;
                billing::anew(tx, &self.manager, instant(at), old.id)
            })
            .unwrap();
        assert_eq!(
            (anew.amount, anew.basis, anew.days),
            (old.amount, old.basis, (old.from_on, old.to_on)),
            "{home}"
        );
    }
}

fn code<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

fn span(from: &str, to: &str, period: &str, fen: i64) -> (String, String, String, i64) {
    (from.to_owned(), to.to_owned(), period.to_owned(), fen)
}

test_support::both! {
    fn a_quarter_is_charged_in_advance_by_the_run_of_its_first_month(estate: Estate) {
        estate.every("garbage", ("2026-11", 3, Timing::First), BILLING).unwrap();
        let run = estate.bill("2026-11", BILLING);
        assert_eq!(run.charges, 2140, "as many as by month");
        assert_eq!(estate.spans("1-1-0101", "garbage"), [span("2026-11-01", "2027-01-31", "2026-11", 3_600)]);
        // Handed over on the 19th: twelve days of November, two whole months.
        assert_eq!(estate.spans("1-1-0901", "garbage"), [span("2026-11-19", "2027-01-31", "2026-11", 480 + 2_400)]);
        let part = estate.billed_for("1-1-0901", "garbage").remove(0).charge;
        assert_eq!(part.due_on, day("2026-11-25"));
        assert_eq!(explain_stored(&part.basis, "zh"), "2026-11-19 至 2027-01-31：1 户 × ¥12.00 × 12/30 + 1 户 × ¥12.00 × 2 个月 = ¥28.80");
        assert_eq!(explain_stored(&part.basis, "en"), "2026-11-19 to 2027-01-31: 1 home × ¥12.00 × 12/30 + 1 home × ¥12.00 × 2 months = ¥28.80");
        // What is billed by month is as it was.
        assert_eq!(estate.billed_for("1-1-0101", "property_residential")[0].charge.basis, "area:8986*28000*30/30");

        for (period, at) in [("2026-12", DECEMBER), ("2027-01", JANUARY)] {
            assert_eq!(estate.differences(period, at).iter().filter(|one| one.item == "garbage").count(), 0, "a quarter is not gone in {period}");
            estate.bill(period, at);
        }
        assert_eq!(estate.billed_for("1-1-0101", "garbage").len(), 1);
        let spring = estate.differences("2027-02", FEBRUARY);
        let garbage: Vec<_> = spring.iter().filter(|one| one.item == "garbage").collect();
        assert!(garbage.iter().all(|one| one.change != Change::New), "against the quarter before: {garbage:?}");
        estate.bill("2027-02", FEBRUARY);
        assert_eq!(estate.spans("1-1-0901", "garbage")[1], span("2027-02-01", "2027-04-30", "2027-02", 3_600));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn in_arrears_the_run_of_the_last_month_charges_it(estate: Estate) {
        estate.every("garbage", ("2026-11", 3, Timing::Last), BILLING).unwrap();
        estate.bill("2026-11", BILLING);
        estate.bill("2026-12", DECEMBER);
        assert_eq!(estate.spans("1-1-0101", "garbage"), []);
        estate.bill("2027-01", JANUARY);
        assert_eq!(estate.spans("1-1-0901", "garbage"), [span("2026-11-19", "2027-01-31", "2027-01", 2_880)]);
        assert_eq!(estate.billed_for("1-1-0901", "garbage")[0].charge.due_on, day("2027-01-25"));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn tariffs_and_exceptions_change_within_a_period_and_both_ways_say_the_same(estate: Estate) {
        estate.every("property_residential", ("2026-11", 6, Timing::First), BILLING).unwrap();
        estate.every("parking_leased", ("2026-11", 12, Timing::First), BILLING).unwrap();
        estate.sql("INSERT INTO tariffs (community_id, fee_item_id, rate, starts_on) VALUES (1, 1, 30001, '2027-02-11')");
        let agreed = |home: &str, kind: &str, value: i64, from: &str, to: &str| estate.sql(&format!(
            "INSERT INTO fee_exceptions (community_id, home_id, fee_item_id, kind, value, from_month, to_month, reason, made_at) \
             SELECT 1, id, 1, '{kind}', {value}, '{from}', '{to}', '约定', '2026-10-31 00:00:00' FROM homes WHERE code = '{home}'"));
        agreed("1-1-0101", "part", 50, "2026-12", "2027-01");
        agreed("1-1-0101", "free", 0, "2027-02", "2027-02");
        agreed("1-1-0102", "free", 0, "2026-11", "2027-12");
        agreed("1-1-0103", "part", 33, "2026-01", "2027-12");
        agreed("1-1-0901", "free", 0, "2026-11", "2026-11");
        agreed("1-1-0202", "rate", 12_345, "2027-04", "2027-12");
        estate.sql("UPDATE bays SET starts_on = '2026-12-21', ends_on = '2027-03-10' WHERE home_id = (SELECT id FROM homes WHERE code = '1-2-0702')");
        estate.bill("2026-11", BILLING);
        assert_eq!(estate.faults(), Vec::<String>::new());
        assert_eq!(estate.spans("1-1-0102", "property_residential"), [], "all of it is free");
        let mixed = estate.billed_for("1-1-0101", "property_residential").remove(0).charge;
        let text = explain_stored(&mixed.basis, "zh");
        assert!(text.starts_with("2026-11-01 至 2027-04-30：89.86 ㎡ × ¥2.80 × 1 个月 + 89.86 ㎡ × ¥2.80 × 2 个月 × 50% + 89.86 ㎡ × ¥0.00 × "), "{text}");
        assert!(text.contains("89.86 ㎡ × ¥3.0001 × 2 个月 （本户约定）"), "{text}");
        // 89.86 × (2.80 + 2.80 + 2 × 3.0001), the halves together one month: by hand 1,042.394 → 1,042.39.
        assert_eq!(mixed.amount, Fen(104_239));
        let bay = estate.spans("1-2-0702", "parking_leased").remove(0);
        // 300.00 a month: 11/31 of December, two months, 10/31 of March.
        assert_eq!(bay, span("2026-12-21", "2027-03-10", "2026-11", 80_323));
        let at = "2026-11-02T02:00:00Z";
        for home in ["1-1-0101", "1-1-0103", "1-1-0202", "1-1-0203", "1-1-0901"] {
            estate.the_same_anew(home, "property_residential", at);
        }
        estate.the_same_anew("1-2-0702", "parking_leased", at);
    }

    fn a_large_floor_by_the_year_is_exact_too(estate: Estate) {
        estate.every("property_residential", ("2026-11", 12, Timing::First), BILLING).unwrap();
        estate.sql("UPDATE homes SET area = 1000001 WHERE code = '1-1-0101'");
        estate.sql("UPDATE tariffs SET rate = 300007 WHERE fee_item_id = 1");
        estate.sql("INSERT INTO fee_exceptions (community_id, home_id, fee_item_id, kind, value, from_month, reason, made_at) \
            SELECT 1, id, 1, 'part', 97, '2026-01', '约定', '2026-10-31 00:00:00' FROM homes WHERE code = '1-1-0101'");
        estate.bill("2026-11", BILLING);
        // 10,000.01 m² × 30.0007 × 12 × 97 % = 3,492,084.9729148 yuan.
        assert_eq!(estate.billed_for("1-1-0101", "property_residential")[0].charge.amount, Fen(349_208_497));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_home_that_is_handed_over_later_is_charged_by_the_next_night(estate: Estate) {
        let periods = |today| estate.store.read_now(|db| billing::periods_to_bill(db, estate.community, day(today))).unwrap();
        estate.every("garbage", ("2026-11", 12, Timing::First), BILLING).unwrap();
        estate.bill("2026-11", BILLING);
        estate.bill("2026-12", DECEMBER);
        estate.bill("2027-01", JANUARY);
        assert_eq!(periods("2027-01-20"), []);
        estate.sql("UPDATE homes SET delivered_on = '2027-01-20' WHERE id = (SELECT MIN(id) FROM homes WHERE delivered_on IS NULL AND use_kind = 'residential')");
        estate.sql("INSERT INTO occupancies (community_id, home_id, person_id, kind, lives_there, pays, starts_on) \
            SELECT community_id, id, 1, 'owner', FALSE, TRUE, delivered_on FROM homes WHERE delivered_on = '2027-01-20' \
            AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.home_id = homes.id)");
        assert_eq!(periods("2027-01-21"), [month("2026-11"), month("2027-01")], "the year's run, and the month's");
        estate.bill("2026-11", "2027-01-20T18:00:00Z");
        let home: String = estate.store.read_now(|db| {
            use domain::db::schema::homes;
            Ok(homes::table.filter(homes::delivered_on.eq(day("2027-01-20"))).select(homes::code).first(db)?)
        }).unwrap();
        // 12.00 a month: 12/31 of January, nine whole months.
        assert_eq!(estate.spans(&home, "garbage"), [span("2027-01-20", "2027-10-31", "2026-11", 11_265)]);
        assert_eq!(estate.billed_for(&home, "garbage")[0].charge.due_on, day("2027-01-31"));
        estate.bill("2027-01", "2027-01-20T18:00:00Z");
        assert_eq!(periods("2027-01-22"), []);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn how_often_changes_from_a_month_that_is_neither_over_nor_charged(estate: Estate) {
        assert_eq!(code(estate.every("garbage", ("2026-10", 3, Timing::First), BILLING)), "month_over");
        assert_eq!(code(estate.every("garbage", ("2026-11", 2, Timing::First), BILLING)), "unknown_word");
        estate.every("garbage", ("2026-11", 3, Timing::First), BILLING).unwrap();
        // Nothing is charged yet: it can be set otherwise.
        estate.every("garbage", ("2026-11", 3, Timing::Last), BILLING).unwrap();
        estate.every("garbage", ("2026-11", 3, Timing::First), BILLING).unwrap();
        estate.bill("2026-11", BILLING);
        assert_eq!(code(estate.every("garbage", ("2027-01", 1, Timing::First), DECEMBER)), "period_charged");
        let tariff = domain::billing::keep::NewTariff { starts_on: day("2027-01-01"), rate: domain::Rate(150_000), tiers: vec![] };
        let early = estate.store.write_now(|tx| {
            domain::billing::keep::set_tariff(tx, &estate.manager, instant(DECEMBER), estate.community, "garbage", &tariff)
        });
        assert_eq!(code(early), "period_charged", "the quarter is charged by the old rate");
        estate.every("garbage", ("2027-02", 1, Timing::First), DECEMBER).unwrap();
        estate.bill("2027-01", JANUARY);
        estate.bill("2027-02", FEBRUARY);
        assert_eq!(estate.spans("1-1-0101", "garbage"), [
            span("2026-11-01", "2027-01-31", "2026-11", 3_600), span("2027-02-01", "2027-02-28", "2027-02", 1_200),
        ]);

        // A year in arrears that is cut short is charged up to there.
        estate.every("parking_owned", ("2027-03", 12, Timing::Last), FEBRUARY).unwrap();
        estate.every("parking_owned", ("2027-05", 1, Timing::First), "2027-03-31T18:00:00Z").unwrap();
        estate.bill("2027-04", "2027-03-31T18:00:00Z");
        estate.bill("2027-05", "2027-04-30T18:00:00Z");
        let owned = |n: usize| estate.spans("1-1-0602", "parking_owned").into_iter().rev().nth(n).unwrap();
        assert_eq!(owned(1), span("2027-03-01", "2027-04-30", "2027-04", 16_000));
        assert_eq!(owned(0), span("2027-05-01", "2027-05-31", "2027-05", 8_000));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn the_worked_example_says_what_the_run_will(estate: Estate) {
        let item = estate.store.read_now(|db| {
            let id = fee_items::table.filter(fee_items::code.eq("garbage")).select(fee_items::id).first(db)?;
            items::find(db, estate.community, id)
        }).unwrap().unwrap();
        let new = NewInterval { from: month("2026-11"), months: 3, timing: Timing::First };
        let (period, shown) = estate.store.read_now(|db| interval_example(db, estate.community, &item, &new)).unwrap();
        assert_eq!((period.first, period.last, shown.len()), (month("2026-11"), month("2027-01"), 3));
        estate.every("garbage", ("2026-11", 3, Timing::First), BILLING).unwrap();
        estate.bill("2026-11", BILLING);
        for one in shown {
            let charge = estate.billed_for(&one.home, "garbage").remove(0).charge;
            assert_eq!((one.basis.to_string(), one.basis.amount()), (charge.basis, charge.amount));
            assert!(one.before.unwrap() < one.basis.amount(), "a month costs less than a quarter");
        }
    }

    fn a_month_that_is_charged_twice_is_found(estate: Estate) {
        estate.every("garbage", ("2026-11", 3, Timing::First), BILLING).unwrap();
        estate.bill("2026-11", BILLING);
        estate.sql("INSERT INTO charges (community_id, account_id, home_id, building_id, payer_id, fee_item_id, subject, period, revision, \
            from_on, to_on, basis, amount_fen, due_on, due_month, made_at) SELECT community_id, account_id, home_id, building_id, payer_id, \
            fee_item_id, subject, '2026-12', 0, '2026-12-01', '2026-12-31', 'home:100*120000*31/31', 1200, '2026-12-25', '2026-12', made_at \
            FROM charges WHERE fee_item_id = (SELECT id FROM fee_items WHERE code = 'garbage') AND home_id = (SELECT id FROM homes WHERE code = '1-1-0101')");
        let faults = estate.store.read_now(|db| intervals::faults(db, estate.community)).unwrap();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults.iter().any(|fault| fault.starts_with("days of an item are charged twice")));
    }
}
