//! Meters: registered and read, held, estimated, exchanged, and billed by tiers in the month's run.

use diesel::prelude::*;
use domain::Db;
use domain::access::Actor;
use domain::billing::explain::explain_stored;
use domain::billing::items::{AppliesTo, By};
use domain::billing::keep::{self, NewItem, NewTariff};
use domain::billing::{self, Reason};
use domain::db::schema::{attachments, notifications};
use domain::meters::{
    self, Act, Kind, Last, NewMeter, NewOwn, NewReading, OwnMeter, Source, State, Successor,
};
use domain::{AttachmentId, Error, Fen, MeterId, MeterReadingId, Rate, Result, imports};

use crate::estate::{BILLING, Estate, day, instant, month};

const HEADING: &str = "房屋编码,表类型,表号,倍率,安装日期,起始读数,拆除日期,读数,抄表日期\n";
/// The last day of a month, and the first of the next.
const NOVEMBER: &str = "2026-11-30T02:00:00Z";
const DECEMBER: &str = "2026-11-30T18:00:00Z";

impl Estate {
    /// Water at 3 yuan, above 10 tons at 4.50.
    fn water(&self) {
        let item = NewItem {
            code: "water".into(),
            name: "水费".into(),
            by: By::Meter,
            applies_to: AppliesTo::Residential,
            unit: "元/吨".into(),
            due_day: 25,
            meter: Some(Kind::Water),
        };
        let first = NewTariff {
            starts_on: day("2026-11-01"),
            rate: Rate(30_000),
            tiers: vec![(1_000, Rate(45_000))],
        };
        let now = instant(BILLING);
        self.store
            .write_now(|tx| keep::add(tx, &self.manager, now, self.community, (&item, &first)).map(|_| ()))
            .unwrap();
    }

    fn meters(&self, rows: &str, at: &str) -> imports::Import {
        let text = format!("{HEADING}{rows}");
        let sheet = imports::read(imports::Kind::Meters, "meters.csv", text.as_bytes()).unwrap();
        let options = imports::Options::default();
        self.store
            .write_now(|tx| imports::run(tx, &self.manager, instant(at), self.community, &sheet, options))
            .unwrap()
    }

    fn meter(&self, number: &str) -> MeterId {
        let found = self.store.read_now(|db| meters::by_number(db, self.community, Kind::Water, number));
        found.unwrap().unwrap().id
    }

    fn read(&self, number: &str, (period, read_on): (&str, &str), value: i64, turned: bool) -> Result<State> {
        let new = NewReading {
            meter: self.meter(number),
            period: month(period),
            read_on: day(read_on),
            value,
            turned,
            source: Source::Hand,
        };
        let at = instant(&format!("{read_on}T04:00:00Z"));
        self.store.write_now(|tx| meters::read(tx, &self.cashier, at, &new))
    }

    fn decide(&self, id: MeterReadingId, act: Act, at: &str) -> Result<()> {
        self.store.write_now(|tx| meters::decide(tx, &self.manager, instant(at), (self.community, id), act))
    }

    /// The owner of the home sends what a meter says, with a photo.
    fn send(&self, number: &str, value: i64, at: &str) -> Result<MeterReadingId> {
        let (owner, meter) = (self.owner_of("1-1-0101"), self.meter(number));
        self.store.write_now(|tx| {
            let photos = vec![photo(tx, &owner)?];
            meters::send(tx, &owner, instant(at), &NewOwn { meter, value, photos })
        })
    }

    fn take_reading_back(&self, id: MeterReadingId, at: &str) -> Result<()> {
        let owner = self.owner_of("1-1-0101");
        self.store.write_now(|tx| meters::take_back(tx, &owner, instant(at), id).map(|_| ()))
    }

    /// What the worker does every five minutes; how many homes it found.
    fn work_out(&self, at: &str) -> usize {
        let due = self.store.read_now(|db| meters::to_measure(db, self.community, instant(at))).unwrap();
        for (home, month) in &due {
            self.store
                .write_now(|tx| meters::measure_home(tx, (self.community, *home), *month, instant(at)))
                .unwrap();
        }
        due.len()
    }

    fn told_of_meters(&self) -> Vec<String> {
        let told = notifications::table.filter(notifications::channel.eq("portal")).order(notifications::id);
        let told = told.filter(notifications::code.like("meter.%")).select(notifications::code);
        self.store.read_now(|db| Ok(told.load(db)?)).unwrap()
    }

    fn own(&self, at: &str) -> OwnMeter {
        let (owner, home) = (self.owner_of("1-1-0101"), self.home("1-1-0101"));
        let all = |db: &mut Db| meters::own_meters(db, &owner, instant(at), (self.community, home));
        self.store.read_now(all).unwrap().remove(0)
    }

    fn water_of(&self, home: &str) -> Vec<(String, i64, String)> {
        let lines = self.charges(home).into_iter().filter(|line| line.item == "water");
        lines.map(|line| (line.charge.subject, line.charge.amount.0, line.charge.basis)).collect()
    }
}

fn code<T: std::fmt::Debug>(outcome: Result<T>) -> &'static str {
    match outcome {
        Err(Error::Invalid(fields)) => fields[0].code,
        Err(Error::Refused(refusal)) => refusal.rule,
        other => panic!("{other:?}"),
    }
}

/// The row of a photo that somebody uploaded.
fn photo(tx: &mut Db, who: &Actor) -> Result<AttachmentId> {
    let before: i64 = attachments::table.count().get_result(tx)?;
    let row = (
        attachments::community_id.eq(1),
        attachments::uploader_id.eq(who.person),
        attachments::purpose.eq("upload"),
        attachments::name.eq("dial.jpg"),
        attachments::content_type.eq("image/jpeg"),
        attachments::bytes.eq(1),
        attachments::file.eq(format!("dial-{before}.jpg")),
        attachments::created_at.eq(instant(NOVEMBER)),
    );
    Ok(diesel::insert_into(attachments::table).values(row).returning(attachments::id).get_result(tx)?)
}

test_support::both! {
    fn what_was_read_is_billed_by_tiers_in_the_months_run(estate: Estate) {
        estate.water();
        let import = estate.meters("1-1-0101,水表,W1,,2026-01-01,100,,112,2026-11-29\n1-1-0102,水,W2,2,2026-01-01,0,,3.33,2026-11-29\n", NOVEMBER);
        assert_eq!((import.report.added, import.report.errors.len()), (2, 0));
        assert_eq!(estate.meters("1-1-0101,水表,W1,,2026-01-01,100,,112,2026-11-29\n", NOVEMBER).report.unchanged, 1);
        let preview = estate.store.read_now(|db| billing::preview(db, &estate.manager, instant(NOVEMBER), estate.community, month("2026-11"))).unwrap();
        let run = estate.bill("2026-11", NOVEMBER);
        assert_eq!((run.charges, run.total), (2142, Fen(34_663_254 + 3_900 + 1_998)));
        assert_eq!((preview.charges(), preview.total()), (run.charges, run.total));
        let charged = estate.water_of("1-1-0101");
        assert_eq!(charged, [("W1".to_owned(), 3_900, "meter:10000-11200*1:1000*30000+200*45000".to_owned())]);
        assert_eq!(explain_stored(&charged[0].2, "zh"), "100 → 112，用量 12：10 × ¥3.00 + 2 × ¥4.50 = ¥39.00");
        assert_eq!(estate.water_of("1-1-0102")[0].1, 1_998);
        assert_eq!(estate.bill("2026-11", NOVEMBER).charges, 0);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_reading_that_cannot_be_is_refused_and_an_odd_one_waits(estate: Estate) {
        estate.water();
        estate.meters("1-1-0101,水表,W1,,2026-01-01,100,,110,2026-11-02\n", NOVEMBER);
        let november = ("2026-11", "2026-11-29");
        assert_eq!(code(estate.read("W1", november, 12_000, false)), "read_already");
        let december = ("2026-12", "2026-12-20");
        assert_eq!(code(estate.read("W1", december, 10_999, false)), "reading_below");
        assert_eq!(code(estate.read("W1", ("2026-12", "2025-12-20"), 12_000, false)), "reading_future");
        assert_eq!(code(estate.read("W1", december, 10_000_000, true)), "reading_beyond");
        // Ten tons are usual; fifty wait.
        assert_eq!(estate.read("W1", december, 16_000, false).unwrap(), State::Held);
        assert_eq!(code(estate.read("W1", ("2027-01", "2027-01-05"), 17_000, false)), "reading_waits");
        estate.bill("2026-11", NOVEMBER);
        let run = estate.bill("2026-12", "2026-12-21T02:00:00Z");
        assert!(run.left_out().unwrap().iter().any(|one| one.what == "W1" && one.reason == Reason::Held));
        let waiting = estate.store.read_now(|db| meters::waiting(db, estate.community)).unwrap();
        let seen = waiting[0].reading.unwrap();
        assert_eq!((waiting.len(), waiting[0].home.as_str(), seen.value), (1, "1-1-0101", 16_000));
        let at = "2026-12-21T02:00:00Z";
        estate.decide(seen.id, Act::Confirm, at).unwrap();
        let twice = estate.decide(seen.id, Act::Refuse, at);
        assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
        assert_eq!(estate.bill("2026-12", "2026-12-22T02:00:00Z").charges, 1);
        assert_eq!(estate.water_of("1-1-0101")[1].1, 3_000 + 40 * 450);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_misread_meter_is_read_again_and_a_dial_can_turn(estate: Estate) {
        estate.water();
        estate.meters("1-1-0101,水表,W1,,2026-01-01,99980,,99990,2026-11-02\n", NOVEMBER);
        assert_eq!(estate.read("W1", ("2026-12", "2026-12-20"), 9_999_000, false).unwrap(), State::Held);
        let id = estate.store.read_now(|db| meters::waiting(db, estate.community)).unwrap()[0].reading.unwrap().id;
        estate.decide(id, Act::Refuse, "2026-12-21T02:00:00Z").unwrap();
        assert_eq!(code(estate.read("W1", ("2026-12", "2026-12-21"), 200, false)), "reading_below");
        assert_eq!(estate.read("W1", ("2026-12", "2026-12-21"), 200, true).unwrap(), State::Good);
        estate.bill("2026-11", NOVEMBER);
        estate.bill("2026-12", "2026-12-22T02:00:00Z");
        // 10 from 99,990 to the turn, 2 beyond.
        assert_eq!(estate.water_of("1-1-0101")[1].1, 3_000 + 2 * 450);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_nobody_read_is_estimated_marked_and_put_right(estate: Estate) {
        estate.water();
        estate.meters("1-1-0101,水表,W1,,2026-01-01,100,,108,2026-11-02\n1-1-0102,水表,W2,,2026-01-01,0,,,\n", NOVEMBER);
        estate.bill("2026-11", NOVEMBER);
        // In December nobody reads; on the first of January the month is over.
        let open = |today: &str| estate.store.read_now(|db| billing::periods_to_bill(db, estate.community, day(today))).unwrap();
        estate.bill("2026-12", DECEMBER);
        assert_eq!(estate.water_of("1-1-0101").len(), 1, "December goes on");
        assert!(open("2027-01-01").contains(&month("2026-12")));
        let run = estate.bill("2026-12", "2026-12-31T18:00:00Z");
        assert!(run.left_out().unwrap().iter().any(|one| one.what == "W2" && one.reason == Reason::NotRead));
        let estimated = estate.water_of("1-1-0101").remove(1);
        assert_eq!((estimated.1, estimated.2.as_str()), (2_400, "meter:10800-11600*1:800*30000~"));
        assert!(explain_stored(&estimated.2, "zh").contains("按平时估算"));
        estate.bill("2027-01", "2026-12-31T18:00:00Z");
        // Really 5 in December and 6 in January: of 119, 116 are billed.
        estate.read("W1", ("2027-01", "2027-01-20"), 11_900, false).unwrap();
        estate.bill("2027-01", "2027-01-21T02:00:00Z");
        assert_eq!(estate.water_of("1-1-0101")[2].1, 900);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn an_exchanged_meter_goes_on_in_the_months_tiers(estate: Estate) {
        estate.water();
        let import = estate.meters(
            "1-1-0101,水表,W1,,2026-01-01,100,2026-11-15,109,2026-11-15\n1-1-0101,水表,W2,,2026-11-15,0,,3,2026-11-30\n", NOVEMBER,
        );
        assert_eq!(import.report.added, 2, "{:?}", import.report.errors);
        estate.meters("1-1-0102,水表,W3,,2026-01-01,0,2026-11-20,,\n", NOVEMBER);
        let left = estate.bill("2026-11", NOVEMBER).left_out().unwrap();
        assert!(left.iter().any(|one| one.what == "W3" && one.reason == Reason::NotRead), "gone without a last reading");
        let mut charged = estate.water_of("1-1-0101");
        charged.sort();
        // Nine tons through the old, three through the new: ten at 3 yuan, two at 4.50.
        assert_eq!(charged.iter().map(|row| row.1).collect::<Vec<_>>(), [2_700, 300 + 900]);
        assert_eq!(code(estate.read("W1", ("2026-12", "2026-12-01"), 20_000, false)), "meter_not_there");
        let moved = estate.meters("1-1-0102,水表,W2,,2026-11-15,0,,,\n", NOVEMBER);
        assert_eq!(moved.report.errors[0].code, "meter_read");
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_a_resident_sends_is_billed_once_it_cannot_be_taken_back(estate: Estate) {
        estate.water();
        estate.meters("1-1-0101,水表,W1,,2026-01-01,100,,108,2026-11-02\n", NOVEMBER);
        estate.bill("2026-11", NOVEMBER);
        let sent_at = "2026-12-20T04:00:00Z";
        let neighbour = estate.owner_of("1-1-0102");
        let new = NewOwn { meter: estate.meter("W1"), value: 11_600, photos: vec![] };
        let by = |who: &Actor| estate.store.write_now(|tx| meters::send(tx, who, instant(sent_at), &new));
        assert!(matches!(by(&neighbour), Err(Error::NotFound)), "a neighbour's");
        assert_eq!(code(by(&estate.owner_of("1-1-0101"))), "photo_of_dial");
        assert_eq!(code(estate.send("W1", 10_000_000, sent_at)), "reading_beyond");

        let wrong = estate.send("W1", 11_500, sent_at).unwrap();
        assert_eq!(code(estate.send("W1", 11_600, sent_at)), "read_already");
        let own = estate.own(sent_at);
        let seen = own.reading.as_ref().unwrap();
        assert_eq!((own.last, seen.value, seen.used, seen.state), (10_800, 11_500, 700, State::Good));
        assert!(seen.undo_until.is_some());
        // The next minute's run and the worker leave it alone.
        estate.bill("2026-12", "2026-12-20T04:09:00Z");
        assert_eq!((estate.work_out("2026-12-20T04:10:00Z"), estate.water_of("1-1-0101").len()), (0, 1));
        assert!(matches!(estate.store.write_now(|tx| meters::take_back(tx, &neighbour, instant(sent_at), wrong).map(|_| ())), Err(Error::NotFound)));
        estate.take_reading_back(wrong, "2026-12-20T04:10:00Z").unwrap();
        assert_eq!(code(estate.take_reading_back(wrong, "2026-12-20T04:10:00Z")), "meter.decided");

        let right = estate.send("W1", 11_600, "2026-12-20T04:11:00Z").unwrap();
        assert_eq!(code(estate.take_reading_back(right, "2026-12-20T04:21:01Z")), "meter.undo_time");
        assert_eq!((estate.work_out("2026-12-20T04:22:00Z"), estate.work_out("2026-12-20T04:23:00Z")), (1, 0));
        let preview = estate.store.read_now(|db| billing::preview(db, &estate.manager, instant("2026-12-20T05:00:00Z"), estate.community, month("2026-12"))).unwrap();
        let run = estate.bill("2026-12", "2026-12-20T18:00:00Z");
        assert_eq!((run.charges, preview.charges()), (1, 1));
        assert_eq!(estate.water_of("1-1-0101")[1].1, 2_400);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_a_resident_sends_that_is_odd_waits_and_is_put_right_by_its_photo(estate: Estate) {
        estate.water();
        estate.meters("1-1-0101,水表,W1,,2026-01-01,100,,108,2026-11-02\n", NOVEMBER);
        estate.bill("2026-11", NOVEMBER);
        let (sent_at, later) = ("2026-12-20T04:00:00Z", "2026-12-21T02:00:00Z");
        // Below the last is nothing that they can judge: it waits, and counts only where the dial has turned.
        let below = estate.send("W1", 200, sent_at).unwrap();
        assert_eq!(code(estate.send("W1", 11_600, sent_at)), "reading_looked_at");
        assert_eq!(code(estate.decide(below, Act::Confirm, later)), "meter.not_held");
        estate.decide(below, Act::Refuse, later).unwrap();
        assert_eq!(code(estate.take_reading_back(below, "2026-12-20T04:05:00Z")), "meter.decided");
        assert_eq!(estate.own(later).refused, Some(200));
        let jump = estate.send("W1", 91_600, later).unwrap();
        assert_eq!(estate.own(later).reading.unwrap().state, State::Held);
        assert_eq!(code(estate.decide(jump, Act::PutRight(10_700), later)), "reading_below");
        estate.decide(jump, Act::PutRight(11_600), later).unwrap();
        assert_eq!(estate.own(later).refused, None);
        estate.bill("2026-12", "2026-12-21T03:00:00Z");
        assert_eq!(estate.water_of("1-1-0101")[1].1, 2_400);
        assert_eq!(estate.told_of_meters(), ["meter.refused", "meter.put_right"]);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn what_was_billed_stays_and_the_next_reading_puts_it_right(estate: Estate) {
        estate.water();
        estate.meters("1-1-0101,水表,W1,,2026-01-01,100,,108,2026-11-02\n", NOVEMBER);
        estate.bill("2026-11", NOVEMBER);
        // Misread by three tons, and billed.
        let sent = estate.send("W1", 11_900, "2026-12-20T04:00:00Z").unwrap();
        estate.bill("2026-12", "2026-12-20T18:00:00Z");
        assert_eq!(estate.water_of("1-1-0101")[1].1, 3_000 + 100 * 450 / 100);
        estate.decide(sent, Act::PutRight(11_600), "2026-12-21T02:00:00Z").unwrap();
        assert_eq!(code(estate.decide(sent, Act::PutRight(11_500), "2026-12-21T02:00:00Z")), "meter.not_held");
        assert_eq!(estate.faults(), Vec::<String>::new());
        // Nine tons in January: three are billed already.
        estate.read("W1", ("2027-01", "2027-01-20"), 12_500, false).unwrap();
        estate.bill("2027-01", "2027-01-21T02:00:00Z");
        assert_eq!(estate.water_of("1-1-0101")[2].1, 6 * 300);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_meter_is_registered_exchanged_and_taken_out_by_hand(estate: Estate) {
        estate.water();
        let at = |text: &str| instant(text);
        let new = |number: &str| NewMeter {
            home: estate.home("1-1-0101"),
            kind: Kind::Water,
            number: number.into(),
            multiplier: 1,
            turns_at: 10_000_000,
            installed_on: day("2026-11-01"),
            first_reading: 10_000,
            removed_on: None,
        };
        let add = |new: &NewMeter| estate.store.write_now(|tx| meters::add(tx, &estate.cashier, at(NOVEMBER), estate.community, new));
        let resident = estate.owner_of("1-1-0101");
        let denied = estate.store.write_now(|tx| meters::add(tx, &resident, at(NOVEMBER), estate.community, &new("W1")));
        assert!(matches!(denied, Err(Error::NotAllowed)), "{denied:?}");
        for (wrong, expected) in [
            (NewMeter { number: " ".into(), ..new("W1") }, "required"),
            (NewMeter { multiplier: 0, ..new("W1") }, "between"),
            (NewMeter { turns_at: 0, ..new("W1") }, "out_of_bounds"),
            (NewMeter { first_reading: 10_000_000, ..new("W1") }, "reading_beyond"),
            (NewMeter { installed_on: day("2026-12-01"), ..new("W1") }, "reading_future"),
        ] {
            assert_eq!(code(add(&wrong)), expected);
        }
        let old = add(&new("W1")).unwrap();
        assert_eq!(code(add(&new("W1"))), "meter_known");

        // Read on the 10th and billed; exchanged on the 15th with two tons more: they come with December's bill.
        estate.read("W1", ("2026-11", "2026-11-10"), 10_900, false).unwrap();
        estate.bill("2026-11", "2026-11-10T18:00:00Z");
        let next = Successor { number: "W2".into(), multiplier: 1, turns_at: 10_000_000, first_reading: 0 };
        let change = |day_: &str, value, next: &Successor| {
            let last = Last { day: day(day_), value, turned: false };
            estate.store.write_now(|tx| meters::exchange(tx, &estate.cashier, at("2026-11-15T04:00:00Z"), old, (last, next)))
        };
        assert_eq!(code(change("2026-11-16", 11_100, &next)), "reading_future");
        assert_eq!(code(change("2026-10-31", 11_100, &next)), "meter_not_there");
        assert_eq!(code(change("2026-11-09", 11_100, &next)), "read_after");
        assert_eq!(code(change("2026-11-15", 10_800, &next)), "reading_below");
        assert_eq!(code(change("2026-11-15", 11_100, &Successor { number: "W1".into(), ..next.clone() })), "meter_known");
        let made = change("2026-11-15", 11_100, &next).unwrap();
        assert_eq!(code(change("2026-11-15", 11_100, &next)), "meter.gone");
        estate.read("W2", ("2026-11", "2026-11-29"), 400, false).unwrap();
        estate.bill("2026-11", NOVEMBER);
        estate.read("W2", ("2026-12", "2026-12-20"), 1_200, false).unwrap();
        estate.bill("2026-12", "2026-12-21T02:00:00Z");
        let mut charged: Vec<(String, i64)> = estate.water_of("1-1-0101").into_iter().map(|row| (row.0, row.1)).collect();
        charged.sort();
        // Nine tons and four in November: three above ten. In December two of the old and eight of the new.
        assert_eq!(charged.iter().map(|row| row.1).sum::<i64>(), 10 * 300 + 3 * 450 + 10 * 300);
        assert_eq!(charged.len(), 4, "{charged:?}");

        let end = |id: MeterId| {
            let last = Last { day: day("2026-12-21"), value: 1_300, turned: false };
            estate.store.write_now(|tx| meters::end(tx, &estate.cashier, at("2026-12-21T04:00:00Z"), id, last).map(|_| ()))
        };
        end(made).unwrap();
        assert_eq!(code(end(made)), "meter.gone");
        estate.bill("2027-01", "2027-01-02T02:00:00Z");
        assert_eq!(estate.water_of("1-1-0101").iter().map(|row| row.1).sum::<i64>(), 10 * 300 + 3 * 450 + 10 * 300 + 300);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_register_of_meters_says_what_is_wrong_row_by_row(estate: Estate) {
        let import = estate.meters(
            "9-9-9999,水表,W1,,2026-01-01,0,,,\n1-1-0101,油表,W2,,2026-01-01,0,,,\n1-1-0101,水表,W3,0,2026-01-01,-1,,,\n\
             1-1-0101,水表,W4,,2026-01-01,5,,3,2026-11-02\n1-1-0101,水表,W5,,2026-01-01,5,2025-01-01,6,\n1-1-0101,水表,W5,,2026-01-01,5,,,\n", NOVEMBER,
        );
        let mut codes: Vec<&str> = import.report.errors.iter().map(|error| error.code.as_str()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["ends_before_start", "negative", "out_of_bounds", "reading_below", "repeated", "required", "unknown_home", "unknown_meter"]);
        assert_eq!(import.outcome, imports::Outcome::Refused);
    }
}
