//! Corrections as rows, and as the lists that people work through.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::{Kind, State};
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::corrections;
use crate::ledger::matter::{self, Matter};
use crate::{
    ChargeId, CommunityId, CorrectionId, Db, Error, Fen, Instant, LedgerAccountId, PaymentId, PersonId,
    Result,
};

/// A correction as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = corrections)]
pub struct Correction {
    /// Its id.
    pub id: CorrectionId,
    /// The community.
    pub community_id: CommunityId,
    /// Whose account.
    pub account_id: LedgerAccountId,
    /// What is asked for.
    pub kind: Kind,
    /// Of which charge.
    pub charge_id: Option<ChargeId>,
    /// Of which payment's prepayment.
    pub payment_id: Option<PaymentId>,
    /// How much.
    #[diesel(column_name = amount_fen)]
    pub amount: Fen,
    /// Why.
    pub reason: String,
    /// Who asked; none where the portal itself did.
    pub asked_by: Option<PersonId>,
    /// How far it has come.
    pub state: State,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct New<'r> {
    pub(super) community: CommunityId,
    pub(super) account: LedgerAccountId,
    pub(super) kind: Kind,
    pub(super) charge: Option<ChargeId>,
    pub(super) payment: Option<PaymentId>,
    pub(super) amount: Fen,
    pub(super) reason: &'r str,
}

/// Writes down what is asked for, or what was done at once. The account has to be locked.
///
/// # Errors
/// Something is asked of the same charge or payment already (`correction.asked`).
pub(super) fn insert(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    new: &New<'_>,
    state: State,
) -> Result<Correction> {
    let same = corrections::table
        .filter(corrections::state.eq(State::Asked).and(corrections::account_id.eq(new.account.0)))
        .select((corrections::charge_id, corrections::payment_id));
    let waiting: Vec<(Option<ChargeId>, Option<PaymentId>)> = same.load(tx)?;
    if waiting.contains(&(new.charge, new.payment)) {
        return Err(Error::refused("correction.asked", vec![]));
    }
    let row = (
        corrections::community_id.eq(new.community),
        corrections::account_id.eq(new.account),
        corrections::kind.eq(new.kind),
        corrections::charge_id.eq(new.charge),
        corrections::payment_id.eq(new.payment),
        corrections::amount_fen.eq(new.amount),
        corrections::reason.eq(new.reason.trim()),
        corrections::asked_by.eq(actor.person),
        corrections::asked_at.eq(now),
        corrections::state.eq(state),
        corrections::decided_at.eq((state != State::Asked).then_some(now)),
    );
    let made = diesel::insert_into(corrections::table).values(row).returning(corrections::id);
    let id: CorrectionId = made.get_result(tx)?;
    by_id(tx, id)
}

pub(super) fn by_id(db: &mut Db, id: CorrectionId) -> Result<Correction> {
    Ok(corrections::table.find(id.0).select(Correction::as_select()).first(db)?)
}

pub(super) fn decide(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: CorrectionId,
    state: State,
    answer: &str,
) -> Result<()> {
    let decided = (
        corrections::state.eq(state),
        corrections::decided_by.eq(actor.person),
        corrections::decided_at.eq(now),
        corrections::answer.eq(answer.trim()),
    );
    diesel::update(corrections::table.find(id.0)).set(decided).execute(tx)?;
    Ok(())
}

/// A correction with the names that people know.
#[derive(Debug, Clone, QueryableByName)]
pub struct Line {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: CorrectionId,
    /// What is asked for.
    #[diesel(sql_type = Text)]
    pub kind: Kind,
    /// How far it has come.
    #[diesel(sql_type = Text)]
    pub state: State,
    /// How much.
    #[diesel(sql_type = BigInt)]
    pub amount_fen: Fen,
    /// Why.
    #[diesel(sql_type = Text)]
    pub reason: String,
    /// The home's code.
    #[diesel(sql_type = Text)]
    pub home: String,
    /// Who pays.
    #[diesel(sql_type = Text)]
    pub payer: String,
    /// Of which charge.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub charge_id: Option<ChargeId>,
    /// What it is about: a charge, or a payment.
    #[diesel(embed)]
    pub matter: Matter,
    /// Who asked.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub asked_by: Option<PersonId>,
    /// What they are called.
    #[diesel(sql_type = Nullable<Text>)]
    pub asker: Option<String>,
    /// When.
    #[diesel(sql_type = Timestamp)]
    pub asked_at: Instant,
    /// Who decided, as they are called.
    #[diesel(sql_type = Nullable<Text>)]
    pub decider: Option<String>,
    /// When.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub decided_at: Option<Instant>,
    /// What they answered where they refused.
    #[diesel(sql_type = Text)]
    pub answer: String,
}

/// What waits for a decision, oldest first, for who may ask or decide.
pub fn waiting(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Vec<Line>> {
    allow(db, actor, now, Action::AskCorrection, Object::Community(community))?;
    lines(db, &format!("k.community_id = {community} AND k.state = 'asked'"), "k.id")
}

/// What was decided last, newest first.
pub fn decided(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    limit: i64,
) -> Result<Vec<Line>> {
    allow(db, actor, now, Action::AskCorrection, Object::Community(community))?;
    let which = format!("k.community_id = {community} AND k.state <> 'asked'");
    lines(db, &which, &format!("k.decided_at DESC, k.id DESC LIMIT {limit}"))
}

/// What waits on these accounts, oldest first.
pub fn of_accounts(db: &mut Db, accounts: &[LedgerAccountId]) -> Result<Vec<Line>> {
    let Some(ids) = matter::listed(accounts) else { return Ok(Vec::new()) };
    lines(db, &format!("k.account_id IN ({ids}) AND k.state = 'asked'"), "k.id")
}

/// The correction of an id with its names.
pub(super) fn line(db: &mut Db, id: CorrectionId) -> Result<Line> {
    lines(db, &format!("k.id = {id}"), "k.id")?.pop().ok_or(Error::NotFound)
}

fn lines(db: &mut Db, which: &str, order: &str) -> Result<Vec<Line>> {
    let sql = format!(
        "SELECT k.id, k.kind, k.state, k.amount_fen, k.reason, h.code AS home, p.name AS payer, k.charge_id, {}, \
         k.asked_by, a.name AS asker, k.asked_at, d.name AS decider, k.decided_at, k.answer FROM corrections k \
         JOIN ledger_accounts l ON l.id = k.account_id JOIN homes h ON h.id = l.home_id \
         JOIN people p ON p.id = l.payer_id {} \
         LEFT JOIN people a ON a.id = k.asked_by LEFT JOIN people d ON d.id = k.decided_by \
         WHERE {which} ORDER BY {order}",
        matter::COLUMNS,
        matter::joins("k"),
    );
    Ok(diesel::sql_query(sql).load(db)?)
}
