//! `GET /cases`: a resident's own, newest first; the desk's queue by clock, what breaches next on top; a
//! technician's orders by urgency, with the pool. Staff narrow it, save how they do, and look back at what is over.

use actix_web::web::Query;
use domain::access::{Action, Role, policy};
use domain::cases::{self, Case, Filter, Kind};
use domain::{CaseId, homes, saved_filters};
use serde::Deserialize;

use super::order;
use super::wanted::{Said, Wanted};
use crate::ctx::{Ctx, Reply};
use crate::form::Form;
use crate::pages::move_ins;
use crate::views::cases::{CaseGroup, CaseRow, CasesView, SavedView};

/// The kinds that the portal has so far.
const KINDS: [Kind; 5] = [Kind::Repair, Kind::Complaint, Kind::Enquiry, Kind::MoveIn, Kind::Renovation];
/// How many running cases a page looks at.
const MOST: i64 = 500;
/// How many that are over it shows at a time.
const PAGE: i64 = 50;

/// The texts of the form that saves a filter.
pub(super) const WORDS: &str = "cases.filter";

/// What is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    kind: Option<String>,
    urgency: Option<String>,
    mine: Option<String>,
    late: Option<String>,
    which: Option<String>,
    before: Option<i64>,
    sort: Option<String>,
}

impl Asked {
    /// As a query asks.
    pub(super) fn of_query(query: &str) -> Self {
        Query::from_query(query).map(Query::into_inner).unwrap_or_default()
    }

    fn wanted(&self) -> domain::Result<Wanted> {
        Wanted::read(&Said {
            kind: self.kind.as_deref(),
            urgency: self.urgency.as_deref(),
            mine: self.mine.as_deref(),
            late: self.late.as_deref(),
            sort: self.sort.as_deref(),
        })
    }
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
    let view = view(&ctx, asked.into_inner()).await?;
    ctx.page(&view)
}

/// The list that was asked for.
pub(super) async fn view(ctx: &Ctx, asked: Asked) -> domain::Result<CasesView> {
    let community = ctx.community()?.id;
    let roles = ctx.roles();
    let whose = Whose::of(&roles);
    let over = asked.which.as_deref() == Some("over");
    let wanted = asked.wanted()?;
    // A resident's stay newest first, as does what is over; a technician's most urgent is on top.
    let way = match whose {
        _ if over => None,
        Whose::Residents => None,
        Whose::Technicians => Some("urgency"),
        Whose::Staffs => Some(wanted.sort),
    };
    let (before, kind) = (asked.before.map(CaseId), wanted.kind);
    let narrows = whose == Whose::Staffs && !over;
    let (found, codes, drafts, saved) = ctx
        .read(move |db, actor, now| {
            let reach = cases::reach(db, actor, now, community)?;
            let running = whose != Whose::Residents && !over;
            let filter = Filter { reach, running, over, kind, before, ..Filter::default() };
            let found = cases::list(db, community, &filter, if over { PAGE } else { MOST })?;
            let about: Vec<_> = found.iter().filter_map(|case| case.home_id).collect();
            let saved = if narrows { saved_filters::list(db, actor, community)? } else { vec![] };
            Ok((found, homes::codes(db, &about)?, move_ins::drafts(db, actor, community)?, saved))
        })
        .await?;
    let is_full = over && i64::try_from(found.len()).is_ok_and(|count| count == PAGE);
    let more = found.last().filter(|_| is_full).map(|case| address(&asked, case.id));
    let row = |case: &Case| super::row(ctx, case, case.home_id.and_then(|home| codes.get(&home).cloned()));
    let reader = ctx.actor.person;
    let groups = split(found, whose, over).into_iter().map(|(name, cases)| {
        let shown = cases.iter().filter(|case| !narrows || wanted.wants(case, reader));
        let mut rows: Vec<CaseRow> = shown.map(row).filter(|row| !narrows || wanted.shows(row)).collect();
        if let Some(way) = way {
            order::sort(&mut rows, way);
        }
        CaseGroup { name, rows }
    });
    let may = |action| roles.iter().any(|role| policy::ever(action, *role));
    Ok(CasesView {
        who: whose.name(),
        drafts,
        groups: groups.filter(|group| !group.rows.is_empty()).collect(),
        reports: roles.contains(&Role::Resident),
        registers: may(Action::RegisterCase),
        kinds: KINDS.iter().filter(|_| whose == Whose::Staffs).map(|kind| kind.as_str()).collect(),
        ways: order::WAYS.iter().copied().filter(|_| narrows).collect(),
        sort: wanted.sort,
        kind: asked.kind.unwrap_or_default(),
        urgency: wanted.urgency.map(|urgency| urgency.as_str()).unwrap_or_default(),
        mine: wanted.mine,
        late: wanted.late,
        sort_base: Wanted { sort: order::WAYS[0], ..wanted }.query(),
        here: (whose != Whose::Residents && !over).then(|| format!("/cases?{}", wanted.query())),
        as_of: ctx.now,
        saved: saved.iter().map(|one| SavedView::new(one, &wanted.query())).collect(),
        form: Form::new(WORDS),
        over,
        more,
    })
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
