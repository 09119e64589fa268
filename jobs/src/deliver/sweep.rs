//! The net under the jobs: what was left without one, and what was given up.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::db::schema::notifications;
use domain::notifications::{self as spine, State};
use domain::{CommunityId, Db, Result};

use crate::App;
use crate::handler::Report;

/// A notification without a job gets one, and one whose job was given up has failed.
pub(crate) async fn sweep(app: &App, community: CommunityId) -> Result<Report> {
    let clock = app.clock;
    if app.store.read(move |db| unsent(db, community)).await? == 0 {
        return Ok(Report::nothing());
    }
    app.store
        .write(move |tx| {
            let here = format!("community_id = {community}");
            Ok(Report::of("enqueued", spine::enqueue_unsent(tx, &here, clock.real_now())?)
                .and("given up", give_up(tx, community)?))
        })
        .await
}

fn unsent(db: &mut Db, community: CommunityId) -> Result<i64> {
    let states = [State::Waiting, State::Sending];
    let waiting = notifications::table
        .filter(notifications::community_id.eq(community.0).and(notifications::state.eq_any(states)));
    Ok(waiting.count().get_result(db)?)
}

fn give_up(tx: &mut Db, community: CommunityId) -> Result<usize> {
    let sql = "UPDATE notifications SET state = 'failed' \
               WHERE community_id = $1 AND channel = 'email' AND state IN ('waiting', 'sending') \
               AND EXISTS (SELECT 1 FROM jobs WHERE key = 'deliver:' || notifications.id AND state = 'failed')";
    Ok(diesel::sql_query(sql).bind::<BigInt, _>(community.0).execute(tx)?)
}
