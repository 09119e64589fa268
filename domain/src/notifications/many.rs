//! Many notifications with the jobs of their mails, in one statement of PostgreSQL: columns as lists, so that it stays
//! prepared however many there are.

use diesel::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamp};

use super::New;
use crate::{Instant, Result};

const TELL: &str = "WITH told AS (INSERT INTO notifications \
    (community_id, event, person_id, channel, code, args, link, urgency, state, created_at) \
    SELECT one.*, $10 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS one \
    ON CONFLICT (event, person_id, channel) DO NOTHING RETURNING id, channel) \
    INSERT INTO jobs (kind, key, payload, run_at, state, created_at) \
    SELECT 'deliver', 'deliver:' || id, '{\"notification\":' || id || '}', $11, 'waiting', $11 \
    FROM told WHERE channel = 'email' ON CONFLICT (key) DO NOTHING";

/// Writes what is not there yet. Returns how many mails got a job.
pub(super) fn tell(
    pg: &mut PgConnection,
    rows: &[New<'_>],
    (now, real_now): (Instant, Instant),
) -> Result<usize> {
    fn each<'a, T>(rows: &'a [New<'_>], of: impl Fn(&'a New<'_>) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    let told = diesel::sql_query(TELL)
        .bind::<Array<BigInt>, _>(each(rows, |row| row.community_id.0))
        .bind::<Array<Text>, _>(each(rows, |row| row.event))
        .bind::<Array<BigInt>, _>(each(rows, |row| row.person_id.0))
        .bind::<Array<Text>, _>(each(rows, |row| row.channel.as_str()))
        .bind::<Array<Text>, _>(each(rows, |row| row.code))
        .bind::<Array<Text>, _>(each(rows, |row| row.args.as_str()))
        .bind::<Array<Nullable<Text>>, _>(each(rows, |row| row.link))
        .bind::<Array<Text>, _>(each(rows, |row| row.urgency.as_str()))
        .bind::<Array<Text>, _>(each(rows, |row| row.state.as_str()))
        .bind::<Timestamp, _>(now)
        .bind::<Timestamp, _>(real_now);
    Ok(told.execute(pg)?)
}
