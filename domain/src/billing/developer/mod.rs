//! The developer's run 开发商空置房: a home that is finished and not handed over is the developer's (物业管理条例 41).
//! It is billed in a run of its own, off until there are terms: who pays, so many percent, from which month, by which
//! agreement. A month is billed when it is over, as only then it is known which day a home was handed over on: the
//! developer pays until the day before, the owner from that day on.
//!
//! | what | rule |
//! | --- | --- |
//! | homes | of a building that has passed its completion acceptance, not handed over before the month began |
//! | first day | the month's first, or the day of the acceptance where that is later |
//! | last day | the day before the home was handed over, or the month's last |
//! | items | those by area and by home, each as an item of its own, `developer:<code>`, so that both can be charged in a month |
//! | period | the month, also of items that owners are billed by quarter or year |
//! | rate | the item's tariff, times the percent that was agreed |

mod run;
mod terms;

pub(super) use run::{charged_by, left_out};
pub use run::{charges, may_run, month_to_bill, preview};
pub use terms::{NewTerms, Terms, faults, history, of_month, set};
