//! Shared consumption: November 2026 to the fen, run twice, by several at once, killed, reversed, corrected.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::billing::explain::explain_stored;
use domain::billing::items::AppliesTo;
use domain::billing::shared::{self, Method, NewBill};
use domain::billing::{self, Change, Reason, Run, State, Step, What};
use domain::db::schema::{charges, fee_items, homes};
use domain::{BillingRunId, Error, Fen, Quantity, Result, SharedBillId, Store, imports, ledger};

use crate::estate::{BILLING, Estate, expected, instant, month, register};

/// What the three bills of November come to.
const WHOLE: i64 = 1_863_425 + 2_710_088 + 904_417;

type Parts = BTreeMap<(String, String), i64>;

impl Estate {
    /// The register of shared bills, imported as a clerk would.
    fn shared_bills(&self) -> imports::Import {
        self.import(include_bytes!("../../../demo/data/shared_bills.csv"))
    }

    fn import(&self, file: &[u8]) -> imports::Import {
        let sheet = imports::read(imports::Kind::SharedBills, "shared_bills.csv", file).unwrap();
        let at = instant(BILLING);
        let run = |tx: &mut domain::Db| {
            imports::run(tx, &self.manager, at, self.community, &sheet, imports::Options::default())
        };
        self.store.write_now(run).unwrap()
    }

    fn share(&self) -> Run {
        self.run(("2026-11", What::Shared), BILLING)
    }

    /// What every home was charged of the shared bills.
    fn parts(&self) -> Parts {
        let rows: Vec<(String, String, i64)> = self
            .store
            .read_now(|db| {
                let joined = charges::table
                    .inner_join(homes::table.on(homes::id.eq(charges::home_id)))
                    .inner_join(fee_items::table.on(fee_items::id.eq(charges::fee_item_id)));
                let shared = joined.filter(fee_items::code.like("shared:%").and(charges::reversed.eq(false)));
                Ok(shared.select((homes::code, fee_items::code, charges::amount_fen)).load(db)?)
            })
            .unwrap();
        rows.into_iter().map(|(home, item, fen)| ((home, item), fen)).collect()
    }

    fn bill_of(&self, new: &NewBill) -> Result<SharedBillId> {
        let at = instant(BILLING);
        self.store.write_now(|tx| shared::save(tx, &self.manager, at, self.community, None, new))
    }

    fn preview_shared(&self) -> billing::Preview {
        let at = instant(BILLING);
        self.store
            .read_now(|db| shared::preview(db, &self.manager, at, self.community, month("2026-11")))
            .unwrap()
    }
}

impl Estate {
    fn bill_named(&self, name: &str) -> shared::Bill {
        let all = self.store.read_now(|db| shared::in_period(db, self.community, month("2026-11"))).unwrap();
        all.into_iter().find(|bill| bill.name == name).unwrap()
    }

    fn take_back(&self, bill: &shared::Bill, reason: &str, seen: &str) -> Result<()> {
        let which = (self.community, bill.id);
        self.store
            .write_now(|tx| shared::take_back(tx, &self.manager, instant(BILLING), which, (reason, seen)))
    }

    fn number(&self, sql: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Number {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        self.store.read_now(|db| Ok(diesel::sql_query(sql).get_result::<Number>(db)?.n)).unwrap()
    }
}

fn refused<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

fn lift(total: i64, method: Method) -> NewBill {
    NewBill {
        name: "电梯电费".into(),
        period: month("2026-11"),
        total: Fen(total),
        method,
        applies_to: AppliesTo::Residential,
    }
}

fn oracle() -> Parts {
    let row = |row: &csv::StringRecord| ((row[0].to_owned(), row[1].to_owned()), row[2].parse().unwrap());
    expected("expected_shared_2026-11.csv").iter().map(row).collect()
}

/// The parts once more, by another way and from the files alone: each fen of what is left goes to whoever is
/// furthest below what is exactly theirs.
fn worked_out_again() -> Parts {
    let homes: Vec<(String, i128)> = register("homes.csv")
        .iter()
        .filter(|row| &row[5] == "住宅" && !row[7].is_empty() && &row[7] <= "2026-11-30")
        .map(|row| (row[3].to_owned(), row[6].replace('.', "").parse().unwrap()))
        .collect();
    let mut parts = Parts::new();
    for bill in register("shared_bills.csv") {
        let total: i128 = bill[2].replace('.', "").parse().unwrap();
        let counts = |area: &i128| if &bill[3] == "户数" { 1 } else { *area };
        let all: i128 = homes.iter().map(|(_, area)| counts(area)).sum();
        let mut given: Vec<i128> = homes.iter().map(|(_, area)| total * counts(area) / all).collect();
        for _ in 0..total - given.iter().sum::<i128>() {
            let short = |n: usize| total * counts(&homes[n].1) - given[n] * all;
            let most = (0..homes.len()).rev().max_by_key(|n| short(*n)).unwrap();
            given[most] += 1;
        }
        for ((home, _), fen) in homes.iter().zip(given) {
            parts.insert((home.clone(), format!("shared:{}", &bill[0])), i64::try_from(fen).unwrap());
        }
    }
    parts
}

test_support::both! {
    fn november_is_shared_to_the_fen(estate: Estate) {
        let import = estate.shared_bills();
        assert_eq!((import.report.added, import.report.rejected), (3, 0));
        let before = estate.preview_shared();
        assert_eq!((before.charges(), before.total()), (2556, Fen(WHOLE)));
        let run = estate.share();
        assert_eq!((run.state, run.charges, run.total), (State::Done, 2556, Fen(WHOLE)));
        assert_eq!(estate.parts(), oracle());
        assert_eq!(estate.parts(), worked_out_again());
        assert_eq!(run.left_out().unwrap(), before.left_out);
        assert!(before.left_out.iter().all(|one| one.reason == Reason::Undelivered), "{:?}", before.left_out);
        assert_eq!(before.left_out.len(), 12);
        let after = estate.preview_shared();
        assert_eq!((after.charges(), after.by_item[1].charged, after.by_item[1].charged_amount), (0, 852, Fen(2_710_088)));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn the_month_and_the_shared_bills_are_billed_beside_each_other(estate: Estate) {
        estate.shared_bills();
        estate.share();
        let month = estate.bill("2026-11", BILLING);
        assert_eq!((month.charges, month.total), (2140, Fen(34_663_254)));
        assert_eq!(estate.share().charges, 0);
        assert_eq!(estate.parts(), oracle());
        // The next month's preview takes neither for something that has gone.
        let next = estate.store.read_now(|db| {
            billing::preview(db, &estate.manager, instant(BILLING), estate.community, crate::estate::month("2026-12"))
        }).unwrap();
        assert!(next.differences.iter().all(|one| !one.item.starts_with("shared:")), "{:?}", next.differences);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_resident_can_follow_their_part(estate: Estate) {
        estate.shared_bills();
        estate.share();
        let lines = estate.charges("1-1-0101");
        let told: Vec<String> = lines.iter().map(|line| explain_stored(&line.charge.basis, "zh")).collect();
        assert!(told[2].starts_with("按户分摊：¥9044.17 × 1 / 852 户 = ¥10.6152… → ¥10.62"), "{told:?}");
        assert!(told[0].starts_with("按建筑面积分摊：¥18634.25 × 89.86 / "), "{told:?}");
        let charge = &lines[0].charge;
        assert_eq!((charge.due_on.to_string(), charge.from_on.to_string(), charge.to_on.to_string()),
            ("2026-11-25".to_owned(), "2026-11-01".to_owned(), "2026-11-30".to_owned()));
        let seen = estate.store.read_now(|db| {
            shared::of_home(db, &estate.cashier, instant(BILLING), estate.community, ("1-1-0101", month("2026-11")))
        }).unwrap();
        assert_eq!(seen.len(), 3);
        assert_eq!(seen[0].own.amount(), charge.amount);
        assert!(seen[0].parts.iter().any(|part| part.home == "1-1-0101" && part.amount == charge.amount));
    }

    fn a_prepayment_pays_the_part(estate: Estate) {
        estate.pay("1-1-0101", 5_000, BILLING);
        estate.shared_bills();
        estate.share();
        let paid: i64 = estate.charges("1-1-0101").iter().map(|line| line.charge.paid.0).sum();
        assert_eq!(paid, 5_000);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn many_at_once_charge_once(estate: Estate) {
        estate.shared_bills();
        let url = estate.database.url();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let store = Store::open(url).unwrap();
                    let asked = (month("2026-11"), What::Shared);
                    billing::run_now(&store, &estate.manager, instant(BILLING), estate.community, asked).unwrap();
                });
            }
        });
        assert_eq!(estate.parts(), oracle());
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_run_that_was_killed_is_completed_though_the_register_changed_meanwhile(estate: Estate) {
        estate.shared_bills();
        let at = instant(BILLING);
        let run: BillingRunId = estate.store.write_now(|tx| {
            billing::ask(tx, &estate.manager, at, at, estate.community, (month("2026-11"), What::Shared))
        }).unwrap();
        // Two bills are worked out, then the process is gone.
        for _ in 0..2 {
            assert_eq!(estate.store.write_now(|tx| billing::step(tx, run, at)).unwrap(), Step::More);
        }
        assert_eq!(estate.faults(), Vec::<String>::new());
        assert!(estate.parts().is_empty());
        let changed = estate.bill_of(&lift(1, Method::Household));
        assert!(matches!(changed, Err(Error::Invalid(_))), "{changed:?}");
        let done = estate.share();
        assert_eq!((done.id, done.charges), (run, 2556));
        assert_eq!(estate.parts(), oracle());
        // Who is delivered, or grows, afterwards changes no part.
        estate.sql("UPDATE homes SET area = area + 1000 WHERE code = '1-1-0101'");
        assert_eq!(estate.share().charges, 0);
        assert_eq!(estate.parts(), oracle());
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_reversed_part_is_not_made_again_by_a_run_but_by_an_explicit_act(estate: Estate) {
        estate.shared_bills();
        estate.share();
        let line = estate.charges("1-1-0101").remove(0);
        let at = instant(BILLING);
        estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, at, line.charge.id, "错了")).unwrap();
        assert_eq!(estate.share().charges, 0);
        assert_eq!(estate.preview_shared().charges(), 0);
        estate.sql("UPDATE homes SET area = 1 WHERE code = '1-1-0101'");
        let again = estate.store.write_now(|tx| billing::charge_again(tx, &estate.manager, at, line.charge.id)).unwrap();
        let again = estate.store.read_now(|db| ledger::charge_of(db, again)).unwrap();
        assert_eq!((again.revision, again.amount, again.basis), (1, line.charge.amount, line.charge.basis));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn who_pays_for_nothing_keeps_the_part_until_somebody_does(estate: Estate) {
        estate.shared_bills();
        estate.sql("UPDATE occupancies SET pays = FALSE WHERE home_id = (SELECT id FROM homes WHERE code = '1-1-0101')");
        let run = estate.share();
        assert_eq!(run.charges, 2553);
        let left = run.left_out().unwrap();
        assert!(left.iter().any(|one| one.home == "1-1-0101" && one.reason == Reason::NoPayer), "{left:?}");
        estate.sql("UPDATE occupancies SET pays = TRUE WHERE home_id = (SELECT id FROM homes WHERE code = '1-1-0101')");
        assert_eq!(estate.share().charges, 3);
        assert_eq!(estate.parts(), oracle());
    }

    fn a_bill_is_corrected_while_nothing_is_charged_and_stands_then(estate: Estate) {
        let id = estate.bill_of(&lift(100, Method::Household)).unwrap();
        let at = instant(BILLING);
        let change = |version, new: NewBill| estate.store.write_now(|tx| {
            shared::save(tx, &estate.manager, at, estate.community, Some((id, version)), &new)
        });
        let twice = estate.bill_of(&lift(100, Method::Household)).unwrap_err();
        assert!(format!("{twice:?}").contains("bill_exists"), "{twice:?}");
        let nothing = estate.bill_of(&NewBill { name: "水".into(), ..lift(0, Method::Area) }).unwrap_err();
        assert!(format!("{nothing:?}").contains("not_positive"), "{nothing:?}");
        let bay = NewBill { name: "车".into(), applies_to: AppliesTo::Owned, ..lift(1, Method::Area) };
        assert!(format!("{:?}", estate.bill_of(&bay).unwrap_err()).contains("unknown_scope"));
        change(1, lift(85_200, Method::Household)).unwrap();
        assert!(format!("{:?}", change(1, lift(1, Method::Area)).unwrap_err()).contains("shared.changed"));
        let run = estate.share();
        assert_eq!((run.charges, run.total), (852, Fen(85_200)));
        assert!(format!("{:?}", change(2, lift(1, Method::Area)).unwrap_err()).contains("shared.charged"));
        let gone = estate.store.write_now(|tx| shared::remove(tx, &estate.manager, at, estate.community, id));
        assert!(format!("{:?}", gone.unwrap_err()).contains("shared.charged"));
        let import = estate.shared_bills();
        assert_eq!((import.report.added, import.report.rejected), (2, 1));
        assert_eq!(import.report.errors[0].code, "bill_charged");
        assert_eq!(import.outcome, imports::Outcome::Refused);
    }

    fn what_is_imported_again_changes_what_changed_and_doubles_nothing(estate: Estate) {
        estate.shared_bills();
        assert_eq!(estate.shared_bills().report.unchanged, 3);
        let text = "名称,账期,总金额,分摊方式,适用\n电梯电费,2026年11月,100.00,户数,住宅\n电梯电费,2026-11,1,户数,住宅\n泵,2026-13,-1,人头,车位\n";
        let import = estate.import(text.as_bytes());
        let codes: Vec<&str> = import.report.errors.iter().map(|error| error.code.as_str()).collect();
        assert_eq!(codes, ["repeated", "no_such_month", "not_positive", "unknown_method", "unknown_scope"]);
        let right = "名称,账期,总金额,分摊方式,适用\n电梯电费,2026年11月,￥１００．００,户数,住宅\n";
        assert_eq!(estate.import(right.as_bytes()).report.changed, 1);
        assert_eq!(estate.share().total, Fen(1_863_425 + 10_000 + 904_417));
    }

    fn shares_count_as_agreed_and_a_bill_that_nobody_shares_waits(estate: Estate) {
        let at = instant(BILLING);
        let set = |home: &str, share| estate.store.write_now(|tx| {
            shared::set_share(tx, &estate.manager, at, estate.community, home, Quantity(share))
        });
        set("1-1-0101", 0).unwrap();
        set("1-1-0102", 250).unwrap();
        assert!(format!("{:?}", set("9-9-9999", 1).unwrap_err()).contains("unknown_home"));
        assert!(set("1-1-0102", -1).is_err());
        let office = NewBill { name: "写字楼空调".into(), applies_to: AppliesTo::Office, ..lift(100, Method::Area) };
        estate.bill_of(&office).unwrap();
        estate.bill_of(&lift(85_250, Method::Share)).unwrap();
        let run = estate.share();
        // 852 homes less one, and one counts for two and a half: 852.5 shares.
        assert_eq!((run.charges, run.total), (851, Fen(85_250)));
        assert_eq!(estate.parts()[&("1-1-0102".to_owned(), "shared:电梯电费".to_owned())], 250);
        let left = run.left_out().unwrap();
        assert!(left.iter().any(|one| one.what == "写字楼空调" && one.reason == Reason::NoHomes), "{left:?}");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn check_finds_a_part_that_was_tampered_with(estate: Estate) {
        estate.shared_bills();
        estate.share();
        estate.sql("UPDATE measured SET amount_fen = amount_fen + 1 WHERE home_order = 1");
        let faults = estate.faults();
        for text in ["shared bill's parts do not add up", "charge differs from the home's part", "part is not what its basis says"] {
            assert!(faults.iter().any(|fault| fault.starts_with(text)), "{text}: {faults:?}");
        }
    }

    fn a_whole_bill_is_taken_back_in_one_act_and_charged_anew(estate: Estate) {
        estate.shared_bills();
        estate.pay("1-1-0101", 10_000, BILLING);
        estate.share();
        let paid_before = estate.account("1-1-0101").balance;
        let bill = estate.bill_named("电梯电费");
        let stands = estate.store.read_now(|db| shared::standing(db, &bill)).unwrap();
        assert_eq!((stands.homes, stands.amount, stands.paid_homes), (852, Fen(2_710_088), 1));
        // One part was corrected by hand before: its second revision stands.
        let part = estate.charges("1-1-0102").into_iter().find(|line| line.item == "shared:电梯电费").unwrap().charge.id;
        estate.store.write_now(|tx| {
            ledger::reverse(tx, &estate.manager, instant(BILLING), part, "核对")?;
            billing::charge_again(tx, &estate.manager, instant(BILLING), part)
        }).unwrap();

        assert_eq!(refused(estate.take_back(&bill, "总金额登记错了", "1-2-3-4")), "charge.changed");
        assert_eq!(refused(estate.take_back(&bill, " ", &stands.seen())), "required");
        estate.take_back(&bill, "总金额登记错了", &stands.seen()).unwrap();
        assert_eq!(estate.faults(), Vec::<String>::new());
        let bill = estate.bill_named("电梯电费");
        assert_eq!((bill.split_at, bill.homes), (None, 0));
        assert_eq!(estate.parts().len(), 2 * 852, "the other two stand");
        let part = |home: &str| estate.charges(home).into_iter().filter(|line| line.item == "shared:电梯电费").collect::<Vec<_>>();
        assert!(part("1-1-0101").iter().all(|line| line.charge.reversed && line.charge.paid == Fen::ZERO));
        assert_eq!(estate.account("1-1-0101").balance, paid_before - part("1-1-0101")[0].charge.amount);
        let told = "SELECT COUNT(*) AS n FROM notifications WHERE code = 'correction.reversed' AND channel = 'portal'";
        assert_eq!(estate.number(told), 852);
        let record = estate.store.read_now(|db| shared::taken_back(db, &bill)).unwrap();
        assert_eq!((record.len(), record[0].homes, record[0].paid), (1, 852, stands.paid));
        assert_eq!(record[0].by.as_deref(), Some("经理"));
        assert_eq!(refused(estate.take_back(&bill, "再来", "0-0-0-0")), "shared.not_charged");

        // Corrected and charged anew: what was paid ahead covers the new part.
        let seen = estate.preview_shared();
        let lifts = seen.by_item.iter().find(|one| one.item == "shared:电梯电费").unwrap();
        assert_eq!((lifts.charges, lifts.charged), (852, 0));
        let new = NewBill { total: Fen(2_556_000), ..bill.clone().says() };
        estate.store.write_now(|tx| {
            shared::save(tx, &estate.manager, instant(BILLING), estate.community, Some((bill.id, bill.version)), &new)
        }).unwrap();
        let run = estate.share();
        assert_eq!((run.charges, run.total), (852, Fen(2_556_000)));
        assert_eq!(estate.share().charges, 0, "once");
        let again = part("1-1-0101");
        assert_eq!(again.last().map(|line| (line.charge.revision, line.charge.reversed)), Some((1, false)));
        assert_eq!(part("1-1-0102").last().map(|line| line.charge.revision), Some(2));
        assert_eq!(again.last().unwrap().charge.paid, again.last().unwrap().charge.amount, "by what was freed");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_bill_whose_run_is_under_way_is_not_taken_back(estate: Estate) {
        estate.shared_bills();
        estate.share();
        let (bill, at) = (estate.bill_named("电梯电费"), instant(BILLING));
        let seen = estate.store.read_now(|db| shared::standing(db, &bill)).unwrap().seen();
        estate.store.write_now(|tx| {
            billing::ask(tx, &estate.manager, at, at, estate.community, (month("2026-11"), What::Shared))
        }).unwrap();
        assert_eq!(refused(estate.take_back(&bill, "错了", &seen)), "shared.running");
        assert_eq!(estate.parts(), oracle());
        let mut nobody = estate.cashier.clone();
        nobody.grants.clear();
        let denied = estate.store.write_now(|tx| {
            shared::take_back(tx, &nobody, at, (estate.community, bill.id), ("错了", &seen))
        });
        assert!(denied.is_err());
    }

    fn what_stands_out_against_the_month_before_is_listed(estate: Estate) {
        let before = |name: &str, total| NewBill {
            name: name.into(), period: month("2026-10"), total: Fen(total), method: Method::Area, applies_to: AppliesTo::Residential,
        };
        estate.shared_bills();
        assert!(estate.preview_shared().differences.is_empty(), "nothing was shared before");
        estate.bill_of(&before("电梯电费", 2_600_000)).unwrap();
        estate.bill_of(&before("公共照明电费", 1_000_000)).unwrap();
        estate.bill_of(&before("泳池水费", 90_000)).unwrap();
        estate.run(("2026-10", What::Shared), BILLING);
        let seen = estate.preview_shared();
        let whole: Vec<_> = seen.differences.iter().filter(|one| one.home.is_empty())
            .map(|one| (one.item.as_str(), one.change)).collect();
        assert!(whole.contains(&("shared:公共照明电费", Change::Changed)), "{whole:?}");
        assert!(whole.contains(&("shared:泳池水费", Change::Gone)), "{whole:?}");
        assert_eq!(whole.iter().filter(|(_, change)| *change == Change::New).count(), 1, "{whole:?}");
        // The lifts' bill is much the same; who was handed over meanwhile is new in it.
        let single: Vec<_> = seen.differences.iter().filter(|one| !one.home.is_empty()).collect();
        assert!(single.iter().all(|one| one.item == "shared:电梯电费"), "{single:?}");
        let new = single.iter().find(|one| one.home == "1-1-0901").unwrap();
        assert_eq!((new.change, new.before), (Change::New, None));
        assert!(single.iter().all(|one| one.change == Change::New), "{single:?}");
        assert_eq!(seen.differences_total, i64::try_from(seen.differences.len()).unwrap());
    }
}
