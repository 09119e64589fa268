//! The basis of a charge for what is counted by the hour or the piece: on which day, how many, at which rate of that
//! day, what for. Kept as `counted:` and the rest in JSON, so that it can be explained for good.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::billing::items::By;
use crate::billing::rules::NoBasis;
use crate::money::round_half_up;
use crate::{Fen, LocalDate, Quantity, Rate};

/// What made a charge by quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The day on which it was used.
    pub day: LocalDate,
    /// How many.
    pub quantity: Quantity,
    /// By what it is counted, in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// Yuan per unit, by the tariff of the day.
    pub rate: Rate,
    /// What for.
    pub note: String,
}

impl Counted {
    /// The exact amount in fen, as a fraction.
    pub fn exact(&self) -> (i128, i128) {
        // Hundredths of a unit at 1/10,000 yuan: a millionth of a yuan.
        (i128::from(self.quantity.0) * i128::from(self.rate.0), 10_000)
    }

    /// The amount, rounded half up once.
    pub fn amount(&self) -> Fen {
        let (top, bottom) = self.exact();
        Fen(i64::try_from(round_half_up(top, bottom)).unwrap_or(i64::MAX))
    }
}

/// By what an item is counted, in Chinese and in English: hours, or what stands behind the stroke of its unit.
pub(super) fn unit(by: By, unit: &str) -> (String, String) {
    if by == By::Hour {
        return ("小时".to_owned(), "hours".to_owned());
    }
    let counted = unit.rsplit(['/', '／']).next().unwrap_or(unit).trim();
    (counted.to_owned(), counted.to_owned())
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "counted:{}", serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Counted {
    type Err = NoBasis;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = text.strip_prefix("counted:").and_then(|json| serde_json::from_str(json).ok());
        read.ok_or_else(|| NoBasis::of(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::explain::explain_stored;
    use crate::billing::service::amount_of;

    #[test]
    fn what_is_counted_is_explained_and_rounded_once() {
        for (quantity, rate, note, fen, zh, en) in [
            (
                350,
                350_000,
                "夜间会议",
                12_250,
                "2026-11-26：3.5 小时 × ¥35.00 = ¥122.50（夜间会议）",
                "2026-11-26: 3.5 hours × ¥35.00 = ¥122.50 (夜间会议)",
            ),
            (
                125,
                33_333,
                "",
                417,
                "2026-11-26：1.25 小时 × ¥3.3333 = ¥4.166625 → ¥4.17",
                "2026-11-26: 1.25 hours × ¥3.3333 = ¥4.166625 → ¥4.17",
            ),
        ] {
            let (zh_unit, en_unit) = unit(By::Hour, "元/小时");
            let day = LocalDate::from_ymd_opt(2026, 11, 26).unwrap();
            let (quantity, rate, note) = (Quantity(quantity), Rate(rate), note.to_owned());
            let counted = Counted { day, quantity, zh: zh_unit, en: en_unit, rate, note };
            let stored = counted.to_string();
            assert_eq!((counted.amount(), amount_of(&stored)), (Fen(fen), Some(Fen(fen))));
            assert_eq!(explain_stored(&stored, "zh"), zh);
            assert_eq!(explain_stored(&stored, "en"), en);
            assert_eq!(stored.parse::<Counted>().unwrap(), counted);
        }
        assert!("counted:{}".parse::<Counted>().is_err());
    }

    #[test]
    fn a_unit_is_what_stands_behind_the_stroke() {
        for (by, text, zh) in
            [(By::Hour, "元/时", "小时"), (By::Service, "元/次", "次"), (By::Service, "次", "次")]
        {
            assert_eq!(unit(by, text).0, zh);
        }
    }
}
