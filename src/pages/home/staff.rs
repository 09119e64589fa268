//! The first page of staff whose role has none of its own: what waits for them, then where they can go.

use domain::access::{Action, Role, policy};
use domain::cases::{self, Case, Filter};
use domain::{homes, meters, rectifications};

use crate::ctx::{Ctx, Reply};
use crate::pages::cases::row;
use crate::views::access::{HomeView, Waiting};

/// How many running cases are counted.
const MOST: i64 = 500;
/// How many of them are listed.
const LISTED: usize = 5;

pub(super) async fn show(ctx: &Ctx) -> Reply {
    let roles = ctx.roles();
    let words = roles.iter().copied().map(Role::as_str).collect();
    let works_here = roles.iter().any(|role| role.is_staff());
    let Some(community) = ctx.community.as_ref().map(|one| one.id).filter(|_| works_here) else {
        return ctx.page(&HomeView { roles: words, waiting: vec![], cases: vec![] });
    };
    let reads_meters = roles.iter().any(|role| policy::ever(Action::ReadMeter, *role));
    let (running, codes, notices, readings) = ctx
        .read(move |db, actor, now| {
            let reach = cases::reach(db, actor, now, community)?;
            let filter = Filter { reach, running: true, ..Filter::default() };
            let running = cases::list(db, community, &filter, MOST)?;
            let about: Vec<_> = running.iter().filter_map(|case| case.home_id).collect();
            let mut notices = rectifications::list(db, actor, community)?;
            notices.retain(|notice| notice.answered_at.is_none());
            let readings = if reads_meters { meters::waiting(db, community)?.len() } else { 0 };
            Ok((running, homes::codes(db, &about)?, notices, readings))
        })
        .await?;
    let late = running.iter().filter(|case| row(ctx, case, None).late).count();
    let overdue = notices.iter().filter(|notice| notice.due_at < ctx.now).count();
    let listed = |case: &Case| row(ctx, case, case.home_id.and_then(|home| codes.get(&home).cloned()));
    let mut waiting = vec![
        Waiting { what: "cases", href: "/cases", count: running.len(), late },
        Waiting { what: "notices", href: "/rectifications", count: notices.len(), late: overdue },
    ];
    if reads_meters {
        waiting.push(Waiting { what: "readings", href: "/meters", count: readings, late: 0 });
    }
    let cases = running.iter().take(LISTED).map(listed).collect();
    ctx.page(&HomeView { roles: words, waiting, cases })
}
