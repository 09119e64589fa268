use proptest::prelude::*;

use super::*;

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

const TERMS: Terms = Terms { rate: Rate(500), grace: 5, cap: 20 };

type Moves = &'static [(&'static str, i64)];
type Quiet = &'static [(&'static str, Option<&'static str>)];

fn course(moves: Moves, quiet: Quiet) -> Course {
    Course {
        amount: Fen(100_000),
        moves: moves.iter().map(|(on, fen)| (day(on), Fen(*fen))).collect(),
        quiet: quiet.iter().map(|(from, to)| (day(from), to.map(day))).collect(),
    }
}

/// ¥1,000.00 due on 25 November with five days of grace, at 0.05 % a day: the first day that counts is 1 December.
#[test]
fn a_late_fee_grows_by_the_day_on_what_is_open() {
    assert_eq!(TERMS.first_day(day("2026-11-25")), day("2026-12-01"));
    let table: &[(Moves, Quiet, &str, i64)] = &[
        (&[], &[], "2026-12-01", 50),
        (&[], &[], "2026-12-31", 1_550),
        // The day on which it is paid costs nothing.
        (&[("2026-12-01", -100_000)], &[], "2026-12-31", 0),
        (&[("2026-12-11", -100_000)], &[], "2026-12-31", 500),
        // A part is paid: the rest goes on.
        (&[("2026-12-11", -60_000)], &[], "2026-12-31", 500 + 420),
        (&[("2026-11-20", -60_000)], &[], "2026-12-31", 620),
        // Voided again: from that day on it is open.
        (&[("2026-12-11", -100_000), ("2026-12-21", 100_000)], &[], "2026-12-31", 500 + 550),
        // Disputed, or in a plan: these days cost nothing, the first and the last included.
        (&[], &[("2026-12-11", Some("2026-12-20"))], "2026-12-31", 1_050),
        (&[], &[("2026-11-20", None)], "2026-12-31", 0),
        (&[], &[("2026-11-20", Some("2026-12-10")), ("2026-12-05", Some("2026-12-20"))], "2026-12-31", 550),
    ];
    for (moves, quiet, to, fen) in table {
        let course = course(moves, quiet);
        let found = grown(&TERMS, &course, (day("2026-12-01"), day(to)), Fen::ZERO);
        assert_eq!(found.map_or(0, |late| late.amount().0), *fen, "{moves:?} {quiet:?} {to}");
    }
}

#[test]
fn it_never_grows_above_its_cap_and_is_rounded_once() {
    let owed = course(&[], &[]);
    let year = (day("2026-12-01"), day("2027-11-30"));
    assert_eq!(TERMS.most(Fen(100_000)), Fen(20_000));
    assert_eq!(grown(&TERMS, &owed, year, Fen(10_000)).unwrap().amount(), Fen(10_000), "18,250 without it");
    assert_eq!(grown(&TERMS, &owed, year, Fen(20_000)), None);
    // 123.45 × 7 × 0.05 % = 0.432075.
    let small = Course { amount: Fen(12_345), ..Course::default() };
    let week = grown(&TERMS, &small, (day("2026-12-01"), day("2026-12-07")), Fen::ZERO).unwrap();
    assert_eq!((week.amount(), week.exact()), (Fen(43), (43_207_500, 1_000_000)));
    assert_eq!(grown(&TERMS, &small, (day("2026-12-01"), day("2026-11-30")), Fen::ZERO), None);
    let nothing = Terms { rate: Rate(0), ..TERMS };
    assert_eq!(grown(&nothing, &owed, year, Fen::ZERO), None);
}

#[test]
fn what_made_it_is_kept_to_the_day() {
    let late = grown(
        &TERMS,
        &course(&[("2026-12-11", -60_000)], &[]),
        (day("2026-12-01"), day("2026-12-31")),
        Fen(1),
    );
    let late = late.unwrap();
    assert_eq!(late.to_string(), "late:500<19999:2026-12-01*10*100000+2026-12-11*21*40000");
    assert_eq!(late.to_string().parse::<Late>().unwrap(), late);
    for bad in
        ["late:", "late:500:2026-12-01*1*1", "late:500<1:", "late:500<1:2026-12-01*0*1", "area:1*1*1/30"]
    {
        assert!(bad.parse::<Late>().is_err(), "{bad}");
    }
}

proptest! {
    /// However the time is cut into stretches that are charged one by one, no more comes out than the cap, and it
    /// differs from the whole by the rounding of each piece only.
    #[test]
    fn pieces_add_up(amount in 1i64..10_000_000, rate in 1i64..3_000, cap in 1i64..101, cuts in proptest::collection::vec(1u64..60, 1..8)) {
        let terms = Terms { rate: Rate(rate), grace: 0, cap };
        let course = Course { amount: Fen(amount), ..Course::default() };
        let (start, mut from, mut charged) = (day("2026-12-01"), day("2026-12-01"), Fen::ZERO);
        for days in &cuts {
            let to = from + Days::new(days - 1);
            charged += grown(&terms, &course, (from, to), charged).map_or(Fen::ZERO, |late| late.amount());
            from = to + Days::new(1);
        }
        let whole = grown(&terms, &course, (start, from - Days::new(1)), Fen::ZERO).map_or(Fen::ZERO, |late| late.amount());
        prop_assert!(charged <= terms.most(Fen(amount)));
        prop_assert!((charged.0 - whole.0).unsigned_abs() <= cuts.len() as u64, "{charged} {whole}");
    }
}
