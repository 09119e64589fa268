//! How a bill is shared: exactly, by the largest remainder, ties in register order. Values in, values out.

use std::fmt;
use std::str::FromStr;

use crate::Fen;
use crate::billing::rules::NoBasis;

crate::words! {
    /// By what a bill is shared.
    Method {
        /// 建筑面积, the law's default.
        Area = "area",
        /// 户数, each home the same.
        Household = "household",
        /// 份额, as agreed.
        Share = "share",
    }
}

/// A home's part of a bill, and what made it; kept as `shared:area:1863425*8986/7563211+1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// By what the bill is shared.
    pub method: Method,
    /// The whole bill.
    pub total: Fen,
    /// What the home counts, in hundredths.
    pub weight: i64,
    /// What all homes count.
    pub of: i64,
    /// The fen that the largest remainders get, 1 or 0.
    pub extra: i64,
}

impl Part {
    /// The exact amount in fen, as a fraction.
    pub fn exact(&self) -> (i128, i128) {
        (i128::from(self.total.0) * i128::from(self.weight), i128::from(self.of))
    }

    /// The amount.
    pub fn amount(&self) -> Fen {
        let (top, bottom) = self.exact();
        Fen(i64::try_from(top / bottom).unwrap_or(i64::MAX).saturating_add(self.extra))
    }
}

/// The parts of a bill by what each home counts, in register order; nothing where nobody counts anything.
///
/// Each part is first rounded down; the fen that are left go to the largest remainders, one each, ties in
/// register order.
pub fn split(method: Method, total: Fen, weights: &[i64]) -> Vec<Part> {
    let of: i64 = weights.iter().sum();
    if of <= 0 {
        return Vec::new();
    }
    let part = |weight: &i64| Part { method, total, weight: *weight, of, extra: 0 };
    let mut parts: Vec<Part> = weights.iter().map(part).collect();
    let remainder = |part: &Part| part.exact().0 % part.exact().1;
    let given: i64 = parts.iter().map(|part| part.amount().0).sum();
    let left = usize::try_from(total.0 - given).unwrap_or(0);
    let mut largest: Vec<&mut Part> = parts.iter_mut().collect();
    largest.sort_by_key(|part| std::cmp::Reverse(remainder(part)));
    largest.into_iter().take(left).for_each(|part| part.extra = 1);
    parts
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shared:{}:{}*{}/{}+{}", self.method, self.total.0, self.weight, self.of, self.extra)
    }
}

impl FromStr for Part {
    type Err = NoBasis;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| NoBasis::of(text))
    }
}

fn parse(text: &str) -> Option<Part> {
    let (method, rest) = text.strip_prefix("shared:")?.split_once(':')?;
    let (product, rest) = rest.split_once('/')?;
    let (total, weight) = product.split_once('*')?;
    let (of, extra) = rest.split_once('+')?;
    let of = of.parse().ok().filter(|of| *of > 0)?;
    let extra = extra.parse().ok().filter(|extra| matches!(extra, 0..=1))?;
    let (total, weight) = (Fen(total.parse().ok()?), weight.parse().ok()?);
    Some(Part { method: method.parse().ok()?, total, weight, of, extra })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amounts(total: i64, weights: &[i64]) -> Vec<i64> {
        split(Method::Area, Fen(total), weights).iter().map(|part| part.amount().0).collect()
    }

    #[test]
    fn the_parts_add_up_and_what_is_left_goes_to_the_largest_remainders() {
        for (total, weights, parts) in [
            (100, vec![1, 1], vec![50, 50]),
            // A tie: who comes first in the register.
            (100, vec![1, 1, 1], vec![34, 33, 33]),
            (101, vec![1, 1, 1], vec![34, 34, 33]),
            (1, vec![5, 5, 5], vec![1, 0, 0]),
            // 33.4, 66.6: the larger remainder.
            (100, vec![334, 666], vec![33, 67]),
            (10, vec![5, 5, 10, 0], vec![3, 2, 5, 0]),
            (100, vec![0, 7], vec![0, 100]),
            (100, vec![0, 0], vec![]),
            (100, vec![], vec![]),
        ] {
            assert_eq!(amounts(total, &weights), parts, "{total} by {weights:?}");
        }
    }

    #[test]
    fn a_part_reads_back_and_says_its_amount() {
        for (kept, fen) in [
            ("shared:area:100*334/1000+0", 33),
            ("shared:area:100*666/1000+1", 67),
            ("shared:household:100*100/300+1", 34),
            ("shared:share:100*150/300+0", 50),
        ] {
            let part: Part = kept.parse().unwrap();
            assert_eq!((part.to_string().as_str(), part.amount()), (kept, Fen(fen)));
        }
        for bad in [
            "",
            "shared:area:1*2/3",
            "shared:area:1*2/0+0",
            "shared:area:1*2/3+2",
            "area:1*2*3/30",
            "shared:acre:1*2/3+0",
        ] {
            assert!(bad.parse::<Part>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_fen_of_a_bill_is_somebodys_and_nobody_is_a_fen_off(
            total in 1i64..1_000_000_000_000, weights in proptest::collection::vec(0i64..10_000_000, 1..200),
        ) {
            let parts = split(Method::Area, Fen(total), &weights);
            if weights.iter().sum::<i64>() == 0 {
                prop_assert!(parts.is_empty());
                return Ok(());
            }
            prop_assert_eq!(parts.iter().map(|part| part.amount().0).sum::<i64>(), total);
            for part in &parts {
                let (top, bottom) = part.exact();
                prop_assert!((top - i128::from(part.amount().0) * bottom).abs() < bottom);
                prop_assert!(part.weight > 0 || part.amount().0 == 0, "who counts nothing pays nothing");
            }
        }

        #[test]
        fn who_counts_more_never_pays_less(total in 1i64..1_000_000_000, weights in proptest::collection::vec(1i64..1_000_000, 2..50)) {
            let parts = split(Method::Area, Fen(total), &weights);
            for a in &parts {
                for b in &parts {
                    prop_assert!(a.weight <= b.weight || a.amount() >= b.amount());
                }
            }
        }
    }
}
