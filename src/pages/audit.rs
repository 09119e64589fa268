//! `/audit`: the trail of who did what, newest first.

use std::collections::BTreeMap;

use actix_web::web::Query;
use domain::access::{Action, Object, allow};
use domain::{PersonId, audit};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::views::audit::{AuditRow, AuditView};

/// How many stand on a page.
const PAGE: i64 = 50;

/// Where the page begins.
#[derive(Debug, Deserialize)]
pub(crate) struct From {
    before: Option<i64>,
}

/// `GET /audit`
pub(crate) async fn show(ctx: Ctx, from: Query<From>) -> Reply {
    let community = ctx.community()?.id;
    let before = from.before;
    let (lines, names) = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ReadAudit, Object::Community(community))?;
            let lines = audit::list(db, community, before, PAGE)?;
            let ids: Vec<PersonId> = lines.iter().filter_map(|line| line.actor_id).collect();
            let names: BTreeMap<PersonId, String> = audit::names(db, &ids)?;
            Ok((lines, names))
        })
        .await?;
    let next = lines.last().map(|line| line.seq).filter(|seq| *seq > 1);
    let row = |line: audit::Row| AuditRow {
        seq: line.seq,
        at: line.at,
        who: line.actor_id.and_then(|id| names.get(&id).cloned()).unwrap_or(line.cause),
        action: line.action,
        subject: line.subject_kind,
        id: line.subject_id,
        fields: line.fields,
    };
    ctx.page(&AuditView { rows: lines.into_iter().map(row).collect(), next })
}
