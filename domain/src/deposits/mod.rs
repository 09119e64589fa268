//! Deposits 押金: money that is handed in as a security and belongs to who handed it in. It stands in a book of its
//! own (domain.md §10): what is taken in is a payment there, so the account of its payer is owed that much; what is
//! kept of it is a charge in that book which the payment covers; what goes back is a refund. So each deposit is at
//! any time held + kept + given back, and the book's balance is what is held today.
//!
//! | a deposit | by | becomes |
//! | --- | --- | --- |
//! | is taken, with a receipt | the cashier | `held` |
//! | `held`: something is to be kept of it, with a reason | who keeps deposits; not its payer | `held`, the payer is told |
//! | `held`: its return is asked for | who keeps deposits | `returning` |
//! | `returning`: is kept after all | who keeps deposits | `held` |
//! | `returning`: is given back, less what is kept | somebody else than who asked for it or took it in | `returned` |
//! | `held`, nothing to be kept: its payment is voided | somebody else than who took it | `voided` |
//!
//! | what is to be kept | by | becomes |
//! | --- | --- | --- |
//! | is `proposed` | who keeps deposits | contestable for some days |
//! | `proposed` → accepted | its payer | `accepted` |
//! | `proposed` → contested, with their words | its payer, or who notes it for them | `contested` |
//! | `contested` → decided, with an answer | a manager who did not propose it | `upheld`, or `dropped` |
//! | `proposed` → dropped | who keeps deposits | `dropped` |
//!
//! Another capability (a renovation's deposit) names its case when it takes one, and looks at [`Deposit::state`].

mod deduct;
mod faults;
mod give_back;
mod records;
pub mod rules;
mod take;
mod tell;

pub use deduct::{Decision, accept, contest, decide, deduct, drop};
pub use faults::faults;
pub use give_back::{ask_return, give_back, keep};
pub use records::{
    Deduction, Deposit, Line, deduction_of, held, line, of_home, purpose_of_payment, recent, whole,
};
pub use rules::{DeductionState, Purpose, State};
pub(crate) use take::payment_voided;
pub use take::{NewDeposit, take};

/// The item that what is kept of deposits is charged for.
pub(crate) const ITEM: &str = "deposit_deductions";
