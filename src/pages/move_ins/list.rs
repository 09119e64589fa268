//! `GET /move-ins`: the applications by where they stand, with how long they have waited; who only lives here is led to
//! their own.

use std::collections::BTreeMap;

use domain::access::{Action, Object, Role, may, policy};
use domain::move_in::{self, Application, Kind, State};
use domain::{CaseId, Instant, homes};

use super::show::tone;
use crate::ctx::{Ctx, Reply, see_other};
use crate::views::move_ins::{MoveInRow, MoveInsGroup, MoveInsView};

/// How many of those that are over the page shows.
const OVER: usize = 30;

const GROUPS: &[(&str, &[State])] = &[
    ("review", &[State::Submitted, State::Reviewing]),
    ("hand_over", &[State::Approved]),
    ("returned", &[State::Returned]),
    ("handed_over", &[State::HandedOver]),
    ("over", &[State::Closed, State::Withdrawn, State::Cancelled, State::Rejected, State::Lapsed]),
];

/// `GET /move-ins`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let roles = ctx.roles();
    if !roles.iter().any(|role| role.is_staff()) {
        return Ok(see_other("/move-ins/new"));
    }
    let community = ctx.community()?.id;
    let view = ctx
        .read(move |db, actor, now| {
            let mut groups = Vec::new();
            for (name, states) in GROUPS {
                let mut found = Vec::new();
                for one in move_in::in_states(db, community, states)? {
                    if may(db, actor, now, Action::ReadCase, Object::Case(community, one.1.id))? {
                        found.push(one);
                    }
                }
                if *name == "over" {
                    found.reverse();
                    found.truncate(OVER);
                }
                let ids: Vec<CaseId> = found.iter().map(|(_, case)| case.id).collect();
                let since = move_in::since(db, &ids)?;
                let places: Vec<_> = found.iter().filter_map(|(_, case)| case.home_id).collect();
                let codes = homes::codes(db, &places)?;
                let code = |(_, case): &Application| case.home_id.and_then(|home| codes.get(&home).cloned());
                let rows = found.iter().map(|one| row(one, code(one).unwrap_or_default(), &since));
                groups.push(MoveInsGroup { name, rows: rows.collect() });
            }
            Ok(MoveInsView { groups, registers: false })
        })
        .await?;
    let registers = roles.iter().any(|role| registers(*role));
    let mut groups = view.groups;
    if !roles.iter().any(|role| matches!(role, Role::Desk | Role::Supervisor)) {
        // What waits for a steward stands first on theirs.
        groups.sort_by_key(|group| group.name != "hand_over");
    }
    ctx.page(&MoveInsView { groups, registers })
}

/// Whether who holds this role writes applications down for others.
fn registers(role: Role) -> bool {
    role == Role::Desk && policy::ever(Action::RegisterCase, role)
}

fn row((row, case): &Application, code: String, since: &BTreeMap<CaseId, Instant>) -> MoveInRow {
    MoveInRow {
        number: case.number().to_owned(),
        code,
        kind: row.kind.map(Kind::as_str),
        name: row.name.clone(),
        state: case.state.clone(),
        tone: tone(&case.state),
        since: since.get(&case.id).copied(),
        wished_on: row.wished_on,
    }
}
