//! The menu: which role sees which pages, in order. A capability adds a line here and a text `nav.<name>`.

use domain::access::Role;
use serde::Serialize;

/// One entry: its name (text `nav.<name>`), its icon in the sprite, its address, who sees it.
struct Item(&'static str, &'static str, &'static str, &'static [Role]);

/// Every entry of every menu. Residents' menu stands at the bottom of a phone: five at most.
const MENU: &[Item] = &[
    Item("home", "house", "/", Role::ALL),
    Item("bills", "receipt", "/bills", &[Role::Resident]),
    Item("cashier", "banknote", "/cashier", &[Role::Cashier]),
    Item("billing", "wallet", "/billing", &[Role::Cashier, Role::Manager]),
    Item("collection", "chart-column", "/collection", &[Role::Cashier, Role::Supervisor, Role::Manager]),
    Item("today", "footprints", "/today", &[Role::Steward]),
    Item("visits", "message-circle", "/visits", &[Role::Steward]),
    Item("visits_team", "users", "/visits/team", &[Role::Supervisor, Role::Manager]),
    Item(
        "cases",
        "wrench",
        "/cases",
        &[Role::Resident, Role::Steward, Role::Desk, Role::Technician, Role::Supervisor, Role::Manager],
    ),
    Item(
        "return_visits",
        "phone",
        "/return-visits",
        &[Role::Steward, Role::Desk, Role::Supervisor, Role::Manager],
    ),
    Item("people", "search", "/people", SEARCHES),
    Item("homes", "building-2", "/homes", REGISTER),
    Item("imports", "upload", "/imports", &[Role::Manager]),
    Item("account", "user", "/account", Role::ALL),
];

/// Who searches people: those who see the whole register.
const SEARCHES: &[Role] = &[Role::Desk, Role::Officer, Role::Cashier, Role::Supervisor, Role::Manager];
/// Who leafs through homes.
const REGISTER: &[Role] =
    &[Role::Steward, Role::Desk, Role::Officer, Role::Cashier, Role::Supervisor, Role::Manager];

/// One entry of a page's menu.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    name: &'static str,
    icon: &'static str,
    href: &'static str,
    current: bool,
}

/// The menu of who holds these roles, on the page at `path`.
pub(crate) fn of(roles: &[Role], path: &str) -> Vec<Entry> {
    let path = path.split('?').next().unwrap_or(path);
    let seen = |item: &&Item| item.3.iter().any(|role| roles.contains(role));
    let entry = |item: &Item| Entry {
        name: item.0,
        icon: item.1,
        href: item.2,
        current: path == item.2
            || item.2 != "/" && path.strip_prefix(item.2).is_some_and(|r| r.starts_with('/')),
    };
    MENU.iter().filter(seen).map(entry).collect()
}

/// Whether the dense pages of staff are theirs, rather than the residents'.
pub(crate) fn is_staff(roles: &[Role]) -> bool {
    roles.iter().any(|role| *role != Role::Resident)
}
