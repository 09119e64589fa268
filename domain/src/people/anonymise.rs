//! Taking away what is known of a person who has left: name, phone, address, papers, ways in. What they owed
//! and paid, and what was done for them, stays, without a name on it; the audit trail holds none anyway.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::community;
use crate::db::schema::people;
use crate::{CommunityId, Db, Error, Instant, LocalDate, PersonId, Result};

/// The name of nobody; the pages say it in the reader's language where they can.
const NOBODY: &str = "—";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Why a person cannot be anonymised yet: the rule's name, and the statement that counts what stands against it.
const OBSTACLES: &[(&str, &str)] = &[
    (
        "anonymise.works_here",
        "SELECT COUNT(*) AS n FROM role_grants WHERE person_id = $1 AND (ends_on IS NULL OR ends_on >= $2)",
    ),
    ("anonymise.admin", "SELECT COUNT(*) AS n FROM admins WHERE person_id = $1 AND $2 IS NOT NULL"),
    (
        "anonymise.lives_here",
        "SELECT COUNT(*) AS n FROM occupancies WHERE person_id = $1 AND (ends_on IS NULL OR ends_on >= $2)",
    ),
    (
        "anonymise.open_cases",
        "SELECT COUNT(*) AS n FROM cases WHERE reporter_id = $1 AND closed_at IS NULL AND $2 IS NOT NULL",
    ),
    (
        "anonymise.owes",
        "SELECT COUNT(*) AS n FROM ledger_accounts WHERE payer_id = $1 AND balance_fen <> 0 AND $2 IS NOT NULL",
    ),
];

/// What goes, statement by statement; `$1` is the person.
const GONE: &[&str] = &[
    "DELETE FROM sessions WHERE account_id IN (SELECT id FROM accounts WHERE person_id = $1)",
    "DELETE FROM one_time_codes WHERE account_id IN (SELECT id FROM accounts WHERE person_id = $1)",
    "DELETE FROM logins WHERE account_id IN (SELECT id FROM accounts WHERE person_id = $1)",
    "UPDATE accounts SET password_hash = NULL, totp_secret = NULL, totp_enrolled_at = NULL, totp_last_step = NULL \
     WHERE person_id = $1",
    "DELETE FROM activations WHERE person_id = $1",
    "DELETE FROM notifications WHERE person_id = $1",
    "UPDATE cases SET reporter_name = NULL, reporter_phone = NULL WHERE reporter_id = $1",
    "UPDATE repairs SET available = '' WHERE case_id IN (SELECT id FROM cases WHERE reporter_id = $1)",
    "UPDATE move_ins SET name = '—', phone = NULL, email = NULL, id_last4 = NULL, remarks = '' WHERE person_id = $1",
    "UPDATE demands SET addressee = '—', body = '—' WHERE account_id IN (SELECT id FROM ledger_accounts WHERE payer_id = $1)",
    "UPDATE acknowledgements SET signed_by = '—', note = '' WHERE account_id IN (SELECT id FROM ledger_accounts WHERE payer_id = $1)",
    "UPDATE plans SET agreed_by = '—', note = '' WHERE account_id IN (SELECT id FROM ledger_accounts WHERE payer_id = $1)",
    "UPDATE disputes SET reason = '—' WHERE account_id IN (SELECT id FROM ledger_accounts WHERE payer_id = $1)",
    "UPDATE deposits SET handed_in_by = '—' WHERE account_id IN (SELECT id FROM ledger_accounts WHERE payer_id = $1)",
    "UPDATE deposit_deductions SET objection = '—' WHERE objection <> '' AND deposit_id IN (SELECT d.id FROM deposits d \
     JOIN ledger_accounts a ON a.id = d.account_id WHERE a.payer_id = $1)",
    "DELETE FROM attachments WHERE uploader_id = $1 AND subject_kind = 'case' \
     AND subject_id IN (SELECT case_id FROM move_ins WHERE person_id = $1)",
    "DELETE FROM attachments WHERE uploader_id = $1 AND subject_kind = 'dispute'",
    "DELETE FROM attachments WHERE uploader_id = $1 AND subject_id IS NULL",
];

/// Anonymises a person of a community.
///
/// # Errors
/// Not found where there is none; refused by the rule that stands against it (`anonymise.…`).
pub fn anonymise(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    person: PersonId,
) -> Result<()> {
    allow(tx, actor, now, Action::Anonymise, Object::Community(community))?;
    let known = people::table.find(person.0).filter(people::community_id.eq(community.0));
    let (name, before): (String, Option<Instant>) =
        known.select((people::name, people::anonymised_at)).first(tx)?;
    if before.is_some() {
        return Err(Error::refused("anonymise.done", vec![]));
    }
    let today = community::by_id(tx, community)?.today(now)?;
    refuse_who_is_here(tx, person, today)?;
    forget_by_name(tx, person, &name)?;
    for statement in GONE {
        diesel::sql_query(*statement).bind::<BigInt, _>(person.0).execute(tx)?;
    }
    // SQLite counts `$1`, `$2` as they come in the text.
    diesel::sql_query("UPDATE accounts SET disabled_at = $1 WHERE person_id = $2 AND disabled_at IS NULL")
        .bind::<Timestamp, _>(now)
        .bind::<BigInt, _>(person.0)
        .execute(tx)?;
    let gone = (
        people::name.eq(NOBODY),
        people::phone.eq(None::<String>),
        people::email.eq(None::<String>),
        people::email_bad_at.eq(None::<Instant>),
        people::id_last4.eq(None::<String>),
        people::anonymised_at.eq(now),
    );
    diesel::update(people::table.find(person.0)).set(gone).execute(tx)?;
    audit::write(tx, actor, now, &Line::new(community, "person.anonymise", "person", person.0))
}

fn refuse_who_is_here(tx: &mut Db, person: PersonId, today: LocalDate) -> Result<()> {
    for (rule, sql) in OBSTACLES {
        let found: Count = diesel::sql_query(*sql)
            .bind::<BigInt, _>(person.0)
            .bind::<diesel::sql_types::Date, _>(today)
            .get_result(tx)?;
        if found.n > 0 {
            return Err(Error::refused(rule, vec![]));
        }
    }
    Ok(())
}

/// Visits name whom the steward spoke to, by name: in the households of theirs it goes.
fn forget_by_name(tx: &mut Db, person: PersonId, name: &str) -> Result<()> {
    let sql = "UPDATE visits SET spoken_to = '—' WHERE household_id IN \
               (SELECT household_id FROM occupancies WHERE person_id = $1) AND spoken_to = $2";
    diesel::sql_query(sql).bind::<BigInt, _>(person.0).bind::<Text, _>(name).execute(tx)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Whoever was anonymised and can still be reached or get in, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let sql = "SELECT p.id FROM people p WHERE p.community_id = $1 AND p.anonymised_at IS NOT NULL AND \
               (p.phone IS NOT NULL OR p.email IS NOT NULL OR p.id_last4 IS NOT NULL OR EXISTS \
                (SELECT 1 FROM accounts a JOIN logins l ON l.account_id = a.id WHERE a.person_id = p.id))";
    let known: Vec<Known> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
    Ok(known.iter().map(|one| format!("person {}: anonymised, and still known", one.id)).collect())
}
