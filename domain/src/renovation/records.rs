//! What is a running renovation's own: its permit, its contractor, its dates.

use diesel::prelude::*;

use crate::cases::Case;
use crate::db::schema::{cases, renovations};
use crate::{CaseId, CommunityId, Db, HomeId, Instant, LocalDate, Result};

/// A renovation's row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = renovations)]
pub struct Renovation {
    /// The case.
    pub case_id: CaseId,
    /// The permit's number.
    pub permit_number: String,
    /// Who does the work.
    pub contractor: String,
    /// How to reach them.
    pub contractor_phone: Option<String>,
    /// When it began.
    pub starts_on: LocalDate,
    /// The permit's last day.
    pub ends_on: LocalDate,
    /// When the permit was extended; once only.
    pub extended_at: Option<Instant>,
    /// The site's last day, once it is closed.
    pub ended_on: Option<LocalDate>,
}

/// A renovation with its case.
pub type Site = (Renovation, Case);

/// The renovation of a case.
pub fn of(db: &mut Db, case: CaseId) -> Result<Site> {
    Ok(renovations::table
        .inner_join(cases::table.on(cases::id.eq(renovations::case_id)))
        .filter(renovations::case_id.eq(case.0))
        .select((Renovation::as_select(), Case::as_select()))
        .first(db)?)
}

/// The sites of a community that were not closed before a day, by case.
pub fn sites(db: &mut Db, community: CommunityId, not_before: LocalDate) -> Result<Vec<Site>> {
    Ok(renovations::table
        .inner_join(cases::table.on(cases::id.eq(renovations::case_id)))
        .filter(renovations::community_id.eq(community.0))
        .filter(renovations::ended_on.is_null().or(renovations::ended_on.ge(not_before)))
        .order(renovations::case_id)
        .select((Renovation::as_select(), Case::as_select()))
        .load(db)?)
}

/// The site of a home that is not closed.
pub(super) fn running(db: &mut Db, home: HomeId) -> Result<Option<Site>> {
    Ok(renovations::table
        .inner_join(cases::table.on(cases::id.eq(renovations::case_id)))
        .filter(cases::home_id.eq(home.0).and(renovations::ended_on.is_null()))
        .select((Renovation::as_select(), Case::as_select()))
        .first(db)
        .optional()?)
}

pub(super) fn permit_exists(db: &mut Db, community: CommunityId, permit: &str) -> Result<bool> {
    let found: i64 = renovations::table
        .filter(renovations::community_id.eq(community.0).and(renovations::permit_number.eq(permit)))
        .count()
        .get_result(db)?;
    Ok(found > 0)
}
