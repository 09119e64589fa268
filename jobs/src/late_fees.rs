//! 02:40: charges what has grown on what is late, one charge after the other (domain.md §10).

use domain::access::Actor;
use domain::{CommunityId, Error, Result, late_fees};

use crate::{App, Report};

/// Looks at what was late at the end of the month, and at what was paid off late since the last night.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let due = app.store.read(move |db| late_fees::due(db, community, now)).await?;
    let (mut charged, mut last) = (0, None);
    for id in due {
        let actor = Actor::system("late_fees");
        match app.store.write(move |tx| late_fees::charge(tx, &actor, now, id)).await {
            Ok(made) => charged += usize::from(made.is_some()),
            Err(error @ Error::Unavailable(_)) => return Err(error),
            // One charge that cannot be looked at must not keep the others from it.
            Err(error) => {
                tracing::error!(%error, charge = %id, "a late fee cannot be worked out");
                last = Some(error);
            }
        }
    }
    last.map_or(Ok(Report::of("late fees", charged)), Err)
}
