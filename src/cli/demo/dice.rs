//! Chance with a fixed seed: the same seed gives the same community.
//!
//! Dice are made for one question (*does this home pay this month, and when?*), so that an answer depends on
//! nothing but the question: whoever plays a year on from where it was kept falls the same way.

use domain::LocalDate;

/// The seed of the community that is kept.
const SEED: u64 = 11;

/// A small generator (splitmix64); for the demo only, never for secrets.
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of a question about something: a home's id, a duty's, a day's number.
    pub(super) fn of(question: &str, about: &[i64]) -> Self {
        let mut dice = Self(SEED);
        for byte in question.bytes() {
            dice.0 ^= u64::from(byte);
            dice.0 = dice.next();
        }
        for part in about {
            dice.0 ^= part.unsigned_abs();
            dice.0 = dice.next();
        }
        dice
    }

    /// The dice of a question about a day.
    pub(super) fn on(question: &str, day: LocalDate) -> Self {
        Self::of(question, &[number(day)])
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below `end`.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap_or(0)
    }

    /// A number from the first to the last.
    pub(super) fn between(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(last.saturating_sub(first) + 1)
    }

    /// Whether something with this many chances in a hundred happens.
    pub(super) fn percent(&mut self, chances: u32) -> bool {
        self.below(100) < chances
    }

    /// One of several things; none of none.
    pub(super) fn one<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let end = u32::try_from(things.len()).unwrap_or(u32::MAX);
        things.get(usize::try_from(self.below(end)).unwrap_or(0))
    }

    /// One of several by weight: the position that it fell on.
    pub(super) fn weighed(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        for (at, weight) in weights.enumerate() {
            if left < weight {
                return at;
            }
            left -= weight;
        }
        0
    }
}

/// A day as a number, one more each day.
pub(super) fn number(day: LocalDate) -> i64 {
    chrono::Datelike::num_days_from_ce(&day).into()
}
