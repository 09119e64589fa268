//! What a repair costs the resident when it is done: what they agreed to, and nothing else. It becomes one
//! charge in the book of fees, unique by its case (domain.md §10).

use diesel::prelude::*;

use super::quotes::{Quote, QuoteState, current};
use super::{Decision, Payer, decide};
use crate::access::Actor;
use crate::billing::rules::due_on;
use crate::billing::service::Service;
use crate::cases::Case;
use crate::db::schema::{fee_items, homes, quotes, repairs};
use crate::ledger::{self, Book, NewCharge};
use crate::payments::payer_on;
use crate::stock::{self, Used};
use crate::{
    BuildingId, ChargeId, CommunityId, Db, Error, FeeItemId, Fen, HomeId, Instant, LocalDate, Month, Result,
    community, settings,
};

/// The fee item of what single repairs cost.
const ITEM: &str = "repair_service";
/// The day of the month on which it is due, and never earlier than the settings say.
const DUE_DAY: u32 = 25;

/// What finishing a repair costs, looked at before it is done.
pub(crate) struct Bill {
    decided: Decision,
    agreed: Option<(Quote, Service)>,
}

/// Who pays for what is about to be done.
///
/// # Errors
/// `repair.no_agreed_quote` where the resident would pay for it and has not agreed: a quote that is still
/// offered, or materials that cost money.
pub(crate) fn on_finish(db: &mut Db, case: &Case, materials: &[Used]) -> Result<Bill> {
    let decided = decide(db, case)?;
    let newest = current(db, case)?.filter(|(quote, _)| quote.charge_id.is_none());
    if decided.payer != Payer::Resident {
        return Ok(Bill { decided, agreed: None });
    }
    let offered = newest.as_ref().is_some_and(|(quote, _)| quote.state == QuoteState::Offered);
    let agreed = newest.filter(|(quote, _)| quote.state == QuoteState::Agreed);
    if offered || (agreed.is_none() && cost(db, case.community_id, materials)?) {
        return Err(Error::refused("repair.no_agreed_quote", vec![]));
    }
    Ok(Bill { decided, agreed })
}

/// Whether any of the materials costs something.
fn cost(db: &mut Db, community: CommunityId, materials: &[Used]) -> Result<bool> {
    for one in materials {
        if stock::find(db, community, &one.item)?.is_some_and(|item| item.price.0 > 0) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Bill {
    /// Keeps who pays, and charges what was agreed; says how much, where anything.
    pub(crate) fn settle(
        &self,
        tx: &mut Db,
        actor: &Actor,
        now: Instant,
        case: &Case,
    ) -> Result<Option<Fen>> {
        let set = (
            repairs::payer.eq(self.decided.payer.as_str()),
            repairs::pays_rule.eq(self.decided.rule.as_str()),
        );
        diesel::update(repairs::table.find(case.id.0)).set(set).execute(tx)?;
        let Some((quote, service)) = self.agreed.as_ref().filter(|(quote, _)| quote.total.0 > 0) else {
            return Ok(None);
        };
        let Some(home) = case.home_id else { return Ok(None) };
        let charge = charge(tx, actor, now, (case, home), (quote, service))?;
        diesel::update(quotes::table.find(quote.id.0)).set(quotes::charge_id.eq(charge)).execute(tx)?;
        Ok(Some(quote.total))
    }
}

fn charge(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (case, home): (&Case, HomeId),
    (quote, service): (&Quote, &Service),
) -> Result<ChargeId> {
    let community = case.community_id;
    let today: LocalDate = community::by_id(tx, community)?.today(now)?;
    let payer = payer_on(tx, home, today)?.or(case.reporter_id);
    let payer_id = payer.ok_or_else(|| Error::refused("repair.nobody_pays", vec![]))?;
    let building_id: BuildingId = homes::table.find(home.0).select(homes::building_id).first(tx)?;
    let fee_item_id = item(tx, community)?;
    let account_id = ledger::account(tx, community, home, payer_id, Book::Fees)?;
    ledger::lock(tx, account_id)?;
    let period = Month::of(today);
    let least = settings::get(tx, community, settings::DUE_DAYS_AT_LEAST)?.unsigned_abs();
    let due_on = due_on(period, DUE_DAY, today, least);
    let again = if quote.number > 1 { format!("/{}", quote.number) } else { String::new() };
    let new = NewCharge {
        community_id: community,
        account_id,
        home_id: home,
        building_id,
        payer_id,
        fee_item_id,
        subject: format!("{}{again}", case.number()),
        period,
        revision: 0,
        from_on: today,
        to_on: today,
        basis: service.to_string(),
        amount: service.amount(),
        due_on,
        due_month: Month::of(due_on),
        made_at: now,
    };
    let made = ledger::charge(tx, actor, &new)?;
    ledger::use_prepayments(tx, &[account_id], now)?;
    Ok(made)
}

/// The community's fee item for repairs, made with the first one; no run bills it.
fn item(tx: &mut Db, community: CommunityId) -> Result<FeeItemId> {
    let theirs = || fee_items::table.filter(fee_items::community_id.eq(community.0));
    let known = theirs().filter(fee_items::code.eq(ITEM)).select(fee_items::id).first(tx).optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    let last: Option<i64> = theirs().select(diesel::dsl::max(fee_items::register_order)).first(tx)?;
    let sql = "INSERT INTO fee_items (community_id, code, name, basis, applies_to, unit, due_day, register_order, \
               periodic) VALUES ($1, $2, $3, 'home', 'residential', '元/次', 25, $4, FALSE) \
               ON CONFLICT (community_id, code) DO NOTHING";
    diesel::sql_query(sql)
        .bind::<diesel::sql_types::BigInt, _>(community.0)
        .bind::<diesel::sql_types::Text, _>(ITEM)
        .bind::<diesel::sql_types::Text, _>("维修服务费")
        .bind::<diesel::sql_types::BigInt, _>(last.unwrap_or(0) + 1)
        .execute(tx)?;
    Ok(theirs().filter(fee_items::code.eq(ITEM)).select(fee_items::id).first(tx)?)
}
