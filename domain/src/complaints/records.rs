//! The rows of complaints.

use diesel::prelude::*;

use super::{Cause, Department, State};
use crate::cases::Case;
use crate::db::schema::{cases, complaint_options, complaints};
use crate::{CaseId, CommunityId, Db, Fen, Instant, LocalDate, PersonId, Result};

/// What is a complaint's own, beside its case.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = complaints)]
pub struct Complaint {
    /// The case.
    pub case_id: CaseId,
    /// The member of staff that it is about.
    pub about_id: Option<PersonId>,
    /// The day on which it happened.
    pub happened_on: Option<LocalDate>,
    /// What is asked for.
    pub wish: String,
    /// The number that the hotline, the association or the paper gave it.
    pub reference: Option<String>,
    /// By when they want an answer.
    pub deadline: Option<Instant>,
    /// Whether it is founded, once it was judged.
    pub founded: Option<bool>,
    /// Why, in words that can be shown.
    pub verdict: String,
    /// The department that has to answer.
    pub department: Option<Department>,
    /// Who headed it when the complaint was given to it.
    pub responsible_id: Option<PersonId>,
    /// What lay behind it.
    pub cause: Option<Cause>,
    /// What was found out.
    pub findings: String,
    /// Which plan holds: 1, 2 … where earlier ones were sent back; 0 where there is none.
    pub plan: i32,
    /// The option that was chosen.
    pub chosen: Option<i32>,
    /// Who said so: who complained, or staff for them.
    pub chosen_by: Option<PersonId>,
    /// When.
    pub chosen_at: Option<Instant>,
    /// What was done, or why there is nothing to do.
    pub done: String,
    /// What they said to the answer.
    pub said: String,
    /// What is learned from it.
    pub lesson: String,
}

/// What a plan offers.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = complaint_options)]
pub struct Choice {
    /// 1 to 3.
    pub number: i32,
    /// What would be done.
    pub text: String,
    /// The money that it promises.
    #[diesel(column_name = money_fen)]
    pub money: Fen,
}

/// What is a complaint's own.
pub fn of_case(db: &mut Db, case: CaseId) -> Result<Complaint> {
    Ok(complaints::table.find(case.0).select(Complaint::as_select()).first(db)?)
}

/// The member of staff that a case is a complaint about; none of any other case.
pub fn about(db: &mut Db, case: CaseId) -> Result<Option<PersonId>> {
    let found: Option<Option<PersonId>> =
        complaints::table.find(case.0).select(complaints::about_id).first(db).optional()?;
    Ok(found.flatten())
}

/// The options of the plan that holds.
pub fn options(db: &mut Db, complaint: &Complaint) -> Result<Vec<Choice>> {
    Ok(complaint_options::table
        .filter(complaint_options::case_id.eq(complaint.case_id.0))
        .filter(complaint_options::plan.eq(complaint.plan))
        .order(complaint_options::number)
        .select(Choice::as_select())
        .load(db)?)
}

/// A complaint with the options of its plan as the reader may see them: who is no staff sees no findings, no
/// plan before it is approved, and no verdict of *unfounded* before it is answered.
pub fn shown(db: &mut Db, case: &Case, staff: bool) -> Result<(Complaint, Vec<Choice>)> {
    let mut row = of_case(db, case.id)?;
    let mut plan = options(db, &row)?;
    if staff {
        return Ok((row, plan));
    }
    let answered = case.finish_number > 0;
    let approved = matches!(case.state.parse(), Ok(State::Approved | State::CarryingOut)) || answered;
    (row.findings, row.lesson, row.cause, row.responsible_id) = (String::new(), String::new(), None, None);
    if row.founded == Some(false) && !answered {
        (row.founded, row.verdict) = (None, String::new());
    }
    if !approved {
        plan.clear();
    }
    Ok((row, plan))
}

pub(super) fn insert_plan(
    tx: &mut Db,
    (community, case): (CommunityId, CaseId),
    plan: i32,
    all: &[(String, Fen)],
) -> Result<()> {
    for (number, (text, money)) in (1_i32..).zip(all) {
        let row = (
            complaint_options::case_id.eq(case),
            complaint_options::plan.eq(plan),
            complaint_options::number.eq(number),
            complaint_options::community_id.eq(community),
            complaint_options::text.eq(text),
            complaint_options::money_fen.eq(*money),
        );
        diesel::insert_into(complaint_options::table).values(row).execute(tx)?;
    }
    Ok(())
}

/// The complaints that a person has to see to, as head of the department that they were given to.
pub(crate) fn given_to(db: &mut Db, community: CommunityId, person: PersonId) -> Result<Vec<CaseId>> {
    Ok(complaints::table
        .inner_join(cases::table.on(cases::id.eq(complaints::case_id)))
        .filter(complaints::community_id.eq(community.0))
        .filter(complaints::responsible_id.eq(person.0))
        .select(complaints::case_id)
        .load(db)?)
}
