//! What a manager can change per community (⚙ in domain.md), with the change on the audit trail.
//! A setting is a name with a default; only what differs is stored.

use chrono::NaiveTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::directly;
use crate::db::schema::settings;
use crate::{CommunityId, Db, Error, Instant, Result};

/// A whole number with the least and the most that makes sense.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    /// Its name.
    pub name: &'static str,
    /// What holds where nothing was set.
    pub default: i64,
    /// The least.
    pub least: i64,
    /// The most.
    pub most: i64,
}

impl Number {
    /// Whether it is a sum of money, in fen.
    pub fn is_money(&self) -> bool {
        self.name.ends_with("_fen")
    }
}

/// A time of day.
#[derive(Debug, Clone, Copy)]
pub struct Time {
    /// Its name.
    pub name: &'static str,
    /// What holds where nothing was set: hour and minute.
    pub default: (u32, u32),
}

const fn number(name: &'static str, default: i64, least: i64, most: i64) -> Number {
    Number { name, default, least, most }
}

const fn time(name: &'static str, hour: u32, minute: u32) -> Time {
    Time { name, default: (hour, minute) }
}

/// Days that an activation code is valid.
pub const ACTIVATION_DAYS: Number = number("activation_days", 30, 1, 365);
/// Distinct households that a steward visits in a month, at least.
pub const VISIT_QUOTA: Number = number("visit_quota", 30, 1, 500);
/// Hours after which a visit counts only when the supervisor accepts it.
pub const VISIT_LATE_HOURS: Number = number("visit_late_hours", 48, 1, 720);
/// Households behind the pace before a steward is told.
pub const PACE_TOLERANCE: Number = number("pace_tolerance", 3, 0, 100);
/// How much longer than the quota a visit plan is, in percent.
pub const VISIT_PLAN_EXTRA: Number = number("visit_plan_extra_percent", 20, 0, 200);
/// Days in which a promised follow-up is kept.
pub const FOLLOW_UP_DAYS: Number = number("follow_up_days", 7, 1, 90);
/// Months in which every household is visited at least once.
pub const UNVISITED_MONTHS: Number = number("unvisited_months", 12, 1, 60);
/// Hours in which a return visit is due.
pub const RETURN_VISIT_HOURS: Number = number("return_visit_hours", 72, 1, 720);
/// Attempts after which a return visit ends as unreachable.
pub const RETURN_VISIT_ATTEMPTS: Number = number("return_visit_attempts", 3, 1, 10);
/// Minutes after which a dispatched order goes back to the pool.
pub const DISPATCH_MINUTES: Number = number("dispatch_minutes", 30, 5, 1_440);
/// Minutes in which an emergency is taken.
pub const EMERGENCY_RESPOND_MINUTES: Number = number("emergency_respond_minutes", 15, 1, 1_440);
/// Hours in which an emergency is done.
pub const EMERGENCY_RESOLVE_HOURS: Number = number("emergency_resolve_hours", 4, 1, 168);
/// Hours in which an urgent repair is taken.
pub const URGENT_RESPOND_HOURS: Number = number("urgent_respond_hours", 2, 1, 168);
/// Hours in which an urgent repair is done.
pub const URGENT_RESOLVE_HOURS: Number = number("urgent_resolve_hours", 24, 1, 720);
/// Business hours in which a normal repair is taken.
pub const NORMAL_RESPOND_HOURS: Number = number("normal_respond_hours", 9, 1, 720);
/// Business hours in which a normal repair is done.
pub const NORMAL_RESOLVE_HOURS: Number = number("normal_resolve_hours", 27, 1, 2_000);
/// Whether business hours run on every day (1), or on working days only (0).
pub const BUSINESS_EVERY_DAY: Number = number("business_every_day", 1, 0, 1);
/// Years of the warranty of roofs, wet rooms and outer walls against water.
pub const WARRANTY_WATERPROOFING_YEARS: Number = number("warranty_waterproofing_years", 5, 1, 30);
/// Years of the warranty of lines, pipes, equipment and decoration.
pub const WARRANTY_INSTALLATION_YEARS: Number = number("warranty_installation_years", 2, 1, 30);
/// Seasons of the warranty of heating and cooling.
pub const WARRANTY_HEATING_SEASONS: Number = number("warranty_heating_seasons", 2, 1, 30);
/// Years for which the structure is designed.
pub const WARRANTY_STRUCTURE_YEARS: Number = number("warranty_structure_years", 50, 1, 200);
/// Hours in which who complained gets a first answer.
pub const COMPLAINT_RESPOND_HOURS: Number = number("complaint_respond_hours", 24, 1, 720);
/// Hours in which a complaint is answered.
pub const COMPLAINT_RESOLVE_HOURS: Number = number("complaint_resolve_hours", 48, 1, 2_000);
/// Hours in which an enquiry is answered.
pub const ENQUIRY_HOURS: Number = number("enquiry_hours", 24, 1, 720);
/// Days after its answer in which an enquiry is closed, where nobody asks back.
pub const ENQUIRY_CLOSE_DAYS: Number = number("enquiry_close_days", 3, 1, 90);
/// Hours in which a rectification notice is answered.
pub const RECTIFICATION_HOURS: Number = number("rectification_hours", 24, 1, 720);
/// Days after which the desk may close a case whose resident gives no access.
pub const NO_ACCESS_DAYS: Number = number("no_access_days", 7, 1, 90);
/// Days after closing in which a repair can be reopened.
pub const REOPEN_DAYS: Number = number("reopen_days", 7, 1, 90);
/// The earliest number of days between making a charge and its due day.
pub const DUE_DAYS_AT_LEAST: Number = number("due_days_at_least", 10, 0, 90);
/// The day of the month on which the worker bills.
pub const BILLING_DAY: Number = number("billing_day", 1, 1, 28);
/// Fen above which a payment at the desk is taken for a slip of the finger.
pub const PAYMENT_MOST_FEN: Number = number("payment_most_fen", 100_000_000, 100, 100_000_000_000);
/// Minutes in which an order by WeChat or Alipay can be paid.
pub const PAY_ORDER_MINUTES: Number = number("pay_order_minutes", 15, 5, 120);
/// Fen per payer and rolling year above which a waiver needs approval.
pub const WAIVER_LIMIT_FEN: Number = number("waiver_limit_fen", 50_000, 0, 100_000_000);
/// Fen below which nobody is reminded.
pub const REMINDER_LEAST_FEN: Number = number("reminder_least_fen", 1_000, 0, 1_000_000);
/// Days after which an instalment that is not there breaks its plan.
pub const PLAN_GRACE_DAYS: Number = number("plan_grace_days", 3, 0, 30);
/// Days in which a payer may contest what is to be kept of their deposit.
pub const DEPOSIT_CONTEST_DAYS: Number = number("deposit_contest_days", 3, 0, 30);
/// Days that a formal demand gives for paying.
pub const DEMAND_TERM_DAYS: Number = number("demand_term_days", 15, 7, 90);
/// Days before its end from which a charge's limitation is watched.
pub const LIMITATION_WATCH_DAYS: Number = number("limitation_watch_days", 90, 1, 730);
/// Months that one publication of income and expenditure is about.
pub const PUBLICATION_MONTHS: Number = number("publication_months", 3, 1, 12);
/// Days after their end in which it is published.
pub const PUBLICATION_DAYS: Number = number("publication_days", 30, 5, 90);
/// Days in which a move-in's first visit is made, and after which it closes.
pub const FIRST_VISIT_DAYS: Number = number("first_visit_days", 7, 1, 60);
/// Days of silence after which a returned move-in lapses.
pub const RETURNED_DAYS: Number = number("move_in_returned_days", 30, 1, 365);
/// Days after which an approved move-in that was not handed over lapses.
pub const APPROVED_DAYS: Number = number("move_in_approved_days", 60, 1, 365);
/// Days after the decision for which a scan of identity papers is kept.
pub const IDENTITY_DAYS: Number = number("identity_days", 30, 1, 365);
/// Whether a home may be let room by room (1) or only as a whole (0).
pub const LETTING_BY_ROOM: Number = number("letting_by_room", 0, 0, 1);
/// Days in which a minor violation on a renovation site is mended, where the inspector names none.
pub const VIOLATION_DAYS: Number = number("violation_days", 3, 1, 60);
/// Days after which a draft is deleted.
pub const DRAFT_DAYS: Number = number("draft_days", 90, 1, 365);
/// Megabytes that an attachment may have.
pub const ATTACHMENT_MEGABYTES: Number = number("attachment_megabytes", 10, 1, 50);
/// Attachments that a case may have.
pub const ATTACHMENTS_MOST: Number = number("attachments_most", 20, 1, 200);

/// When business hours begin.
pub const BUSINESS_FROM: Time = time("business_from", 8, 30);
/// When business hours end.
pub const BUSINESS_TO: Time = time("business_to", 17, 30);
/// When quiet hours begin.
pub const QUIET_FROM: Time = time("quiet_from", 21, 0);
/// When quiet hours end.
pub const QUIET_TO: Time = time("quiet_to", 8, 0);
/// When the day is closed (日清日结).
pub const DAILY_CLOSURE: Time = time("daily_closure", 18, 0);

/// Every number, in the order of the settings page.
pub const NUMBERS: &[Number] = &[
    ACTIVATION_DAYS,
    VISIT_QUOTA,
    VISIT_LATE_HOURS,
    PACE_TOLERANCE,
    VISIT_PLAN_EXTRA,
    FOLLOW_UP_DAYS,
    UNVISITED_MONTHS,
    RETURN_VISIT_HOURS,
    RETURN_VISIT_ATTEMPTS,
    DISPATCH_MINUTES,
    EMERGENCY_RESPOND_MINUTES,
    EMERGENCY_RESOLVE_HOURS,
    URGENT_RESPOND_HOURS,
    URGENT_RESOLVE_HOURS,
    NORMAL_RESPOND_HOURS,
    NORMAL_RESOLVE_HOURS,
    BUSINESS_EVERY_DAY,
    WARRANTY_WATERPROOFING_YEARS,
    WARRANTY_INSTALLATION_YEARS,
    WARRANTY_HEATING_SEASONS,
    WARRANTY_STRUCTURE_YEARS,
    COMPLAINT_RESPOND_HOURS,
    COMPLAINT_RESOLVE_HOURS,
    ENQUIRY_HOURS,
    ENQUIRY_CLOSE_DAYS,
    RECTIFICATION_HOURS,
    NO_ACCESS_DAYS,
    REOPEN_DAYS,
    DUE_DAYS_AT_LEAST,
    BILLING_DAY,
    PAYMENT_MOST_FEN,
    PAY_ORDER_MINUTES,
    WAIVER_LIMIT_FEN,
    REMINDER_LEAST_FEN,
    PLAN_GRACE_DAYS,
    DEPOSIT_CONTEST_DAYS,
    DEMAND_TERM_DAYS,
    LIMITATION_WATCH_DAYS,
    PUBLICATION_MONTHS,
    PUBLICATION_DAYS,
    FIRST_VISIT_DAYS,
    RETURNED_DAYS,
    APPROVED_DAYS,
    IDENTITY_DAYS,
    LETTING_BY_ROOM,
    VIOLATION_DAYS,
    DRAFT_DAYS,
    ATTACHMENT_MEGABYTES,
    ATTACHMENTS_MOST,
];

/// Every time of day, in the order of the settings page.
pub const TIMES: &[Time] = &[BUSINESS_FROM, BUSINESS_TO, QUIET_FROM, QUIET_TO, DAILY_CLOSURE];

/// The number that holds in a community.
pub fn get(db: &mut Db, community: CommunityId, setting: Number) -> Result<i64> {
    let value = stored(db, community, setting.name)?;
    Ok(value.and_then(|text| text.parse().ok()).unwrap_or(setting.default))
}

/// The time of day that holds in a community.
pub fn get_time(db: &mut Db, community: CommunityId, setting: Time) -> Result<NaiveTime> {
    let value = stored(db, community, setting.name)?;
    let parsed = value.and_then(|text| parse_time(&text));
    let (hour, minute) = setting.default;
    Ok(parsed.or_else(|| NaiveTime::from_hms_opt(hour, minute, 0)).unwrap_or_default())
}

fn parse_time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").ok()
}

fn stored(db: &mut Db, community: CommunityId, name: &str) -> Result<Option<String>> {
    let own = settings::table.find((community.0, name)).select(settings::value);
    Ok(directly!(db, db => own.get_result(db)).optional()?)
}

/// Changes a setting; what was typed is checked against the setting's kind and bounds.
///
/// # Errors
/// An unknown name is not found; a value that is none, or out of bounds, is named by field.
pub fn set(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    name: &str,
    value: &str,
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let value = checked(name, value)?;
    let sql = "INSERT INTO settings (community_id, name, value) VALUES ($1, $2, $3) \
               ON CONFLICT (community_id, name) DO UPDATE SET value = excluded.value";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Text, _>(name)
        .bind::<Text, _>(&value)
        .execute(tx)?;
    let line =
        Line::new(community, "settings.change", "community", community.0).fields(format!("{name}={value}"));
    audit::write(tx, actor, now, &line)
}

fn checked(name: &str, value: &str) -> Result<String> {
    if let Some(setting) = NUMBERS.iter().find(|s| s.name == name) {
        let range = setting.least..=setting.most;
        let number = value.trim().parse::<i64>().ok().filter(|n| range.contains(n));
        return number.map(|n| n.to_string()).ok_or_else(|| {
            let field = crate::FieldError::new(name, "between").with("least", setting.least);
            Error::Invalid(vec![field.with("most", setting.most)])
        });
    }
    if TIMES.iter().any(|s| s.name == name) {
        let time = parse_time(value).ok_or_else(|| Error::field(name, "time"))?;
        return Ok(time.format("%H:%M").to_string());
    }
    Err(Error::NotFound)
}
