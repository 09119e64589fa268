//! Renovation inspections 装修巡查: every site at work or stopped at 05:00 is to be looked at that day
//! (domain.md §5). A record keeps when it was made and when it arrived; a day without one is a miss, and a
//! late record does not undo it.

mod day_list;
mod faults;
mod records;
pub mod rules;
mod violations;

pub use day_list::{Miss, day_list, missed_days, misses};
pub use faults::faults;
pub use records::{Inspection, Item, Violation, all_open_violations, by_id, items, of_site, open_violations};

use chrono::Days;

use self::rules::Severity;
use crate::access::{Action, Actor, Object, allow};
use crate::attachments::{self, Subject};
use crate::audit::{self, Line};
use crate::duties::{self, Duty, Kind, State, SubjectKind};
use crate::renovation::{self, Site};
use crate::{
    AttachmentId, CaseId, Db, DutyId, Error, FieldError, InspectionId, Instant, LocalDate, Result, Zone,
    community,
};

/// One item as it was found.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Which: a code of [`rules::ITEMS`], or in words.
    pub item: String,
    /// Whether it was in order.
    pub ok: bool,
    /// What was seen; needed where it was not.
    pub note: String,
    /// How bad a failure is, where the inspector says so.
    pub severity: Option<Severity>,
    /// By when it is to be mended.
    pub deadline: Option<LocalDate>,
}

/// A record of an inspection.
#[derive(Debug, Clone)]
pub struct NewInspection {
    /// The renovation's case.
    pub case: CaseId,
    /// When it was made.
    pub made_at: Instant,
    /// What was looked at.
    pub items: Vec<NewItem>,
    /// How far the work is.
    pub progress: String,
    /// Workers counted.
    pub workers: i32,
    /// Photos that were uploaded before.
    pub attachments: Vec<AttachmentId>,
}

/// Logs an inspection: it fulfils the day's duty, opens and ends violations, and stops the site where it must.
///
/// # Errors
/// By field where the record is incomplete; refused where the site was closed before that day.
pub fn log(tx: &mut Db, actor: &Actor, now: Instant, new: &NewInspection) -> Result<Inspection> {
    let site = renovation::of(tx, new.case)?;
    let community = site.1.community_id;
    allow(tx, actor, now, Action::Inspect, Object::Case(community, new.case))?;
    let inspector = actor.person.ok_or(Error::NotSignedIn)?;
    let zone = community::by_id(tx, community)?.zone()?;
    let day = zone.date(new.made_at);
    check(&site, new, (day, now))?;
    violations::seen(tx, new)?;
    day_list::raise_up_to_now(tx, &site, zone, now)?;
    let duty = owed(tx, new.case, day, (zone, now))?;
    let id = records::insert(tx, (community, inspector), (duty.as_ref().map(|duty| duty.id), day, now), new)?;
    attachments::attach(tx, actor, Subject::Inspection(id), "inspection", &new.attachments)?;
    if let Some(duty) = duty {
        duties::fulfil(tx, &duty, new.made_at, ("inspection", id.0))?;
    }
    let made = by_id(tx, id)?;
    violations::follow(tx, actor, now, (&site.1, &made), new)?;
    audit::write(tx, actor, now, &Line::new(community, "inspection.log", "inspection", id.0))?;
    Ok(made)
}

/// The duty of the day that this record fulfils; none where nothing was owed or it is done already. One whose
/// day was closed is recorded as missed first.
fn owed(tx: &mut Db, case: CaseId, day: LocalDate, (zone, now): (Zone, Instant)) -> Result<Option<Duty>> {
    let subject = (SubjectKind::Case, case.0);
    let found = duties::of_occurrence(tx, Kind::RenovationInspection, subject, &day.to_string())?;
    let Some(duty) = found else { return Ok(None) };
    let is_closed = day_list::list_time(zone, day + Days::new(1)) <= now;
    match duty.state {
        State::Open if is_closed => {
            duties::end(tx, &duty, now, State::Missed)?;
            Ok(Some(duties::by_id(tx, duty.id)?))
        }
        State::Open => Ok(Some(duty)),
        State::Missed if duty.record_id.is_none() => Ok(Some(duty)),
        _ => Ok(None),
    }
}

fn check((renovation, case): &Site, new: &NewInspection, (day, now): (LocalDate, Instant)) -> Result<()> {
    const MOST_ITEMS: usize = 60;
    const LONGEST: usize = 2_000;
    if renovation.ended_on.is_some_and(|last| day > last) {
        return Err(Error::refused("inspection.closed", vec![("number", case.number().to_owned())]));
    }
    let mut wrong = Vec::new();
    if new.made_at > now {
        wrong.push(FieldError::new("made_at", "in_the_future"));
    } else if day < renovation.starts_on {
        wrong.push(FieldError::new("made_at", "before_start"));
    }
    if new.items.is_empty() || new.items.len() > MOST_ITEMS {
        wrong.push(FieldError::new("items", "between").with("least", 1).with("most", MOST_ITEMS));
    }
    for (n, item) in new.items.iter().enumerate() {
        wrong.extend(check_item(n, item, new));
        if !item.ok && item.deadline.is_some_and(|by| by < day) {
            wrong.push(FieldError::new(format!("items.{n}.deadline"), "before_finding"));
        }
    }
    if new.progress.trim().is_empty() {
        wrong.push(FieldError::new("progress", "required"));
    } else if new.progress.chars().count() > LONGEST {
        wrong.push(FieldError::new("progress", "too_long").with("most", LONGEST));
    }
    if !(0..=500).contains(&new.workers) {
        wrong.push(FieldError::new("workers", "between").with("least", 0).with("most", 500));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

fn check_item(n: usize, item: &NewItem, new: &NewInspection) -> Option<FieldError> {
    let name = item.item.trim();
    let twice = new.items.iter().take(n).any(|other| other.item.trim() == name);
    if name.is_empty() || name.chars().count() > 100 || twice {
        return Some(FieldError::new(format!("items.{n}.item"), "item"));
    }
    let is_silent = !item.ok && item.note.trim().is_empty();
    if is_silent || item.note.chars().count() > 1_000 {
        return Some(FieldError::new(format!("items.{n}.note"), "needs_note"));
    }
    None
}

/// An inspection with its items, if the asker may see its site.
pub fn read(db: &mut Db, actor: &Actor, now: Instant, id: InspectionId) -> Result<(Inspection, Vec<Item>)> {
    let made = by_id(db, id)?;
    let here = Object::Community(made.community_id);
    allow(db, actor, now, Action::Inspect, Object::Case(made.community_id, made.case_id))
        .or_else(|_| allow(db, actor, now, Action::RegisterRenovation, here))
        .or_else(|_| allow(db, actor, now, Action::ReadFigures, here))
        .map_err(|_| Error::NotFound)?;
    Ok((made, items(db, id)?))
}

/// The duty of an inspection, where it fulfilled one.
pub fn duty(db: &mut Db, made: &Inspection) -> Result<Option<Duty>> {
    made.duty_id.map(|id: DutyId| duties::by_id(db, id)).transpose()
}
