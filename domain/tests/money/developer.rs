//! The developer's run: what is finished and not handed over, to the day and to the fen.

use diesel::prelude::*;
use domain::billing::developer::{self, NewTerms};
use domain::billing::{self, Change, Reason, What};
use domain::db::schema::{charges, fee_items, homes};
use domain::{Error, Fen, Result};

use crate::estate::{Estate, day, instant, month};

/// An undelivered flat of the examples is looked for by the test itself.
const OCTOBER: &str = "2026-10";
/// The night of 1 November.
const NOVEMBER: &str = "2026-10-31T18:00:00Z";

fn rule<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

impl Estate {
    fn agree_with_developer(&self, from: &str, percent: i64) -> Result<()> {
        let new = NewTerms {
            name: "锦绣置业有限公司".into(),
            phone: Some("0755-8888 6666".into()),
            email: None,
            from_month: month(from),
            percent,
            basis: "前期物业服务合同第十二条".into(),
        };
        let at = instant(NOVEMBER);
        self.store.write_now(|tx| developer::set(tx, &self.manager, at, self.community, &new))
    }

    /// Every building passed its acceptance long ago.
    fn finish(&self) {
        self.sql("UPDATE buildings SET completed_on = '2020-06-01'");
    }

    /// The codes of flats that are not handed over, in register order.
    fn empty_flats(&self) -> Vec<(String, i64)> {
        let all = homes::table
            .filter(homes::delivered_on.is_null().and(homes::use_kind.eq("residential")))
            .order(homes::register_order)
            .select((homes::code, homes::area));
        self.store.read_now(|db| Ok(all.load(db)?)).unwrap()
    }

    fn deliver(&self, code: &str, on: &str) {
        self.store
            .write_now(|tx| {
                let home = homes::table.filter(homes::code.eq(code));
                Ok(diesel::update(home).set(homes::delivered_on.eq(day(on))).execute(tx)?)
            })
            .unwrap();
    }

    /// What the developer was charged for a home: item, first and last day, fen.
    fn developers(&self, code: &str) -> Vec<(String, String, String, i64)> {
        let all = charges::table
            .inner_join(fee_items::table.on(fee_items::id.eq(charges::fee_item_id)))
            .filter(charges::home_id.eq(self.home(code).0).and(fee_items::in_place_of.is_not_null()))
            .order((charges::period, fee_items::register_order))
            .select((fee_items::code, charges::from_on, charges::to_on, charges::amount_fen));
        let rows: Vec<(String, domain::LocalDate, domain::LocalDate, i64)> =
            self.store.read_now(|db| Ok(all.load(db)?)).unwrap();
        rows.into_iter().map(|(item, from, to, fen)| (item, from.to_string(), to.to_string(), fen)).collect()
    }
}

/// Hundredths of a square metre at 2.80 yuan, so many percent of so many days of 31, rounded half up.
fn by_hand(area: i64, days: i64, percent: i64) -> i64 {
    let (top, bottom) = (area * 28_000 * days * percent, 31 * 10_000 * 100);
    (2 * top + bottom) / (2 * bottom)
}

test_support::both! {
    fn nothing_is_the_developers_before_there_are_terms(estate: Estate) {
        let asked = (month(OCTOBER), What::Developer);
        let run = || billing::run_now(&estate.store, &estate.manager, instant(NOVEMBER), estate.community, asked);
        assert_eq!(rule(run()), "billing.no_terms");
        let due = |today| {
            estate.store.read_now(|db| developer::month_to_bill(db, estate.community, day(today))).unwrap()
        };
        assert_eq!(due("2026-11-01"), None);
        estate.finish();
        estate.agree_with_developer(OCTOBER, 70).unwrap();
        assert_eq!(due("2026-11-01"), Some(month(OCTOBER)));
        let early = (month("2026-11"), What::Developer);
        let early = billing::run_now(&estate.store, &estate.manager, instant(NOVEMBER), estate.community, early);
        assert_eq!(rule(early), "billing.month_not_over");
        run().unwrap();
        assert_eq!(due("2026-11-02"), None, "it is billed");
    }

    fn a_home_is_the_developers_until_the_day_before_it_is_handed_over(estate: Estate) {
        estate.finish();
        estate.agree_with_developer(OCTOBER, 70).unwrap();
        let flats = estate.empty_flats();
        let ((whole, area), (part, part_area), (new, _)) = (&flats[0], &flats[1], &flats[2]);
        estate.deliver(part, "2026-10-11");
        estate.deliver(new, "2026-10-01");
        let seen = estate
            .store
            .read_now(|db| {
                let which = (month(OCTOBER), What::Developer);
                billing::preview_of(db, &estate.manager, instant(NOVEMBER), estate.community, which)
            })
            .unwrap();
        let run = estate.run((OCTOBER, What::Developer), NOVEMBER);
        assert_eq!((run.charges, run.total), (seen.charges(), seen.total()), "the preview said so");
        let flat = |code: &str| estate.developers(code).remove(0);
        let item = "developer:property_residential".to_owned();
        let days = |from: &str, to: &str| (format!("2026-10-{from}"), format!("2026-10-{to}"));
        let (from, to) = days("01", "31");
        assert_eq!(flat(whole), (item.clone(), from, to, by_hand(*area, 31, 70)));
        let (from, to) = days("01", "10");
        assert_eq!(flat(part), (item, from, to, by_hand(*part_area, 10, 70)));
        assert_eq!(estate.developers(new), [], "it was the owner's all month");
        assert!(estate.developers("1-1-0101").is_empty(), "somebody lives there");

        // Each of them by hand, and nobody else.
        let expected: i64 = flats[3..].iter().chain([&flats[0]]).map(|(_, area)| by_hand(*area, 31, 70)).sum();
        let charged: Vec<(String, i64)> = flats
            .iter()
            .flat_map(|(code, _)| estate.developers(code))
            .filter(|(item, from, to, _)| {
                item == "developer:property_residential" && from.ends_with("-01") && to.ends_with("-31")
            })
            .map(|(item, .., fen)| (item, fen))
            .collect();
        assert_eq!(charged.len(), flats.len() - 2);
        assert_eq!(charged.iter().map(|(_, fen)| fen).sum::<i64>(), expected);

        let again = estate.run((OCTOBER, What::Developer), NOVEMBER);
        assert_eq!((again.charges, again.total), (0, Fen::ZERO));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_stands_out_against_the_month_before_is_listed(estate: Estate) {
        estate.finish();
        estate.agree_with_developer(OCTOBER, 70).unwrap();
        let preview = |period: &str, at: &str| estate.store.read_now(|db| {
            billing::preview_of(db, &estate.manager, instant(at), estate.community, (month(period), What::Developer))
        }).unwrap();
        assert!(preview(OCTOBER, NOVEMBER).differences.is_empty(), "nothing was charged before");
        estate.run((OCTOBER, What::Developer), NOVEMBER);
        let flats = estate.empty_flats();
        estate.deliver(&flats[0].0, "2026-11-01");
        estate.deliver(&flats[1].0, "2026-11-11");
        let seen = preview("2026-11", "2026-11-30T18:00:00Z");
        let of = |home: &str| seen.differences.iter()
            .filter(|one| one.home == home && one.item == "property_residential").map(|one| one.change).collect::<Vec<_>>();
        assert_eq!((of(&flats[0].0), of(&flats[1].0), of(&flats[2].0)), (vec![Change::Gone], vec![Change::Changed], vec![]));
        assert!(seen.differences.iter().all(|one| one.change != Change::New), "{:?}", seen.differences);
    }

    fn an_item_by_quarter_is_the_developers_month_by_month(estate: Estate) {
        estate.finish();
        estate.agree_with_developer(OCTOBER, 100).unwrap();
        estate.sql("INSERT INTO fee_intervals (community_id, fee_item_id, from_month, months, timing, made_at) \
            VALUES (1, 1, '2026-09', 3, 'first', '2026-08-01 00:00:00')");
        estate.run((OCTOBER, What::Developer), NOVEMBER);
        let (code, area) = estate.empty_flats().remove(0);
        let (_, from, to, fen) = estate.developers(&code).remove(0);
        assert_eq!((from.as_str(), to.as_str(), fen), ("2026-10-01", "2026-10-31", by_hand(area, 31, 100)));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_is_not_finished_is_nobodys(estate: Estate) {
        estate.agree_with_developer(OCTOBER, 100).unwrap();
        let run = estate.run((OCTOBER, What::Developer), NOVEMBER);
        assert_eq!(run.charges, 0);
        let left = run.left_out().unwrap();
        assert!(left.iter().all(|one| one.reason == Reason::NotFinished) && left.len() >= 3, "{left:?}");

        estate.finish();
        let (code, area) = estate.empty_flats().remove(0);
        estate.sql(&format!(
            "UPDATE buildings SET completed_on = '2026-10-22' WHERE id = (SELECT building_id FROM homes WHERE code = '{code}')"
        ));
        estate.run((OCTOBER, What::Developer), NOVEMBER);
        let (_, from, to, fen) = estate.developers(&code).remove(0);
        assert_eq!((from.as_str(), to.as_str(), fen), ("2026-10-22", "2026-10-31", by_hand(area, 10, 100)));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn terms_change_from_a_month_that_is_not_billed(estate: Estate) {
        estate.finish();
        estate.agree_with_developer(OCTOBER, 70).unwrap();
        assert_eq!(rule(estate.agree_with_developer(OCTOBER, 50)), "later_terms");
        assert_eq!(rule(estate.agree_with_developer("2026-09", 50)), "later_terms");
        assert_eq!(rule(estate.agree_with_developer("2026-12", 101)), "between");
        estate.run((OCTOBER, What::Developer), NOVEMBER);
        estate.agree_with_developer("2026-11", 0).unwrap();
        let december = "2026-12-01T02:00:00Z";
        let asked = (month("2026-11"), What::Developer);
        let ended = billing::run_now(&estate.store, &estate.manager, instant(december), estate.community, asked);
        assert_eq!(rule(ended), "billing.no_terms");
        let all = estate.store.read_now(|db| developer::history(db, estate.community)).unwrap();
        assert_eq!(all.iter().map(|(terms, _)| terms.percent).collect::<Vec<_>>(), [0, 70]);
        assert!(all.windows(2).all(|two| two[0].0.payer_id == two[1].0.payer_id), "the same developer");
    }
}
