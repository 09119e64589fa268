//! Collection 收缴: what came in of what was due (domain.md §10). *Due* is what has its due date in the
//! period, less reversals and waivers; *collected* what payments cover of it up to the moment of the view.

mod ageing;
mod choices;
mod course;
mod debtors;
mod figures;
mod years;

pub use ageing::{Age, Ageing, ageing, prior_years};
pub use choices::{Named, choices};
pub use course::{Course, course};
pub use debtors::{Arrears, Contact, DebtorOrder, Reached, Wanted, arrears};
pub use figures::{By, Figure, figures, months};
pub use years::{Pair, twelve, year_ago};

use crate::Fen;

/// The rate in hundredths of a percent, rounded half up; none where nothing was due.
pub fn rate(due: Fen, collected: Fen) -> Option<i64> {
    if due <= Fen::ZERO || collected < Fen::ZERO {
        return None;
    }
    let rate = crate::money::round_half_up(i128::from(collected.0) * 10_000, i128::from(due.0));
    i64::try_from(rate).ok()
}
