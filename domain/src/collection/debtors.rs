//! Who owes: each payer of a home with what is open, how far reminding has come, when they were last spoken to about
//! it, and what keeps the office silent. One statement, which reads of a page's rows only what the page shows.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text, Timestamp};

use crate::access::{Action, Actor, Object, allow};
use crate::{BuildingId, CommunityId, Db, Fen, Instant, LocalDate, PersonId, Result, community};

crate::words! {
    /// How far the reminding of a debt has come.
    Reached {
        /// Nothing was sent of what is open now.
        None = "none",
        /// The reminder before the due day.
        Before = "before",
        /// Three days after.
        Day3 = "day3",
        /// Fifteen days after.
        Day15 = "day15",
        /// Thirty days after.
        Day30 = "day30",
        /// A formal demand.
        Demand = "demand",
    }
}

crate::words! {
    /// By what a payer was last spoken to about what they owe.
    Contact {
        /// A reminder.
        Reminder = "reminder",
        /// A formal demand.
        Demand = "demand",
        /// A steward's visit that spoke of fees.
        Visit = "visit",
        /// They agreed to pay by instalments.
        Plan = "plan",
        /// They said that they do not owe it.
        Dispute = "dispute",
    }
}

crate::words! {
    /// In which order those who owe are listed.
    DebtorOrder {
        /// The largest overdue first.
        Overdue = "overdue",
        /// The largest sum first.
        Open = "open",
        /// Who owes for longest first.
        Oldest = "oldest",
        /// As the register has their homes.
        Register = "register",
    }
}

impl DebtorOrder {
    /// The columns; those behind the first make it one order for all.
    fn columns(self) -> &'static str {
        match self {
            Self::Overdue => "k.overdue DESC, k.open DESC",
            Self::Open => "k.open DESC, k.overdue DESC",
            Self::Oldest => "k.oldest_due_on, k.overdue DESC",
            Self::Register => "h.register_order",
        }
    }
}

/// Which of those who owe.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Of a building only.
    pub building: Option<BuildingId>,
    /// Of the area that a steward has today only.
    pub steward: Option<PersonId>,
    /// At a stage only.
    pub stage: Option<Reached>,
    /// In which order.
    pub order: DebtorOrder,
}

impl Wanted {
    /// Everybody, in an order.
    pub fn all(order: DebtorOrder) -> Self {
        Self { building: None, steward: None, stage: None, order }
    }

    /// The conditions on charges `c`; `$1` is today.
    fn charges(&self) -> String {
        let building = self.building.map(|id| format!(" AND c.building_id = {id}"));
        let steward = self.steward.map(|id| {
            format!(
                " AND c.home_id IN (SELECT w.home_id FROM home_stewards w WHERE w.steward_id = {id} \
                 AND w.starts_on <= $1 AND (w.ends_on IS NULL OR w.ends_on >= $1))"
            )
        });
        building.unwrap_or_default() + &steward.unwrap_or_default()
    }

    /// The condition on who owes, `k`.
    fn stage(&self) -> String {
        match self.stage {
            None => String::new(),
            Some(Reached::None) => format!(" AND {REMINDED} IS NULL AND {DEMANDED} IS NULL"),
            Some(Reached::Demand) => format!(" AND {DEMANDED} IS NOT NULL"),
            Some(stage) => format!(" AND {REMINDED} = '{stage}' AND {DEMANDED} IS NULL"),
        }
    }
}

/// The last stage that was sent of what is still open: of a month that is paid, no reminder counts.
const REMINDED: &str = "(SELECT r.stage FROM reminders r WHERE r.account_id = k.account_id AND r.outcome = 'sent' \
     AND r.period >= k.oldest_period ORDER BY r.day DESC LIMIT 1)";
/// The last demand of something that is still open.
const DEMANDED: &str = "(SELECT MAX(d.day) FROM demands d JOIN demand_charges x ON x.demand_id = d.id \
     JOIN charges o ON o.id = x.charge_id WHERE d.account_id = k.account_id AND NOT o.reversed \
     AND o.paid_fen + o.waived_fen < o.amount_fen)";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = Text)]
    home: String,
    #[diesel(sql_type = Text)]
    payer: String,
    #[diesel(sql_type = BigInt)]
    charges: i64,
    #[diesel(sql_type = BigInt)]
    open: Fen,
    #[diesel(sql_type = BigInt)]
    overdue: Fen,
    #[diesel(sql_type = Text)]
    oldest_period: String,
    #[diesel(sql_type = Date)]
    oldest_due_on: LocalDate,
    #[diesel(sql_type = Nullable<Text>)]
    stage: Option<Reached>,
    #[diesel(sql_type = Nullable<Date>)]
    reached_on: Option<LocalDate>,
    #[diesel(sql_type = Nullable<Date>)]
    demanded_on: Option<LocalDate>,
    #[diesel(sql_type = Nullable<Date>)]
    reminded_on: Option<LocalDate>,
    #[diesel(sql_type = Nullable<Date>)]
    letter_on: Option<LocalDate>,
    #[diesel(sql_type = Nullable<Date>)]
    visited_on: Option<LocalDate>,
    #[diesel(sql_type = Nullable<Date>)]
    agreed_on: Option<LocalDate>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    objected_at: Option<Instant>,
    #[diesel(sql_type = Bool)]
    disputed: bool,
    #[diesel(sql_type = Bool)]
    in_plan: bool,
}

/// What one payer owes for one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrears {
    /// The account.
    pub account_id: i64,
    /// The home's code.
    pub home: String,
    /// Who pays.
    pub payer: String,
    /// How many charges are open.
    pub charges: i64,
    /// What is open of them.
    pub open: Fen,
    /// What of it is due by now.
    pub overdue: Fen,
    /// The oldest unpaid month.
    pub oldest_period: String,
    /// The oldest due day.
    pub oldest_due_on: LocalDate,
    /// How far reminding has come, and when it did.
    pub stage: Reached,
    /// When it came so far; none where nothing was sent.
    pub reached_on: Option<LocalDate>,
    /// By what, and when, they were last spoken to about it.
    pub contact: Option<(Contact, LocalDate)>,
    /// Whether something of it is disputed.
    pub disputed: bool,
    /// Whether something of it is being paid by instalments.
    pub in_plan: bool,
}

/// Who owes, in an order: so many after those passed over.
///
/// # Errors
/// Not allowed to who may not see the collection.
pub fn arrears(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    wanted: &Wanted,
    (offset, limit): (i64, i64),
) -> Result<Vec<Arrears>> {
    allow(db, actor, now, Action::ReadCollection, Object::Community(community))?;
    let zone = community::by_id(db, community)?.zone()?;
    let rows: Vec<Row> = diesel::sql_query(sql(wanted))
        .bind::<Date, _>(zone.date(now))
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(offset)
        .load(db)?;
    Ok(rows.into_iter().map(|row| row.told(|at| zone.date(at))).collect())
}

fn sql(wanted: &Wanted) -> String {
    let (open, order) = ("c.amount_fen - c.paid_fen - c.waived_fen", wanted.order.columns());
    let sent = "FROM reminders r WHERE r.account_id = k.account_id AND r.outcome = 'sent'";
    format!(
        "SELECT k.account_id, k.home, p.name AS payer, k.charges, k.open, k.overdue, k.oldest_period, k.oldest_due_on, \
         {REMINDED} AS stage, {DEMANDED} AS demanded_on, \
         (SELECT MAX(r.day) {sent} AND r.period >= k.oldest_period) AS reached_on, \
         (SELECT MAX(r.day) {sent}) AS reminded_on, \
         (SELECT MAX(d.day) FROM demands d WHERE d.account_id = k.account_id) AS letter_on, \
         (SELECT MAX(v.day) FROM visits v WHERE v.home_id = k.home_id AND v.topics LIKE '%fees%' AND NOT EXISTS \
          (SELECT 1 FROM visit_decisions s WHERE s.visit_id = v.id AND s.decision = 'voided')) AS visited_on, \
         (SELECT MAX(l.agreed_on) FROM plans l WHERE l.account_id = k.account_id) AS agreed_on, \
         (SELECT MAX(u.noted_at) FROM disputes u WHERE u.account_id = k.account_id) AS objected_at, \
         EXISTS (SELECT 1 FROM disputes u WHERE u.account_id = k.account_id AND u.ended_at IS NULL) AS disputed, \
         EXISTS (SELECT 1 FROM plans l WHERE l.account_id = k.account_id AND l.state = 'running') AS in_plan \
         FROM (SELECT k.*, h.code AS home, h.register_order FROM \
          (SELECT c.account_id, c.home_id, c.payer_id, COUNT(*) AS charges, CAST(SUM({open}) AS BIGINT) AS open, \
           CAST(SUM(CASE WHEN c.due_on < $1 THEN {open} ELSE 0 END) AS BIGINT) AS overdue, \
           MIN(c.period) AS oldest_period, MIN(c.due_on) AS oldest_due_on FROM charges c \
           WHERE c.community_id = $2 AND NOT c.reversed AND c.paid_fen + c.waived_fen < c.amount_fen{} \
           GROUP BY c.account_id, c.home_id, c.payer_id) k JOIN homes h ON h.id = k.home_id WHERE TRUE{} \
          ORDER BY {order}, h.register_order, k.account_id LIMIT $3 OFFSET $4) k \
         JOIN people p ON p.id = k.payer_id ORDER BY {}, k.register_order, k.account_id",
        wanted.charges(),
        wanted.stage(),
        order.replace("h.", "k."),
    )
}

impl Row {
    fn told(self, day: impl Fn(Instant) -> LocalDate) -> Arrears {
        let (stage, reached_on) = match (self.demanded_on, self.stage) {
            (Some(day), _) => (Reached::Demand, Some(day)),
            (None, Some(stage)) => (stage, self.reached_on),
            (None, None) => (Reached::None, None),
        };
        let contacts = [
            (Contact::Reminder, self.reminded_on),
            (Contact::Demand, self.letter_on),
            (Contact::Visit, self.visited_on),
            (Contact::Plan, self.agreed_on),
            (Contact::Dispute, self.objected_at.map(day)),
        ];
        let contacts = contacts.into_iter().filter_map(|(kind, day)| Some((kind, day?)));
        Arrears {
            contact: contacts.max_by_key(|(_, day)| *day),
            account_id: self.account_id,
            home: self.home,
            payer: self.payer,
            charges: self.charges,
            open: self.open,
            overdue: self.overdue,
            oldest_period: self.oldest_period,
            oldest_due_on: self.oldest_due_on,
            stage,
            reached_on,
            disputed: self.disputed,
            in_plan: self.in_plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use test_support::{Database, Kind};

    use super::*;
    use crate::Store;

    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }

    #[test]
    fn who_owes_is_found_by_what_is_open_on_sqlite() {
        let database = Database::empty(Kind::Sqlite);
        let store = Store::open(database.url()).unwrap();
        store.migrate().unwrap();
        let explained = format!("EXPLAIN QUERY PLAN {}", sql(&Wanted::all(DebtorOrder::Overdue)));
        let steps: Vec<Step> = store
            .read_now(|db| {
                let query = diesel::sql_query(explained).bind::<Date, _>(LocalDate::default());
                Ok(query.bind::<BigInt, _>(1).bind::<BigInt, _>(50).bind::<BigInt, _>(0).load(db)?)
            })
            .unwrap();
        assert!(
            steps.iter().any(|step| step.detail.contains("c USING INDEX charges_open")),
            "{:?}",
            steps.iter().map(|step| &step.detail).collect::<Vec<_>>()
        );
    }
}
