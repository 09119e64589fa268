//! Daily closure 日清日结: at the hour that the settings name each steward and the desk see what was opened
//! that day and is not done. Looked at every five minutes, as the hour is a setting; told once a day.

use domain::{CommunityId, Result, cases};

use crate::App;
use crate::handler::Report;

/// The newest day that is over by the clock of the settings.
pub(crate) async fn run(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let told = app.store.write(move |tx| cases::daily_closure(tx, community, now)).await?;
    Ok(Report::of("people told", told))
}
