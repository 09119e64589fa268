//! Pages for people: a folder per noun, a file per page or action. Each takes the request apart, calls the
//! domain, and gives the answer to a view.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod books;
pub(crate) mod cases;
pub(crate) mod complaints;
pub(crate) mod design;
pub(crate) mod desk;
pub(crate) mod dispatch;
pub(crate) mod enquiries;
pub(crate) mod figures;
pub(crate) mod home;
pub(crate) mod incidents;
pub(crate) mod knowledge;
pub(crate) mod meters;
pub(crate) mod money;
pub(crate) mod move_ins;
pub(crate) mod notifications;
pub(crate) mod publications;
pub(crate) mod rectifications;
pub(crate) mod register;
pub(crate) mod renovation;
pub(crate) mod repairs;
pub(crate) mod return_visits;
pub(crate) mod roster;
pub(crate) mod service_checks;
pub(crate) mod settings;
pub(crate) mod sorting;
pub(crate) mod stock;
pub(crate) mod switches;
pub(crate) mod visits;

/// An address of ours to go on to; anything else becomes `None`, so that nobody is led away.
pub(crate) fn own_address(address: &str) -> Option<String> {
    let ours = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\r', '\n'])
        && !address.starts_with("/login");
    ours.then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        for (address, ours) in [
            ("/cases/WX1?x=1", true),
            ("//evil.example", false),
            ("https://evil.example", false),
            ("/\\evil.example", false),
            ("/login?next=/", false),
            ("", false),
        ] {
            assert_eq!(own_address(address).is_some(), ours, "{address}");
        }
    }
}
