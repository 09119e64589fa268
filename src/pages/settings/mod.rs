//! `/settings`: what a manager can change per community (⚙), each with its bounds; only what differs from
//! what holds is written, and stands on the audit trail.

pub(crate) mod categories;
pub(crate) mod fees;
pub(crate) mod holidays;
pub(crate) mod intervals;
pub(crate) mod late;
pub(crate) mod letters;
pub(crate) mod prices;
pub(crate) mod warranty;

use domain::access::{Action, Object, allow};
use domain::{CommunityId, Db, Error, Fen, calendar, settings};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::settings::{NumberRow, SettingsView, topics};

/// `GET /settings`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx) -> domain::Result<SettingsView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        allow(db, actor, now, Action::ChangeSettings, Object::Community(community))?;
        let mut form = Form::new("settings.form");
        for (name, value) in present(db, community)? {
            form = form.with(name, value);
        }
        Ok(SettingsView::new(calendar::missing(db, community, now)?, form))
    })
    .await
}

/// Every setting with what holds now, as it is typed: money in yuan.
fn present(db: &mut Db, community: CommunityId) -> domain::Result<Vec<(&'static str, String)>> {
    let mut all = stored(db, community)?;
    for (_, value) in all.iter_mut().filter(|(name, _)| is_money(name)) {
        *value = yuan(value);
    }
    Ok(all)
}

/// Every setting with what holds now, as it is kept.
fn stored(db: &mut Db, community: CommunityId) -> domain::Result<Vec<(&'static str, String)>> {
    let mut all = Vec::new();
    for setting in settings::NUMBERS {
        all.push((setting.name, settings::get(db, community, *setting)?.to_string()));
    }
    for setting in settings::TIMES {
        let time = settings::get_time(db, community, *setting)?;
        all.push((setting.name, time.format("%H:%M").to_string()));
    }
    Ok(all)
}

/// `POST /settings`
pub(crate) async fn save(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form("settings.form");
    let typed = typed(&mut form);
    let done = ctx
        .submit(&mut form, typed, move |tx, actor, now, typed| {
            let held = stored(tx, community)?;
            for (name, value) in typed.iter().filter(|pair| !held.contains(pair)) {
                settings::set(tx, actor, now, community, name, value)?;
            }
            Ok("/settings?done=saved".to_owned())
        })
        .await
        .map_err(in_yuan);
    let page = view(&ctx).await?;
    ctx.outcome(done, form, |form| SettingsView::new(page.missing, form))
}

/// Every setting as it is kept, read in the order of the page; none where one is missing or no sum of money.
fn typed(form: &mut Form) -> Option<Vec<(&'static str, String)>> {
    let mut all = Vec::new();
    for row in topics().into_iter().flat_map(|topic| topic.rows) {
        all.push(number(form, &row).map(|value| (row.name, value)));
    }
    all.extend(settings::TIMES.iter().map(|s| form.text(s.name, 20).map(|value| (s.name, value))));
    all.into_iter().collect()
}

fn number(form: &mut Form, row: &NumberRow) -> Option<String> {
    let text = form.text(row.name, 20)?;
    if !row.money {
        return Some(text);
    }
    let sum = Fen::parse(&text);
    if sum.is_none() {
        form.wrong(row.name, "money");
    }
    sum.map(|sum| sum.0.to_string())
}

/// The bounds of a sum of money, said in yuan as it was typed.
fn in_yuan(error: Error) -> Error {
    let Error::Invalid(mut wrong) = error else { return error };
    for one in wrong.iter_mut().filter(|one| is_money(&one.field)) {
        for (_, bound) in &mut one.args {
            *bound = yuan(bound);
        }
    }
    Error::Invalid(wrong)
}

fn is_money(name: &str) -> bool {
    settings::NUMBERS.iter().any(|setting| setting.name == name && setting.is_money())
}

/// Fen as people write yuan; what is no number stays.
fn yuan(fen: &str) -> String {
    fen.parse().map_or_else(|_| fen.to_owned(), |fen| Fen(fen).to_string())
}
