//! `POST /charges`: what no run bills, by the hour or the piece.

use domain::LocalDate;
use domain::billing::counted::{self, NewCount};
use domain::billing::explain::explain_stored;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use super::json::{Count, Day};
use crate::ctx::{Ctx, Reply, community_of};

/// A charge that is to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCharge {
    community: Option<String>,
    home: String,
    /// The item's code, such as `air_overtime`.
    item: String,
    /// The day on which it was used.
    #[schemars(with = "String")]
    day: Day,
    /// How many hours or pieces, with two decimals at most.
    #[schemars(with = "f64")]
    quantity: Count,
    /// What for; the payer reads it.
    note: String,
    /// Only show what it would cost.
    #[serde(default)]
    preview: bool,
}

/// A charge by quantity. One that was only shown has no id.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Counted {
    id: Option<i64>,
    home: String,
    item: String,
    payer: String,
    amount_fen: i64,
    #[schemars(with = "String")]
    due_on: LocalDate,
    /// How the amount was worked out.
    explanation: String,
}

/// `POST /charges`
pub(crate) async fn create(ctx: Ctx, body: Body<NewCharge>) -> Reply {
    let status = if body.value.preview { 200 } else { 201 };
    let language = ctx.lang.code();
    body.once(&ctx, status, move |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let new = NewCount {
            home: asked.home.clone(),
            item: asked.item.clone(),
            day: asked.day.0,
            quantity: asked.quantity.0,
            note: asked.note.chars().take(100).collect(),
        };
        let worked = counted::look(tx, actor, now, community, &new)?;
        let mut id = None;
        if !asked.preview {
            id = Some(counted::charge(tx, actor, now, community, &new, &worked.seen())?.0);
        }
        Ok(Counted {
            id,
            home: new.home,
            item: new.item,
            payer: worked.payer_name.clone(),
            amount_fen: worked.amount.0,
            due_on: worked.due_on,
            explanation: explain_stored(&worked.basis.to_string(), language),
        })
    })
    .await
}
