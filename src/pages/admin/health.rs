//! `/admin/health`: everything that the portal stands on, looked at and tried, with the settings in effect.

use domain::access::{Action, Object, allow};
use domain::{Error, Zone};

use crate::ctx::{Ctx, Reply};
use crate::health::{self, Finding, tries};
use crate::views::admin::health::{FindingRow, HealthView};

/// `GET /admin/health`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    ctx.read(|db, actor, now| allow(db, actor, now, Action::Administer, Object::Installation)).await?;
    let mut findings = looked(&ctx).await?;
    findings.extend(tries::all(&ctx.app.config).await);
    let texts = ctx.app.views.texts(ctx.lang);
    ctx.page(&HealthView {
        ill: findings.iter().filter(|finding| finding.advice.is_some()).count(),
        findings: findings.iter().map(|finding| FindingRow::new(finding, texts, zone(&ctx))).collect(),
        settings: ctx.app.config.shown(),
    })
}

/// What a look tells, off the async threads.
pub(super) async fn looked(ctx: &Ctx) -> domain::Result<Vec<Finding>> {
    let app = ctx.app.clone();
    let look = move || health::looked(&app.config, Ok(&app.store));
    tokio::task::spawn_blocking(look).await.map_err(Error::internal)
}

/// The clocks that an admin of no community reads.
pub(super) fn zone(ctx: &Ctx) -> Zone {
    let own = ctx.community.as_ref().and_then(|community| community.zone().ok());
    own.unwrap_or(Zone(chrono_tz::Asia::Shanghai))
}
