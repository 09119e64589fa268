//! Who pays 谁付费: what the table says of a repair, with the line that applied; the quote that a resident
//! agrees to before it costs them anything; the charge that follows.

mod bill;
mod quotes;
mod rules;

pub use quotes::{Quote, QuoteLine, QuoteState, Quoted, current};
pub use rules::{Decision, Payer, Periods, Rule};

pub(super) use bill::on_finish;
pub(super) use quotes::{agree, disagree, may_disagree, offer, refuse};

use diesel::prelude::*;

use crate::cases::Case;
use crate::categories::{self, Kind, Part};
use crate::db::schema::{buildings, homes, repairs};
use crate::{CommunityId, Db, Error, LocalDate, Result, community, settings};

/// Both dates from which a warranty counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dates {
    /// The completion acceptance of the building 竣工验收.
    pub completed_on: Option<LocalDate>,
    /// The handover of the home 收楼.
    pub delivered_on: Option<LocalDate>,
}

/// The dates of a case's home; none in a public place.
pub fn dates(db: &mut Db, case: &Case) -> Result<Dates> {
    let Some(home) = case.home_id else { return Ok(Dates::default()) };
    let (completed_on, delivered_on) = homes::table
        .inner_join(buildings::table.on(buildings::id.eq(homes::building_id)))
        .filter(homes::id.eq(home.0))
        .select((buildings::completed_on, homes::delivered_on))
        .first(db)?;
    Ok(Dates { completed_on, delivered_on })
}

/// Who pays for a repair, by the table as it holds on the day on which it was reported; of what is done, as it was
/// decided when it was done.
pub fn decide(db: &mut Db, case: &Case) -> Result<Decision> {
    let category = categories::of(db, case.community_id, &case.category)?;
    let (caused, payer, rule): (bool, Option<String>, Option<String>) = repairs::table
        .find(case.id.0)
        .select((repairs::caused_by_people, repairs::payer, repairs::pays_rule))
        .first(db)?;
    let reported = case.submitted_at.unwrap_or(case.created_at);
    let public = case.home_id.is_none() || category.part == Part::Public;
    let facts = rules::Facts {
        service: category.kind == Kind::Request,
        public,
        caused,
        warranty: category.warranty,
        dates: dates(db, case)?,
        on: community::by_id(db, case.community_id)?.today(reported)?,
    };
    let decided = rules::decide(&facts, &periods(db, case.community_id)?);
    let kept = payer.zip(rule).filter(|_| case.resolved_at.is_some());
    let Some((payer, rule)) = kept else { return Ok(decided) };
    let payer: Payer = payer.parse().map_err(Error::internal)?;
    Ok(Decision { payer, rule: rule.parse().map_err(Error::internal)?, ..decided })
}

/// The periods of the warranty table that hold in a community.
pub fn periods(db: &mut Db, community: CommunityId) -> Result<Periods> {
    let mut years = |setting| settings::get(db, community, setting);
    Ok(Periods {
        waterproofing: years(settings::WARRANTY_WATERPROOFING_YEARS)?,
        installation: years(settings::WARRANTY_INSTALLATION_YEARS)?,
        heating: years(settings::WARRANTY_HEATING_SEASONS)?,
        structure: years(settings::WARRANTY_STRUCTURE_YEARS)?,
    })
}

#[cfg(test)]
mod tests;
