//! The rows of inspections and of the violations that they found.

use diesel::prelude::*;

use super::NewInspection;
use super::rules::Severity;
use crate::db::schema::{inspection_items, inspections, violations};
use crate::{CaseId, CommunityId, Db, DutyId, InspectionId, Instant, LocalDate, PersonId, Result};

/// An inspection's row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = inspections)]
pub struct Inspection {
    /// Its id.
    pub id: InspectionId,
    /// The community.
    pub community_id: CommunityId,
    /// The renovation's case.
    pub case_id: CaseId,
    /// The duty that it fulfilled.
    pub duty_id: Option<DutyId>,
    /// Who made it.
    pub inspector_id: PersonId,
    /// When it was made.
    pub made_at: Instant,
    /// When it arrived here.
    pub arrived_at: Instant,
    /// The community's day of its making.
    pub day: LocalDate,
    /// How far the work is.
    pub progress: String,
    /// Workers counted.
    pub workers: i32,
    /// Photos taken.
    pub photos: i64,
}

/// An item of an inspection.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = inspection_items)]
pub struct Item {
    /// Which.
    pub item: String,
    /// Whether it was in order.
    pub passed: bool,
    /// What was seen.
    pub note: String,
}

/// Something that has to be mended.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = violations)]
pub struct Violation {
    /// Its id.
    pub id: i64,
    /// The renovation's case.
    pub case_id: CaseId,
    /// Which item failed.
    pub item: String,
    /// How bad it is.
    pub severity: Severity,
    /// What was seen.
    pub note: String,
    /// By when it is mended.
    pub deadline: Option<LocalDate>,
    /// The inspection that found it.
    pub opened_by: InspectionId,
    /// The inspection that found it mended.
    pub mended_by: Option<InspectionId>,
}

impl Violation {
    /// Whether it stops the site.
    pub fn is_severe(&self) -> bool {
        self.severity == Severity::Severe
    }
}

/// The inspection of an id.
pub fn by_id(db: &mut Db, id: InspectionId) -> Result<Inspection> {
    Ok(inspections::table.find(id.0).select(Inspection::as_select()).first(db)?)
}

/// The items of an inspection, in the form's order.
pub fn items(db: &mut Db, id: InspectionId) -> Result<Vec<Item>> {
    let rows = inspection_items::table.filter(inspection_items::inspection_id.eq(id.0));
    Ok(rows.order(inspection_items::position).select(Item::as_select()).load(db)?)
}

/// The inspections of a site, newest first.
pub fn of_site(db: &mut Db, case: CaseId, limit: i64) -> Result<Vec<Inspection>> {
    let rows = inspections::table.filter(inspections::case_id.eq(case.0)).order(inspections::made_at.desc());
    Ok(rows.limit(limit).select(Inspection::as_select()).load(db)?)
}

/// What has to be mended on a site, oldest first.
pub fn open_violations(db: &mut Db, case: CaseId) -> Result<Vec<Violation>> {
    let rows = violations::table.filter(violations::case_id.eq(case.0).and(violations::mended_by.is_null()));
    Ok(rows.order(violations::id).select(Violation::as_select()).load(db)?)
}

/// What has to be mended in a whole community, by deadline.
pub fn all_open_violations(db: &mut Db, community: CommunityId) -> Result<Vec<Violation>> {
    let open = violations::community_id.eq(community.0).and(violations::mended_by.is_null());
    Ok(violations::table
        .filter(open)
        .order((violations::deadline, violations::id))
        .select(Violation::as_select())
        .load(db)?)
}

pub(super) fn insert(
    tx: &mut Db,
    (community, inspector): (CommunityId, PersonId),
    (duty, day, now): (Option<DutyId>, LocalDate, Instant),
    new: &NewInspection,
) -> Result<InspectionId> {
    let row = (
        inspections::community_id.eq(community),
        inspections::case_id.eq(new.case),
        inspections::duty_id.eq(duty),
        inspections::inspector_id.eq(inspector),
        inspections::made_at.eq(new.made_at),
        inspections::arrived_at.eq(now),
        inspections::day.eq(day),
        inspections::progress.eq(new.progress.trim()),
        inspections::workers.eq(new.workers),
        inspections::photos.eq(i64::try_from(new.attachments.len()).unwrap_or(i64::MAX)),
    );
    let id: InspectionId =
        diesel::insert_into(inspections::table).values(row).returning(inspections::id).get_result(tx)?;
    for (position, item) in (1_i64..).zip(&new.items) {
        let row = (
            inspection_items::inspection_id.eq(id),
            inspection_items::position.eq(position),
            inspection_items::item.eq(item.item.trim()),
            inspection_items::passed.eq(item.ok),
            inspection_items::note.eq(item.note.trim()),
        );
        diesel::insert_into(inspection_items::table).values(row).execute(tx)?;
    }
    Ok(id)
}
