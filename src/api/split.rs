//! `GET /homes/{code}/charges/{id}/split`, `POST …`: a charge whose payer changed within its days, split by the
//! settlement.

use actix_web::web::{Path, Query};
use domain::access::{Action, Actor, Object, allow};
use domain::billing::explain::{explain, explain_stored};
use domain::billing::{self, Halves};
use domain::cases::voice::words;
use domain::ledger::{self, ChargeLine};
use domain::{ChargeId, CommunityId, Db, Error, HomeId, Instant, LocalDate, audit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::Day;
use super::ledger::ChargeState;
use super::{Body, Items};
use crate::ctx::{Ctx, Reply, community_of};

/// On which day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    community: Option<String>,
    /// The day from which somebody else pays; that of the register where it is left out.
    #[schemars(with = "Option<String>")]
    on: Option<Day>,
}

/// What splitting a charge would make.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SplitJson {
    charge: i64,
    /// The day from which somebody else pays.
    #[schemars(with = "String")]
    on: LocalDate,
    /// What stays with who pays now, and what the other gets: together the charge.
    halves: Vec<HalfJson>,
    /// How the charge is; what `POST` is sent.
    seen: String,
}

/// A part of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HalfJson {
    payer: String,
    amount_fen: i64,
    /// How the amount is worked out.
    explanation: String,
}

/// A charge of a home, for who bills.
fn found(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    (code, id): (&str, ChargeId),
) -> domain::Result<(HomeId, ChargeLine)> {
    allow(db, actor, now, Action::Bill, Object::Community(community))?;
    let home = ledger::home(db, actor, now, community, code)?;
    Ok((home, ledger::line_of(db, home, id)?))
}

fn json(db: &mut Db, line: &ChargeLine, made: &Halves, language: &str) -> domain::Result<SplitJson> {
    let other = audit::names(db, &[made.payer])?.into_values().next().ok_or(Error::NotFound)?;
    let first = HalfJson {
        payer: line.payer.clone(),
        amount_fen: made.first.amount().0,
        explanation: explain(&made.first, language),
    };
    let rest = HalfJson {
        payer: other,
        amount_fen: made.rest.amount().0,
        explanation: explain_stored(&made.rest.to_string(), language),
    };
    let charge = &line.charge;
    Ok(SplitJson { charge: charge.id.0, on: made.on, halves: vec![first, rest], seen: charge.seen() })
}

/// `GET /homes/{code}/charges/{id}/split`
pub(crate) async fn show(ctx: Ctx, which: Path<(String, i64)>, asked: Query<Asked>) -> Reply {
    let ((code, id), asked, language) = (which.into_inner(), asked.into_inner(), ctx.lang.code());
    let split = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, asked.community.as_deref())?.id;
            let (home, line) = found(db, (actor, now), community, (&code, ChargeId(id)))?;
            let charge = &line.charge;
            let changes = billing::payer_changes(db, home)?;
            let known = changes.into_iter().find(|day| charge.from_on < *day && *day <= charge.to_on);
            let on = asked.on.map(|day| day.0).or(known);
            let on = on.ok_or_else(|| Error::refused("split.same_payer", vec![]))?;
            let made = billing::halves(db, actor, now, charge.id, on)?;
            json(db, &line, &made, language)
        })
        .await?;
    ctx.json(200, &split)
}

/// How a charge is to be split.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Split {
    community: Option<String>,
    /// The day from which somebody else pays.
    #[schemars(with = "String")]
    on: Day,
    reason: String,
    /// How the charge was when it was looked at: `seen` of the preview. As it is now where it is left out.
    seen: Option<String>,
}

/// `POST /homes/{code}/charges/{id}/split`: the charges that stand in its place.
pub(crate) async fn submit(ctx: Ctx, which: Path<(String, i64)>, body: Body<Split>) -> Reply {
    let ((code, id), language) = (which.into_inner(), ctx.lang.code());
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let (_, line) = found(tx, (actor, now), community, (&code, ChargeId(id)))?;
        let reason = words("reason", &asked.reason, 200)?;
        let seen = asked.seen.clone().unwrap_or_else(|| line.charge.seen());
        let home = line.charge.home_id;
        let (first, rest) = billing::split(tx, actor, now, line.charge.id, (asked.on.0, reason, &seen))?;
        let mut charges = Vec::new();
        for id in [first, rest] {
            charges.push(ChargeState::of(&ledger::line_of(tx, home, id)?, language));
        }
        Ok(Items::all(charges))
    })
    .await
}
