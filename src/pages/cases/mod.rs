//! `/cases`: what is under way, and the page of one case with what can be done to it.

pub(crate) mod act;
pub(crate) mod filters;
pub(crate) mod list;
mod money;
mod order;
pub(crate) mod show;
mod wanted;

use std::collections::BTreeMap;

use domain::access::{Action, Actor, Object, may};
use domain::cases::{Case, Event, Kind};
use domain::{Db, Instant, PersonId, people};

use crate::ctx::Ctx;
use crate::views::cases::{CaseRow, EventView};

/// A case as a list shows it, in the reader's language.
pub(crate) fn row(ctx: &Ctx, case: &Case, home: Option<String>) -> CaseRow {
    let (clock, due) = match case.responded_at {
        None => ("respond", case.respond_by),
        Some(_) => ("resolve", case.resolve_by),
    };
    let is_still = case.closed_at.is_some() || case.resolved_at.is_some() || case.paused_at.is_some();
    let due = due.filter(|_| !is_still);
    CaseRow {
        number: case.number().to_owned(),
        kind: case.kind.as_str(),
        what: what(ctx, case),
        place: home.or_else(|| case.place.clone()).unwrap_or_default(),
        state: word(ctx, case.kind.as_str(), &case.state),
        tone: tone(case, due, ctx.now),
        urgency: case.urgency.as_str(),
        stands: case.state.clone(),
        due,
        clock,
        late: due.is_some_and(|due| due < ctx.now),
        at: case.submitted_at,
    }
}

/// What a case is about: its category; of a move-in as whom, and of a renovation nothing more than that it is one.
fn what(ctx: &Ctx, case: &Case) -> String {
    match case.kind {
        Kind::MoveIn | Kind::MoveOut => word(ctx, "occupancy", &case.category),
        Kind::Renovation => String::new(),
        _ => ctx.category(&case.category),
    }
}

/// The story of a case in the reader's language; `list` has the words of its kind's actions.
pub(crate) fn story(
    ctx: &Ctx,
    list: &str,
    events: &[Event],
    names: &BTreeMap<PersonId, String>,
) -> Vec<EventView> {
    let event = |event: &Event| EventView {
        at: event.at,
        who: event.actor_id.and_then(|id| names.get(&id).cloned()),
        text: word(ctx, list, &event.action),
        note: event.note.clone(),
    };
    events.iter().map(event).collect()
}

/// The phone that was left for a case, masked for who does not need it.
pub(crate) fn phone(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    case: &Case,
    staff: bool,
) -> domain::Result<Option<String>> {
    let Some(phone) = &case.reporter_phone else { return Ok(None) };
    let whole = Object::Community(case.community_id);
    let about = case.home_id.map_or(whole, |home| Object::Home(case.community_id, home));
    let unmasked = staff && may(db, actor, now, Action::UnmaskPhone, about)?;
    Ok(Some(if unmasked { phone.clone() } else { people::masked(phone) }))
}

/// A word of ours in the reader's language; one that has none stands for itself.
pub(crate) fn word(ctx: &Ctx, list: &str, word: &str) -> String {
    let texts = ctx.app.views.texts(ctx.lang);
    texts.get(&format!("words.{list}.{word}")).unwrap_or(word).to_owned()
}

fn tone(case: &Case, due: Option<Instant>, now: Instant) -> &'static str {
    match case.state.as_str() {
        "closed" | "done" | "answered" => "good",
        "merged" | "cancelled" | "withdrawn" => "off",
        "reported" if case.kind == Kind::Repair => "needs",
        "registered" if case.kind == Kind::Complaint => "needs",
        "asked" => "needs",
        _ if due.is_some_and(|due| due < now) => "late",
        _ => "calm",
    }
}
