//! The rows of enquiries.

use diesel::prelude::*;

use crate::cases::Case;
use crate::db::schema::{cases, enquiries};
use crate::{CaseId, CommunityId, Db, Instant, PersonId, Result};

use super::State;

/// What is an enquiry's own, beside its case.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = enquiries)]
pub struct Enquiry {
    /// The case.
    pub case_id: CaseId,
    /// The answer that holds.
    pub answer: String,
    /// Who gave it.
    pub answered_by: Option<PersonId>,
    /// The article that it refers to.
    pub article_id: Option<i64>,
    /// Whether it helped, as far as was said.
    pub helped: Option<bool>,
}

/// What is an enquiry's own.
pub fn of_case(db: &mut Db, case: CaseId) -> Result<Enquiry> {
    Ok(enquiries::table.find(case.0).select(Enquiry::as_select()).first(db)?)
}

pub(super) fn insert(tx: &mut Db, case: &Case) -> Result<()> {
    let row = (enquiries::case_id.eq(case.id), enquiries::community_id.eq(case.community_id));
    diesel::insert_into(enquiries::table).values(row).execute(tx)?;
    Ok(())
}

pub(super) fn answer(
    tx: &mut Db,
    case: CaseId,
    text: &str,
    (by, article): (Option<PersonId>, Option<i64>),
) -> Result<()> {
    let set = (
        enquiries::answer.eq(text),
        enquiries::answered_by.eq(by),
        enquiries::article_id.eq(article),
        enquiries::helped.eq(None::<bool>),
    );
    diesel::update(enquiries::table.find(case.0)).set(set).execute(tx)?;
    Ok(())
}

pub(super) fn helped(tx: &mut Db, case: CaseId, helped: bool) -> Result<()> {
    diesel::update(enquiries::table.find(case.0)).set(enquiries::helped.eq(helped)).execute(tx)?;
    Ok(())
}

/// The enquiries that were answered before `before` and about which nobody has said anything since.
pub(super) fn silent_since(db: &mut Db, community: CommunityId, before: Instant) -> Result<Vec<Case>> {
    Ok(cases::table
        .filter(cases::community_id.eq(community.0).and(cases::kind.eq("enquiry")))
        .filter(cases::state.eq(State::Answered.as_str()).and(cases::resolved_at.le(before)))
        .order(cases::id)
        .select(Case::as_select())
        .load(db)?)
}
