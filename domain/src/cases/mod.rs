//! Cases 事项: the spine of everything that somebody asks of us. One inbox, one search, one timeline, one
//! clock and one return-visit rule serve repairs, complaints, enquiries, moves and renovations alike
//! (domain.md §3). A capability brings its states and its transition table; this spine gives numbers,
//! keeps the timeline and sees to it that a case moves only along the table.

mod clocks;
mod closure;
mod faults;
mod marks;
mod reach;
mod records;
mod step;
pub mod table;
pub(crate) mod tell;
pub mod voice;

pub use clocks::{breached, breaches, record_breaches};
pub use closure::daily_closure;
pub use faults::faults;
pub use marks::{
    Finish, Finished, answer_for, answered, close, finish, finishes, go_on, merge, pause, reopen, responded,
    resume,
};
pub use reach::{reach, standing};
pub use records::{Breach, Case, Event, Filter, Reach};
pub use step::{Step, advance, conflict, expect, note, timeline};
pub use table::{Standing, Transition, Who};
pub use voice::Voice;

use diesel::prelude::*;

use crate::access::{Action, Actor, Object, allow};
use crate::community;
use crate::db::schema::cases;
use crate::{CaseId, CommunityId, Db, HomeId, Instant, PersonId, Result, number};

crate::words! {
    /// What kind of thing was asked.
    Kind {
        /// 报修
        Repair = "repair",
        /// 投诉
        Complaint = "complaint",
        /// 咨询
        Enquiry = "enquiry",
        /// 入住
        MoveIn = "move_in",
        /// 搬出
        MoveOut = "move_out",
        /// 装修
        Renovation = "renovation",
    }
}

impl Kind {
    /// The letters that its numbers begin with.
    pub fn letters(self) -> &'static str {
        match self {
            Self::Repair => "WX",
            Self::Complaint => "TS",
            Self::Enquiry => "ZN",
            Self::MoveIn => "RZ",
            Self::MoveOut => "BC",
            Self::Renovation => "ZX",
        }
    }
}

crate::words! {
    /// The way by which a case reached us.
    Channel {
        /// This portal.
        Portal = "portal",
        /// A call.
        Phone = "phone",
        /// At the counter.
        WalkIn = "walk_in",
        /// A letter.
        Letter = "letter",
        /// An e-mail.
        Email = "email",
        /// A messenger.
        Messenger = "messenger",
        /// The city's hotline 12345.
        Hotline12345 = "hotline_12345",
        /// The consumer association.
        ConsumerAssociation = "consumer_association",
        /// The press.
        Media = "media",
        /// A steward on the round.
        Steward = "steward",
        /// A patrol.
        Patrol = "patrol",
        /// Other staff.
        Staff = "staff",
    }
}

crate::words! {
    /// How fast it has to go.
    Urgency {
        /// 抢修: flooding, gas, someone trapped, power out.
        Emergency = "emergency",
        /// 紧急
        Urgent = "urgent",
        /// 普通
        Normal = "normal",
    }
}

/// A case to be opened.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// Where.
    pub community: CommunityId,
    /// What kind.
    pub kind: Kind,
    /// The state it begins in.
    pub state: &'static str,
    /// The home it is about; none for a public place.
    pub home: Option<HomeId>,
    /// The public place, in words.
    pub place: Option<String>,
    /// Who reported it, where they are a person of the register.
    pub reporter: Option<PersonId>,
    /// What the reporter is called, where they are not.
    pub reporter_name: Option<String>,
    /// How to reach a reporter who is not.
    pub reporter_phone: Option<String>,
    /// By which way.
    pub channel: Channel,
    /// Who answers for it, once somebody does.
    pub accountable: Option<PersonId>,
    /// Its category, `water.leak`.
    pub category: String,
    /// How fast it has to go.
    pub urgency: Urgency,
    /// What was said.
    pub text: String,
    /// When somebody has to take it.
    pub respond_by: Option<Instant>,
    /// When it has to be done.
    pub resolve_by: Option<Instant>,
}

/// Opens a case: number, first event.
///
/// The caller has asked the policy and checked what was entered; the number is taken here, after that.
pub fn open(tx: &mut Db, actor: &Actor, now: Instant, new: &NewCase) -> Result<Case> {
    let id = records::insert(tx, now, new)?;
    submit(tx, actor, now, id, new.state)?;
    by_id(tx, id)
}

/// Keeps a draft: no number, no clocks, seen only by who writes it.
pub fn draft(tx: &mut Db, now: Instant, new: &NewCase) -> Result<Case> {
    let id = records::insert(tx, now, &NewCase { state: "draft", ..new.clone() })?;
    by_id(tx, id)
}

/// Gives a draft its number and its first event.
pub fn submit(tx: &mut Db, actor: &Actor, now: Instant, id: CaseId, state: &str) -> Result<()> {
    let (community, kind): (CommunityId, Kind) =
        cases::table.find(id.0).select((cases::community_id, cases::kind)).first(tx)?;
    let day = community::by_id(tx, community)?.today(now)?;
    let number = number::next(tx, community, kind.letters(), day)?;
    let set = (cases::number.eq(number), cases::submitted_at.eq(now), cases::state.eq(state));
    diesel::update(cases::table.find(id.0)).set(set).execute(tx)?;
    step::write_event(tx, actor, now, (community, id), &Step::to("open", state))
}

/// The case of an id.
pub fn by_id(db: &mut Db, id: CaseId) -> Result<Case> {
    Ok(cases::table.find(id.0).select(Case::as_select()).first(db)?)
}

/// The case of a number, if the asker may see it.
pub fn read(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId, number: &str) -> Result<Case> {
    let case = cases::table
        .filter(cases::community_id.eq(community.0).and(cases::number.eq(number)))
        .select(Case::as_select())
        .first(db)?;
    let case: Case = case;
    allow(db, actor, now, Action::ReadCase, Object::Case(community, case.id))?;
    Ok(case)
}

/// The submitted cases that a filter lets through, newest first. The caller narrows the filter to what the
/// asker may see.
pub fn list(db: &mut Db, community: CommunityId, filter: &Filter, limit: i64) -> Result<Vec<Case>> {
    records::list(db, community, filter, limit)
}

/// Who reported a case, and who reported what was merged into it.
pub fn reporters(db: &mut Db, case: &Case) -> Result<Vec<PersonId>> {
    let merged: Vec<Option<PersonId>> = cases::table
        .filter(cases::merged_into.eq(case.id.0))
        .order(cases::id)
        .select(cases::reporter_id)
        .load(db)?;
    let mut people: Vec<_> = case.reporter_id.into_iter().chain(merged.into_iter().flatten()).collect();
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// The code of the home that a case is about.
pub fn home_code(db: &mut Db, home: HomeId) -> Result<String> {
    use crate::db::schema::homes;
    Ok(homes::table.find(home.0).select(homes::code).first(db)?)
}

/// Whom to call about a case: its reporters, or, where nobody is named, who is tied to the home; with their
/// phones, for who makes its return visit.
pub fn contacts(db: &mut Db, case: &Case) -> Result<Vec<(String, Option<String>)>> {
    use crate::db::schema::{occupancies, people};
    let mut who = reporters(db, case)?;
    if let Some(home) = case.home_id.filter(|_| who.is_empty() && case.reporter_phone.is_none()) {
        who = occupancies::table
            .filter(occupancies::home_id.eq(home.0).and(occupancies::ends_on.is_null()))
            .select(occupancies::person_id)
            .load(db)?;
    }
    let who: Vec<i64> = who.iter().map(|person| person.0).collect();
    let known = people::table.filter(people::id.eq_any(who)).order(people::id);
    Ok(known.select((people::name, people::phone)).load(db)?)
}
