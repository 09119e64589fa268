//! `GET /dispatch`, `POST /dispatch`: the board with whom it proposes, and many orders in one act.

use actix_web::web::Query;
use domain::repairs::{self, Candidate, Order, Waiting, Worker};
use domain::{Db, Error, on_duty};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use super::cases::{CaseLine, lines_of};
use super::{Items, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// The board as it is now.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BoardJson {
    /// Every technician, those on duty first, those with the least first.
    technicians: Vec<TechnicianJson>,
    /// What is nobody's yet, the first to run out on top.
    pool: Vec<WaitingJson>,
}

/// A technician with what they have.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TechnicianJson {
    id: i64,
    name: String,
    skills: String,
    on_duty: bool,
    orders: Vec<CaseLine>,
}

/// What waits, with who could go, the one proposed first.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WaitingJson {
    case: CaseLine,
    candidates: Vec<CandidateJson>,
}

/// Who could go, and why.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CandidateJson {
    id: i64,
    name: String,
    /// `skill`: has it; `all_round`: does everything; `other`: neither.
    fit: &'static str,
    /// Orders that they have now.
    open: i64,
    /// When they were last given one.
    last_at: Option<String>,
}

/// `GET /dispatch`
pub(crate) async fn show(ctx: Ctx, place: Query<Where>) -> Reply {
    let place = place.into_inner();
    let board = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, place.community.as_deref())?.id;
            let board = repairs::board(db, actor, now, community)?;
            let technicians =
                board.workers.into_iter().map(|one| technician(db, one)).collect::<domain::Result<_>>()?;
            let pool = board.pool.into_iter().map(|one| waiting(db, one)).collect::<domain::Result<_>>()?;
            Ok(BoardJson { technicians, pool })
        })
        .await?;
    ctx.json(200, &board)
}

fn technician(db: &mut Db, one: Worker) -> domain::Result<TechnicianJson> {
    Ok(TechnicianJson {
        id: one.load.person.0,
        name: one.load.name,
        skills: one.load.skills,
        on_duty: one.on_duty,
        orders: lines_of(db, one.orders)?,
    })
}

fn waiting(db: &mut Db, one: Waiting) -> domain::Result<WaitingJson> {
    let case = lines_of(db, vec![one.case])?.pop().ok_or(Error::NotFound)?;
    Ok(WaitingJson { case, candidates: one.candidates.into_iter().map(candidate).collect() })
}

fn candidate(one: Candidate) -> CandidateJson {
    CandidateJson {
        id: one.load.person.0,
        name: one.load.name,
        fit: match one.fit {
            0 => "skill",
            1 => "all_round",
            _ => "other",
        },
        open: one.load.open,
        last_at: one.load.last_at.map(|at| at.to_string()),
    }
}

/// Orders to be given in one act: all of them, or none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Give {
    community: Option<String>,
    orders: Vec<OrderJson>,
}

/// An order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OrderJson {
    number: String,
    /// The version that was seen.
    version: i32,
    /// An id, a staff number or a login name; the one proposed where it is left out.
    technician: Option<String>,
}

/// `POST /dispatch`
pub(crate) async fn give(ctx: Ctx, body: Body<Give>) -> Reply {
    body.once(&ctx, 200, |tx, actor, now, give| {
        let community = community_of(tx, actor, give.community.as_deref())?.id;
        let mut orders = Vec::new();
        for (n, one) in give.orders.iter().enumerate() {
            let unknown = || Error::field(format!("orders[{n}].technician"), "no_technician");
            let named =
                one.technician.as_deref().map(|name| on_duty::by_name(tx, community, name)).transpose()?;
            let technician = named.map(|found| found.ok_or_else(unknown)).transpose()?;
            orders.push(Order { number: one.number.clone(), version: one.version, technician });
        }
        let given = repairs::dispatch_all(tx, actor, now, community, &orders)?;
        Ok(Items::all(lines_of(tx, given)?))
    })
    .await
}
