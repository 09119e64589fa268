//! Meters: registered and read, held, estimated, exchanged, and billed by tiers in the month's run.

use domain::billing::explain::explain_stored;
use domain::billing::items::{AppliesTo, By};
use domain::billing::keep::{self, NewItem, NewTariff};
use domain::billing::{self, Reason};
use domain::meters::{self, Kind, NewReading, Source, State};
use domain::{Error, Fen, MeterId, Rate, Result, imports};

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

    fn water_of(&self, home: &str) -> Vec<(String, i64, String)> {
        let lines = self.charges(home).into_iter().filter(|line| line.item == "water");
        lines.map(|line| (line.charge.subject, line.charge.amount.0, line.charge.basis)).collect()
    }
}

fn code(outcome: Result<State>) -> &'static str {
    match outcome {
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
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
        let (value, _, id) = waiting[0].reading.unwrap();
        assert_eq!((waiting.len(), waiting[0].home.as_str(), value), (1, "1-1-0101", 16_000));
        let at = instant("2026-12-21T02:00:00Z");
        estate.store.write_now(|tx| meters::confirm(tx, &estate.manager, at, estate.community, id)).unwrap();
        let twice = estate.store.write_now(|tx| meters::refuse(tx, &estate.manager, at, estate.community, id));
        assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
        assert_eq!(estate.bill("2026-12", "2026-12-22T02:00:00Z").charges, 1);
        assert_eq!(estate.water_of("1-1-0101")[1].1, 3_000 + 40 * 450);
        assert_eq!(estate.faults(), Vec::<String>::new());
    }

    fn a_misread_meter_is_read_again_and_a_dial_can_turn(estate: Estate) {
        estate.water();
        estate.meters("1-1-0101,水表,W1,,2026-01-01,99980,,99990,2026-11-02\n", NOVEMBER);
        assert_eq!(estate.read("W1", ("2026-12", "2026-12-20"), 9_999_000, false).unwrap(), State::Held);
        let id = estate.store.read_now(|db| meters::waiting(db, estate.community)).unwrap()[0].reading.unwrap().2;
        let at = instant("2026-12-21T02:00:00Z");
        estate.store.write_now(|tx| meters::refuse(tx, &estate.manager, at, estate.community, id)).unwrap();
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
