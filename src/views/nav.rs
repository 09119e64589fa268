//! The menu: which role sees which pages, in order, and the page that each role begins with. A capability
//! adds a line here and a text `nav.<name>`.

use domain::access::Role;
use serde::Serialize;

use Role::{
    Admin, Cashier, Desk, Engineer, Guard, Manager, Officer, Resident, Steward, Supervisor, Technician,
};

/// What belongs together in the menu, in this order (text `nav.groups.<name>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Group {
    /// What one begins the day with.
    Start,
    /// What residents asked for, and what we owe them.
    Service,
    /// Money.
    Money,
    /// Who lives where.
    Register,
    /// How the portal is run.
    Office,
}

use Group::{Money, Office, Register, Service, Start};

/// One entry: its group, its name (text `nav.<name>`), its icon in the sprite, its address, who sees it.
struct Item(Group, &'static str, &'static str, &'static str, &'static [Role]);

/// Every entry of staff's menus. Who holds several roles sees the pages of all of them.
#[rustfmt::skip]
const STAFF: &[Item] = &[
    Item(Start, "start", "house", "/", &[Guard, Engineer]),
    Item(Start, "admin", "shield-check", "/admin", &[Admin]),
    Item(Start, "manager", "chart-column", "/manager", &[Manager]),
    Item(Start, "supervisor", "shield-check", "/supervisor", &[Supervisor, Manager]),
    Item(Start, "cashier", "banknote", "/cashier", &[Cashier]),
    Item(Start, "today", "footprints", "/today", &[Steward]),
    Item(Service, "cases", "wrench", "/cases", &[Technician, Steward, Desk, Officer, Guard, Engineer, Cashier, Supervisor, Manager]),
    Item(Service, "dispatch", "send", "/dispatch", &[Desk, Supervisor]),
    Item(Service, "complaints", "clipboard-list", "/complaints/figures", &[Supervisor, Manager]),
    Item(Service, "service_checks", "eye", "/service-checks", &[Supervisor, Manager]),
    Item(Service, "return_visits", "phone", "/return-visits", &[Steward, Desk, Supervisor, Manager]),
    Item(Service, "visits", "message-circle", "/visits", &[Steward]),
    Item(Service, "visits_team", "users", "/visits/team", &[Supervisor, Manager]),
    Item(Service, "renovations", "hammer", "/renovations", &[Officer, Steward, Desk, Supervisor, Manager]),
    Item(Service, "move_ins", "key", "/move-ins", &[Desk, Steward, Supervisor, Manager]),
    Item(Service, "rectifications", "triangle-alert", "/rectifications", &[Desk, Technician, Steward, Guard, Engineer, Cashier, Officer, Supervisor, Manager]),
    Item(Service, "stock", "clipboard-list", "/stock", &[Desk, Supervisor, Manager]),
    Item(Service, "knowledge", "info", "/knowledge", &[Steward, Desk, Technician, Officer, Guard, Engineer, Cashier, Supervisor, Manager]),
    Item(Money, "collection", "wallet", "/collection", &[Cashier, Supervisor, Manager]),
    Item(Money, "billing", "receipt", "/billing", &[Cashier, Manager]),
    Item(Money, "counted", "clock", "/charges/counted", &[Desk, Cashier, Manager]),
    Item(Money, "meters", "clipboard-list", "/meters", &[Engineer, Desk, Cashier, Manager]),
    Item(Money, "pay_orders", "wallet", "/pay-orders", &[Cashier]),
    Item(Money, "bank", "file-text", "/bank", &[Cashier, Manager]),
    Item(Money, "corrections", "undo-2", "/corrections", &[Cashier, Manager]),
    Item(Money, "closings", "clipboard-check", "/closings", &[Cashier, Manager]),
    Item(Money, "deposits", "key", "/deposits", &[Cashier, Manager]),
    Item(Money, "debts", "clipboard-check", "/debts", &[Cashier, Manager]),
    Item(Money, "books", "clipboard-list", "/books", &[Cashier, Manager]),
    Item(Money, "publications", "eye", "/publications", &[Steward, Desk, Cashier, Supervisor, Manager]),
    Item(Register, "people", "search", "/people", &[Desk, Officer, Cashier, Supervisor, Manager]),
    Item(Register, "homes", "building-2", "/homes", &[Steward, Desk, Officer, Cashier, Supervisor, Manager]),
    Item(Register, "imports", "upload", "/imports", &[Manager]),
    Item(Office, "roster", "calendar", "/roster", &[Steward, Desk, Technician, Officer, Guard, Engineer, Cashier, Supervisor, Manager]),
    Item(Office, "settings", "settings", "/settings", &[Manager]),
    Item(Office, "departments", "users", "/departments", &[Manager]),
    Item(Office, "audit", "history", "/audit", &[Manager]),
    Item(Office, "health", "circle-check", "/admin/health", &[Admin]),
    Item(Office, "jobs", "refresh-cw", "/admin/jobs", &[Admin]),
    Item(Office, "my_home", "door-open", "/?home=", &[Resident]),
];

/// The residents' menu stands at the bottom of a phone: five at most.
const RESIDENTS: &[Item] = &[
    Item(Start, "home", "house", "/", Role::ALL),
    Item(Start, "bills", "receipt", "/bills", &[Resident]),
    Item(Start, "cases", "clipboard-check", "/cases", &[Resident]),
    Item(Start, "messages", "bell", "/notifications", Role::ALL),
    Item(Start, "account", "user", "/account", Role::ALL),
];

/// The page that a role begins with; who holds several begins with the first of them.
const FIRST: &[(Role, &str)] = &[
    (Manager, "/manager"),
    (Supervisor, "/supervisor"),
    (Cashier, "/cashier"),
    (Officer, "/renovations"),
    (Desk, "/cases"),
    (Technician, "/cases"),
    (Steward, "/today"),
    (Admin, "/admin"),
];

/// One entry of a page's menu.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    /// Its group, where it is the first entry of one.
    begins: Option<Group>,
    name: &'static str,
    icon: &'static str,
    href: &'static str,
    current: bool,
}

/// The menu of who holds these roles, on the page at `path`.
pub(crate) fn of(roles: &[Role], path: &str) -> Vec<Entry> {
    let path = path.split('?').next().unwrap_or(path);
    let menu = if is_staff(roles) { STAFF } else { RESIDENTS };
    let seen = |item: &&Item| item.4.iter().any(|role| roles.contains(role));
    let items: Vec<&Item> = menu.iter().filter(seen).collect();
    // `/visits/team` is its own page, though it lies below `/visits`.
    let current =
        items.iter().map(|item| own_path(item)).filter(|own| leads_to(own, path)).max_by_key(|own| own.len());
    let before = std::iter::once(None).chain(items.iter().map(|item| Some(item.0)));
    let entry = |(item, before): (&&Item, Option<Group>)| Entry {
        begins: (before != Some(item.0)).then_some(item.0),
        name: item.1,
        icon: item.2,
        href: item.3,
        current: current == Some(own_path(item)),
    };
    items.iter().zip(before).map(entry).collect()
}

fn own_path(item: &Item) -> &'static str {
    item.3.split('?').next().unwrap_or(item.3)
}

fn leads_to(own: &str, path: &str) -> bool {
    path == own || own != "/" && path.strip_prefix(own).is_some_and(|rest| rest.starts_with('/'))
}

/// The page that who holds these roles begins with; none for residents, who begin at home.
pub(crate) fn first_page(roles: &[Role]) -> Option<&'static str> {
    FIRST.iter().find(|(role, _)| roles.contains(role)).map(|(_, page)| *page)
}

/// Whether their menu has the search for people: then it stands on top of every page.
pub(crate) fn finds(roles: &[Role]) -> bool {
    let of = |item: &Item| item.1 == "people" && item.4.iter().any(|role| roles.contains(role));
    STAFF.iter().any(of)
}

/// Whether they answer for how the portal is run: what is wrong with its mails is theirs to know.
pub(crate) fn runs(roles: &[Role]) -> bool {
    roles.iter().any(|role| matches!(role, Manager | Admin))
}

/// Whether the dense pages of staff are theirs, rather than the residents'.
pub(crate) fn is_staff(roles: &[Role]) -> bool {
    roles.iter().any(|role| *role != Role::Resident)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_begins_with_a_page_of_its_menu() {
        for role in Role::ALL {
            let page = first_page(&[*role]).unwrap_or("/");
            assert!(of(&[*role], page).iter().any(|entry| entry.href == page && entry.current), "{role}");
        }
    }

    #[test]
    fn who_holds_several_roles_begins_with_the_first_and_sees_the_pages_of_all() {
        let roles = [Role::Resident, Role::Steward, Role::Supervisor];
        assert_eq!(first_page(&roles), Some("/supervisor"));
        let menu = of(&roles, "/visits/team");
        for name in ["supervisor", "today", "my_home"] {
            assert!(menu.iter().any(|entry| entry.name == name), "{name}");
        }
        let current: Vec<_> = menu.iter().filter(|entry| entry.current).map(|entry| entry.name).collect();
        assert_eq!(current, ["visits_team"]);
    }

    #[test]
    fn every_entry_and_every_first_page_has_a_route() {
        let routes = crate::routes::all();
        let is_route = |path: &str| routes.iter().any(|route| route.method == "GET" && route.path == path);
        for item in STAFF.iter().chain(RESIDENTS) {
            assert!(is_route(own_path(item)), "{}", item.3);
        }
        for (role, page) in FIRST {
            assert!(is_route(page), "{role} begins with {page}");
        }
    }

    #[test]
    fn a_residents_menu_fits_the_bottom_of_a_phone() {
        assert_eq!(of(&[Role::Resident], "/").len(), 5);
    }
}
