//! What a return visit does to the case that it asks about: each kind closes and reopens by its own table.

use crate::access::Actor;
use crate::cases::{Case, Kind};
use crate::repairs::{self, DayPart};
use crate::{Db, Error, Instant, Result, complaints};

/// Closes the case, with what was said.
pub(super) fn closes(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, words: &str) -> Result<Case> {
    match case.kind {
        Kind::Repair => repairs::visit_closes(tx, actor, now, case, words),
        Kind::Complaint => complaints::visit_closes(tx, actor, now, case, words),
        _ => Err(Error::NotFound),
    }
}

/// Opens it again, with what was said.
pub(super) fn reopens(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, words: &str) -> Result<Case> {
    match case.kind {
        Kind::Repair => repairs::visit_reopens(tx, actor, now, case, words),
        Kind::Complaint => complaints::visit_reopens(tx, actor, now, case, words),
        _ => Err(Error::NotFound),
    }
}

/// Whether it is done, and not opened again meanwhile.
pub(super) fn is_done(case: &Case) -> bool {
    let done = match case.kind {
        Kind::Complaint => complaints::State::Answered.as_str(),
        _ => repairs::State::Done.as_str(),
    };
    case.state == done
}

/// The part of the day in which they would rather be called.
pub(super) fn preferred(db: &mut Db, case: &Case) -> Result<Option<DayPart>> {
    match case.kind {
        Kind::Repair => Ok(repairs::of_case(db, case.id)?.call_part),
        _ => Ok(None),
    }
}
