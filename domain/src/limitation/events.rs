//! What may have started the limitation of charges anew, from the books.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text, Timestamp};

use super::rules::{Cause, Interruption};
use crate::ledger::Charge;
use crate::{ChargeId, Db, Instant, LocalDate, Result, Zone};

#[derive(QueryableByName)]
struct OnDay {
    #[diesel(sql_type = BigInt)]
    charge_id: ChargeId,
    #[diesel(sql_type = Date)]
    day: LocalDate,
    #[diesel(sql_type = Text)]
    cause: Cause,
}

#[derive(QueryableByName)]
struct Paid {
    #[diesel(sql_type = BigInt)]
    charge_id: ChargeId,
    #[diesel(sql_type = Timestamp)]
    at: Instant,
}

/// Demands proved delivered, payments that still count, acknowledgements and plans, by charge.
pub(super) fn of(
    db: &mut Db,
    zone: Zone,
    charges: &[Charge],
) -> Result<BTreeMap<ChargeId, Vec<Interruption>>> {
    let mut events: BTreeMap<ChargeId, Vec<Interruption>> = BTreeMap::new();
    for some in charges.chunks(500) {
        let ids: Vec<String> = some.iter().map(|charge| charge.id.to_string()).collect();
        let of = format!("charge_id IN ({})", ids.join(", "));
        for one in on_days(db, &of)? {
            let event = Interruption { day: one.day, cause: one.cause };
            events.entry(one.charge_id).or_default().push(event);
        }
        for one in paid(db, &of)? {
            let event = Interruption { day: zone.date(one.at), cause: Cause::Payment };
            events.entry(one.charge_id).or_default().push(event);
        }
    }
    Ok(events)
}

fn on_days(db: &mut Db, of: &str) -> Result<Vec<OnDay>> {
    let sql = format!(
        "SELECT k.charge_id, f.day, 'demand' AS cause FROM demand_charges k \
         JOIN demand_proofs f ON f.demand_id = k.demand_id WHERE f.kind <> 'returned' AND k.{of} \
         UNION ALL SELECT k.charge_id, p.agreed_on, 'acknowledgement' FROM plan_charges k \
         JOIN plans p ON p.id = k.plan_id WHERE k.{of} \
         UNION ALL SELECT k.charge_id, a.day, 'acknowledgement' FROM acknowledgement_charges k \
         JOIN acknowledgements a ON a.id = k.acknowledgement_id WHERE k.{of}"
    );
    Ok(diesel::sql_query(sql).load(db)?)
}

fn paid(db: &mut Db, of: &str) -> Result<Vec<Paid>> {
    let sql = format!("SELECT charge_id, at FROM allocations WHERE freed_at IS NULL AND {of}");
    Ok(diesel::sql_query(sql).load(db)?)
}
