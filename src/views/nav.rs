//! The menus: what each role finds in the same place on every page.

use domain::access::Role;
use serde::Serialize;

/// One entry of a menu.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(crate) struct NavItem {
    /// Where it leads.
    pub(crate) href: &'static str,
    /// Its text is `nav.<text>`.
    pub(crate) text: &'static str,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// Whether the page shown belongs to it.
    pub(crate) current: bool,
}

/// A role's entries: address, text, icon. Who holds several roles gets them in this order, each once.
const MENUS: &[(Role, &[(&str, &str, &str)])] = &[
    (Role::Resident, &[("/", "home", "house")]),
    (Role::Steward, &[("/", "home", "house")]),
    (Role::Desk, &[("/", "home", "house")]),
    (Role::Technician, &[("/", "home", "house")]),
    (Role::Officer, &[("/", "home", "house")]),
    (Role::Cashier, &[("/", "home", "house")]),
    (Role::Supervisor, &[("/", "home", "house")]),
    (Role::Manager, &[("/", "home", "house")]),
    (Role::Admin, &[("/", "home", "house")]),
];

/// The menu of who holds `roles`, seen from the page at `path`.
pub(crate) fn nav_for(roles: &[Role], path: &str) -> Vec<NavItem> {
    let mut items: Vec<NavItem> = Vec::new();
    let held = MENUS.iter().filter(|(role, _)| roles.contains(role));
    for (href, text, icon) in held.flat_map(|(_, entries)| entries.iter()) {
        if !items.iter().any(|item| item.href == *href) {
            items.push(NavItem { href, text, icon, current: false });
        }
    }
    mark_current(&mut items, path);
    items
}

/// The longest address that the path begins with is where one is.
fn mark_current(items: &mut [NavItem], path: &str) {
    let below = |href: &str| path == href || (href != "/" && path.starts_with(&format!("{href}/")));
    let best = items.iter().filter(|i| below(i.href)).map(|i| i.href).max_by_key(|href| href.len());
    for item in items {
        item.current = Some(item.href) == best;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_its_text_and_its_icon() {
        let texts = super::super::Texts::load().unwrap();
        let sprite = crate::assets::Static::get("vendor/icons.svg").unwrap();
        let sprite = String::from_utf8_lossy(&sprite.data).into_owned();
        for (_, text, icon) in MENUS.iter().flat_map(|(_, entries)| entries.iter()) {
            assert!(texts.has(super::super::Lang::Zh, &format!("nav.{text}")), "nav.{text}");
            assert!(sprite.contains(&format!("id=\"{icon}\"")), "no icon {icon}");
        }
    }
}
