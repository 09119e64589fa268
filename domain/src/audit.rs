//! The audit trail: one chain of lines per community, each with the hash of the one before, so that a
//! changed row is named (promise P15). Lines hold ids and names of fields, never personal values.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use sha2::{Digest, Sha256};

use crate::access::Actor;
use crate::db::schema::{audit_heads, audit_lines, people};
use crate::{CommunityId, Db, Instant, PersonId, Result};

/// What is written down.
#[derive(Debug, Clone)]
pub struct Line {
    community: CommunityId,
    action: &'static str,
    subject: (&'static str, i64),
    fields: String,
}

impl Line {
    /// `action` done to the subject; community 0 is the installation.
    pub fn new(community: CommunityId, action: &'static str, kind: &'static str, id: i64) -> Self {
        Self { community, action, subject: (kind, id), fields: String::new() }
    }

    /// The same with the names of the fields that changed, or ids that belong to it.
    #[must_use]
    pub fn fields(mut self, fields: impl Into<String>) -> Self {
        self.fields = fields.into();
        self
    }
}

/// A line as the table has it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_lines)]
pub struct Row {
    /// The community's id, or 0.
    pub chain: i64,
    /// 1, 2, 3 … without a gap.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who; none where the portal itself acted.
    pub actor_id: Option<PersonId>,
    /// Through what: a page, the API, a job.
    pub cause: String,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub subject_kind: String,
    /// To which.
    pub subject_id: i64,
    /// Names of fields, ids.
    pub fields: String,
    /// The hash of the line before, empty for the first.
    pub previous: String,
    /// SHA-256 over everything above, hexadecimal.
    pub hash: String,
}

impl Row {
    /// The hash that the line has to have.
    pub fn expected_hash(&self) -> String {
        let actor = self.actor_id.map_or(String::new(), |id| id.0.to_string());
        let parts = [
            &self.previous,
            &self.chain.to_string(),
            &self.seq.to_string(),
            &self.at.micros().to_string(),
            &actor,
            &self.cause,
            &self.action,
            &self.subject_kind,
            &self.subject_id.to_string(),
            &self.fields,
        ];
        let mut sha = Sha256::new();
        for part in parts {
            sha.update(part.len().to_string());
            sha.update(":");
            sha.update(part);
        }
        hex::encode(sha.finalize())
    }
}

#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Text)]
    hash: String,
}

/// Adds a line to the chain. The head is the last row that a transaction locks: call this at its end.
pub fn write(tx: &mut Db, actor: &Actor, now: Instant, line: &Line) -> Result<()> {
    let head = take_head(tx, line.community)?;
    let mut row = Row {
        chain: line.community.0,
        seq: head.seq,
        at: now,
        actor_id: actor.person,
        cause: actor.cause.to_owned(),
        action: line.action.to_owned(),
        subject_kind: line.subject.0.to_owned(),
        subject_id: line.subject.1,
        fields: line.fields.clone(),
        previous: head.hash,
        hash: String::new(),
    };
    row.hash = row.expected_hash();
    let new_head = audit_heads::table.find(row.chain);
    diesel::update(new_head).set(audit_heads::hash.eq(&row.hash)).execute(tx)?;
    diesel::insert_into(audit_lines::table).values(row).execute(tx)?;
    Ok(())
}

/// Moves the head on by one, holding its row; the hash that comes back is still the last line's.
fn take_head(tx: &mut Db, community: CommunityId) -> Result<Head> {
    let sql = "INSERT INTO audit_heads (chain, seq, hash) VALUES ($1, 1, '') \
               ON CONFLICT (chain) DO UPDATE SET seq = audit_heads.seq + 1 RETURNING seq, hash";
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(community.0).get_result(tx)?)
}

/// Which lines of a chain: all, where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Those by people of the community whose name has this in it.
    pub who: Option<String>,
    /// Those about this kind of thing.
    pub kind: Option<String>,
    /// Those from this instant on.
    pub from: Option<Instant>,
    /// Those before this instant.
    pub until: Option<Instant>,
    /// Those before this line.
    pub before: Option<i64>,
}

/// Lines of a chain, newest first. Each of them is found along the chain's key: no other index is worth its price on
/// every act (30 ms at most among 100,000 lines).
pub fn list(db: &mut Db, community: CommunityId, which: &Which, limit: i64) -> Result<Vec<Row>> {
    let mut query = audit_lines::table.filter(audit_lines::chain.eq(community.0)).into_boxed();
    if let Some(name) = &which.who {
        query = query.filter(audit_lines::actor_id.eq_any(called(db, community, name)?));
    }
    if let Some(kind) = &which.kind {
        query = query.filter(audit_lines::subject_kind.eq(kind));
    }
    if let Some(from) = which.from {
        query = query.filter(audit_lines::at.ge(from));
    }
    if let Some(until) = which.until {
        query = query.filter(audit_lines::at.lt(until));
    }
    if let Some(before) = which.before {
        query = query.filter(audit_lines::seq.lt(before));
    }
    Ok(query.order(audit_lines::seq.desc()).limit(limit).select(Row::as_select()).load(db)?)
}

/// The people of a community whose name has this in it.
fn called(db: &mut Db, community: CommunityId, name: &str) -> Result<Vec<i64>> {
    // No name has a sign that stands for any other.
    let part = name.replace(['%', '_'], "");
    Ok(people::table
        .filter(people::community_id.eq(community.0).and(people::name.like(format!("%{part}%"))))
        .select(people::id)
        .load(db)?)
}

/// The hash of one line of a chain.
pub fn hash_of(db: &mut Db, chain: i64, seq: i64) -> Result<Option<String>> {
    Ok(audit_lines::table.find((chain, seq)).select(audit_lines::hash).first(db).optional()?)
}

/// What the people who stand in some lines are called.
pub fn names(db: &mut Db, ids: &[PersonId]) -> Result<BTreeMap<PersonId, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(PersonId, String)> =
        people::table.filter(people::id.eq_any(ids)).select((people::id, people::name)).load(db)?;
    Ok(rows.into_iter().collect())
}

/// What is wrong with a chain: one sentence for each line that was changed, taken out or cut off.
pub fn faults(db: &mut Db, chain: i64) -> Result<Vec<String>> {
    let head: Option<(i64, String)> =
        audit_heads::table.find(chain).select((audit_heads::seq, audit_heads::hash)).first(db).optional()?;
    let (last, head_hash) = head.unwrap_or((0, String::new()));
    let mut faults = Vec::new();
    let (mut seq, mut previous) = (0, String::new());
    while let Some(rows) = next_rows(db, chain, seq)? {
        for row in rows {
            if row.seq != seq + 1 {
                faults.push(format!("audit {chain}: lines {} to {} are missing", seq + 1, row.seq - 1));
            } else if row.previous != previous || row.hash != row.expected_hash() {
                faults.push(format!("audit {chain}: line {} was changed", row.seq));
            }
            seq = row.seq;
            previous = row.hash;
        }
    }
    if seq != last || previous != head_hash {
        faults.push(format!("audit {chain}: ends at line {seq}, its head says {last}"));
    }
    Ok(faults)
}

fn next_rows(db: &mut Db, chain: i64, after: i64) -> Result<Option<Vec<Row>>> {
    let rows: Vec<Row> = audit_lines::table
        .filter(audit_lines::chain.eq(chain).and(audit_lines::seq.gt(after)))
        .order(audit_lines::seq)
        .limit(1_000)
        .select(Row::as_select())
        .load(db)?;
    Ok(if rows.is_empty() { None } else { Some(rows) })
}
