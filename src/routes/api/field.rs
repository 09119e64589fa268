//! What we owe by when: duties, visits, the roster, inspections.

use domain::access::Action;

use crate::api;
use crate::api::Items;
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/duties", Can(Action::ReadDuties), api::duties::list)
            .about("What we owe by when.")
            .asks::<api::duties::Which>()
            .gives::<Items<api::duties::DutyJson>>(),
        post("/api/v1/duties/{id}/record", Can(Action::RecordDuty), api::duties::record)
            .about("Fulfil a duty, or note an attempt.")
            .takes::<api::duties::Record>()
            .gives::<api::duties::DutyJson>(),
        post("/api/v1/visits", Can(Action::LogVisit), api::visits::log)
            .about("Log a visit.")
            .takes::<api::visits::LogVisit>()
            .gives::<api::visits::Logged>()
            .done(&[201]),
        get("/api/v1/stewards/{login}/quota", Can(Action::ReadQuota), api::visits::steward_quota)
            .about("A steward's month: quota, counted, expected, short.")
            .asks::<api::visits::Asked>()
            .gives::<api::visits::Quota>(),
        get("/api/v1/roster", Can(Action::ReadRoster), api::roster::show)
            .about("Who is off duty, by day.")
            .asks::<api::roster::Span>()
            .gives::<api::roster::Roster>(),
        get("/api/v1/leaves", Can(Action::AskLeave), api::roster::leaves)
            .about("One's own leaves, and what waits for one's decision.")
            .asks::<api::Where>()
            .gives::<Items<api::roster::LeaveJson>>(),
        post("/api/v1/leaves", Can(Action::AskLeave), api::roster::ask)
            .about("Ask for leave, or write it down for somebody else.")
            .takes::<api::roster::AskLeave>()
            .gives::<api::roster::LeaveJson>()
            .done(&[201]),
        post("/api/v1/leaves/{id}/actions/{action}", Can(Action::AskLeave), api::roster::act)
            .about("Approve or refuse somebody's leave, or end one.")
            .takes::<api::roster::Decide>()
            .gives::<api::roster::LeaveJson>(),
        post("/api/v1/inspections", Can(Action::Inspect), api::inspections::log)
            .about("Log a renovation inspection.")
            .takes::<api::inspections::LogInspection>()
            .gives::<api::inspections::Logged>()
            .done(&[201]),
    ]
}
