//! The pages of the price list.

use domain::stock::{Item, Kind};
use domain::{Fen, PriceItemId, Quantity};
use serde::Serialize;

use crate::form::Form;
use crate::views::View;

/// The price list.
#[derive(Debug, Serialize)]
pub(crate) struct PricesView {
    pub(crate) labour: Vec<Item>,
    pub(crate) materials: Vec<Item>,
}

/// One line of it; a new one has no code yet.
#[derive(Debug, Serialize)]
pub(crate) struct PriceView {
    pub(crate) code: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) form: Form,
}

/// A line for samples.
pub(crate) fn sample_item(kind: Kind, retired: bool) -> Item {
    Item {
        id: PriceItemId(1),
        code: "valve".to_owned(),
        kind,
        zh: "角阀".to_owned(),
        en: "Angle valve".to_owned(),
        unit: "个".to_owned(),
        price: Fen(2_500),
        stock: Quantity(1_200),
        retired,
    }
}

impl View for PricesView {
    const TEMPLATE: &'static str = "settings/prices.html";

    fn samples() -> Vec<Self> {
        let labour = vec![sample_item(Kind::Labour, false), sample_item(Kind::Labour, true)];
        vec![
            Self { labour, materials: vec![sample_item(Kind::Material, false)] },
            Self { labour: vec![], materials: vec![] },
        ]
    }
}

impl View for PriceView {
    const TEMPLATE: &'static str = "settings/price.html";

    fn samples() -> Vec<Self> {
        let form = || Form::sample("prices.form", &[("zh", "角阀")], &[("price", "money")]);
        vec![
            Self { code: None, title: None, form: form() },
            Self { code: Some("valve".to_owned()), title: Some("角阀".to_owned()), form: form() },
        ]
    }
}
