//! What was given back, as people read of it: the payer when it is done, whoever looks at the bill or at the run
//! afterwards.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use serde_json::json;

use super::find::Found;
use super::rules::Cause;
use super::words::why;
use crate::ledger::matter;
use crate::notifications::{Tell, Urgency};
use crate::{BillingRunId, ChargeId, Db, Fen, LedgerAccountId, LocalDate, Result};

/// What a charge was before.
#[derive(Debug, Clone, QueryableByName)]
pub struct Was {
    /// The charge that was made instead; none where nothing was left.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub made_id: Option<ChargeId>,
    /// The home's code.
    #[diesel(sql_type = Text)]
    pub home: String,
    /// What bills call the item.
    #[diesel(sql_type = Text)]
    pub item: String,
    /// The bay, or nothing.
    #[diesel(sql_type = Text)]
    pub subject: String,
    /// Why.
    #[diesel(sql_type = Text)]
    pub cause: Cause,
    /// Until when it had been charged.
    #[diesel(sql_type = Date)]
    pub until_on: LocalDate,
    /// Until when it is; none where nothing was left.
    #[diesel(sql_type = Nullable<Date>)]
    pub last_on: Option<LocalDate>,
    /// What had been charged.
    #[diesel(sql_type = BigInt)]
    pub before: Fen,
    /// What is.
    #[diesel(sql_type = BigInt)]
    pub now: Fen,
}

const WAS: &str = "SELECT g.made_id, h.code AS home, i.name AS item, c.subject, g.cause, c.to_on AS until_on, g.last_on, \
     c.amount_fen AS before, g.amount_fen AS now FROM given_back g JOIN charges c ON c.id = g.charge_id \
     JOIN homes h ON h.id = c.home_id JOIN fee_items i ON i.id = c.fee_item_id";

/// What was given back on some accounts.
pub fn of_accounts(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<Vec<Was>> {
    let Some(ids) = matter::listed(accounts) else { return Ok(Vec::new()) };
    let sql = format!("{WAS} WHERE c.account_id IN ({ids}) ORDER BY g.charge_id");
    Ok(diesel::sql_query(sql).load(db)?)
}

/// What a run gave back.
pub fn of_run(db: &mut Db, run: BillingRunId) -> Result<Vec<Was>> {
    let sql =
        format!("{WAS} WHERE g.run_id = $1 ORDER BY h.register_order, i.register_order, c.subject, c.id");
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(run.0).load(db)?)
}

/// What the payer is told.
pub(super) fn tell(one: &Found) -> Tell {
    let (line, charge) = (&one.line, &one.line.charge);
    let last = one.made.as_ref().map(|made| made.days.1);
    let now = one.made.as_ref().map_or(Fen::ZERO, |made| made.amount);
    let why = |language| why(one.cause, last, language);
    let what = [line.item_name.as_str(), &charge.subject, charge.period.as_str()];
    let what: Vec<&str> = what.into_iter().filter(|word| !word.is_empty()).collect();
    let less = now <= charge.amount;
    let difference = if less { charge.amount - now } else { now - charge.amount };
    Tell {
        community: charge.community_id,
        event: format!("given_back:{}", charge.id),
        person: charge.payer_id,
        code: if less { "given_back.less" } else { "given_back.more" },
        args: json!({
            "home": line.home, "what": what.join(" "), "why": { "zh": why("zh"), "en": why("en") },
            "before": charge.amount.to_string(), "now": now.to_string(), "difference": difference.to_string(),
        }),
        link: Some(format!("/homes/{}/bills", line.home)),
        urgency: Urgency::Normal,
    }
}
