//! Move-ins 入住: applied for page by page, reviewed at the desk, handed over by the steward.

pub(crate) mod act;
pub(crate) mod agreements;
pub(crate) mod begin;
pub(crate) mod handover;
pub(crate) mod list;
mod papers;
pub(crate) mod record;
pub(crate) mod register;
pub(crate) mod show;
mod step;
pub(crate) mod write;

use domain::access::Actor;
use domain::move_in::{self, Application, Kind};
use domain::{CommunityId, Db, cases, homes};

use crate::form::Form;
use crate::views::move_ins::DraftRow;

/// Where the words of the forms are.
const WORDS: &str = "move_in.form";

/// The drafts that the asker began in a community, newest first.
pub(crate) fn drafts(db: &mut Db, actor: &Actor, community: CommunityId) -> domain::Result<Vec<DraftRow>> {
    let Some(person) = actor.person else { return Ok(vec![]) };
    let mut found = move_in::drafts(db, person)?;
    found.retain(|(_, case)| case.community_id == community);
    let codes = homes::codes(db, &found.iter().filter_map(|(_, case)| case.home_id).collect::<Vec<_>>())?;
    let row = |(row, case): Application| DraftRow {
        id: case.id.0,
        home: case.home_id.and_then(|home| codes.get(&home).cloned()).unwrap_or_default(),
        kind: row.kind.map(Kind::as_str),
        at: case.created_at,
    };
    Ok(found.into_iter().map(row).collect())
}

/// A home's code.
fn code_of(db: &mut Db, (_, case): &Application) -> domain::Result<String> {
    case.home_id.map_or_else(|| Ok(String::new()), |home| cases::home_code(db, home))
}

/// What was entered, in the fields of a form.
fn filled(entered: &move_in::Form) -> Form {
    let day = |day: Option<domain::LocalDate>| day.map(|day| day.to_string());
    let fields = [
        ("kind", entered.kind.map(|kind| kind.to_string())),
        ("name", Some(entered.name.clone())),
        ("phone", entered.phone.clone()),
        ("email", entered.email.clone()),
        ("id_last4", entered.id_last4.clone()),
        ("lease_from", day(entered.lease_from)),
        ("lease_to", day(entered.lease_to)),
        ("pays", entered.pays.then(|| "on".to_owned())),
        ("wished_on", day(entered.wished_on)),
    ];
    let values = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    values.fold(Form::new(WORDS), |form, (name, value)| form.with(name, value))
}
