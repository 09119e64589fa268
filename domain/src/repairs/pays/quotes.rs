//! The quote 报价: lines from the price list, offered by the technician, agreed to by the resident in the
//! portal, or by a signature that the technician records. What was agreed to in the portal can be withdrawn
//! for ten minutes (domain.md §11). The newest quote of a case holds; one that was charged is history.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::{Payer, decide};
use crate::access::Actor;
use crate::billing::service::{Service, ServiceLine};
use crate::cases::Case;
use crate::db::schema::{quote_lines, quotes, repairs};
use crate::error::FieldError;
use crate::{AttachmentId, ChargeId, Db, Error, Fen, Instant, PersonId, Quantity, QuoteId, Result, stock};

crate::words! {
    /// What became of a quote.
    QuoteState {
        /// Waits for the resident.
        Offered = "offered",
        /// They agreed.
        Agreed = "agreed",
        /// They said no.
        Refused = "refused",
        /// A newer one holds.
        Replaced = "replaced",
    }
}

/// A line as a technician offers it: from the price list, so many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The code of the price list.
    pub item: String,
    /// How many.
    pub quantity: Quantity,
}

/// A quote as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = quotes)]
pub struct Quote {
    /// Its id.
    pub id: QuoteId,
    /// Which one of its case, from 1.
    pub number: i32,
    /// By which line of the table the resident pays.
    pub rule: String,
    /// What it comes to.
    #[diesel(column_name = total_fen)]
    pub total: Fen,
    /// What became of it.
    pub state: QuoteState,
    /// When it was offered.
    pub made_at: Instant,
    /// By whom.
    pub made_by: Option<PersonId>,
    /// When it was agreed to.
    pub agreed_at: Option<Instant>,
    /// Who agreed, or recorded the signature.
    pub agreed_by: Option<PersonId>,
    /// The photo of the signature.
    pub signature_id: Option<AttachmentId>,
    /// What was charged for it.
    pub charge_id: Option<ChargeId>,
    /// When the resident said no to it.
    pub refused_at: Option<Instant>,
    /// Why.
    pub refusal: String,
}

/// A line with the price that was offered.
pub type QuoteLine = ServiceLine;

/// The newest quote of a case with its lines; none where there was none.
pub fn current(db: &mut Db, case: &Case) -> Result<Option<(Quote, Service)>> {
    let quote: Option<Quote> = quotes::table
        .filter(quotes::case_id.eq(case.id.0))
        .order(quotes::number.desc())
        .select(Quote::as_select())
        .first(db)
        .optional()?;
    quote.map(|quote| Ok((lines(db, quote.id)?, quote)).map(|(lines, quote)| (quote, lines))).transpose()
}

fn lines(db: &mut Db, quote: QuoteId) -> Result<Service> {
    let rows: Vec<(String, String, String, Quantity, Fen)> = quote_lines::table
        .filter(quote_lines::quote_id.eq(quote.0))
        .order(quote_lines::position)
        .select((
            quote_lines::zh,
            quote_lines::en,
            quote_lines::unit,
            quote_lines::quantity,
            quote_lines::price_fen,
        ))
        .load(db)?;
    let line = |(zh, en, unit, quantity, price)| ServiceLine { zh, en, unit, quantity, price };
    Ok(Service { lines: rows.into_iter().map(line).collect() })
}

/// Offers a quote; the one before is replaced. Says what it comes to.
///
/// # Errors
/// `repair.resident_pays_not` where the table says that somebody else pays; by field what is wrong with a line.
pub(crate) fn offer(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    (quoted, caused): (&[Quoted], bool),
) -> Result<Fen> {
    let set = repairs::caused_by_people.eq(caused);
    diesel::update(repairs::table.find(case.id.0)).set(set).execute(tx)?;
    let decided = decide(tx, case)?;
    if decided.payer != Payer::Resident {
        return Err(Error::refused("repair.resident_pays_not", vec![]));
    }
    let items = priced(tx, case, quoted)?;
    let service = Service { lines: items.iter().map(|(_, line)| line.clone()).collect() };
    let number = current(tx, case)?.map_or(1, |(quote, _)| quote.number + 1);
    let earlier = quotes::table
        .filter(quotes::case_id.eq(case.id.0).and(quotes::charge_id.is_null()))
        .filter(quotes::state.eq_any([QuoteState::Offered, QuoteState::Agreed]));
    diesel::update(earlier).set(quotes::state.eq(QuoteState::Replaced)).execute(tx)?;
    let row = (
        quotes::community_id.eq(case.community_id),
        quotes::case_id.eq(case.id),
        quotes::number.eq(number),
        quotes::rule.eq(decided.rule.as_str()),
        quotes::total_fen.eq(service.amount()),
        quotes::state.eq(QuoteState::Offered),
        quotes::made_at.eq(now),
        quotes::made_by.eq(actor.person),
    );
    let id: QuoteId = diesel::insert_into(quotes::table).values(row).returning(quotes::id).get_result(tx)?;
    for (position, (item, line)) in (1_i32..).zip(&items) {
        let row = (
            quote_lines::quote_id.eq(id),
            quote_lines::position.eq(position),
            quote_lines::item_id.eq(item),
            quote_lines::zh.eq(&line.zh),
            quote_lines::en.eq(&line.en),
            quote_lines::unit.eq(&line.unit),
            quote_lines::quantity.eq(line.quantity),
            quote_lines::price_fen.eq(line.price),
        );
        diesel::insert_into(quote_lines::table).values(row).execute(tx)?;
    }
    Ok(service.amount())
}

type Priced = (crate::PriceItemId, ServiceLine);

fn priced(db: &mut Db, case: &Case, quoted: &[Quoted]) -> Result<Vec<Priced>> {
    let (mut wrong, mut items) = (Vec::new(), Vec::new());
    if quoted.is_empty() {
        wrong.push(FieldError::new("lines", "required"));
    }
    for (n, one) in quoted.iter().enumerate().take(50) {
        let found = stock::find(db, case.community_id, one.item.trim())?.filter(|item| !item.retired);
        if !(1..=10_000_000).contains(&one.quantity.0) {
            wrong.push(FieldError::new(format!("lines.{n}.quantity"), "not_positive"));
        }
        let Some(item) = found else {
            wrong.push(FieldError::new(format!("lines.{n}.item"), "unknown_price_item"));
            continue;
        };
        let line = ServiceLine {
            zh: item.zh,
            en: item.en,
            unit: item.unit,
            quantity: one.quantity,
            price: item.price,
        };
        items.push((item.id, line));
    }
    if wrong.is_empty() { Ok(items) } else { Err(Error::Invalid(wrong)) }
}

/// Agrees to the quote that is offered; a signature is recorded with its photo.
///
/// # Errors
/// `repair.no_quote` where none is offered.
pub(crate) fn agree(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    case: &Case,
    signature: Option<AttachmentId>,
) -> Result<Fen> {
    let quote = offered(tx, case)?;
    let set = (
        quotes::state.eq(QuoteState::Agreed),
        quotes::agreed_at.eq(now),
        quotes::agreed_by.eq(actor.person),
        quotes::signature_id.eq(signature),
    );
    diesel::update(quotes::table.find(quote.id.0)).set(set).execute(tx)?;
    Ok(quote.total)
}

fn offered(db: &mut Db, case: &Case) -> Result<Quote> {
    let offered = current(db, case)?.filter(|(quote, _)| quote.state == QuoteState::Offered);
    offered.map(|(quote, _)| quote).ok_or_else(|| Error::refused("repair.no_quote", vec![]))
}

/// Says no to the quote that is offered; the reason is kept with it.
///
/// # Errors
/// `repair.no_quote` where none is offered.
pub(crate) fn refuse(tx: &mut Db, actor: &Actor, now: Instant, case: &Case, reason: &str) -> Result<()> {
    let quote = offered(tx, case)?;
    let set = (
        quotes::state.eq(QuoteState::Refused),
        quotes::refused_at.eq(now),
        quotes::refused_by.eq(actor.person),
        quotes::refusal.eq(reason),
    );
    diesel::update(quotes::table.find(quote.id.0)).set(set).execute(tx)?;
    Ok(())
}

/// Whether an agreement made in the portal can still be withdrawn.
pub(crate) fn may_disagree(quote: &Quote, now: Instant) -> bool {
    let fresh = quote.agreed_at.is_some_and(|at| now.since(at) <= TimeDelta::minutes(10));
    quote.state == QuoteState::Agreed && quote.signature_id.is_none() && quote.charge_id.is_none() && fresh
}

/// Withdraws an agreement within ten minutes: the quote is offered again.
///
/// # Errors
/// `repair.agreed_for_good` after that, or where it was signed.
pub(crate) fn disagree(tx: &mut Db, now: Instant, case: &Case) -> Result<()> {
    let agreed = current(tx, case)?.filter(|(quote, _)| may_disagree(quote, now));
    let (quote, _) = agreed.ok_or_else(|| Error::refused("repair.agreed_for_good", vec![]))?;
    let none = (quotes::agreed_at.eq(None::<Instant>), quotes::agreed_by.eq(None::<PersonId>));
    let set = (quotes::state.eq(QuoteState::Offered), none.0, none.1);
    diesel::update(quotes::table.find(quote.id.0)).set(set).execute(tx)?;
    Ok(())
}
