//! How disputes move: who may raise one, end it and how, and until when what a resident said is undone (domain.md
//! §10, §11). Values in, values out.

use chrono::TimeDelta;

use crate::{Error, Instant, Result};

crate::words! {
    /// Who raised a dispute, and who ends it.
    Raised {
        /// Somebody of the office, for the payer who came or called.
        Office = "office",
        /// A resident, from their own bill.
        Resident = "resident",
    }
}

crate::words! {
    /// How a dispute ended.
    Outcome {
        /// The payer is right: the charge is then corrected.
        Upheld = "upheld",
        /// The charge stands.
        Rejected = "rejected",
        /// The payer accepts it.
        Withdrawn = "withdrawn",
        /// Who raised it took it back at once, unanswered.
        TakenBack = "taken_back",
    }
}

/// How an open dispute ends, and by whom; what has ended stays as it is.
const ENDS: &[(Outcome, Raised)] = &[
    (Outcome::Upheld, Raised::Office),
    (Outcome::Rejected, Raised::Office),
    (Outcome::Withdrawn, Raised::Office),
    (Outcome::TakenBack, Raised::Resident),
];

/// What the office can answer.
pub const ANSWERS: [Outcome; 3] = [Outcome::Upheld, Outcome::Rejected, Outcome::Withdrawn];

/// Whether a dispute that stands so can end like this.
///
/// # Errors
/// Over already (`debt.answered`, `debt.taken_back`); on the field `outcome` one that is not theirs to choose.
pub(super) fn can_end(stands: Option<Outcome>, to: Outcome, by: Raised) -> Result<()> {
    match stands {
        Some(Outcome::TakenBack) => Err(Error::refused("debt.taken_back", vec![])),
        Some(_) => Err(Error::refused("debt.answered", vec![])),
        None if ENDS.contains(&(to, by)) => Ok(()),
        None => Err(Error::field("outcome", "choice")),
    }
}

/// For so long who raised a dispute can take it back.
const UNDO: TimeDelta = TimeDelta::minutes(10);

/// Until when what was raised at a moment can be taken back.
pub(super) fn undone_until(raised_at: Instant) -> Instant {
    raised_at.plus(UNDO)
}

/// What stands for and against a resident's dispute of a charge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contested<'a> {
    /// Whether it was taken back: then there is nothing to accept.
    pub(super) reversed: bool,
    /// Whether a plan that holds has it: its payer has agreed to it.
    pub(super) planned: bool,
    /// How the disputes of it so far ended.
    pub(super) before: &'a [Option<Outcome>],
}

/// Whether a resident can raise a dispute by themselves. Paid or not does not matter: a prepayment pays a bill before
/// anybody has read it. What the office has answered is raised anew with the office, or nobody would ever be reminded
/// of it.
///
/// # Errors
/// Refused: `dispute.reversed`, `dispute.open`, `dispute.planned`, `dispute.answered`.
pub(super) fn can_raise(charge: Contested<'_>) -> Result<()> {
    let was = |wanted: fn(&Option<Outcome>) -> bool| charge.before.iter().any(wanted);
    let refusal = if charge.reversed {
        "dispute.reversed"
    } else if was(Option::is_none) {
        "dispute.open"
    } else if charge.planned {
        "dispute.planned"
    } else if was(|outcome| outcome.is_some_and(|one| one != Outcome::TakenBack)) {
        "dispute.answered"
    } else {
        return Ok(());
    };
    Err(Error::refused(refusal, vec![]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(done: Result<()>) -> &'static str {
        match done {
            Ok(()) => "",
            Err(Error::Refused(refusal)) => refusal.rule,
            Err(Error::Invalid(fields)) => fields[0].code,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_office_answers_and_who_raised_it_takes_it_back() {
        use Outcome::{Rejected, TakenBack, Upheld, Withdrawn};
        use Raised::{Office, Resident};
        for (stands, to, by, expected) in [
            (None, Upheld, Office, ""),
            (None, Rejected, Office, ""),
            (None, Withdrawn, Office, ""),
            (None, TakenBack, Office, "choice"),
            (None, TakenBack, Resident, ""),
            (None, Upheld, Resident, "choice"),
            (None, Withdrawn, Resident, "choice"),
            (Some(Rejected), Upheld, Office, "debt.answered"),
            (Some(Upheld), TakenBack, Resident, "debt.answered"),
            (Some(TakenBack), Rejected, Office, "debt.taken_back"),
            (Some(TakenBack), TakenBack, Resident, "debt.taken_back"),
        ] {
            assert_eq!(told(can_end(stands, to, by)), expected, "{stands:?} {to} {by}");
        }
        let chosen: Vec<_> = ENDS.iter().filter(|row| row.1 == Office).map(|row| row.0).collect();
        assert_eq!(chosen, ANSWERS);
    }

    #[test]
    fn a_charge_is_disputed_once_until_it_is_answered() {
        use Outcome::{Rejected, TakenBack};
        for (reversed, planned, before, expected) in [
            (false, false, &[][..], ""),
            (false, false, &[Some(TakenBack), Some(TakenBack)], ""),
            (true, false, &[], "dispute.reversed"),
            (false, false, &[Some(TakenBack), None], "dispute.open"),
            (false, true, &[], "dispute.planned"),
            (false, false, &[Some(Rejected), Some(TakenBack)], "dispute.answered"),
        ] {
            assert_eq!(told(can_raise(Contested { reversed, planned, before })), expected, "{before:?}");
        }
    }
}
