//! What programs ask for, below `/api/v1`, room by room.

mod billing;
mod cases;
mod debts;
mod field;
mod ledger;
mod meters;
mod own;
mod register;

use super::Route;

pub(super) fn routes() -> Vec<Route> {
    let rooms = [
        own::routes(),
        ledger::routes(),
        debts::routes(),
        billing::routes(),
        meters::routes(),
        cases::routes(),
        field::routes(),
        register::routes(),
    ];
    rooms.into_iter().flatten().collect()
}
