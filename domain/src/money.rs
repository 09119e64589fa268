//! Money and what it is worked out from: fen, areas and rates, all whole numbers. Amounts are worked
//! out exactly and rounded half up to the fen once (domain.md §10); no floating point comes near.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};

macro_rules! scaled {
    ($(#[$doc:meta])* $name:ident, $digits:literal, $least:literal) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            AsExpression, FromSqlRow,
        )]
        #[serde(transparent)]
        #[diesel(sql_type = BigInt)]
        pub struct $name(pub i64);

        crate::sql_as!($name, BigInt, i64);

        impl $name {
            /// Parses a plain decimal such as `1,234.50`; more decimals than the unit has are refused.
            pub fn parse(text: &str) -> Option<Self> {
                parse_decimal(text, $digits).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_decimal(f, self.0, $digits, $least)
            }
        }
    };
}

scaled!(
    /// An amount in fen, 1/100 yuan. Positive is owed by the payer.
    Fen, 2, 2
);
scaled!(
    /// A floor area in hundredths of a square metre.
    Area, 2, 2
);
scaled!(
    /// How many of something, in hundredths: pieces, metres, hours.
    Quantity, 2, 0
);
scaled!(
    /// A rate in 1/10,000 yuan per unit.
    Rate, 4, 2
);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);
}

impl Add for Fen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Fen {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Fen {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Fen {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Fen {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// `numerator / denominator` rounded half up; both must not be negative, the denominator not zero.
pub fn round_half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator) / (2 * denominator)
}

fn parse_decimal(text: &str, digits: usize) -> Option<i64> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > digits || (text.contains('.') && fraction.is_empty()) {
        return None;
    }
    let whole = ungroup(whole)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let joined = format!("{whole}{fraction:0<digits$}");
    joined.parse::<i64>().ok().map(|n| sign * n)
}

/// Takes thousands separators out where they stand in the right places.
fn ungroup(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let plain = |g: &str| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit());
    let grouped = rest.is_empty() || first.len() <= 3;
    let right = plain(first) && grouped && rest.iter().all(|g| g.len() == 3 && plain(g));
    right.then(|| format!("{first}{}", rest.concat()))
}

/// Writes a scaled whole number with at least `least` decimals and no needless zeros beyond them.
fn write_decimal(f: &mut fmt::Formatter<'_>, value: i64, digits: usize, least: usize) -> fmt::Result {
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", value.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    let trimmed = fraction.trim_end_matches('0');
    let fraction = if trimmed.len() < least { fraction.get(..least).unwrap_or(fraction) } else { trimmed };
    let point = if fraction.is_empty() { "" } else { "." };
    write!(f, "{sign}{whole}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, fen) in [
            ("250.60", Some(25060)),
            ("250.6", Some(25060)),
            ("250", Some(25000)),
            ("1,234.50", Some(123_450)),
            ("-5", Some(-500)),
            (" 0.01 ", Some(1)),
            ("0.001", None),
            ("12,34", None),
            ("", None),
            ("1e3", None),
            ("5.", None),
            (".5", None),
            ("八十九", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(Fen::parse(text).map(|f| f.0), fen, "{text:?}");
        }
    }

    #[test]
    fn each_unit_is_written_with_its_decimals() {
        assert_eq!(Fen(25060).to_string(), "250.60");
        assert_eq!(Fen(-5).to_string(), "-0.05");
        assert_eq!(Area(7281).to_string(), "72.81");
        assert_eq!(Rate(28000).to_string(), "2.80");
        assert_eq!(Rate(28050).to_string(), "2.805");
        assert_eq!(Rate(28051).to_string(), "2.8051");
    }

    #[test]
    fn halves_are_rounded_up() {
        assert_eq!(round_half_up(883_428, 100), 8834);
        assert_eq!(round_half_up(5, 10), 1);
        assert_eq!(round_half_up(4, 10), 0);
        assert_eq!(round_half_up(15, 10), 2);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(n in -1_000_000_000_000i64..1_000_000_000_000) {
            prop_assert_eq!(Fen::parse(&Fen(n).to_string()), Some(Fen(n)));
            prop_assert_eq!(Rate::parse(&Rate(n).to_string()), Some(Rate(n)));
        }

        #[test]
        fn rounding_is_never_further_than_half(n in 0i128..1_000_000_000, d in 1i128..100_000) {
            let r = round_half_up(n, d);
            prop_assert!((2 * (r * d - n)).abs() <= d);
        }
    }
}
