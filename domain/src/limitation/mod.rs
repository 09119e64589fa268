//! The watch over the limitation of what is owed: each charge's course from what is in the books, the list of those
//! that end soon, and what payers acknowledged in writing.

mod events;
mod faults;
pub mod rules;

use std::collections::BTreeMap;

use chrono::{Days, Months};
use diesel::prelude::*;

pub use faults::faults;
pub use rules::{Cause, Course, Interruption, Standing};

use crate::access::{Action, Actor, Object, allow};
use crate::attachments::{self, Subject};
use crate::audit::{self, Line};
use crate::db::schema::{acknowledgement_charges, acknowledgements};
use crate::ledger::{self, Charge, ChargeFilter, ChargeLine, Page};
use crate::{
    AcknowledgementId, AttachmentId, ChargeId, CommunityId, Db, Error, Instant, LedgerAccountId, LocalDate,
    Result, community, debts, settings,
};

/// The course of each charge's limitation.
pub fn courses(
    db: &mut Db,
    community: CommunityId,
    charges: &[Charge],
) -> Result<BTreeMap<ChargeId, Course>> {
    let zone = community::by_id(db, community)?.zone()?;
    let events = events::of(db, zone, charges)?;
    let none = Vec::new();
    let course =
        |charge: &Charge| (charge.id, rules::course(charge.due_on, events.get(&charge.id).unwrap_or(&none)));
    Ok(charges.iter().map(course).collect())
}

/// A charge whose limitation ends soon, or has ended.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The charge with its names.
    pub line: ChargeLine,
    /// How it ran.
    pub course: Course,
    /// [`Standing::Soon`] or [`Standing::Over`].
    pub standing: Standing,
}

/// The most charges that are looked at: the oldest.
const MOST: i64 = 5_000;

/// What ends within the days that were set, or has ended and is still open: what ends first comes first. For who keeps
/// debts.
pub fn watch(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Watched>> {
    allow(db, actor, now, Action::KeepDebts, Object::Community(community))?;
    let today = community::by_id(db, community)?.today(now)?;
    let days = settings::get(db, community, settings::LIMITATION_WATCH_DAYS)?;
    // What was due later cannot end before.
    let horizon = today + Days::new(days.unsigned_abs());
    let due_to = horizon.checked_sub_months(Months::new(36)).unwrap_or(today) + Days::new(3);
    let filter = ChargeFilter { due_to: Some(due_to), open_only: true, ..ChargeFilter::default() };
    let lines = ledger::list(db, community, &filter, Page { after: 0, limit: MOST })?;
    let charges: Vec<Charge> = lines.iter().map(|line| line.charge.clone()).collect();
    let mut courses = courses(db, community, &charges)?;
    let watched = lines.into_iter().filter_map(|line| {
        let course = courses.remove(&line.charge.id)?;
        let standing = course.standing(today, days);
        (standing != Standing::Runs).then_some(Watched { line, course, standing })
    });
    let mut watched: Vec<Watched> = watched.collect();
    watched.sort_by_key(|one| (one.course.last_day, one.line.charge.id));
    Ok(watched)
}

/// A written acknowledgement to be recorded.
#[derive(Debug, Clone)]
pub struct NewAcknowledgement {
    /// Of which charges.
    pub charges: Vec<ChargeId>,
    /// The day that stands on it.
    pub day: LocalDate,
    /// Who signed it.
    pub signed_by: String,
    /// Where the paper lies.
    pub note: String,
    /// Its scan or photo.
    pub papers: Vec<AttachmentId>,
}

/// Records what was acknowledged in writing, with its paper.
///
/// # Errors
/// By field: no charges, one of another account, no paper, nobody who signed, a day to come. One's own (`debt.own`).
pub fn acknowledge(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    account: LedgerAccountId,
    new: &NewAcknowledgement,
) -> Result<AcknowledgementId> {
    let owner = debts::debtor(tx, actor, now, account)?;
    if actor.person == Some(owner.payer) {
        return Err(Error::refused("debt.own", vec![]));
    }
    ledger::lock(tx, account)?;
    check(tx, now, owner.community, account, new)?;
    let row = (
        acknowledgements::community_id.eq(owner.community),
        acknowledgements::account_id.eq(account),
        acknowledgements::day.eq(new.day),
        acknowledgements::signed_by.eq(new.signed_by.trim()),
        acknowledgements::note.eq(new.note.trim()),
        acknowledgements::recorded_by.eq(actor.person),
        acknowledgements::recorded_at.eq(now),
    );
    let made = diesel::insert_into(acknowledgements::table).values(row).returning(acknowledgements::id);
    let id: AcknowledgementId = made.get_result(tx)?;
    for charge in &new.charges {
        let row = (
            acknowledgement_charges::acknowledgement_id.eq(id),
            acknowledgement_charges::charge_id.eq(charge),
        );
        diesel::insert_into(acknowledgement_charges::table).values(row).execute(tx)?;
    }
    attachments::attach_papers(tx, actor, Subject::Acknowledgement(id), "acknowledgement", &new.papers)?;
    audit::write(tx, actor, now, &Line::new(owner.community, "debt.acknowledge", "acknowledgement", id.0))?;
    Ok(id)
}

fn check(
    db: &mut Db,
    now: Instant,
    community: CommunityId,
    account: LedgerAccountId,
    new: &NewAcknowledgement,
) -> Result<()> {
    if new.charges.is_empty() {
        return Err(Error::field("charges", "required"));
    }
    for charge in &new.charges {
        ledger::charge_on(db, account, *charge, "charges")?;
    }
    if new.signed_by.trim().is_empty() {
        return Err(Error::field("signed_by", "required"));
    }
    if new.day > community::by_id(db, community)?.today(now)? {
        return Err(Error::field("day", "in_past"));
    }
    if new.papers.is_empty() {
        return Err(Error::field("photos", "required"));
    }
    Ok(())
}

/// A written acknowledgement as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = acknowledgements)]
pub struct Acknowledgement {
    /// Its id.
    pub id: AcknowledgementId,
    /// Whose account.
    pub account_id: LedgerAccountId,
    /// The day that stands on it.
    pub day: LocalDate,
    /// Who signed it.
    pub signed_by: String,
    /// Where the paper lies.
    pub note: String,
    /// When it was recorded.
    pub recorded_at: Instant,
}

/// What was acknowledged of an account, newest first.
pub fn acknowledgements_of(db: &mut Db, account: LedgerAccountId) -> Result<Vec<Acknowledgement>> {
    let rows = acknowledgements::table.filter(acknowledgements::account_id.eq(account.0));
    Ok(rows.order(acknowledgements::id.desc()).select(Acknowledgement::as_select()).load(db)?)
}

/// An acknowledgement's account and community.
pub(crate) fn account_of(db: &mut Db, id: AcknowledgementId) -> Result<(LedgerAccountId, CommunityId)> {
    let found = acknowledgements::table.find(id.0);
    Ok(found.select((acknowledgements::account_id, acknowledgements::community_id)).first(db)?)
}
