//! `/cases`: what is under way, and the page of one case with what can be done to it.

pub(crate) mod act;
pub(crate) mod filters;
pub(crate) mod list;
mod money;
mod order;
pub(crate) mod show;
mod wanted;

use domain::Instant;
use domain::cases::{Case, Kind};

use crate::ctx::Ctx;
use crate::views::cases::CaseRow;

/// A case as a list shows it, in the reader's language.
pub(crate) fn row(ctx: &Ctx, case: &Case, home: Option<String>) -> CaseRow {
    let due = if case.closed_at.is_some() || case.resolved_at.is_some() || case.paused_at.is_some() {
        None
    } else if case.responded_at.is_none() {
        case.respond_by
    } else {
        case.resolve_by
    };
    CaseRow {
        number: case.number().to_owned(),
        kind: case.kind.as_str(),
        what: ctx.category(&case.category),
        place: home.or_else(|| case.place.clone()).unwrap_or_default(),
        state: word(ctx, case.kind.as_str(), &case.state),
        tone: tone(case, due, ctx.now),
        urgency: case.urgency.as_str(),
        due,
        late: due.is_some_and(|due| due < ctx.now),
        at: case.submitted_at,
    }
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
