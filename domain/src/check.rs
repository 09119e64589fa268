//! Every invariant, recomputed on a live database: what `linli check` prints. Each check answers one
//! sentence for each fault, naming the row.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use object_store::ObjectStore;

use crate::db::schema::{cases, counters, demands, pay_orders, payments};
use crate::{CommunityId, Db, LocalDate, Result, Store, attachments, audit, community, ledger, number};

/// A check of one community.
type Check = fn(&mut Db, CommunityId) -> Result<Vec<String>>;

/// Every check there is, with its name.
pub const CHECKS: &[(&str, Check)] = &[
    ("audit trail", audit_trail),
    ("numbers", gapless_numbers),
    ("duties", duties_have_subjects),
    ("cases", crate::cases::faults),
    ("complaints", crate::complaints::faults),
    ("enquiries", crate::enquiries::faults),
    ("knowledge", crate::knowledge::faults),
    ("return visits", crate::return_visits::faults),
    ("looks at the service", crate::service_checks::faults),
    ("attachments", crate::attachments::faults),
    ("ledger", ledger::faults),
    ("meters", crate::meters::faults),
    ("shared bills", crate::billing::shared::faults),
    ("billing periods", crate::billing::intervals::faults),
    ("given back", crate::billing::given_back::faults),
    ("developer's run", crate::billing::developer::faults),
    ("corrections", crate::corrections::faults),
    ("bank statements", crate::bank::faults),
    ("payment orders", crate::pay_orders::faults),
    ("debts", crate::debts::faults),
    ("deposits", crate::deposits::faults),
    ("closed months", crate::closings::faults),
    ("late fees", crate::late_fees::faults),
    ("demands", crate::demands::faults),
    ("limitation", crate::limitation::faults),
    ("publications", crate::publications::faults),
    ("visits and quotas", crate::visits::faults),
    ("roster", crate::roster::faults),
    ("inspections", crate::inspections::faults),
    ("move-ins", crate::move_in::faults),
    ("anonymised", crate::people::anonymise::faults),
    ("invitations", crate::invitations::faults),
    ("stock", crate::stock::faults),
];

/// What is wrong in a community; nothing, on a good day.
pub fn community(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (_, check) in CHECKS {
        faults.extend(check(db, community)?);
    }
    Ok(faults)
}

/// What is wrong in the rows of the whole installation, each fault with its community's code.
pub fn all_rows(db: &mut Db) -> Result<Vec<String>> {
    let mut faults = audit::faults(db, 0)?;
    for one in community::all(db)? {
        let found = self::community(db, one.id)?;
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", one.code)));
    }
    Ok(faults)
}

/// What is wrong in the rows of the whole installation, and which attachments have lost their file.
pub async fn everything(store: &Store, files: &dyn ObjectStore) -> Result<Vec<String>> {
    let (mut faults, all) = store.read(|db| Ok((all_rows(db)?, community::all(db)?))).await?;
    for one in all {
        let missing = attachments::missing_files(store, files, one.id).await?;
        faults.extend(missing.into_iter().map(|fault| format!("{}: {fault}", one.code)));
    }
    Ok(faults)
}

/// A row that should not be.
#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    what: String,
}

/// Asks statements that must find nothing, each with what it is to say of a row that it does find. They name the
/// community as `$1` and the row as `what`.
pub(crate) fn ask(db: &mut Db, community: CommunityId, questions: &[(&str, &str)]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (text, sql) in questions {
        let found: Vec<Found> = diesel::sql_query(*sql).bind::<BigInt, _>(community.0).load(db)?;
        faults.extend(found.iter().map(|row| format!("{text}: {}", row.what)));
    }
    Ok(faults)
}

fn audit_trail(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    audit::faults(db, community.0)
}

/// Each counter's last number is also how many there are, and none is above it.
fn gapless_numbers(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let rows: Vec<(String, LocalDate, i64)> = counters::table
        .filter(counters::community_id.eq(community.0))
        .select((counters::kind, counters::day, counters::last))
        .load(db)?;
    let mut faults = Vec::new();
    for (kind, day, last) in rows {
        let start = format!("{kind}{}-%", day.format("%Y%m%d"));
        let mut given = numbers_like(db, community, &kind, &start)?;
        given.sort_by_key(|text| (text.len(), text.clone()));
        let expected = (1..=last).map(|n| number::written(&kind, day, n));
        if !given.iter().cloned().eq(expected) {
            faults.push(format!("numbers {kind} of {day}: {} given, the counter says {last}", given.len()));
        }
    }
    Ok(faults)
}

fn numbers_like(db: &mut Db, community: CommunityId, kind: &str, start: &str) -> Result<Vec<String>> {
    if kind == "SJ" {
        let rows = payments::table
            .filter(payments::community_id.eq(community.0).and(payments::receipt.like(start)))
            .select(payments::receipt);
        return Ok(rows.load(db)?);
    }
    if kind == crate::pay_orders::NUMBER {
        let rows = pay_orders::table
            .filter(pay_orders::community_id.eq(community.0).and(pay_orders::number.like(start)))
            .select(pay_orders::number);
        return Ok(rows.load(db)?);
    }
    if kind == crate::demands::NUMBER {
        let rows = demands::table
            .filter(demands::community_id.eq(community.0).and(demands::number.like(start)))
            .select(demands::number);
        return Ok(rows.load(db)?);
    }
    let rows = cases::table
        .filter(cases::community_id.eq(community.0).and(cases::number.like(start)))
        .select(cases::number.assume_not_null());
    Ok(rows.load(db)?)
}

#[derive(QueryableByName)]
struct Orphan {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

fn duties_have_subjects(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let sql = "SELECT d.id FROM duties d WHERE d.community_id = $1 AND NOT (\
        (d.subject_kind = 'case' AND EXISTS (SELECT 1 FROM cases s WHERE s.id = d.subject_id)) OR \
        (d.subject_kind = 'home' AND EXISTS (SELECT 1 FROM homes s WHERE s.id = d.subject_id)) OR \
        (d.subject_kind = 'community' AND d.subject_id = d.community_id) OR \
        (d.subject_kind = 'person' AND EXISTS (SELECT 1 FROM people s WHERE s.id = d.subject_id)))";
    let orphans: Vec<Orphan> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
    Ok(orphans.iter().map(|duty| format!("duty {}: what it is about does not exist", duty.id)).collect())
}
