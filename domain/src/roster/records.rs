//! The rows of the roster: leaves, weekly rests, and the duties that were handed over.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::rules::{Kind, Rest, Span, State};
use crate::access::Actor;
use crate::db::schema::{duty_handovers, leaves, weekly_rests};
use crate::{CommunityId, Db, DutyId, Instant, LeaveId, LocalDate, PersonId, Result};

/// A leave 请假 as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = leaves)]
pub struct Leave {
    /// Its id.
    pub id: LeaveId,
    /// The community.
    pub community_id: CommunityId,
    /// Who is away.
    pub person_id: PersonId,
    /// Why.
    pub kind: Kind,
    /// The first day away.
    pub starts_on: LocalDate,
    /// The last day away, as it was asked for.
    pub ends_on: LocalDate,
    /// The first day on duty again, where they came back before the end.
    pub back_on: Option<LocalDate>,
    /// In words.
    pub reason: String,
    /// How far it has come.
    pub state: State,
    /// Who does their work meanwhile, where somebody was named.
    pub substitute_id: Option<PersonId>,
    /// Who asked: they themselves, or a supervisor for them.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: Instant,
    /// Who approved or refused it.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Why it was refused.
    pub answer: String,
    /// When it was taken back or cut short.
    pub ended_at: Option<Instant>,
}

impl Leave {
    /// Its days, and when what about them was decided.
    pub fn span(&self) -> Span {
        Span {
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            back_on: self.back_on,
            state: self.state,
            decided_at: self.decided_at,
            ended_at: self.ended_at,
        }
    }
}

/// Why somebody is off duty on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// On leave.
    Leave(Kind),
    /// By the week.
    Rest,
}

/// Who is off duty in a span of days.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    leaves: Vec<Leave>,
    rests: BTreeMap<PersonId, Vec<(LocalDate, Rest)>>,
    as_of: Option<Instant>,
}

impl Roster {
    /// The roster of a span of days; with `as_of` what of it was known just before that moment.
    pub fn load(
        db: &mut Db,
        community: CommunityId,
        (from, to): (LocalDate, LocalDate),
        as_of: Option<Instant>,
    ) -> Result<Self> {
        let leaves = leaves::table
            .filter(leaves::community_id.eq(community.0).and(leaves::decided_at.is_not_null()))
            .filter(leaves::starts_on.le(to).and(leaves::ends_on.ge(from)))
            .order(leaves::id)
            .select(Leave::as_select())
            .load(db)?;
        let rows: Vec<(PersonId, LocalDate, i32)> = weekly_rests::table
            .filter(weekly_rests::community_id.eq(community.0).and(weekly_rests::starts_on.le(to)))
            .order((weekly_rests::person_id, weekly_rests::starts_on))
            .select((weekly_rests::person_id, weekly_rests::starts_on, weekly_rests::weekdays))
            .load(db)?;
        let mut rests: BTreeMap<PersonId, Vec<(LocalDate, Rest)>> = BTreeMap::new();
        for (person, since, bits) in rows {
            rests.entry(person).or_default().push((since, Rest::from_bits(bits)));
        }
        Ok(Self { leaves, rests, as_of })
    }

    /// The weekly rest that holds for somebody on a day.
    pub fn rest(&self, person: PersonId, day: LocalDate) -> Rest {
        let all = self.rests.get(&person).map_or(&[][..], Vec::as_slice);
        all.iter().rev().find(|(since, _)| *since <= day).map(|(_, rest)| *rest).unwrap_or_default()
    }

    /// The leave that somebody is on.
    pub fn leave(&self, person: PersonId, day: LocalDate) -> Option<&Leave> {
        self.leaves.iter().find(|one| one.person_id == person && one.span().covers(day, self.as_of))
    }

    /// Why somebody is off on a day; none where they are on duty.
    pub fn off(&self, person: PersonId, day: LocalDate) -> Option<Off> {
        let rests = || self.rest(person, day).falls_on(day).then_some(Off::Rest);
        self.leave(person, day).map(|leave| Off::Leave(leave.kind)).or_else(rests)
    }

    /// Who was named to do somebody's work on a day, while they are on duty themselves.
    pub fn substitute(&self, person: PersonId, day: LocalDate) -> Option<PersonId> {
        let named = self.leave(person, day)?.substitute_id?;
        self.off(named, day).is_none().then_some(named)
    }
}

/// A leave to be written down.
pub(super) struct New<'l> {
    pub(super) community: CommunityId,
    pub(super) person: PersonId,
    pub(super) asked_by: PersonId,
    pub(super) leave: &'l super::NewLeave,
    /// Approved at once, by who writes it down for somebody else.
    pub(super) approved: bool,
}

pub(super) fn insert(tx: &mut Db, now: Instant, new: &New<'_>) -> Result<LeaveId> {
    let row = (
        leaves::community_id.eq(new.community),
        leaves::person_id.eq(new.person),
        leaves::kind.eq(new.leave.kind),
        leaves::starts_on.eq(new.leave.starts_on),
        leaves::ends_on.eq(new.leave.ends_on),
        leaves::reason.eq(new.leave.reason.trim()),
        leaves::state.eq(if new.approved { State::Approved } else { State::Asked }),
        leaves::substitute_id.eq(new.leave.substitute),
        leaves::asked_by.eq(new.asked_by),
        leaves::asked_at.eq(now),
        leaves::decided_by.eq(new.approved.then_some(new.asked_by)),
        leaves::decided_at.eq(new.approved.then_some(now)),
    );
    Ok(diesel::insert_into(leaves::table).values(row).returning(leaves::id).get_result(tx)?)
}

/// The leave of an id.
pub fn by_id(db: &mut Db, id: LeaveId) -> Result<Leave> {
    Ok(leaves::table.find(id.0).select(Leave::as_select()).first(db)?)
}

pub(super) fn decide(
    tx: &mut Db,
    by: PersonId,
    now: Instant,
    id: LeaveId,
    (state, substitute, answer): (State, Option<PersonId>, &str),
) -> Result<()> {
    let decided = (
        leaves::state.eq(state),
        leaves::substitute_id.eq(substitute),
        leaves::decided_by.eq(by),
        leaves::decided_at.eq(now),
        leaves::answer.eq(answer.trim()),
    );
    diesel::update(leaves::table.find(id.0)).set(decided).execute(tx)?;
    Ok(())
}

pub(super) fn end(
    tx: &mut Db,
    now: Instant,
    id: LeaveId,
    state: State,
    back_on: Option<LocalDate>,
) -> Result<()> {
    let ended = (leaves::state.eq(state), leaves::ended_at.eq(now), leaves::back_on.eq(back_on));
    diesel::update(leaves::table.find(id.0)).set(ended).execute(tx)?;
    Ok(())
}

/// Whether another leave of somebody, asked for or approved, has a day of these.
pub(super) fn overlaps(
    db: &mut Db,
    person: PersonId,
    (from, to): (LocalDate, LocalDate),
    except: Option<LeaveId>,
) -> Result<bool> {
    let others: Vec<Leave> = leaves::table
        .filter(leaves::person_id.eq(person.0).and(leaves::id.ne(except.map_or(0, |id| id.0))))
        .filter(leaves::state.eq_any([State::Asked, State::Approved]))
        .filter(leaves::starts_on.le(to).and(leaves::ends_on.ge(from)))
        .select(Leave::as_select())
        .load(db)?;
    Ok(others.iter().any(|one| one.back_on.is_none_or(|back| back > from)))
}

/// What waits for a decision, the nearest first.
pub(super) fn waiting(db: &mut Db, community: CommunityId) -> Result<Vec<Leave>> {
    Ok(leaves::table
        .filter(leaves::community_id.eq(community.0).and(leaves::state.eq(State::Asked)))
        .order((leaves::starts_on, leaves::id))
        .select(Leave::as_select())
        .load(db)?)
}

/// Somebody's own, newest first.
pub(super) fn of(db: &mut Db, community: CommunityId, person: PersonId, most: i64) -> Result<Vec<Leave>> {
    Ok(leaves::table
        .filter(leaves::community_id.eq(community.0).and(leaves::person_id.eq(person.0)))
        .order((leaves::starts_on.desc(), leaves::id.desc()))
        .limit(most)
        .select(Leave::as_select())
        .load(db)?)
}

pub(super) fn set_rest(
    tx: &mut Db,
    (community, person, since): (CommunityId, PersonId, LocalDate),
    rest: Rest,
    (by, now): (PersonId, Instant),
) -> Result<()> {
    // What was set for later, or anew today, is set by this.
    let replaced = weekly_rests::table
        .filter(weekly_rests::community_id.eq(community.0).and(weekly_rests::person_id.eq(person.0)))
        .filter(weekly_rests::starts_on.ge(since));
    diesel::delete(replaced).execute(tx)?;
    let row = (
        weekly_rests::community_id.eq(community),
        weekly_rests::person_id.eq(person),
        weekly_rests::starts_on.eq(since),
        weekly_rests::weekdays.eq(rest.bits()),
        weekly_rests::set_by.eq(by),
        weekly_rests::set_at.eq(now),
    );
    diesel::insert_into(weekly_rests::table).values(row).execute(tx)?;
    Ok(())
}

/// Writes down that a duty went from one to another.
pub(super) fn handed_over(
    tx: &mut Db,
    (community, duty): (CommunityId, DutyId),
    (from, to): (PersonId, PersonId),
    now: Instant,
) -> Result<()> {
    let row = (
        duty_handovers::community_id.eq(community),
        duty_handovers::duty_id.eq(duty),
        duty_handovers::from_id.eq(from),
        duty_handovers::to_id.eq(to),
        duty_handovers::at.eq(now),
    );
    diesel::insert_into(duty_handovers::table).values(row).execute(tx)?;
    Ok(())
}

/// Who owed a duty before it was last handed over; none where it never was.
pub fn had_before(db: &mut Db, duty: DutyId) -> Result<Option<PersonId>> {
    Ok(duty_handovers::table
        .filter(duty_handovers::duty_id.eq(duty.0))
        .order(duty_handovers::id.desc())
        .select(duty_handovers::from_id)
        .first(db)
        .optional()?)
}

pub(super) fn oneself(actor: &Actor) -> Result<PersonId> {
    actor.person.ok_or(crate::Error::NotSignedIn)
}
