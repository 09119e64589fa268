//! What a reading says: how much ran through since the last one that counts, whether it can be, and what it costs
//! by tiers 阶梯. Values in, values out; dials, quantities and tiers are counted in hundredths.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;

use super::readings::State;
use crate::billing::rules::NoBasis;
use crate::money::round_half_up;
use crate::{Fen, Instant, Rate};

/// What is known of a meter before a reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Before {
    /// Up to where it is billed: the last reading, or an estimate beyond it.
    pub upto: i64,
    /// What was last really read.
    pub actual: i64,
    /// What usually runs through between two readings; none where nothing is known.
    pub usual: Option<i64>,
}

/// What a reading comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// What ran through the dial since it was last billed.
    pub dial: i64,
    /// Up to where it is billed with it.
    pub upto: i64,
    /// Whether it differs so much from the usual that somebody has to look at it first.
    pub odd: bool,
}

/// Less than this, five units, is never odd.
const LITTLE: i64 = 500;

/// What a reading comes to; `turned` is the number of the dial's positions where it has run past its end.
///
/// A reading below an estimate bills nothing until the dial has passed what was billed.
///
/// # Errors
/// Below what was last read (`reading_below`), unless the dial has turned; beyond the dial (`reading_beyond`).
pub fn usage(before: Before, value: i64, turned: Option<i64>) -> Result<Usage, &'static str> {
    let (dial, upto) = match turned {
        Some(end) if value >= end => return Err("reading_beyond"),
        Some(end) => ((end - before.upto).max(0) + value, value),
        None if value < before.actual => return Err("reading_below"),
        None => ((value - before.upto).max(0), value.max(before.upto)),
    };
    let far = |usual: i64| (dial > 2 * usual || 2 * dial < usual) && (dial - usual).abs() > LITTLE;
    Ok(Usage { dial, upto, odd: before.usual.is_some_and(far) })
}

/// What a resident's reading comes to. They cannot know what becomes of one below the last: it bills nothing, and waits
/// for the office, which sees by the photo whether it was misread or the dial has turned.
pub fn sent(before: Before, value: i64) -> Usage {
    usage(before, value, None).unwrap_or(Usage { dial: 0, upto: before.upto, odd: true })
}

/// For so long who sent a reading can take it back; it is billed afterwards.
const UNDO: TimeDelta = TimeDelta::minutes(10);

/// Until when a reading that was sent at a moment can be taken back.
pub fn undone_until(sent_at: Instant) -> Instant {
    sent_at.plus(UNDO)
}

crate::words! {
    /// What the office says to a reading.
    Decision {
        /// It counts as it is.
        Confirm = "confirm",
        /// It counts: the dial has turned.
        Turned = "turned",
        /// The photo shows another figure.
        PutRight = "put_right",
        /// The meter is to be read again.
        Refuse = "refuse",
    }
}

/// How a reading stands that the office looks at.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Whether it counts, or waits to.
    pub state: State,
    /// Whether a resident sent it.
    pub sent: bool,
    /// Whether the meter was not read since.
    pub last: bool,
    /// Whether it is below what was read before.
    pub below: bool,
}

/// What can be said to a reading: to one that waits, whoever read it; and what a resident sent is put right by its
/// photo as long as it is the last.
pub fn decisions(reading: Standing) -> &'static [Decision] {
    use Decision::{Confirm, PutRight, Refuse, Turned};
    match reading {
        Standing { state: State::Held, below: true, .. } => &[Turned, PutRight, Refuse],
        Standing { state: State::Held, .. } => &[Confirm, PutRight, Refuse],
        Standing { state: State::Good, sent: true, last: true, .. } => &[PutRight],
        _ => &[],
    }
}

/// What usually runs through, by the last three readings or fewer; none where there are none.
pub fn usual(latest: &[i64]) -> Option<i64> {
    let last: Vec<i64> = latest.iter().copied().take(3).collect();
    let count = i64::try_from(last.len()).ok().filter(|count| *count > 0)?;
    Some(last.iter().sum::<i64>() / count)
}

/// What was used of each tier, where `used` was used in the month before; `tiers` say above which quantity which
/// rate holds, the first above nothing.
pub fn by_tiers(used: i64, quantity: i64, tiers: &[(i64, Rate)]) -> Vec<(i64, Rate)> {
    let ends = tiers.iter().skip(1).map(|(above, _)| *above).chain([i64::MAX]);
    let within = tiers
        .iter()
        .zip(ends)
        .map(|((above, rate), end)| ((used + quantity).min(end) - used.max(*above), *rate));
    within.filter(|(quantity, _)| *quantity > 0).collect()
}

/// What made a charge by meter; kept as `meter:12300-13500*1:1000*30000+200*45000`, an estimate with `~` behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metered {
    /// Where the dial stood when it was last billed.
    pub from: i64,
    /// Where it stands.
    pub to: i64,
    /// By what the dial is multiplied.
    pub multiplier: i64,
    /// How much at which rate.
    pub parts: Vec<(i64, Rate)>,
    /// Whether nobody has read it.
    pub estimated: bool,
}

impl Metered {
    /// The exact amount in fen, as a fraction.
    pub fn exact(&self) -> (i128, i128) {
        let sum = |total: i128, part: &(i64, Rate)| total + i128::from(part.0) * i128::from(part.1.0);
        (self.parts.iter().fold(0, sum), 10_000)
    }

    /// The amount, rounded half up once.
    pub fn amount(&self) -> Fen {
        let (top, bottom) = self.exact();
        Fen(i64::try_from(round_half_up(top, bottom)).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Metered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.parts.iter().map(|(n, rate)| format!("{n}*{}", rate.0)).collect();
        let mark = if self.estimated { "~" } else { "" };
        write!(f, "meter:{}-{}*{}:{}{mark}", self.from, self.to, self.multiplier, parts.join("+"))
    }
}

impl FromStr for Metered {
    type Err = NoBasis;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| NoBasis::of(text))
    }
}

fn parse(text: &str) -> Option<Metered> {
    let (dial, parts) = text.strip_prefix("meter:")?.split_once(':')?;
    let (span, multiplier) = dial.split_once('*')?;
    let (from, to) = span.split_once('-')?;
    let (parts, estimated) = parts.strip_suffix('~').map_or((parts, false), |parts| (parts, true));
    let part = |text: &str| {
        let (quantity, rate) = text.split_once('*')?;
        Some((quantity.parse().ok()?, Rate(rate.parse().ok()?)))
    };
    let parts = if parts.is_empty() { Some(vec![]) } else { parts.split('+').map(part).collect() };
    let (from, to, multiplier) = (from.parse().ok()?, to.parse().ok()?, multiplier.parse().ok()?);
    Some(Metered { from, to, multiplier, parts: parts?, estimated })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn before(upto: i64, actual: i64, usual: Option<i64>) -> Before {
        Before { upto, actual, usual }
    }

    #[test]
    fn a_reading_comes_to_what_ran_through_since_it_was_last_billed() {
        for (known, value, turned, expected) in [
            (before(10_000, 10_000, None), 11_200, None, Ok((1_200, 11_200, false))),
            (before(10_000, 10_000, None), 10_000, None, Ok((0, 10_000, false))),
            // Below the last: refused, unless the dial has turned.
            (before(10_000, 10_000, None), 9_999, None, Err("reading_below")),
            (before(9_999_000, 9_999_000, None), 300, Some(10_000_000), Ok((1_300, 300, false))),
            (before(10_000, 10_000, None), 10_000_000, Some(10_000_000), Err("reading_beyond")),
            // It was estimated up to 11,000: what is below bills nothing, what is above the rest.
            (before(11_000, 10_000, None), 10_400, None, Ok((0, 11_000, false))),
            (before(11_000, 10_000, None), 11_700, None, Ok((700, 11_700, false))),
            (before(11_000, 10_000, None), 9_000, None, Err("reading_below")),
            // More than twice, or less than half of the usual, and by more than five units.
            (before(10_000, 10_000, Some(1_000)), 12_000, None, Ok((2_000, 12_000, false))),
            (before(10_000, 10_000, Some(1_000)), 12_001, None, Ok((2_001, 12_001, true))),
            (before(10_000, 10_000, Some(1_200)), 10_500, None, Ok((500, 10_500, true))),
            (before(10_000, 10_000, Some(100)), 10_500, None, Ok((500, 10_500, false))),
            (before(10_000, 10_000, Some(0)), 10_501, None, Ok((501, 10_501, true))),
        ] {
            let found = usage(known, value, turned).map(|one| (one.dial, one.upto, one.odd));
            assert_eq!(found, expected, "{known:?} {value}");
        }
    }

    #[test]
    fn what_a_resident_sends_below_the_last_bills_nothing_and_waits() {
        for (known, value, expected) in [
            (before(10_000, 10_000, Some(1_000)), 11_200, (1_200, 11_200, false)),
            (before(10_000, 10_000, Some(1_000)), 19_000, (9_000, 19_000, true)),
            (before(10_000, 10_000, None), 9_999, (0, 10_000, true)),
            // Estimated up to 11,000: what lies between is no fault of the resident's.
            (before(11_000, 10_000, None), 10_400, (0, 11_000, false)),
            (before(11_000, 10_000, None), 9_999, (0, 11_000, true)),
        ] {
            let found = sent(known, value);
            assert_eq!((found.dial, found.upto, found.odd), expected, "{known:?} {value}");
        }
    }

    #[test]
    fn what_waits_is_decided_on_and_what_a_resident_sent_is_put_right() {
        use Decision::{Confirm, PutRight, Refuse, Turned};
        for ((state, sent, last, below), expected) in [
            ((State::Held, false, true, false), &[Confirm, PutRight, Refuse][..]),
            ((State::Held, true, true, false), &[Confirm, PutRight, Refuse]),
            ((State::Held, true, true, true), &[Turned, PutRight, Refuse]),
            ((State::Good, true, true, false), &[PutRight]),
            ((State::Good, true, false, false), &[]),
            ((State::Good, false, true, false), &[]),
            ((State::Refused, true, true, false), &[]),
            ((State::TakenBack, true, true, false), &[]),
        ] {
            assert_eq!(decisions(Standing { state, sent, last, below }), expected);
        }
    }

    #[test]
    fn the_usual_is_that_of_the_last_three() {
        for (latest, expected) in [
            (vec![], None),
            (vec![900], Some(900)),
            (vec![900, 1_100, 1_000, 9_999], Some(1_000)),
            (vec![1, 2], Some(1)),
        ] {
            assert_eq!(usual(&latest), expected);
        }
    }

    #[test]
    fn tiers_are_filled_one_after_the_other() {
        let tiers = [(0, Rate(30_000)), (1_000, Rate(45_000)), (2_000, Rate(60_000))];
        for (used, quantity, expected, fen) in [
            (0, 0, vec![], 0),
            (0, 1_000, vec![(1_000, 30_000)], 3_000),
            (0, 1_200, vec![(1_000, 30_000), (200, 45_000)], 3_900),
            (0, 2_500, vec![(1_000, 30_000), (1_000, 45_000), (500, 60_000)], 10_500),
            // An exchanged meter goes on where the old one stopped.
            (900, 300, vec![(100, 30_000), (200, 45_000)], 1_200),
            (5_000, 100, vec![(100, 60_000)], 600),
        ] {
            let parts: Vec<(i64, Rate)> = by_tiers(used, quantity, &tiers);
            assert_eq!(parts.iter().map(|(n, rate)| (*n, rate.0)).collect::<Vec<_>>(), expected);
            let metered = Metered { from: 0, to: quantity, multiplier: 1, parts, estimated: false };
            assert_eq!(metered.amount(), Fen(fen));
            assert_eq!(metered.to_string().parse::<Metered>().unwrap(), metered);
        }
        let kept = "meter:12300-13500*1:1000*30000+200*45000~";
        assert_eq!(kept.parse::<Metered>().unwrap().to_string(), kept);
        assert_eq!("meter:0-33*1:33*31234".parse::<Metered>().unwrap().amount(), Fen(103));
        for bad in ["meter:", "meter:1-2:3*4", "meter:1-2*1:3", "area:1*2*3/30"] {
            assert!(bad.parse::<Metered>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_quantity_is_never_lost_between_tiers(used in 0i64..10_000, quantity in 0i64..10_000, cut in 1i64..10_000) {
            let tiers = [(0, Rate(1)), (cut, Rate(2))];
            let parts = by_tiers(used, quantity, &tiers);
            prop_assert_eq!(parts.iter().map(|part| part.0).sum::<i64>(), quantity);
            // Read in two goes, it is the same.
            let half = quantity / 2;
            let sum = |parts: &[(i64, Rate)]| parts.iter().map(|(n, rate)| n * rate.0).sum::<i64>();
            let two = sum(&by_tiers(used, half, &tiers)) + sum(&by_tiers(used + half, quantity - half, &tiers));
            prop_assert_eq!(sum(&parts), two);
        }

        #[test]
        fn whatever_was_estimated_the_readings_bill_what_ran_through(
            real in proptest::collection::vec(0i64..5_000, 1..12), guessed in proptest::collection::vec(0i64..5_000, 12),
        ) {
            // Each second month is estimated; in the end at least what ran through is billed, at most the last guess more.
            let (mut dial, mut known, mut billed) = (0, Before::default(), 0);
            for (month, ran) in real.iter().enumerate() {
                dial += ran;
                if month % 2 == 1 {
                    known.upto += guessed[month];
                    billed += guessed[month];
                } else {
                    let used = usage(known, dial, None).unwrap();
                    billed += used.dial;
                    known = Before { upto: used.upto, actual: dial, usual: None };
                }
            }
            prop_assert_eq!(billed, known.upto);
            let last_read = real.iter().enumerate().filter(|(month, _)| month % 2 == 0).map(|(month, _)| month).max().unwrap();
            let ran: i64 = real.iter().take(last_read + 1).sum();
            prop_assert!(billed >= ran);
        }
    }
}
