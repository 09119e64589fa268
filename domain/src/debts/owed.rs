//! What is open on an account, each charge with why nobody is reminded of it, and until when it can be demanded.

use super::{State, debtor, disputes_of, plans_of};
use crate::access::Actor;
use crate::ledger::{self, Charge, ChargeFilter, ChargeLine, Page};
use crate::limitation::{self, Course, Standing};
use crate::{Db, Error, Instant, LedgerAccountId, Result, community, settings};

crate::words! {
    /// Whether reminders speak of a charge.
    Speech {
        /// They do, once it is due.
        Reminded = "reminded",
        /// It waits for the office's answer.
        Disputed = "disputed",
        /// It is paid by instalments.
        Planned = "planned",
    }
}

/// A charge with something open.
#[derive(Debug, Clone)]
pub struct Owed {
    /// The charge with its names.
    pub line: ChargeLine,
    /// Whether reminders speak of it.
    pub speech: Speech,
    /// How its limitation runs.
    pub course: Course,
    /// Whether that ends soon.
    pub standing: Standing,
}

/// The most charges that are listed: the oldest.
const MOST: i64 = 2_000;

/// What is open on an account, what was due first first, for who keeps debts.
///
/// # Errors
/// Not found where the asker has no business with it.
pub fn owed(db: &mut Db, actor: &Actor, now: Instant, account: LedgerAccountId) -> Result<Vec<Owed>> {
    let community = debtor(db, actor, now, account)?.community;
    let filter = ChargeFilter { accounts: Some(vec![account]), open_only: true, ..ChargeFilter::default() };
    let mut lines = ledger::list(db, community, &filter, Page { after: 0, limit: MOST })?;
    lines.sort_by_key(|line| (line.charge.due_on, line.charge.period, line.charge.id));
    let charges: Vec<Charge> = lines.iter().map(|line| line.charge.clone()).collect();
    let mut courses = limitation::courses(db, community, &charges)?;
    let today = community::by_id(db, community)?.today(now)?;
    let days = settings::get(db, community, settings::LIMITATION_WATCH_DAYS)?;
    let (disputes, plans) = (disputes_of(db, &[account])?, plans_of(db, &[account])?);
    let speech = |id| {
        if disputes.iter().any(|one| one.charge_id == id && one.ended_at.is_none()) {
            Speech::Disputed
        } else if plans.iter().any(|one| one.state == State::Running && one.charges.contains(&id)) {
            Speech::Planned
        } else {
            Speech::Reminded
        }
    };
    let one = |line: ChargeLine| {
        let course = courses.remove(&line.charge.id).ok_or(Error::NotFound)?;
        let standing = course.standing(today, days);
        Ok(Owed { speech: speech(line.charge.id), standing, course, line })
    };
    lines.into_iter().map(one).collect()
}
