//! The handover: identity seen, base readings, keys, agreements, defects, photos. It starts the occupancy, welcomes the
//! household and makes the steward owe a first visit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use diesel::prelude::*;

use super::records::Application;
use super::rules::Agreement;
use super::{agreements, rules, tenancy};
use crate::access::Actor;
use crate::attachments::{self, Subject};
use crate::cases::{Case, Channel};
use crate::categories::Code;
use crate::db::schema::{move_in_defects, move_in_handovers, move_in_readings};
use crate::duties::{self, NewDuty, SubjectKind};
use crate::notifications::{self, Tell};
use crate::repairs::{self, NewRepair};
use crate::visits::end_of;
use crate::{
    AttachmentId, Db, Error, FieldError, HomeId, Instant, LocalDate, PersonId, Result, Zone, on_duty,
    settings,
};

/// A defect that was seen at the handover.
#[derive(Debug, Clone)]
pub struct Defect {
    /// Its category, as of a repair.
    pub category: Code,
    /// What is wrong.
    pub text: String,
}

/// The checklist as the steward filled it in.
#[derive(Debug, Clone, Default)]
pub struct Handover {
    /// Whether identity papers were seen; they are not kept.
    pub identity_seen: bool,
    /// By meter (`water`, `electricity`, `gas`), as it was read.
    pub readings: BTreeMap<String, String>,
    /// Keys and cards given, in words.
    pub keys: String,
    /// What was signed.
    pub agreements: BTreeSet<Agreement>,
    /// What is to be mended under warranty.
    pub defects: Vec<Defect>,
    /// Photos that were uploaded before.
    pub attachments: Vec<AttachmentId>,
}

const METERS: [&str; 3] = ["water", "electricity", "gas"];

impl Handover {
    /// Readings in thousandths, once everything is as it should be.
    fn checked(&self) -> Result<Vec<(&str, i64)>> {
        let mut wrong = Vec::new();
        if !self.identity_seen {
            wrong.push(FieldError::new("identity_seen", "identity_seen"));
        }
        let mut readings = Vec::new();
        for (meter, text) in self.readings.iter().filter(|(_, text)| !text.trim().is_empty()) {
            match rules::reading(text) {
                Some(reading) if METERS.contains(&meter.as_str()) => readings.push((meter.as_str(), reading)),
                _ => wrong.push(FieldError::new(format!("readings.{meter}"), "reading")),
            }
        }
        for meter in ["water", "electricity"] {
            let is_there = self.readings.get(meter).is_some_and(|text| !text.trim().is_empty());
            if !is_there {
                wrong.push(FieldError::new(format!("readings.{meter}"), "required"));
            }
        }
        if self.keys.trim().is_empty() {
            wrong.push(FieldError::new("keys", "required"));
        }
        for (n, defect) in self.defects.iter().enumerate() {
            if defect.text.trim().is_empty() || defect.text.chars().count() > 2_000 {
                wrong.push(FieldError::new(format!("defects.{n}.text"), "required"));
            }
        }
        if wrong.is_empty() { Ok(readings) } else { Err(Error::Invalid(wrong)) }
    }
}

/// Files the handover and does what follows from it.
pub(super) fn make(
    tx: &mut Db,
    actor: &Actor,
    (zone, now): (Zone, Instant),
    (row, case): &Application,
    handover: &Handover,
) -> Result<()> {
    let by = actor.person.ok_or(Error::NotSignedIn)?;
    let readings = handover.checked()?;
    let day = zone.date(now);
    let home = case.home_id.ok_or(Error::NotFound)?;
    if row.lease_to.is_some_and(|last| last < day) {
        return Err(Error::refused("move_in.lease_over", vec![]));
    }
    let moved = tenancy::move_in(tx, (case.community_id, home), row, (day, now))?;
    let record = (
        move_in_handovers::case_id.eq(case.id),
        move_in_handovers::community_id.eq(case.community_id),
        move_in_handovers::by_id.eq(by),
        move_in_handovers::at.eq(now),
        move_in_handovers::day.eq(day),
        move_in_handovers::identity_seen.eq(true),
        move_in_handovers::keys_given.eq(handover.keys.trim()),
        move_in_handovers::started_fees.eq(moved.started_fees),
    );
    diesel::insert_into(move_in_handovers::table).values(record).execute(tx)?;
    for (meter, reading) in readings {
        let reading = (
            move_in_readings::case_id.eq(case.id),
            move_in_readings::meter.eq(meter),
            move_in_readings::reading.eq(reading),
        );
        diesel::insert_into(move_in_readings::table).values(reading).execute(tx)?;
    }
    agreements::keep(tx, actor, now, (case.id, moved.person), &handover.agreements)?;
    file_defects(tx, actor, now, &(row.clone(), case.clone()), handover)?;
    attachments::attach(tx, actor, Subject::Case(case.id), "handover", &handover.attachments)?;
    welcome(tx, (row, case), moved.person, now)?;
    owe_first_visit(tx, case, (home, by), (zone, day, now))
}

/// Keeps the defects, and opens a repair for each.
fn file_defects(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (row, case): &Application,
    handover: &Handover,
) -> Result<()> {
    for (position, defect) in (1_i64..).zip(&handover.defects) {
        let repair = repairs::report(tx, actor, now, &warranty(row, case, defect))?;
        let row = (
            move_in_defects::case_id.eq(case.id),
            move_in_defects::position.eq(position),
            move_in_defects::category.eq(&defect.category.0),
            move_in_defects::text.eq(defect.text.trim()),
            move_in_defects::repair_id.eq(repair.id),
        );
        diesel::insert_into(move_in_defects::table).values(row).execute(tx)?;
    }
    Ok(())
}

/// A defect as a repair that the steward found.
fn warranty(row: &super::MoveIn, case: &Case, defect: &Defect) -> NewRepair {
    NewRepair {
        community: case.community_id,
        home: case.home_id,
        place: None,
        category: defect.category.clone(),
        text: defect.text.clone(),
        channel: Channel::Steward,
        urgency: None,
        available: String::new(),
        call_part: None,
        reporter: case.reporter_id,
        reporter_name: case.reporter_id.is_none().then(|| row.name.clone()),
        reporter_phone: row.phone.clone().filter(|_| case.reporter_id.is_none()),
        attachments: Vec::new(),
    }
}

fn welcome(tx: &mut Db, (row, case): (&super::MoveIn, &Case), person: PersonId, now: Instant) -> Result<()> {
    let tell = Tell {
        community: case.community_id,
        event: format!("move_in.welcome:{}", case.id),
        person,
        code: "move_in.welcome",
        args: serde_json::json!({ "name": row.name, "number": case.number() }),
        link: Some(format!("/cases/{}", case.number())),
        urgency: notifications::Urgency::Normal,
    };
    notifications::tell(tx, &tell, now)
}

fn owe_first_visit(
    tx: &mut Db,
    case: &Case,
    (home, by): (HomeId, PersonId),
    (zone, day, now): (Zone, LocalDate, Instant),
) -> Result<()> {
    let days = settings::get(tx, case.community_id, settings::FIRST_VISIT_DAYS)?;
    let duty = NewDuty {
        community: case.community_id,
        kind: duties::Kind::FirstVisit,
        subject: (SubjectKind::Case, case.id.0),
        occurrence: "1".to_owned(),
        rule: "first_visit.v1",
        owner: on_duty::steward_of(tx, home, day)?.unwrap_or(by),
        not_before: now,
        next_at: now,
        due_at: end_of(zone, day + Days::new(days.unsigned_abs())),
    };
    duties::raise(tx, now, &duty)?;
    Ok(())
}
