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
use domain::{CommunityId, Db, calendar, settings};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::settings::{NumberRow, SettingsView, TimeRow, by_topic};

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
        let number = |s: &settings::Number| NumberRow {
            name: s.name,
            default: s.default,
            least: s.least,
            most: s.most,
        };
        let time = |s: &settings::Time| TimeRow {
            name: s.name,
            default: format!("{:02}:{:02}", s.default.0, s.default.1),
        };
        Ok(SettingsView {
            topics: by_topic(settings::NUMBERS.iter().map(number).collect()),
            times: settings::TIMES.iter().map(time).collect(),
            missing: calendar::missing(db, community, now)?,
            form,
        })
    })
    .await
}

/// Every setting with what holds now.
fn present(db: &mut Db, community: CommunityId) -> domain::Result<Vec<(&'static str, String)>> {
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
    let names = settings::NUMBERS.iter().map(|s| s.name).chain(settings::TIMES.iter().map(|s| s.name));
    let typed: Option<Vec<(&'static str, String)>> =
        names.map(|name| form.text(name, 20).map(|value| (name, value))).collect();
    let done = ctx
        .submit(&mut form, typed, move |tx, actor, now, typed| {
            let held = present(tx, community)?;
            for (name, value) in typed.iter().filter(|pair| !held.contains(pair)) {
                settings::set(tx, actor, now, community, name, value)?;
            }
            Ok("/settings?done=saved".to_owned())
        })
        .await;
    let page = view(&ctx).await?;
    ctx.outcome(done, form, |form| SettingsView { form, ..page })
}
