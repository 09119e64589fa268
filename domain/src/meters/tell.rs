//! Who sent a reading hears what the office made of it.

use serde_json::json;

use super::decide::Act;
use super::readings::{Reading, Source};
use super::register::Meter;
use crate::notifications::{self, Tell, Urgency};
use crate::{Db, Instant, Quantity, Result, homes};

/// The resident who sent a reading hears what was decided on it.
pub(super) fn sender(
    tx: &mut Db,
    now: Instant,
    (meter, reading): (&Meter, &Reading),
    act: Act,
) -> Result<()> {
    let Some(person) = reading.by_id.filter(|_| reading.source == Source::Resident) else { return Ok(()) };
    let (code, right) = match act {
        Act::Confirm | Act::Turned => ("meter.confirmed", reading.value),
        Act::PutRight(value) => ("meter.put_right", value),
        Act::Refuse => ("meter.refused", reading.value),
    };
    let home = homes::codes(tx, &[meter.home_id])?.into_values().next().unwrap_or_default();
    let args = json!({
        "home": home,
        "number": meter.number,
        "month": reading.period.to_string(),
        "value": Quantity(reading.value).to_string(),
        "right": Quantity(right).to_string(),
    });
    let one = Tell {
        community: meter.community_id,
        event: format!("reading:{}", reading.id),
        person,
        code,
        args,
        link: Some(format!("/homes/{home}/meters")),
        urgency: Urgency::Normal,
    };
    notifications::tell(tx, &one, now)
}
