//! The basis of a charge for a single service, such as a repair: its lines from the price list, as the payer
//! agreed to them. Kept as `service:` and the lines in JSON, so that it can be explained for good.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::counted::Counted;
use super::explain::yuan;
use super::rules::{Basis, NoBasis};
use super::shared::Part;
use super::split::Rest;
use crate::late_fees::rules::Late;
use crate::meters::rules::Metered;
use crate::{Fen, Quantity};

/// A line: what, how many, at which price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceLine {
    /// What it is called in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// By what it is counted.
    pub unit: String,
    /// How many.
    pub quantity: Quantity,
    /// The price of one.
    pub price: Fen,
}

/// What made a charge for a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its lines.
    pub lines: Vec<ServiceLine>,
}

impl Service {
    /// The amount: worked out exactly, rounded half up once.
    pub fn amount(&self) -> Fen {
        let exact = self
            .lines
            .iter()
            .fold(0_i128, |sum, line| sum + i128::from(line.quantity.0) * i128::from(line.price.0));
        Fen(i64::try_from((exact * 2 + 100).div_euclid(200)).unwrap_or(i64::MAX))
    }

    /// How the amount came about, in Chinese (`zh`) or English (anything else).
    pub fn explain(&self, language: &str) -> String {
        let line = |one: &ServiceLine| {
            let name = if language == "zh" { &one.zh } else { &one.en };
            format!("{name} {} {} × {}", one.quantity, one.unit, yuan(one.price))
        };
        let lines: Vec<String> = self.lines.iter().map(line).collect();
        format!("{} = {}", lines.join(" + "), yuan(self.amount()))
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "service:{}", serde_json::to_string(&self.lines).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Service {
    type Err = NoBasis;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lines = text.strip_prefix("service:").and_then(|lines| serde_json::from_str(lines).ok());
        lines.map(|lines| Self { lines }).ok_or_else(|| NoBasis::of(text))
    }
}

/// The amount that a stored basis makes, of whichever kind; none where it cannot be read.
pub fn amount_of(basis: &str) -> Option<Fen> {
    let service = basis.parse::<Service>().map(|service| service.amount());
    let counted = service.or_else(|_| basis.parse::<Counted>().map(|counted| counted.amount()));
    let share = counted.or_else(|_| basis.parse::<Part>().map(|part| part.amount()));
    let metered = share.or_else(|_| basis.parse::<Metered>().map(|metered| metered.amount()));
    let late = metered.or_else(|_| basis.parse::<Late>().map(|late| late.amount()));
    let rest = late.or_else(|_| basis.parse::<Rest>().map(|rest| rest.amount()));
    rest.or_else(|_| basis.parse::<Basis>().map(|basis| basis.amount())).ok()
}

#[cfg(test)]
mod tests {
    use super::super::explain::explain_stored;
    use super::*;

    fn line(zh: &str, en: &str, unit: &str, quantity: i64, price: i64) -> ServiceLine {
        ServiceLine {
            zh: zh.into(),
            en: en.into(),
            unit: unit.into(),
            quantity: Quantity(quantity),
            price: Fen(price),
        }
    }

    #[test]
    fn a_service_is_explained_and_rounded_once() {
        for (lines, fen, zh, en) in [
            (
                vec![line("疏通", "Unblocking", "次", 100, 6_000), line("角阀", "Valve", "个", 200, 2_500)],
                11_000,
                "疏通 1 次 × ¥60.00 + 角阀 2 个 × ¥25.00 = ¥110.00",
                "Unblocking 1 次 × ¥60.00 + Valve 2 个 × ¥25.00 = ¥110.00",
            ),
            (
                vec![line("电线", "Wire", "米", 150, 333), line("电线", "Wire", "米", 50, 333)],
                666,
                "电线 1.5 米 × ¥3.33 + 电线 0.5 米 × ¥3.33 = ¥6.66",
                "Wire 1.5 米 × ¥3.33 + Wire 0.5 米 × ¥3.33 = ¥6.66",
            ),
        ] {
            let service = Service { lines };
            let stored = service.to_string();
            assert_eq!((service.amount(), amount_of(&stored)), (Fen(fen), Some(Fen(fen))));
            assert_eq!(explain_stored(&stored, "zh"), zh);
            assert_eq!(explain_stored(&stored, "en"), en);
            assert_eq!(stored.parse::<Service>().unwrap(), service);
        }
        assert_eq!(amount_of("area:8950*28000*30/30"), Some(Fen(25_060)));
        assert_eq!(amount_of("service:nothing"), None);
    }
}
