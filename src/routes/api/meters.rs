//! Meters, what the office and residents read on them, and what is decided on what is odd.

use domain::access::Action;

use crate::api::json::Bare;
use crate::api::meters::{own, readings, register};
use crate::api::{Items, Where};
use crate::routes::Access::Can;
use crate::routes::{Route, get, post};
use crate::views::meters::own::OwnRow;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/api/v1/meters", Can(Action::ReadMeter), register::list)
            .about("Meters of a home or building in register order; else all, in parts.")
            .asks::<register::Which>()
            .gives::<Items<register::MeterJson>>(),
        post("/api/v1/meters", Can(Action::KeepMeters), register::add)
            .about("Register a meter.")
            .takes::<register::Add>()
            .gives::<register::MeterWhole>()
            .done(&[201]),
        get("/api/v1/meters/{id}", Can(Action::ReadMeter), register::show)
            .about("A meter with its readings.")
            .gives::<register::MeterWhole>(),
        post("/api/v1/meters/{id}/exchange", Can(Action::KeepMeters), register::exchange)
            .about("Exchange a meter, with the last reading of the old one and the first of the new.")
            .takes::<register::Exchange>()
            .gives::<register::MeterWhole>()
            .done(&[201]),
        post("/api/v1/meters/{id}/end", Can(Action::KeepMeters), register::end)
            .about("Take a meter out for good, with its last reading.")
            .takes::<register::End>()
            .gives::<register::MeterWhole>(),
        post("/api/v1/meters/{id}/readings", Can(Action::ReadMeter), readings::read)
            .about("Enter what a meter was read at; what is odd is held.")
            .takes::<readings::Read>()
            .gives::<readings::ReadingJson>()
            .done(&[201]),
        get("/api/v1/meter-readings", Can(Action::ReadMeter), readings::held)
            .about("Readings that wait for somebody to look at them, oldest first.")
            .asks::<Where>()
            .gives::<Items<readings::WaitingJson>>(),
        get("/api/v1/meter-readings/{id}", Can(Action::ReadMeter), readings::show)
            .about("A reading with its photo and what can be decided on it.")
            .gives::<readings::ReadingWhole>(),
        post("/api/v1/meter-readings/{id}/decide", Can(Action::Bill), readings::decide)
            .about("Confirm a reading, put it right or refuse it; a resident who sent it is told.")
            .takes::<readings::Decide>()
            .gives::<readings::ReadingWhole>(),
        post("/api/v1/meter-readings/{id}/take-back", Can(Action::SendReading), own::take_back)
            .about("Take back what one sent, within ten minutes.")
            .takes::<Bare>()
            .gives::<Items<OwnRow>>(),
        get("/api/v1/homes/{code}/meters", Can(Action::SendReading), own::list)
            .about("The meters of one's home, with what was last read on them.")
            .asks::<Where>()
            .gives::<Items<OwnRow>>(),
        post("/api/v1/homes/{code}/meters/{id}/readings", Can(Action::SendReading), own::send)
            .about("Send what one has read on a meter of one's home, with a photo of the dial.")
            .takes::<own::Send>()
            .gives::<OwnRow>()
            .done(&[201]),
    ]
}
