//! What we promise by urgency: when somebody takes a repair and when it is done. Emergencies and urgent
//! repairs run by the wall clock, normal ones in business hours; waiting moves the end.

use chrono::TimeDelta;

use crate::calendar::{BusinessHours, Calendar};
use crate::cases::{Case, Urgency};
use crate::{CommunityId, Db, Instant, Result, community, settings};

/// When a repair that begins now has to be taken and done.
pub(super) fn due(
    db: &mut Db,
    community: CommunityId,
    urgency: Urgency,
    now: Instant,
) -> Result<(Instant, Instant)> {
    let (respond, resolve) = match urgency {
        Urgency::Emergency => (
            settings::get(db, community, settings::EMERGENCY_RESPOND_MINUTES)?,
            settings::get(db, community, settings::EMERGENCY_RESOLVE_HOURS)? * 60,
        ),
        Urgency::Urgent => (
            settings::get(db, community, settings::URGENT_RESPOND_HOURS)? * 60,
            settings::get(db, community, settings::URGENT_RESOLVE_HOURS)? * 60,
        ),
        Urgency::Normal => (
            settings::get(db, community, settings::NORMAL_RESPOND_HOURS)? * 60,
            settings::get(db, community, settings::NORMAL_RESOLVE_HOURS)? * 60,
        ),
    };
    let after = |minutes| now.plus(TimeDelta::minutes(minutes));
    if urgency != Urgency::Normal {
        return Ok((after(respond), after(resolve)));
    }
    let hours = business_hours(db, community)?;
    Ok((hours.after(now, respond), hours.after(now, resolve)))
}

/// When a repair has to be done that stood still until now: what was left when it stopped begins again.
pub(super) fn after_waiting(db: &mut Db, case: &Case, now: Instant) -> Result<Option<Instant>> {
    let (Some(due), Some(stopped)) = (case.resolve_by, case.paused_at) else { return Ok(case.resolve_by) };
    if due <= stopped {
        return Ok(Some(due));
    }
    if case.urgency != Urgency::Normal {
        return Ok(Some(now.plus(due.since(stopped))));
    }
    let hours = business_hours(db, case.community_id)?;
    Ok(Some(hours.after(now, hours.minutes_between(stopped, due))))
}

fn business_hours(db: &mut Db, community: CommunityId) -> Result<BusinessHours> {
    let every_day = settings::get(db, community, settings::BUSINESS_EVERY_DAY)? == 1;
    let working = if every_day { None } else { Some(Calendar::load(db, community)?) };
    Ok(BusinessHours {
        working,
        zone: community::by_id(db, community)?.zone()?,
        from: settings::get_time(db, community, settings::BUSINESS_FROM)?,
        to: settings::get_time(db, community, settings::BUSINESS_TO)?,
    })
}
