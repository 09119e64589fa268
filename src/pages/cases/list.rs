//! `GET /cases`: a resident's own, newest first; the desk's queue by clock, what breaches next on top; a
//! technician's orders by urgency, with the pool. Staff narrow it by kind, and look back at what is over.

use actix_web::web::Query;
use domain::access::{Action, Role, policy};
use domain::cases::{self, Case, Filter, Kind};
use domain::{CaseId, Error, homes};
use serde::Deserialize;

use super::order;
use crate::ctx::{Ctx, Reply};
use crate::pages::{move_ins, sorting};
use crate::views::cases::{CaseGroup, CaseRow, CasesView};

/// The kinds that the portal has so far.
const KINDS: [Kind; 5] = [Kind::Repair, Kind::Complaint, Kind::Enquiry, Kind::MoveIn, Kind::Renovation];
/// How many running cases a page looks at.
const MOST: i64 = 500;
/// How many that are over it shows at a time.
const PAGE: i64 = 50;

/// What is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    kind: Option<String>,
    which: Option<String>,
    before: Option<i64>,
    sort: Option<String>,
}

/// Whose list it is: what it is headed, and how it is parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Residents,
    Technicians,
    Staffs,
}

impl Whose {
    fn of(roles: &[Role]) -> Self {
        if roles.contains(&Role::Technician) {
            Self::Technicians
        } else if roles.iter().any(|role| role.is_staff()) {
            Self::Staffs
        } else {
            Self::Residents
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Residents => "mine",
            Self::Technicians => "orders",
            Self::Staffs => "queue",
        }
    }
}

/// `GET /cases`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let asked = asked.into_inner();
    let community = ctx.community()?.id;
    let roles = ctx.roles();
    let whose = Whose::of(&roles);
    let over = asked.which.as_deref() == Some("over");
    let kind = kind_of(&asked)?;
    let sort = sorting::order(asked.sort.as_deref(), &order::WAYS)?;
    // A resident's stay newest first, as does what is over; a technician's most urgent is on top.
    let way = match whose {
        _ if over => None,
        Whose::Residents => None,
        Whose::Technicians => Some("urgency"),
        Whose::Staffs => Some(sort),
    };
    let before = asked.before.map(CaseId);
    let (found, codes, drafts) = ctx
        .read(move |db, actor, now| {
            let reach = cases::reach(db, actor, now, community)?;
            let running = whose != Whose::Residents && !over;
            let filter = Filter { reach, running, over, kind, before, ..Filter::default() };
            let found = cases::list(db, community, &filter, if over { PAGE } else { MOST })?;
            let about: Vec<_> = found.iter().filter_map(|case| case.home_id).collect();
            Ok((found, homes::codes(db, &about)?, move_ins::drafts(db, actor, community)?))
        })
        .await?;
    let is_full = over && i64::try_from(found.len()).is_ok_and(|count| count == PAGE);
    let more = found.last().filter(|_| is_full).map(|case| address(&asked, case.id));
    let row = |case: &Case| super::row(&ctx, case, case.home_id.and_then(|home| codes.get(&home).cloned()));
    let groups = split(found, whose, over);
    let groups = groups.into_iter().filter(|(_, cases)| !cases.is_empty()).map(|(name, cases)| {
        let mut rows: Vec<CaseRow> = cases.iter().map(row).collect();
        if let Some(way) = way {
            order::sort(&mut rows, way);
        }
        CaseGroup { name, rows }
    });
    let may = |action| roles.iter().any(|role| policy::ever(action, *role));
    ctx.page(&CasesView {
        who: whose.name(),
        drafts,
        groups: groups.collect(),
        reports: roles.contains(&Role::Resident),
        registers: may(Action::RegisterCase),
        kinds: KINDS.iter().filter(|_| whose == Whose::Staffs).map(|kind| kind.as_str()).collect(),
        ways: order::WAYS.iter().copied().filter(|_| whose == Whose::Staffs && !over).collect(),
        sort,
        kind: asked.kind.unwrap_or_default(),
        over,
        more,
    })
}

fn kind_of(asked: &Asked) -> domain::Result<Option<Kind>> {
    let kind = asked.kind.as_deref().filter(|kind| !kind.is_empty());
    kind.map(|kind| kind.parse().map_err(|_| Error::field("kind", "choice"))).transpose()
}

/// Where the next page of what is over is.
fn address(asked: &Asked, last: CaseId) -> String {
    let kind = asked.kind.as_deref().unwrap_or_default();
    format!("/cases?which=over&kind={kind}&before={last}")
}

fn split(found: Vec<Case>, whose: Whose, over: bool) -> Vec<(&'static str, Vec<Case>)> {
    if over {
        return vec![("over", found)];
    }
    let (done, running): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|case| case.closed_at.is_some() || case.resolved_at.is_some());
    match whose {
        Whose::Technicians => {
            let (pool, mine): (Vec<_>, Vec<_>) =
                running.into_iter().partition(|case| case.state == "accepted");
            vec![("orders", mine), ("pool", pool)]
        }
        Whose::Staffs => vec![("running", running), ("done", done)],
        Whose::Residents => vec![("running", running), ("over", done)],
    }
}
