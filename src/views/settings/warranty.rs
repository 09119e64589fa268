//! The page of the warranty table.

use serde::Serialize;

use crate::form::Form;
use crate::views::View;

/// The periods, and the buildings with their completion acceptance.
#[derive(Debug, Serialize)]
pub(crate) struct WarrantyView {
    /// Which warranty, and how many years or seasons.
    pub(crate) periods: Vec<(&'static str, i64)>,
    /// The buildings' codes.
    pub(crate) buildings: Vec<String>,
    /// Fields `completed.<code>`.
    pub(crate) form: Form,
}

impl View for WarrantyView {
    const TEMPLATE: &'static str = "settings/warranty.html";

    fn samples() -> Vec<Self> {
        let periods = vec![("waterproofing", 5), ("heating", 2), ("structure", 50)];
        let form = Form::sample("warranty.form", &[("completed.1", "x")], &[("completed.1", "date")]);
        vec![
            Self { periods: periods.clone(), buildings: vec!["1".to_owned(), "S".to_owned()], form },
            Self { periods, buildings: vec![], form: Form::new("warranty.form") },
        ]
    }
}
