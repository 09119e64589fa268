//! Publications as rows.

use diesel::prelude::*;

use super::figures::Line;
use super::rules::Span;
use crate::db::schema::{publication_lines, publications};
use crate::{CommunityId, Db, Instant, LocalDate, PersonId, PublicationId, Result};

crate::words! {
    /// How far a publication has come.
    State {
        /// Worked out, to be looked at.
        Draft = "draft",
        /// Decided by a second person.
        Approved = "approved",
        /// To be read by everybody who lives here.
        Published = "published",
    }
}

/// A publication's row.
#[derive(Debug, Clone, Queryable, Selectable, serde::Serialize)]
#[diesel(table_name = publications)]
pub struct Publication {
    /// Its id.
    pub id: PublicationId,
    /// The community.
    pub community_id: CommunityId,
    /// Its first day.
    pub first_day: LocalDate,
    /// Its last.
    pub last_day: LocalDate,
    /// How far it has come.
    pub state: State,
    /// What is explained to who reads it.
    pub note: String,
    /// Who drafted it.
    pub drafted_by: Option<PersonId>,
    /// When: the figures are those of then.
    pub drafted_at: Instant,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<Instant>,
    /// Who published it.
    pub published_by: Option<PersonId>,
    /// When.
    pub published_at: Option<Instant>,
    /// Up to which person everybody has been told.
    pub told_upto: PersonId,
}

pub(super) fn by_id(db: &mut Db, id: PublicationId) -> Result<Publication> {
    Ok(publications::table.find(id.0).select(Publication::as_select()).first(db)?)
}

pub(super) fn list(db: &mut Db, community: CommunityId, drafts: bool) -> Result<Vec<Publication>> {
    let mut query = publications::table.filter(publications::community_id.eq(community.0)).into_boxed();
    if !drafts {
        query = query.filter(publications::state.eq(State::Published));
    }
    Ok(query.order(publications::first_day.desc()).select(Publication::as_select()).load(db)?)
}

pub(super) fn lines(db: &mut Db, id: PublicationId) -> Result<Vec<Line>> {
    use publication_lines as l;
    let rows = l::table.filter(l::publication_id.eq(id.0)).order(l::position);
    Ok(rows.select((l::section, l::item, l::name, l::entries, l::billed_fen, l::amount_fen)).load(db)?)
}

/// The draft that waits, if there is one.
pub(super) fn draft_of(db: &mut Db, community: CommunityId) -> Result<Option<Publication>> {
    let draft = publications::table
        .filter(publications::community_id.eq(community.0).and(publications::state.eq(State::Draft)));
    Ok(draft.select(Publication::as_select()).first(db).optional()?)
}

/// The last day of the newest publication, drafts included.
pub(super) fn last_day(db: &mut Db, community: CommunityId) -> Result<Option<LocalDate>> {
    let own = publications::table.filter(publications::community_id.eq(community.0));
    Ok(own.select(diesel::dsl::max(publications::last_day)).first(db)?)
}

/// The last day that somebody has decided on: nothing is entered up to it any more.
pub(crate) fn decided_until(db: &mut Db, community: CommunityId) -> Result<Option<LocalDate>> {
    let decided = publications::table
        .filter(publications::community_id.eq(community.0).and(publications::state.ne(State::Draft)));
    Ok(decided.select(diesel::dsl::max(publications::last_day)).first(db)?)
}

/// Writes a draft, or writes one anew.
pub(super) fn draft(
    tx: &mut Db,
    community: CommunityId,
    (open, (first, last)): (Option<PublicationId>, Span),
    (note, by): (&str, Option<PersonId>),
    now: Instant,
) -> Result<PublicationId> {
    let said =
        (publications::note.eq(note), publications::drafted_by.eq(by), publications::drafted_at.eq(now));
    if let Some(id) = open {
        diesel::update(publications::table.find(id.0)).set(said).execute(tx)?;
        diesel::delete(publication_lines::table.filter(publication_lines::publication_id.eq(id.0)))
            .execute(tx)?;
        return Ok(id);
    }
    let row = (
        publications::community_id.eq(community),
        publications::first_day.eq(first),
        publications::last_day.eq(last),
        publications::state.eq(State::Draft),
        said,
    );
    Ok(diesel::insert_into(publications::table).values(row).returning(publications::id).get_result(tx)?)
}

/// Keeps a draft's figures.
pub(super) fn freeze(tx: &mut Db, id: PublicationId, lines: &[Line]) -> Result<()> {
    use publication_lines as l;
    for (position, line) in (0_i64..).zip(lines) {
        let row = (
            l::publication_id.eq(id),
            l::position.eq(position),
            l::section.eq(line.section),
            l::item.eq(&line.item),
            l::name.eq(&line.name),
            l::entries.eq(line.entries),
            l::billed_fen.eq(line.billed),
            l::amount_fen.eq(line.amount),
        );
        diesel::insert_into(l::table).values(row).execute(tx)?;
    }
    Ok(())
}

pub(super) fn approve(tx: &mut Db, id: PublicationId, by: Option<PersonId>, now: Instant) -> Result<()> {
    let set = (
        publications::state.eq(State::Approved),
        publications::approved_by.eq(by),
        publications::approved_at.eq(now),
    );
    diesel::update(publications::table.find(id.0)).set(set).execute(tx)?;
    Ok(())
}

pub(super) fn publish(tx: &mut Db, id: PublicationId, by: Option<PersonId>, now: Instant) -> Result<()> {
    let set = (
        publications::state.eq(State::Published),
        publications::published_by.eq(by),
        publications::published_at.eq(now),
    );
    diesel::update(publications::table.find(id.0)).set(set).execute(tx)?;
    Ok(())
}
