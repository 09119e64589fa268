//! Books the lines of bank statements that are certain and were left over: of a large file, or by a kill.

use domain::{CommunityId, Result, bank};

use crate::{App, Report};

/// Line by line, each in its own transaction, until none is left.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let mut booked = 0;
    loop {
        let now = app.clock.now();
        if !app.store.write(move |tx| bank::book_next(tx, now, community)).await? {
            return Ok(Report::of("bank lines booked", booked));
        }
        booked += 1;
        tokio::task::yield_now().await;
    }
}
