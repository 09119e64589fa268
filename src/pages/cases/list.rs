//! `GET /cases`: a resident's own, newest first; the desk's queue by clock, what breaches next on top; a
//! technician's orders by urgency, with the pool.

use std::collections::BTreeMap;

use domain::HomeId;
use domain::access::{Action, Role, policy};
use domain::cases::{self, Case, Filter};

use crate::ctx::{Ctx, Reply};
use crate::pages::move_ins;
use crate::views::cases::{CaseGroup, CasesView};

/// How many cases a page looks at.
const MOST: i64 = 500;

/// `GET /cases`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let roles = ctx.roles();
    let staff = roles.iter().any(|role| role.is_staff());
    let (found, homes, drafts) = ctx
        .read(move |db, actor, now| {
            let reach = cases::reach(db, actor, now, community)?;
            let filter = Filter { reach, running: staff, ..Filter::default() };
            let found = cases::list(db, community, &filter, MOST)?;
            let mut homes: BTreeMap<HomeId, String> = BTreeMap::new();
            for home in found.iter().filter_map(|case| case.home_id) {
                if let std::collections::btree_map::Entry::Vacant(free) = homes.entry(home) {
                    free.insert(cases::home_code(db, home)?);
                }
            }
            Ok((found, homes, move_ins::drafts(db, actor, community)?))
        })
        .await?;
    let technician = roles.contains(&Role::Technician);
    let group = |name, cases: Vec<Case>| CaseGroup {
        name,
        rows: cases.iter().map(|case| super::row(&ctx, case, home_of(case, &homes))).collect(),
    };
    let mut groups: Vec<CaseGroup> = split(found, staff, technician)
        .into_iter()
        .map(|(name, cases)| group(name, cases))
        .filter(|group| !group.rows.is_empty())
        .collect();
    if staff {
        groups.iter_mut().for_each(|group| {
            group.rows.sort_by_key(|row| (urgency(row.urgency), row.due.is_none(), row.due))
        });
    }
    if staff && !technician {
        groups.iter_mut().for_each(|group| group.rows.sort_by_key(|row| (row.due.is_none(), row.due)));
    }
    let may = |action| roles.iter().any(|role| policy::ever(action, *role));
    ctx.page(&CasesView {
        who: if technician {
            "orders"
        } else if staff {
            "queue"
        } else {
            "mine"
        },
        drafts,
        groups,
        reports: roles.contains(&Role::Resident),
        registers: may(Action::RegisterCase),
    })
}

fn home_of(case: &Case, homes: &BTreeMap<HomeId, String>) -> Option<String> {
    case.home_id.and_then(|home| homes.get(&home).cloned())
}

fn split(found: Vec<Case>, staff: bool, technician: bool) -> Vec<(&'static str, Vec<Case>)> {
    let (done, running): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|case| case.closed_at.is_some() || case.resolved_at.is_some());
    if technician {
        let (pool, mine): (Vec<_>, Vec<_>) = running.into_iter().partition(|case| case.state == "accepted");
        return vec![("orders", mine), ("pool", pool)];
    }
    if staff {
        return vec![("running", running), ("done", done)];
    }
    vec![("running", running), ("over", done)]
}

fn urgency(word: &str) -> u8 {
    match word {
        "emergency" => 0,
        "urgent" => 1,
        _ => 2,
    }
}
