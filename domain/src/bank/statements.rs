//! The statements that were taken in, and the drafts that somebody looks at first.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};
use serde::{Deserialize, Serialize};

use super::plan::{Planned, Tally, plan};
use super::profiles::of_community;
use super::read::{RawLine, Read, read};
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::bank_statements;
use crate::imports::RowError;
use crate::{BankStatementId, CommunityId, Db, Error, Fen, Instant, Result};

/// A statement in the list.
#[derive(Debug, Clone, QueryableByName)]
pub struct Statement {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: BankStatementId,
    /// The community.
    #[diesel(sql_type = BigInt)]
    pub community_id: CommunityId,
    /// What the file was called.
    #[diesel(sql_type = Text)]
    pub file_name: String,
    /// How it was read.
    #[diesel(sql_type = Text)]
    pub profile: String,
    /// Who took it in; nobody where the command line did.
    #[diesel(sql_type = Nullable<Text>)]
    pub by_name: Option<String>,
    /// When.
    #[diesel(sql_type = Timestamp)]
    pub at: Instant,
    /// Lines that are booked, or are about to be.
    #[diesel(sql_type = BigInt)]
    pub booked: i64,
    /// How much that is.
    #[diesel(sql_type = BigInt)]
    pub booked_fen: Fen,
    /// Lines that wait.
    #[diesel(sql_type = BigInt)]
    pub queued: i64,
    /// Lines that were set aside.
    #[diesel(sql_type = BigInt)]
    pub aside: i64,
    /// Lines that went out.
    #[diesel(sql_type = BigInt)]
    pub debits: i64,
    /// Lines whose number was there before.
    #[diesel(sql_type = BigInt)]
    pub repeated: i64,
}

const COUNTED: &str = "SELECT s.id, s.community_id, s.file_name, s.profile, p.name AS by_name, s.at, \
    COUNT(CASE WHEN l.state IN ('booked', 'certain') THEN 1 END) AS booked, \
    CAST(COALESCE(SUM(CASE WHEN l.state IN ('booked', 'certain') THEN l.amount_fen END), 0) AS BIGINT) AS booked_fen, \
    COUNT(CASE WHEN l.state = 'queued' THEN 1 END) AS queued, COUNT(CASE WHEN l.state = 'aside' THEN 1 END) AS aside, \
    COUNT(CASE WHEN l.state = 'debit' THEN 1 END) AS debits, \
    COUNT(CASE WHEN l.state = 'repeated' THEN 1 END) AS repeated FROM bank_statements s \
    LEFT JOIN people p ON p.id = s.by_id LEFT JOIN bank_lines l ON l.statement_id = s.id";
const GROUPED: &str = "GROUP BY s.id, s.community_id, s.file_name, s.profile, p.name, s.at";

/// The statements of a community, newest first.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    limit: i64,
) -> Result<Vec<Statement>> {
    allow(db, actor, now, Action::ImportBank, Object::Community(community))?;
    let which = "WHERE s.community_id = $1 AND s.draft IS NULL";
    let sql = format!("{COUNTED} {which} {GROUPED} ORDER BY s.id DESC LIMIT $2");
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(community.0).bind::<BigInt, _>(limit).load(db)?)
}

/// A statement.
///
/// # Errors
/// Not found where there is none, or it is another community's.
pub fn statement(db: &mut Db, actor: &Actor, now: Instant, id: BankStatementId) -> Result<Statement> {
    let sql = format!("{COUNTED} WHERE s.id = $1 AND s.draft IS NULL {GROUPED}");
    let found: Statement = diesel::sql_query(sql).bind::<BigInt, _>(id.0).get_result(db)?;
    seen(db, actor, now, found.community_id)?;
    Ok(found)
}

/// Refuses as if there were none.
pub(super) fn seen(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<()> {
    let place = Object::Community(community);
    allow(db, actor, now, Action::ImportBank, place).map_err(|error| match error {
        Error::NotAllowed => Error::NotFound,
        other => other,
    })
}

/// A statement that somebody looks at before it is taken in, held against what is so now.
#[derive(Debug)]
pub struct Draft {
    /// Its id.
    pub id: BankStatementId,
    /// What the file was called.
    pub file_name: String,
    /// How it is read.
    pub profile: String,
    /// The lines that are new, with what would become of them.
    pub lines: Vec<Planned>,
    /// How many come to what.
    pub tally: Tally,
    /// How many are known from before.
    pub known: usize,
    /// What cannot be read.
    pub errors: Vec<RowError>,
    /// Columns that are not read.
    pub ignored: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(default)]
    day_column: String,
    rows: usize,
    lines: Vec<RawLine>,
    errors: Vec<RowError>,
    ignored: Vec<String>,
}

/// Drafts that nobody took in are gone after so many days.
const DRAFT_DAYS: i64 = 7;

/// Reads a file by the profiles of a community.
pub(crate) fn read_file(db: &mut Db, community: CommunityId, bytes: &[u8]) -> Result<Read> {
    let profiles = of_community(db, community)?.into_iter();
    let profiles: Vec<_> = profiles.map(|profile| (profile.name, profile.mapping)).collect();
    read(bytes, &profiles)
}

/// Keeps a file as a draft.
///
/// # Errors
/// Refuses what no profile reads.
pub fn draft(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (file_name, bytes): (&str, &[u8]),
) -> Result<BankStatementId> {
    allow(tx, actor, now, Action::ImportBank, Object::Community(community))?;
    let read = read_file(tx, community, bytes)?;
    let old = bank_statements::draft.is_not_null().and(bank_statements::community_id.eq(community.0));
    let old = old.and(bank_statements::at.lt(now.minus(TimeDelta::days(DRAFT_DAYS))));
    diesel::delete(bank_statements::table.filter(old)).execute(tx)?;
    let Read { profile, day_column, rows, lines, errors, ignored } = read;
    let kept = Kept { day_column, rows, lines, errors, ignored };
    let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
    let row = (
        bank_statements::community_id.eq(community),
        bank_statements::file_name.eq(file_name),
        bank_statements::profile.eq(profile),
        bank_statements::by_id.eq(actor.person),
        bank_statements::at.eq(now),
        bank_statements::draft.eq(serde_json::to_string(&kept).map_err(Error::internal)?),
    );
    let made = diesel::insert_into(bank_statements::table).values(row);
    Ok(made.returning(bank_statements::id).get_result(tx)?)
}

type Row = (CommunityId, String, String, Option<String>);

/// What was read of a draft, and what its file was called.
pub(crate) fn read_draft(db: &mut Db, id: BankStatementId) -> Result<(CommunityId, String, Read)> {
    let row: Row = bank_statements::table
        .find(id.0)
        .select((
            bank_statements::community_id,
            bank_statements::file_name,
            bank_statements::profile,
            bank_statements::draft,
        ))
        .first(db)?;
    let (community, file_name, profile, draft) = row;
    let kept: Kept = serde_json::from_str(&draft.ok_or(Error::NotFound)?).map_err(Error::internal)?;
    let Kept { day_column, rows, lines, errors, ignored } = kept;
    Ok((community, file_name, Read { profile, day_column, rows, lines, errors, ignored }))
}

/// A draft with what it would do now.
///
/// # Errors
/// Not found where there is none, it was taken in, or it is another community's.
pub fn draft_of(db: &mut Db, actor: &Actor, now: Instant, id: BankStatementId) -> Result<Draft> {
    let (community, file_name, read) = read_draft(db, id)?;
    seen(db, actor, now, community)?;
    let plan = plan(db, community, now, read)?;
    let (tally, known) = (plan.tally(), plan.known);
    let Read { profile, errors, ignored, .. } = plan.read;
    Ok(Draft { id, file_name, profile, lines: plan.lines, tally, known, errors, ignored })
}

/// Throws a draft away.
///
/// # Errors
/// Not found where there is none.
pub fn drop_draft(tx: &mut Db, actor: &Actor, now: Instant, id: BankStatementId) -> Result<()> {
    let (community, ..) = read_draft(tx, id)?;
    seen(tx, actor, now, community)?;
    diesel::delete(bank_statements::table.find(id.0)).execute(tx)?;
    Ok(())
}
