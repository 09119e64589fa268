//! Renovation 装修, as far as a running one goes: the desk registers a site that is already at work, the
//! officer stops and resumes it, extends its permit once, closes it. Order 110 (住宅室内装饰装修管理办法)
//! wants a site that is followed and stops that stand up, so each step is on the case's timeline.

mod records;
pub mod rules;

pub use records::{Renovation, Site, of, sites};
pub use rules::State;

use diesel::prelude::*;

use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line};
use crate::cases::{self, Case, Channel, Kind, NewCase, Step, Urgency, table};
use crate::db::schema::{occupancies, renovations};
use crate::duties::{self, SubjectKind};
use crate::notifications::{self, Tell};
use crate::{
    CaseId, CommunityId, Db, Error, FieldError, HomeId, Instant, LocalDate, PersonId, Result, community,
    on_duty,
};

/// A site that is at work already, with the permit that it was given on paper.
#[derive(Debug, Clone)]
pub struct NewRunning {
    /// The community.
    pub community: CommunityId,
    /// Where.
    pub home: HomeId,
    /// The permit's number.
    pub permit_number: String,
    /// Why it is registered without an application.
    pub reason: String,
    /// Who does the work.
    pub contractor: String,
    /// How to reach them.
    pub contractor_phone: Option<String>,
    /// When it began.
    pub starts_on: LocalDate,
    /// The permit's last day.
    pub ends_on: LocalDate,
}

/// Registers a running renovation straight into *working*.
///
/// # Errors
/// By field: a permit number that is known, dates that don't fit. A home whose renovation runs: refused.
pub fn register_running(tx: &mut Db, actor: &Actor, now: Instant, new: &NewRunning) -> Result<Case> {
    allow(tx, actor, now, Action::RegisterRenovation, Object::Home(new.community, new.home))?;
    let today = community::by_id(tx, new.community)?.today(now)?;
    check(tx, new, today)?;
    if let Some((_, case)) = records::running(tx, new.home)? {
        return Err(Error::refused("renovation.running", vec![("number", case.number().to_owned())]));
    }
    let officer = on_duty::holders_on(tx, new.community, Role::Officer, today)?.first().copied();
    let case = cases::open(tx, actor, now, &opened(new, officer.or(actor.person)))?;
    let row = (
        renovations::case_id.eq(case.id),
        renovations::community_id.eq(new.community),
        renovations::permit_number.eq(new.permit_number.trim()),
        renovations::contractor.eq(new.contractor.trim()),
        renovations::contractor_phone.eq(new.contractor_phone.as_deref().map(str::trim)),
        renovations::starts_on.eq(new.starts_on),
        renovations::ends_on.eq(new.ends_on),
        renovations::registered_by.eq(actor.person),
    );
    diesel::insert_into(renovations::table).values(row).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(new.community, "renovation.register", "case", case.id.0))?;
    Ok(case)
}

fn opened(new: &NewRunning, accountable: Option<PersonId>) -> NewCase {
    NewCase {
        community: new.community,
        kind: Kind::Renovation,
        state: State::Working.as_str(),
        home: Some(new.home),
        place: None,
        reporter: None,
        reporter_name: None,
        reporter_phone: None,
        channel: Channel::Staff,
        accountable,
        category: "registered".to_owned(),
        urgency: Urgency::Normal,
        text: new.reason.trim().to_owned(),
        respond_by: None,
        resolve_by: None,
    }
}

fn check(db: &mut Db, new: &NewRunning, today: LocalDate) -> Result<()> {
    let mut wrong = Vec::new();
    for (field, text, most) in [
        ("permit_number", &new.permit_number, 60),
        ("reason", &new.reason, 2_000),
        ("contractor", &new.contractor, 200),
    ] {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "required"));
        } else if text.chars().count() > most {
            wrong.push(FieldError::new(field, "too_long").with("most", most));
        }
    }
    if records::permit_exists(db, new.community, new.permit_number.trim())? {
        wrong.push(FieldError::new("permit_number", "taken"));
    }
    if new.starts_on > today {
        wrong.push(FieldError::new("starts_on", "in_the_future"));
    }
    if new.ends_on < new.starts_on {
        wrong.push(FieldError::new("ends_on", "ends_before_start"));
    } else if new.ends_on < today {
        wrong.push(FieldError::new("ends_on", "in_the_past"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// A step that is asked for, with what it needs.
#[derive(Debug, Clone)]
pub enum Move {
    /// Work stops until what is wrong is mended.
    Stop,
    /// Work goes on.
    Resume,
    /// The permit gets a later last day.
    Extend(LocalDate),
    /// The site is closed; its last day.
    Abandon(Option<LocalDate>),
}

impl Move {
    fn action(&self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Resume => "resume",
            Self::Extend(_) => "extend",
            Self::Abandon(_) => "abandon",
        }
    }
}

/// Moves a renovation along its table, if it still has the version that the mover saw.
///
/// # Errors
/// Refused where the state has no such step, where severe violations are open, where the permit was extended
/// before; by field where the reason is missing or a date doesn't fit.
pub fn act(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (id, version): (CaseId, i32),
    (wanted, reason): (&Move, &str),
) -> Result<Case> {
    let (renovation, case) = of(tx, id)?;
    allow(tx, actor, now, Action::MoveCase, Object::Case(case.community_id, id))?;
    if case.version != version {
        return Err(cases::conflict(tx, id)?);
    }
    let row = table::find(rules::TABLE, state(&case)?, wanted.action(), may(actor, &case))?;
    if reason.trim().is_empty() {
        return Err(Error::field("reason", "required"));
    }
    let today = community::by_id(tx, case.community_id)?.today(now)?;
    match wanted {
        Move::Stop => {}
        Move::Resume => refuse_while_severe(tx, id)?,
        Move::Extend(to) => extend(tx, &renovation, *to, now)?,
        Move::Abandon(last) => end(tx, &renovation, last.unwrap_or(today), (today, now))?,
    }
    let step = Step::to(wanted.action(), row.to.as_str()).note(reason.trim());
    let moved = cases::advance(tx, actor, now, &case, &step)?;
    if row.to == State::Abandoned {
        cases::close(tx, id, now)?;
    }
    Ok(moved)
}

/// What the actor may do now.
pub fn actions(actor: &Actor, case: &Case) -> Result<Vec<&'static str>> {
    Ok(table::actions(rules::TABLE, state(case)?, may(actor, case)))
}

fn may(actor: &Actor, case: &Case) -> impl Fn(&[cases::Who]) -> bool {
    let (actor, community) = (actor.clone(), case.community_id);
    move |by| table::is_one_of(by, &actor, community, table::Standing::default())
}

/// The state of a renovation's case.
pub fn state(case: &Case) -> Result<State> {
    case.state.parse().map_err(Error::internal)
}

fn refuse_while_severe(db: &mut Db, id: CaseId) -> Result<()> {
    let severe = crate::inspections::open_violations(db, id)?.into_iter().filter(|v| v.is_severe());
    let items: Vec<String> = severe.map(|violation| violation.item).collect();
    if items.is_empty() {
        return Ok(());
    }
    Err(Error::refused("renovation.severe_open", vec![("items", items.join("、"))]))
}

fn extend(tx: &mut Db, renovation: &Renovation, to: LocalDate, now: Instant) -> Result<()> {
    if renovation.extended_at.is_some() {
        return Err(Error::refused("renovation.extended", vec![]));
    }
    if to <= renovation.ends_on {
        return Err(Error::field("ends_on", "not_later"));
    }
    let set = (renovations::ends_on.eq(to), renovations::extended_at.eq(now));
    diesel::update(renovations::table.find(renovation.case_id.0)).set(set).execute(tx)?;
    Ok(())
}

/// Closes a site: what would be owed for days after its last is taken out by rule.
fn end(
    tx: &mut Db,
    renovation: &Renovation,
    last: LocalDate,
    (today, now): (LocalDate, Instant),
) -> Result<()> {
    if last > today {
        return Err(Error::field("ended_on", "in_the_future"));
    }
    if last < renovation.starts_on {
        return Err(Error::field("ended_on", "before_start"));
    }
    let id = renovation.case_id;
    diesel::update(renovations::table.find(id.0)).set(renovations::ended_on.eq(last)).execute(tx)?;
    let subject = (SubjectKind::Case, id.0);
    while let Some(duty) = duties::open_of(tx, duties::Kind::RenovationInspection, subject)? {
        let day: LocalDate = duty.occurrence.parse().map_err(Error::internal)?;
        if day <= last {
            break;
        }
        duties::cancel_one_by_rule(tx, duty.id, "site_closed_the_day_before", now)?;
    }
    Ok(())
}

/// Stops a site because of what an inspection found, whoever made it.
pub(crate) fn stop_for(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, item: &str) -> Result<()> {
    if state(case)? == State::Working {
        cases::advance(tx, actor, now, case, &Step::to("stop", State::Stopped.as_str()).note(item))?;
    }
    Ok(())
}

/// Lets permits expire whose last day has passed; tells the home, its steward and the officers. Returns how many.
pub fn expire(tx: &mut Db, community: CommunityId, now: Instant) -> Result<usize> {
    let today = community::by_id(tx, community)?.today(now)?;
    let portal = Actor::system("permits");
    let mut expired = 0;
    for (renovation, case) in sites(tx, community, today)? {
        let runs = matches!(state(&case)?, State::Working | State::Stopped);
        if runs && renovation.ends_on < today && renovation.ended_on.is_none() {
            cases::advance(tx, &portal, now, &case, &Step::to("expire", State::Expired.as_str()))?;
            tell_expiry(tx, (&renovation, &case), (today, now))?;
            expired += 1;
        }
    }
    Ok(expired)
}

fn tell_expiry(
    tx: &mut Db,
    (renovation, case): (&Renovation, &Case),
    (today, now): (LocalDate, Instant),
) -> Result<()> {
    let mut people = on_duty::holders_on(tx, case.community_id, Role::Officer, today)?;
    if let Some(home) = case.home_id {
        people.extend(on_duty::steward_of(tx, home, today)?);
        people.extend(tied(tx, home, today)?);
    }
    let tell = Tell {
        community: case.community_id,
        event: format!("renovation.expired:{}:{}", case.id, renovation.ends_on),
        person: PersonId(0),
        code: "renovation.expired",
        args: serde_json::json!({
            "number": case.number(),
            "permit": renovation.permit_number,
            "ends_on": renovation.ends_on,
        }),
        link: Some(format!("/cases/{}", case.number())),
        urgency: notifications::Urgency::Normal,
    };
    people.sort_unstable();
    people.dedup();
    notifications::tell_all(tx, &people, &tell, now)
}

/// Who is tied to a home on a day.
fn tied(db: &mut Db, home: HomeId, day: LocalDate) -> Result<Vec<PersonId>> {
    Ok(occupancies::table
        .filter(occupancies::home_id.eq(home.0).and(occupancies::starts_on.le(day)))
        .filter(occupancies::ends_on.is_null().or(occupancies::ends_on.ge(day)))
        .select(occupancies::person_id)
        .distinct()
        .load(db)?)
}
