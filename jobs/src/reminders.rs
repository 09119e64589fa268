//! 09:30 and 15:00: says of each plan whether it was kept or broken, then reminds who owes, some hundred accounts in a
//! transaction (domain.md §10).

use domain::access::Actor;
use domain::{CommunityId, Error, LedgerAccountId, Result, debts, reminders};

use crate::App;
use crate::handler::Report;

/// So many accounts are reminded in one transaction: few commits, and nobody at the desk waits long for one.
const BATCH: usize = 500;

/// Reminds everybody who is due for it now; outside the hours for it nobody is.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    for plan in app.store.read(move |db| debts::to_judge(db, community, now)).await? {
        app.store.write(move |tx| debts::judge(tx, &Actor::system("reminders"), now, plan)).await?;
    }
    let due = app.store.read(move |db| reminders::due(db, community, now)).await?;
    let mut sent = 0;
    for some in due.chunks(BATCH) {
        sent += match remind(app, community, some.to_vec()).await {
            Ok(sent) => sent,
            // One account that cannot be reminded must not keep the others from it.
            Err(error) => {
                tracing::warn!(%error, "a batch of reminders failed and is gone through one by one");
                one_by_one(app, community, some).await?
            }
        };
    }
    Ok(Report::of("reminders", sent))
}

async fn one_by_one(app: &App, community: CommunityId, accounts: &[LedgerAccountId]) -> Result<usize> {
    let (mut sent, mut last) = (0, None);
    for account in accounts {
        match remind(app, community, vec![*account]).await {
            Ok(one) => sent += one,
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(error) => {
                tracing::error!(%error, %account, "an account cannot be reminded");
                last = Some(error);
            }
        }
    }
    // The job fails, and is seen, after everybody else was reminded.
    last.map_or(Ok(sent), Err)
}

async fn remind(app: &App, community: CommunityId, accounts: Vec<LedgerAccountId>) -> Result<usize> {
    let (now, actor) = (app.clock.now(), Actor::system("reminders"));
    let sent =
        app.store.write(move |tx| reminders::remind_all(tx, &actor, now, community, &accounts)).await?;
    Ok(sent.len())
}
