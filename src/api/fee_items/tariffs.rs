//! `POST /fee-items/{code}/tariffs`: another rate from a day on, tried on real homes before it is set.

use actix_web::web::Path;
use domain::billing::items::By;
use domain::billing::keep::{self, NewTariff};
use domain::billing::{Example, example};
use domain::{Error, Rate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ExampleJson, FeeItemJson, found};
use crate::api::json::Count;
use crate::api::{Body, Day};
use crate::ctx::{Ctx, Reply, community_of};

/// An item with its tariffs, and what another one would come to.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TariffsJson {
    item: FeeItemJson,
    /// What was asked for as a preview: what the first homes of the register would pay.
    preview: Option<Vec<ExampleJson>>,
}

/// Which rate is to hold from when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetTariff {
    community: Option<String>,
    /// Its first day.
    #[schemars(with = "String")]
    starts_on: Day,
    /// Yuan per unit and month, a decimal with at most four places.
    rate: String,
    /// Of items by meter, in their order.
    #[serde(default)]
    tiers: Vec<Tier>,
    /// Only show what it would come to.
    #[serde(default)]
    preview: bool,
}

/// Above which quantity of a month which rate holds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tier {
    #[schemars(with = "f64")]
    above: Count,
    /// Yuan per unit, a decimal with at most four places.
    rate: String,
}

impl SetTariff {
    fn read(&self) -> domain::Result<NewTariff> {
        let tier = |one: &Tier| Ok((one.above.0.0, rate("tiers", &one.rate)?));
        Ok(NewTariff {
            starts_on: self.starts_on.0,
            rate: rate("rate", &self.rate)?,
            tiers: self.tiers.iter().map(tier).collect::<domain::Result<_>>()?,
        })
    }
}

/// A rate of a body.
pub(super) fn rate(field: &'static str, text: &str) -> domain::Result<Rate> {
    Rate::parse(text.trim()).ok_or_else(|| Error::field(field, "rate"))
}

/// `POST /fee-items/{code}/tariffs`
pub(crate) async fn set(ctx: Ctx, code: Path<String>, body: Body<SetTariff>) -> Reply {
    let (code, language) = (code.into_inner(), ctx.lang.code());
    body.once(&ctx, 200, move |tx, actor, now, asked| {
        let community = community_of(tx, actor, asked.community.as_deref())?.id;
        let item = found(tx, (actor, now), community, &code)?;
        let new = asked.read()?;
        if !new.tiers.is_empty() && item.item.basis != By::Meter {
            return Err(Error::field("tiers", "unknown"));
        }
        if asked.preview {
            keep::fits(tx, now, community, item.item.id, &new)?;
            let shown = |one: Example| ExampleJson::of(one, language);
            let preview = example(tx, community, &item, &new)?.into_iter().map(shown).collect();
            return Ok(TariffsJson { item: FeeItemJson::from(item), preview: Some(preview) });
        }
        keep::set_tariff(tx, actor, now, community, &code, &new)?;
        let item = found(tx, (actor, now), community, &code)?;
        Ok(TariffsJson { item: FeeItemJson::from(item), preview: None })
    })
    .await
}
