//! Which household a visit is to.

use serde::Serialize;

use super::NextRow;
use crate::form::Form;
use crate::views::View;

/// Which household a visit is to.
#[derive(Debug, Serialize)]
pub(crate) struct PickView {
    pub(crate) next: Vec<NextRow>,
    pub(crate) form: Form,
}

impl View for PickView {
    const TEMPLATE: &'static str = "visits/pick.html";

    fn samples() -> Vec<Self> {
        vec![Self { next: vec![], form: Form::new("visits.form") }]
    }
}
