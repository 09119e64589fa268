//! Statements as of any day, and what a change of owner leaves where it is.

use diesel::prelude::*;
use domain::access::Actor;
use domain::billing::{self, explain::explain_stored};
use domain::db::schema::{occupancies, people};
use domain::ledger::{self, Book, Span, Statement};
use domain::{ChargeId, Error, Fen, PersonId, Result, payments};

use crate::estate::{BILLING, Estate, day, instant};

const HOME: &str = "1-1-0101";
/// The property fee of a month.
const FEE: i64 = 25_161;

impl Estate {
    fn statement(&self, by: &Actor, from: &str, to: &str) -> Vec<Statement> {
        let (home, span) = (self.home(HOME), Span::new(day(from), day(to)).unwrap());
        self.store.read_now(|db| ledger::statement(db, by, self.community, home, span)).unwrap()
    }

    /// The home is sold: the owner ends on the day before, somebody else owns it from then on.
    fn sold(&self, on: &str) -> PersonId {
        let (home, on) = (self.home(HOME), day(on));
        self.store
            .write_now(|tx| {
                let row = (
                    people::community_id.eq(self.community),
                    people::name.eq("王新主"),
                    people::created_at.eq(instant("2026-10-01T00:00:00Z")),
                );
                let buyer: PersonId =
                    diesel::insert_into(people::table).values(row).returning(people::id).get_result(tx)?;
                let before = occupancies::table.filter(occupancies::home_id.eq(home.0));
                diesel::update(before).set(occupancies::ends_on.eq(on.pred_opt())).execute(tx)?;
                let tie = (
                    occupancies::community_id.eq(self.community),
                    occupancies::home_id.eq(home),
                    occupancies::person_id.eq(buyer),
                    occupancies::kind.eq("owner"),
                    occupancies::lives_there.eq(false),
                    occupancies::pays.eq(true),
                    occupancies::starts_on.eq(on),
                );
                diesel::insert_into(occupancies::table).values(tie).execute(tx)?;
                Ok(buyer)
            })
            .unwrap()
    }

    fn actor(&self, person: PersonId) -> Actor {
        self.store.read_now(|db| Actor::load(db, person, day("2026-11-20"), "test")).unwrap()
    }

    fn fee(&self) -> ledger::Charge {
        let lines = self.charges(HOME);
        lines
            .into_iter()
            .find(|line| line.item == "property_residential" && !line.charge.reversed)
            .unwrap()
            .charge
    }

    fn split(&self, id: ChargeId, on: &str, seen: &str) -> Result<(ChargeId, ChargeId)> {
        let (by, at) = (&self.cashier, instant("2026-11-20T02:00:00Z"));
        self.store.write_now(|tx| billing::split(tx, by, at, id, (day(on), "过户结算", seen)))
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
    fn a_statement_as_of_a_day_says_the_same_whenever_it_is_asked_for(estate: Estate) {
        estate.bill("2026-10", "2026-09-30T18:00:00Z");
        estate.bill("2026-11", BILLING);
        // Late in the evening of the 10th, and in the night after: by the community's days.
        let paid = estate.pay(HOME, 30_000, "2026-11-10T15:59:59Z");
        estate.pay(HOME, 10_000, "2026-11-10T16:00:00Z");
        let on = |to: &str| estate.statement(&estate.manager, "2026-11-01", to).remove(0);
        let tenth = on("2026-11-10");
        assert_eq!((tenth.opening, tenth.lines.len()), (Fen(26_361), 3), "October before, two charges and a payment");
        assert_eq!((tenth.closing, tenth.ahead), (Fen(2 * 26_361 - 30_000), Fen(0)));
        assert_eq!(tenth.open.iter().map(|charge| charge.open_fen).sum::<Fen>(), tenth.closing);
        assert_eq!(on("2026-11-11").closing, tenth.closing - Fen(10_000));
        // What happens later changes nothing of it.
        let fee = estate.fee().id;
        estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, instant("2026-11-20T02:00:00Z"), fee, "x")).unwrap();
        estate.store.write_now(|tx| payments::void(tx, &estate.manager, instant("2026-11-21T02:00:00Z"), paid, "x", None)).unwrap();
        let again = on("2026-11-10");
        assert_eq!((again.closing, again.ahead, again.open.len()), (tenth.closing, tenth.ahead, tenth.open.len()));
        assert_eq!(on("2026-11-30").closing, estate.account(HOME).balance);
        assert!(estate.statement(&estate.manager, "2020-01-01", "2020-12-31").is_empty(), "nothing moved by then");
        assert_eq!(rule(Span::new(day("2026-11-02"), day("2026-11-01"))), "span");
        assert_eq!(rule(Span::new(day("2016-11-02"), day("2026-12-01"))), "span");
    }

    fn deposits_stand_apart_and_a_resident_sees_their_own_parts(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.take_deposit(200_000, "2026-11-05T02:00:00Z").unwrap();
        let owner = estate.actor(estate.account(HOME).payer_id);
        let parts = estate.statement(&owner, "2026-11-01", "2026-11-30");
        let told: Vec<_> = parts.iter().map(|part| (part.account.book, part.closing, part.ahead)).collect();
        assert_eq!(told, [(Book::Fees, Fen(26_361), Fen(0)), (Book::Deposits, Fen(-200_000), Fen(200_000))]);
        let neighbour = estate.actor(estate.account("1-1-0102").payer_id);
        assert!(estate.statement(&neighbour, "2026-11-01", "2026-11-30").is_empty());
    }

    fn a_quarter_is_split_on_the_day_on_which_the_owner_changed(estate: Estate) {
        estate.sql("INSERT INTO fee_intervals (community_id, fee_item_id, from_month, months, timing, made_at) \
            VALUES (1, 1, '2026-11', 3, 'first', '2026-10-01 00:00:00')");
        estate.bill("2026-11", BILLING);
        let (whole, buyer) = (estate.fee(), estate.sold("2026-12-16"));
        let (first, rest) = estate.split(whole.id, "2026-12-16", &whole.seen()).unwrap();
        let of = |id| estate.store.read_now(|db| ledger::charge_of(db, id)).unwrap();
        let (first, rest) = (of(first), of(rest));
        // 251.608 a month: November and 15 of 31 days, then what is left of 754.82.
        assert_eq!((whole.amount, first.amount, rest.amount), (Fen(75_482), Fen(37_335), Fen(38_147)));
        assert_eq!((first.to_on, rest.from_on, rest.to_on), (day("2026-12-15"), day("2026-12-16"), day("2027-01-31")));
        assert_eq!(rest.payer_id, buyer);
        let told = domain::billing::explain::explain_stored(&first.basis, "zh");
        assert_eq!(told, "2026-11-01 至 2026-12-15：89.86 ㎡ × ¥2.80 × 1 个月 + 89.86 ㎡ × ¥2.80 × 15/31 = ¥373.3538… → ¥373.35");
        // The runs of the months between charge none of it once more.
        estate.bill("2026-12", "2026-11-30T18:00:00Z");
        assert_eq!(estate.charges(HOME).iter().filter(|line| line.item == "property_residential").count(), 3);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn unpaid_charges_never_move_to_a_new_owner(estate: Estate) {
        estate.bill("2026-11", BILLING);
        let (seller, owed) = (estate.account(HOME).payer_id, estate.account(HOME).balance);
        let buyer = estate.sold("2026-11-16");
        estate.bill("2026-11", "2026-11-17T18:00:00Z");
        estate.bill("2026-12", "2026-11-30T18:00:00Z");
        let by_payer = |person| estate.charges(HOME).iter().filter(|line| line.charge.payer_id == person).map(|line| line.charge.open()).sum::<Fen>();
        assert_eq!((by_payer(seller), by_payer(buyer)), (owed, Fen(26_361)), "November is who paid on its first day's");
        // The new owner sees nothing of what the old one owes.
        let seen = estate.statement(&estate.actor(buyer), "2026-11-01", "2026-12-31");
        assert_eq!(seen.iter().map(|part| part.account.payer_id).collect::<Vec<_>>(), [buyer]);
        // A payment of the new owner covers their own charges only.
        estate.pay(HOME, 26_361, "2026-12-05T02:00:00Z");
        assert_eq!((by_payer(seller), by_payer(buyer)), (owed, Fen(0)));
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_settlement_splits_a_month_by_day(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.pay(HOME, 1_200 + 10_000, "2026-11-02T02:00:00Z");
        let fee = estate.fee();
        assert_eq!(rule(estate.split(fee.id, "2026-11-08", &fee.seen())), "split.same_payer");
        let buyer = estate.sold("2026-11-08");
        for (on, expected) in [("2026-11-01", "not_within"), ("2026-12-01", "not_within"), ("2026-11-07", "split.same_payer")] {
            assert_eq!(rule(estate.split(fee.id, on, &fee.seen())), expected, "{on}");
        }
        assert_eq!(rule(estate.split(fee.id, "2026-11-08", "0-0-0")), "charge.changed");
        let (first, rest) = estate.split(fee.id, "2026-11-08", &fee.seen()).unwrap();
        let of = |id| estate.store.read_now(|db| ledger::charge_of(db, id)).unwrap();
        let (first, rest) = (of(first), of(rest));
        assert_eq!((first.amount, rest.amount), (Fen(5_871), Fen(FEE - 5_871)), "251.61 × 7/30 = 58.709, and what is left of the total");
        assert_eq!((first.payer_id, rest.payer_id), (fee.payer_id, buyer));
        assert_eq!((first.to_on, rest.from_on, first.revision, rest.revision), (day("2026-11-07"), day("2026-11-08"), 1, 0));
        assert_eq!((first.paid, rest.paid), (Fen(5_871), Fen(0)), "what was paid covers the first part, not the other's");
        assert!(explain_stored(&rest.basis, "zh").ends_with("余 ¥251.61 − ¥58.71 = ¥192.90"));
        // A run of the month makes nothing of it again, and neither half is charged anew alone.
        assert_eq!(estate.bill("2026-11", "2026-11-21T18:00:00Z").charges, 0);
        for id in [first.id, rest.id] {
            estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, instant("2026-11-22T02:00:00Z"), id, "x")).unwrap();
            let again = estate.store.write_now(|tx| billing::charge_again(tx, &estate.manager, instant("2026-11-22T02:00:00Z"), id));
            if id == first.id {
                assert_eq!(rule(again), "charge.split", "the other half stands");
            } else {
                assert_eq!(rule(again), "charge.split", "it is no whole month");
            }
        }
        let again = estate.store.write_now(|tx| billing::charge_again(tx, &estate.manager, instant("2026-11-22T02:00:00Z"), first.id));
        assert_eq!(of(again.unwrap()).amount, Fen(FEE), "both are taken back: the month is charged as it stands");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }
}
