//! At 03:00: what has served its time goes. Every step is a statement or a file that can go once more.

use std::collections::HashSet;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::Timestamp;
use domain::db::schema::attachments;
use domain::{CommunityId, Db, Error, Instant, Result};
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::{App, Report, backup};

/// Keys answer a phone that was off for weeks; done jobs keep theirs for as long.
const KEYS: TimeDelta = TimeDelta::days(90);
/// A tick's key is not needed once its schedule's mark has passed it.
const TICKS: TimeDelta = TimeDelta::days(2);
/// Ended sessions and used codes stay for a look back.
const ENDED: TimeDelta = TimeDelta::days(30);
/// An upload that was attached to nothing in so long belongs to a form that was never sent.
const UPLOADS: TimeDelta = TimeDelta::days(7);
/// A file is written before its row; after a day there will be none.
const FILES: TimeDelta = TimeDelta::days(1);
const BATCH: i64 = 500;

/// Tidies up, and then asks for the night's backup.
pub(crate) async fn night(app: &App, community: CommunityId, tick: Instant) -> Result<Report> {
    let report = run(app).await?;
    let asked = backup::ask(app, community, tick).await?;
    Ok(report.and("backups asked for", asked))
}

pub(crate) async fn run(app: &App) -> Result<Report> {
    let (now, real_now) = (app.clock.now(), app.clock.real_now());
    let mut report = Report::nothing();
    for (what, sql, before) in [
        ("sessions", "DELETE FROM sessions WHERE ended_at < $1 OR expires_at < $2", real_now.minus(ENDED)),
        ("codes", "DELETE FROM activations WHERE used_at < $1 OR expires_at < $2", now.minus(ENDED)),
        (
            "one-time codes",
            "DELETE FROM one_time_codes WHERE expires_at < $1 AND made_at < $2",
            real_now.minus(TICKS),
        ),
        ("throttles", "DELETE FROM throttles WHERE last_at < $1 AND free_at < $2", real_now.minus(ENDED)),
        ("keys", "DELETE FROM idempotency_keys WHERE at < $1 AND at < $2", now.minus(KEYS)),
        ("workers", "DELETE FROM workers WHERE seen_at < $1 AND started_at < $2", real_now.minus(TICKS)),
        (
            "jobs",
            "DELETE FROM jobs WHERE state = 'done' AND finished_at < $1 AND created_at < $2",
            real_now.minus(KEYS),
        ),
        (
            "ticks",
            "DELETE FROM jobs WHERE state = 'done' AND kind = 'schedule' AND finished_at < $1 AND created_at < $2",
            real_now.minus(TICKS),
        ),
    ] {
        let gone = app.store.write(move |tx| delete(tx, sql, before)).await?;
        report = report.and(what, gone);
    }
    let uploads = forget_uploads(app, now.minus(UPLOADS)).await?;
    let files = sweep_files(app, real_now.minus(FILES)).await?;
    Ok(report.and("uploads", uploads).and("files", files))
}

fn delete(tx: &mut Db, sql: &str, before: Instant) -> Result<usize> {
    Ok(diesel::sql_query(sql).bind::<Timestamp, _>(before).bind::<Timestamp, _>(before).execute(tx)?)
}

/// Rows of uploads that nothing refers to; their files go with the sweep that follows.
async fn forget_uploads(app: &App, before: Instant) -> Result<usize> {
    let mut gone = 0;
    loop {
        let batch = app.store.write(move |tx| {
            let old = attachments::table
                .filter(attachments::subject_id.is_null().and(attachments::created_at.lt(before)));
            let ids: Vec<i64> = old.select(attachments::id).limit(BATCH).load(tx)?;
            Ok(diesel::delete(attachments::table.filter(attachments::id.eq_any(ids))).execute(tx)?)
        });
        match batch.await? {
            0 => return Ok(gone),
            count => gone += count,
        }
    }
}

/// Files that no row knows.
async fn sweep_files(app: &App, before: Instant) -> Result<usize> {
    let old = app.files.list(None).try_filter(|file| {
        let is_old = file.last_modified.naive_utc() < before.0;
        async move { is_old }
    });
    let mut batches = old.map_ok(|file| file.location).try_chunks(500).boxed();
    let mut gone = 0;
    while let Some(batch) = batches.next().await {
        let files = batch.map_err(Error::internal)?;
        let names: Vec<String> = files.iter().map(ToString::to_string).collect();
        let known = app.store.read(move |db| known(db, &names)).await?;
        for file in files.iter().filter(|file| !known.contains(file.as_ref())) {
            gone += remove(app, file).await?;
        }
    }
    Ok(gone)
}

fn known(db: &mut Db, names: &[String]) -> Result<HashSet<String>> {
    let mut known: HashSet<String> = attachments::table
        .filter(attachments::file.eq_any(names))
        .select(attachments::file)
        .load(db)?
        .into_iter()
        .collect();
    let thumbnails: Vec<Option<String>> = attachments::table
        .filter(attachments::thumbnail.eq_any(names))
        .select(attachments::thumbnail)
        .load(db)?;
    known.extend(thumbnails.into_iter().flatten());
    Ok(known)
}

async fn remove(app: &App, file: &Path) -> Result<usize> {
    match app.files.delete(file).await {
        Ok(()) => Ok(1),
        Err(object_store::Error::NotFound { .. }) => Ok(0),
        Err(error) => Err(Error::internal(error)),
    }
}
