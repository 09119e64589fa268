//! What people open, room by room.

mod billing;
mod books;
mod cases;
mod debts;
mod field;
mod figures;
mod meters;
mod own;
mod payments;
mod register;
mod settings;

use super::Route;

pub(super) fn routes() -> Vec<Route> {
    let rooms = [
        own::routes(),
        figures::routes(),
        payments::routes(),
        debts::routes(),
        billing::routes(),
        meters::routes(),
        books::routes(),
        register::routes(),
        cases::routes(),
        settings::routes(),
        field::routes(),
    ];
    rooms.into_iter().flatten().collect()
}
