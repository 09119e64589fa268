//! What was agreed with the developer; what holds for a month is never changed once the month is billed.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::billing::{State, What};
use crate::db::schema::{billing_runs, developer_terms, people};
use crate::error::FieldError;
use crate::{CommunityId, Db, Error, Instant, Month, PersonId, Result, people as persons};

/// What was agreed, as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = developer_terms)]
pub struct Terms {
    /// Who pays: the developer, kept as a person is.
    pub payer_id: PersonId,
    /// The first month in which they hold.
    pub from_month: Month,
    /// Percent of the tariff; 0 ends it.
    pub percent: i64,
    /// The agreement, in words.
    pub basis: String,
    /// When they were set.
    pub made_at: Instant,
}

/// What is to hold from a month on.
#[derive(Debug, Clone)]
pub struct NewTerms {
    /// What the developer is called.
    pub name: String,
    /// A phone.
    pub phone: Option<String>,
    /// An address for mails.
    pub email: Option<String>,
    /// The first month.
    pub from_month: Month,
    /// Percent of the tariff; 0 ends it.
    pub percent: i64,
    /// The agreement, in words.
    pub basis: String,
}

/// All there ever were, the latest first, each with what the developer is called.
pub fn history(db: &mut Db, community: CommunityId) -> Result<Vec<(Terms, String)>> {
    let all = developer_terms::table
        .inner_join(people::table.on(people::id.eq(developer_terms::payer_id)))
        .filter(developer_terms::community_id.eq(community.0))
        .order(developer_terms::from_month.desc());
    Ok(all.select((Terms::as_select(), people::name)).load(db)?)
}

/// Those that hold in a month; none before the first, and where they say that nothing is charged.
pub fn of_month(db: &mut Db, community: CommunityId, month: Month) -> Result<Option<Terms>> {
    let latest = developer_terms::table
        .filter(developer_terms::community_id.eq(community.0).and(developer_terms::from_month.le(month)))
        .order(developer_terms::from_month.desc());
    let found: Option<Terms> = latest.select(Terms::as_select()).first(db).optional()?;
    Ok(found.filter(|terms| terms.percent > 0))
}

/// Sets what holds from a month on.
///
/// # Errors
/// The field that is wrong; field `from_month` where that month or a later one is billed, or has terms already.
pub fn set(tx: &mut Db, actor: &Actor, now: Instant, community: CommunityId, new: &NewTerms) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    let new = checked(new)?;
    check_month(tx, community, new.from_month)?;
    let row = (
        developer_terms::community_id.eq(community),
        developer_terms::payer_id.eq(payer(tx, now, community, &new)?),
        developer_terms::from_month.eq(new.from_month),
        developer_terms::percent.eq(new.percent),
        developer_terms::basis.eq(&new.basis),
        developer_terms::made_by.eq(actor.person),
        developer_terms::made_at.eq(now),
    );
    diesel::insert_into(developer_terms::table).values(row).execute(tx)?;
    let line = Line::new(community, "developer.terms", "community", community.0);
    audit::write(tx, actor, now, &line.fields(format!("from={} percent={}", new.from_month, new.percent)))
}

fn checked(new: &NewTerms) -> Result<NewTerms> {
    let mut wrong = Vec::new();
    let mut new = new.clone();
    new.name = new.name.trim().to_owned();
    new.basis = new.basis.trim().to_owned();
    for (field, text, most) in [("name", &new.name, 60), ("basis", &new.basis, 500)] {
        if text.is_empty() {
            wrong.push(FieldError::new(field, "required"));
        } else if text.chars().count() > most {
            wrong.push(FieldError::new(field, "too_long").with("most", i64::try_from(most).unwrap_or(0)));
        }
    }
    if !(0..=100).contains(&new.percent) {
        wrong.push(FieldError::new("percent", "between").with("least", 0).with("most", 100));
    }
    new.phone = checked_text(&mut wrong, "phone", new.phone.as_deref(), persons::rules::phone);
    new.email = checked_text(&mut wrong, "email", new.email.as_deref(), persons::rules::email);
    if wrong.is_empty() { Ok(new) } else { Err(Error::Invalid(wrong)) }
}

fn checked_text(
    wrong: &mut Vec<FieldError>,
    field: &'static str,
    text: Option<&str>,
    check: fn(&str) -> Result<String, &'static str>,
) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    check(text).map_err(|code| wrong.push(FieldError::new(field, code))).ok()
}

fn check_month(db: &mut Db, community: CommunityId, from: Month) -> Result<()> {
    let later = developer_terms::table
        .filter(developer_terms::community_id.eq(community.0).and(developer_terms::from_month.ge(from)));
    if later.count().get_result::<i64>(db)? > 0 {
        return Err(Error::field("from_month", "later_terms"));
    }
    let billed = billing_runs::table
        .filter(billing_runs::community_id.eq(community.0).and(billing_runs::what.eq(What::Developer)))
        .filter(billing_runs::period.ge(from).and(billing_runs::state.ne(State::Cancelled)));
    if billed.count().get_result::<i64>(db)? > 0 {
        return Err(Error::field("from_month", "billed_month"));
    }
    Ok(())
}

/// The developer of the terms before where the name is the same, with the contact as it is now; else a new one.
fn payer(tx: &mut Db, now: Instant, community: CommunityId, new: &NewTerms) -> Result<PersonId> {
    let known = history(tx, community)?.into_iter().find(|(_, name)| *name == new.name);
    let contact = (people::phone.eq(&new.phone), people::email.eq(&new.email));
    if let Some((terms, _)) = known {
        diesel::update(people::table.find(terms.payer_id.0)).set(contact).execute(tx)?;
        return Ok(terms.payer_id);
    }
    let row =
        (people::community_id.eq(community), people::name.eq(&new.name), contact, people::created_at.eq(now));
    Ok(diesel::insert_into(people::table).values(row).returning(people::id).get_result(tx)?)
}

/// What must never be: a developer's charge without terms of its month, or of somebody else.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: i64,
        #[diesel(sql_type = Text)]
        item: String,
    }
    let sql = "SELECT c.id, i.code AS item FROM charges c JOIN fee_items i ON i.id = c.fee_item_id \
               WHERE c.community_id = $1 AND i.in_place_of IS NOT NULL AND NOT EXISTS \
               (SELECT 1 FROM developer_terms t WHERE t.community_id = c.community_id AND t.payer_id = c.payer_id \
                AND t.from_month <= c.period AND t.percent > 0) ORDER BY c.id";
    let rows: Vec<Row> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
    let said = |row: Row| format!("charge {} by {} stands on no terms with a developer", row.id, row.item);
    Ok(rows.into_iter().map(said).collect())
}
