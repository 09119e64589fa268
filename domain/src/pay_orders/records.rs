//! Orders as rows, and as those concerned may see them.

use diesel::prelude::*;

use super::rules::{Channel, State, Why};
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::{homes, ledger_accounts, pay_orders, payments, people};
use crate::ledger::{self, Book};
use crate::{
    CommunityId, Db, Error, Fen, HomeId, Instant, LedgerAccountId, PayOrderId, PaymentId, PersonId, Result,
};

/// An order as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = pay_orders)]
pub struct Order {
    /// Its id.
    pub id: PayOrderId,
    /// The community.
    pub community_id: CommunityId,
    /// For which home.
    pub home_id: HomeId,
    /// To which account.
    pub account_id: LedgerAccountId,
    /// The number that people know.
    pub number: String,
    /// The number that the provider knows.
    pub trade_no: String,
    /// By whom.
    pub channel: Channel,
    /// How much.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// How far it has come.
    pub state: State,
    /// Why it ended without a payment.
    pub why: Why,
    /// What the QR code holds.
    pub code: String,
    /// Who asked for it.
    pub asked_by: Option<PersonId>,
    /// When.
    pub asked_at: Instant,
    /// Until when it can be paid.
    pub expires_at: Instant,
    /// How often it was looked at.
    pub looks: i32,
    /// When it is looked at again.
    pub look_at: Instant,
    /// The provider's number of the payment.
    pub transaction_no: String,
    /// How much the provider says that came.
    #[diesel(column_name = told_fen)]
    pub told: Option<Fen>,
    /// When it ended.
    pub settled_at: Option<Instant>,
    /// The payment.
    pub payment_id: Option<PaymentId>,
    /// When a cashier put right what could not be booked by itself.
    pub handled_at: Option<Instant>,
    /// Who did.
    pub handled_by: Option<PersonId>,
    /// How: the receipt, or that it was given back.
    pub handled_note: String,
}

impl Order {
    /// Whether a person has to look at it.
    pub fn needs_a_person(&self) -> bool {
        self.state == State::Failed && self.handled_at.is_none()
    }
}

/// An order with the names that people know.
#[derive(Debug, Clone, Queryable)]
pub struct Seen {
    /// The order.
    pub order: Order,
    /// The home's code.
    pub home: String,
    /// Whose account it goes to.
    pub payer: String,
    /// The receipt, once it is booked.
    pub receipt: Option<String>,
}

/// The order of an id.
pub fn by_id(db: &mut Db, id: PayOrderId) -> Result<Order> {
    Ok(pay_orders::table.find(id.0).select(Order::as_select()).first(db)?)
}

/// The order that a provider means.
pub(super) fn by_trade_no(db: &mut Db, channel: Channel, trade_no: &str) -> Result<Order> {
    let meant = pay_orders::table
        .filter(pay_orders::trade_no.eq(trade_no).and(pay_orders::channel.eq(channel)))
        .select(Order::as_select());
    Ok(meant.first(db)?)
}

/// The number that people know of an order that a provider means.
pub fn number_of(db: &mut Db, community: CommunityId, channel: Channel, trade_no: &str) -> Result<String> {
    let order = by_trade_no(db, channel, trade_no)?;
    if order.community_id == community { Ok(order.number) } else { Err(Error::NotFound) }
}

/// The orders of accounts that wait to be paid, oldest first.
pub fn open_of(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<Vec<Order>> {
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
    let open = pay_orders::table
        .filter(pay_orders::account_id.eq_any(ids))
        .filter(pay_orders::state.eq_any([State::Asked, State::Shown]))
        .order(pay_orders::id);
    Ok(open.select(Order::as_select()).load(db)?)
}

/// The open orders of a community that are to be looked at by now, longest due first.
pub fn due(db: &mut Db, community: CommunityId, now: Instant, limit: i64) -> Result<Vec<Order>> {
    let due = pay_orders::table
        .filter(pay_orders::community_id.eq(community.0).and(pay_orders::look_at.le(now)))
        .filter(pay_orders::state.eq_any([State::Asked, State::Shown]))
        .order((pay_orders::look_at, pay_orders::id));
    Ok(due.limit(limit).select(Order::as_select()).load(db)?)
}

/// The order of a number, for who may see its account.
///
/// # Errors
/// Not found where there is none, or the asker may not see it.
pub fn seen(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId, number: &str) -> Result<Seen> {
    let found: Seen = named()
        .filter(pay_orders::community_id.eq(community.0).and(pay_orders::number.eq(number)))
        .select((Order::as_select(), homes::code, people::name, payments::receipt.nullable()))
        .first(db)?;
    let home = found.order.home_id;
    let hidden = |_| Error::NotFound;
    allow(db, actor, now, Action::ReadLedger, Object::Home(community, home)).map_err(hidden)?;
    let visible = ledger::visible(db, actor, home, Book::Fees)?;
    if visible.iter().any(|account| account.id == found.order.account_id) {
        Ok(found)
    } else {
        Err(Error::NotFound)
    }
}

/// The orders of a community for its cashiers, newest first: all, or those in a state.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, state): (CommunityId, Option<State>),
    (before, limit): (i64, i64),
) -> Result<Vec<Seen>> {
    allow(db, actor, now, Action::TakePayment, Object::Community(community))?;
    let rows = named()
        .filter(pay_orders::community_id.eq(community.0).and(pay_orders::id.lt(before)))
        .order(pay_orders::id.desc())
        .limit(limit)
        .select((Order::as_select(), homes::code, people::name, payments::receipt.nullable()));
    match state {
        Some(state) => Ok(rows.filter(pay_orders::state.eq(state)).load(db)?),
        None => Ok(rows.load(db)?),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn named() -> _ {
    pay_orders::table
        .inner_join(homes::table.on(homes::id.eq(pay_orders::home_id)))
        .inner_join(ledger_accounts::table.on(ledger_accounts::id.eq(pay_orders::account_id)))
        .inner_join(people::table.on(people::id.eq(ledger_accounts::payer_id)))
        .left_join(payments::table.on(payments::id.nullable().eq(pay_orders::payment_id)))
}

/// By whom a payment came, and the provider's number of it; none where it came another way.
pub fn reference(db: &mut Db, payment: PaymentId) -> Result<Option<(Channel, String)>> {
    let one = pay_orders::table
        .filter(pay_orders::payment_id.eq(payment.0))
        .select((pay_orders::channel, pay_orders::transaction_no));
    Ok(one.first(db).optional()?)
}
