//! The orders of a list, as its address names them: the first one where it names none.

use domain::{Error, Result};

/// The order that is asked for.
///
/// # Errors
/// One that the list has not.
pub(crate) fn order(asked: Option<&str>, ways: &[&'static str]) -> Result<&'static str> {
    let mut ways = ways.iter().copied();
    let found = match asked.filter(|asked| !asked.is_empty()) {
        None => ways.next(),
        Some(asked) => ways.find(|way| *way == asked),
    };
    found.ok_or_else(|| Error::field("sort", "choice"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_the_orders_that_it_names() {
        let ways = ["due", "newest"];
        for (asked, expected) in [
            (None, Some("due")),
            (Some(""), Some("due")),
            (Some("newest"), Some("newest")),
            (Some("x"), None),
        ] {
            assert_eq!(order(asked, &ways).ok(), expected, "{asked:?}");
        }
    }
}
