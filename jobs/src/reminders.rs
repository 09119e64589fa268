//! 09:30 and 15:00: says of each plan whether it was kept or broken, then reminds who owes, each account in its own
//! transaction (domain.md §10).

use domain::access::Actor;
use domain::{CommunityId, Result, debts, reminders};

use crate::App;
use crate::handler::Report;

/// Reminds everybody who is due for it now; outside the hours for it nobody is.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    for plan in app.store.read(move |db| debts::to_judge(db, community, now)).await? {
        app.store.write(move |tx| debts::judge(tx, &Actor::system("reminders"), now, plan)).await?;
    }
    let due = app.store.read(move |db| reminders::due(db, community, now)).await?;
    let mut sent = 0;
    for account in due {
        let (now, actor) = (app.clock.now(), Actor::system("reminders"));
        let stage = app.store.write(move |tx| reminders::remind(tx, &actor, now, account)).await?;
        sent += usize::from(stage.is_some());
    }
    Ok(Report::of("reminders", sent))
}
