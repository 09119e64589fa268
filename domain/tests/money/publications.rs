//! What a quarter brought and cost, from the books to what everybody reads.

use domain::access::Actor;
use domain::duties::{self, Filter, State as DutyState};
use domain::publications::{self, Kind, Line, NewEntry, Section, State};
use domain::{CommunityEntryId, Error, Fen, PublicationId, Result, imports, ledger};

use crate::estate::{BILLING, Estate, day, instant};

const AFTER: &str = "2027-01-05T02:00:00Z";

impl Estate {
    fn enter(
        &self,
        (kind, category): (Kind, &str),
        on: &str,
        fen: i64,
        at: &str,
    ) -> Result<CommunityEntryId> {
        let new = NewEntry {
            kind,
            category: category.to_owned(),
            day: day(on),
            amount: Fen(fen),
            party: "洁美保洁".to_owned(),
            document: "FP-1".to_owned(),
            note: String::new(),
        };
        self.store.write_now(|tx| publications::enter(tx, &self.cashier, instant(at), self.community, &new))
    }

    fn draft(&self, by: &Actor, at: &str) -> Result<PublicationId> {
        self.store.write_now(|tx| publications::draft(tx, by, instant(at), self.community, "说明"))
    }

    fn approve(&self, by: &Actor, id: PublicationId, at: &str) -> Result<()> {
        self.store.write_now(|tx| publications::approve(tx, by, instant(at), self.community, id))
    }

    fn publish(&self, id: PublicationId, at: &str) -> Result<()> {
        let at = instant(at);
        self.store.write_now(|tx| publications::publish(tx, &self.manager, at, at, (self.community, id)))
    }

    fn published(&self, id: PublicationId) -> (publications::Publication, Vec<Line>) {
        let read =
            |db: &mut domain::Db| publications::read(db, &self.manager, instant(AFTER), self.community, id);
        self.store.read_now(read).unwrap()
    }

    fn plan_publications(&self, at: &str) -> (usize, usize) {
        self.store.write_now(|tx| publications::plan(tx, self.community, instant(at))).unwrap()
    }
}

fn rule<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(Error::Conflict(_)) => "conflict",
        Err(Error::NotAllowed) => "not_allowed",
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

fn sum(lines: &[Line], section: Section, of: fn(&Line) -> Fen) -> Fen {
    lines.iter().filter(|line| line.section == section).map(of).sum()
}

test_support::both! {
    fn a_quarter_is_worked_out_from_the_books_decided_by_another_and_stands(estate: Estate) {
        estate.bill("2026-11", BILLING);
        estate.pay("1-1-0101", 26_361, "2026-11-10T02:00:00Z");
        estate.pay("1-1-0102", 30_000, "2026-11-10T02:00:00Z");
        estate.enter((Kind::ServiceCost, "cleaning"), "2026-11-20", 1_850_000, "2026-11-22T02:00:00Z").unwrap();
        estate.enter((Kind::CommonIncome, "advertising"), "2026-12-01", 240_000, "2026-12-01T02:00:00Z").unwrap();
        assert_eq!(rule(estate.draft(&estate.cashier, "2026-12-31T02:00:00Z")), "publication.runs");

        let id = estate.draft(&estate.cashier, AFTER).unwrap();
        let (found, lines) = estate.published(id);
        assert_eq!((found.first_day, found.last_day, found.state), (day("2026-10-01"), day("2026-12-31"), State::Draft));
        assert_eq!(sum(&lines, Section::Fees, |line| line.billed), Fen(34_663_254));
        assert_eq!(sum(&lines, Section::Fees, |line| line.amount), Fen(56_361), "all that was paid");
        let ahead = lines.iter().find(|line| line.section == Section::Fees && line.item.is_empty()).unwrap();
        assert_eq!(ahead.amount, Fen(30_000 - 21_545));
        assert_eq!(sum(&lines, Section::ServiceCost, |line| line.amount), Fen(1_850_000));
        assert_eq!(sum(&lines, Section::CommonIncome, |line| line.amount), Fen(240_000));

        assert_eq!(rule(estate.approve(&estate.cashier, id, AFTER)), "not_allowed");
        estate.enter((Kind::CommonCost, "collecting"), "2026-12-20", 40_000, "2027-01-05T03:00:00Z").unwrap();
        assert_eq!(rule(estate.approve(&estate.manager, id, "2027-01-05T04:00:00Z")), "publication.moved");
        assert_eq!(estate.draft(&estate.manager, "2027-01-05T05:00:00Z").unwrap(), id, "the same draft, worked out anew");
        assert_eq!(rule(estate.approve(&estate.manager, id, "2027-01-05T06:00:00Z")), "publication.own");
        assert_eq!(rule(estate.publish(id, "2027-01-05T06:00:00Z")), "conflict");
        estate.draft(&estate.cashier, "2027-01-05T07:00:00Z").unwrap();
        estate.approve(&estate.manager, id, "2027-01-05T08:00:00Z").unwrap();
        let late = estate.enter((Kind::ServiceCost, "office"), "2026-12-30", 100, "2027-01-06T02:00:00Z");
        assert_eq!(rule(late), "publication.closed");
        estate.publish(id, "2027-01-06T03:00:00Z").unwrap();
        assert_eq!(rule(estate.publish(id, "2027-01-06T03:00:00Z")), "conflict");

        // What happens afterwards belongs to the next quarter.
        let (_, frozen) = estate.published(id);
        let charge = estate.charges("1-1-0102")[0].charge.id;
        estate.store.write_now(|tx| ledger::reverse(tx, &estate.manager, instant("2027-01-10T02:00:00Z"), charge, "错")).unwrap();
        assert_eq!(estate.published(id).1, frozen);
        assert_eq!(estate.faults(), Vec::<String>::new());
        estate.sql("UPDATE publication_lines SET amount_fen = amount_fen + 1 WHERE position = 0");
        assert!(estate.faults().iter().any(|fault| fault.contains("its figures are not those of the books")));
    }

    fn an_entry_is_never_changed_but_taken_back_once(estate: Estate) {
        let at = "2026-11-22T02:00:00Z";
        for (about, on, fen, expected) in [
            ((Kind::ServiceCost, "advertising"), "2026-11-20", 100, "choice"),
            ((Kind::ServiceCost, "cleaning"), "2026-11-23", 100, "in_past"),
            ((Kind::ServiceCost, "cleaning"), "2026-11-20", 0, "not_positive"),
            ((Kind::ServiceCost, "cleaning"), "2026-11-20", -5, "not_positive"),
        ] {
            assert_eq!(rule(estate.enter(about, on, fen, at)), expected, "{about:?} {on} {fen}");
        }
        let id = estate.enter((Kind::ServiceCost, "cleaning"), "2026-11-20", 185_000, at).unwrap();
        let correct = |id, reason: &str| {
            estate.store.write_now(|tx| publications::correct(tx, &estate.cashier, instant(at), (estate.community, id), reason))
        };
        assert_eq!(rule(correct(id, " ")), "required");
        let counter = correct(id, "录错").unwrap();
        assert_eq!(rule(correct(id, "再来")), "publication.corrected");
        assert_eq!(rule(correct(counter, "再来")), "publication.corrected");
        let days = (day("2026-11-01"), day("2026-11-30"));
        let entries = estate.store.read_now(|db| publications::entries(db, &estate.cashier, instant(at), estate.community, days)).unwrap();
        assert_eq!(entries.iter().map(|one| one.amount).sum::<Fen>(), Fen::ZERO);
        assert_eq!(entries[0].day, day("2026-11-20"), "in its own quarter, while that is open");
        assert_eq!(estate.faults(), Vec::<String>::new());
        estate.sql("UPDATE community_entries SET amount_fen = -1 WHERE corrects IS NOT NULL");
        assert!(estate.faults().iter().any(|fault| fault.contains("takes back another one")));
    }

    fn a_list_of_entries_comes_in_once_and_nothing_into_a_quarter_that_was_decided_on(estate: Estate) {
        let head = "类型,类别,日期,金额,对方,凭证号,备注\n";
        let rows = "物业服务支出,保洁,2026-10-08,\"12000.00\",洁净公司,FP-1,十月\n\
                    支出,其他,2026/10/09,￥35.5元,五金店,SJ-7,\n支出,其他,2026/10/09,35.50,五金店,SJ-7,\n\
                    公共收益收入,广告,2026年10月20日,800,电梯传媒,HT-3,\n";
        let bring = |text: &str, at: &str| {
            let sheet = imports::read(imports::Kind::Books, "books.csv", text.as_bytes()).unwrap();
            let at = instant(at);
            let import = estate.store.write_now(|tx| imports::run(tx, &estate.cashier, at, estate.community, &sheet, imports::Options::default()));
            import.unwrap()
        };
        let first = bring(&format!("{head}{rows}"), "2026-11-02T02:00:00Z");
        assert_eq!((first.outcome, first.report.added), (imports::Outcome::Imported, 4), "{:?}", first.report);
        // Once more, with one more: only that comes in, and of two that are alike no third.
        let more = format!("{head}{rows}公共收益支出,活动,2026-10-25,500,居委会,SJ-9,重阳节\n");
        let again = bring(&more, "2026-11-03T02:00:00Z");
        assert_eq!((again.report.added, again.report.unchanged), (1, 4), "{:?}", again.report);
        let wrong = "支出,停车,2026-10-08,-1,,FP-2,\n支出,保洁,2026-11-30,1,洁净公司,FP-3,\n";
        let refused = bring(&format!("{head}{wrong}"), "2026-11-03T02:00:00Z");
        let codes: Vec<&str> = refused.report.errors.iter().map(|error| error.code.as_str()).collect();
        assert_eq!(codes, ["unknown_book_category", "not_positive", "required", "in_past"], "{:?}", refused.report);
        let id = estate.draft(&estate.cashier, "2027-01-05T02:00:00Z").unwrap();
        estate.approve(&estate.manager, id, "2027-01-06T02:00:00Z").unwrap();
        let late = bring(&format!("{head}支出,保洁,2026-12-30,1,洁净公司,FP-4,\n"), "2027-01-07T02:00:00Z");
        assert_eq!(late.report.errors[0].code, "books_closed");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_quarter_that_nobody_published_is_missed_and_managers_hear_of_it(estate: Estate) {
        assert_eq!(estate.plan_publications("2026-12-31T02:00:00Z").1, 0, "the quarter runs");
        assert_eq!(estate.plan_publications("2026-12-31T21:00:00Z"), (0, 1));
        assert_eq!(estate.plan_publications("2027-01-02T21:00:00Z"), (0, 0), "once");
        assert_eq!(estate.plan_publications("2027-01-30T21:00:00Z"), (1, 0));
        let filter = Filter { kind: Some(duties::Kind::Publication), ..Filter::default() };
        let duty = estate.store.read_now(|db| duties::list(db, estate.community, &filter, 9)).unwrap().remove(0);
        assert_eq!((duty.state, duty.occurrence.as_str()), (DutyState::Missed, "2026-10-01"));
        let late = "2027-02-01T02:00:00Z";
        let id = estate.draft(&estate.cashier, late).unwrap();
        estate.approve(&estate.manager, id, late).unwrap();
        estate.publish(id, late).unwrap();
        let duty = estate.store.read_now(|db| duties::by_id(db, duty.id)).unwrap();
        assert_eq!((duty.state, duty.record_id), (DutyState::Missed, Some(id.0)), "missed stays missed, and keeps its record");
        let mut told = 0;
        while estate.store.write_now(|tx| publications::tell_next(tx, id, instant(late))).unwrap() {
            told += 1;
        }
        assert!(told > 1, "in batches");
        let mails = estate.store.read_now(|db| {
            use diesel::prelude::*;
            use domain::db::schema::notifications as n;
            Ok(n::table.filter(n::code.eq("publication.published").and(n::channel.eq("portal"))).count().get_result::<i64>(db)?)
        });
        assert!(mails.unwrap() > 500);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }
}
