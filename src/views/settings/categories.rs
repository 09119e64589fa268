//! The pages of the tree of categories.

use serde::Serialize;

use crate::form::Form;
use crate::views::View;
use crate::views::cases::ChoiceView;

/// The tree.
#[derive(Debug, Serialize)]
pub(crate) struct CategoriesView {
    pub(crate) groups: Vec<GroupRows>,
}

/// A group with its categories.
#[derive(Debug, Serialize)]
pub(crate) struct GroupRows {
    pub(crate) code: String,
    pub(crate) text: String,
    pub(crate) rows: Vec<CategoryRow>,
}

/// A category in words.
#[derive(Debug, Serialize)]
pub(crate) struct CategoryRow {
    pub(crate) code: String,
    pub(crate) text: String,
    pub(crate) kind: &'static str,
    pub(crate) skill: String,
    pub(crate) urgency: &'static str,
    pub(crate) part: &'static str,
    pub(crate) warranty: &'static str,
    pub(crate) price_item: String,
    pub(crate) retired: bool,
}

/// One category or group; a new one has no code yet.
#[derive(Debug, Serialize)]
pub(crate) struct CategoryView {
    pub(crate) code: Option<String>,
    pub(crate) title: Option<String>,
    /// A first level: it has a name and nothing else.
    pub(crate) is_group: bool,
    /// It ships, so it is retired rather than removed.
    pub(crate) ships: bool,
    pub(crate) kinds: Vec<ChoiceView>,
    pub(crate) urgencies: Vec<ChoiceView>,
    pub(crate) parts: Vec<ChoiceView>,
    pub(crate) warranties: Vec<ChoiceView>,
    /// The price list.
    pub(crate) items: Vec<ChoiceView>,
    pub(crate) form: Form,
}

impl View for CategoriesView {
    const TEMPLATE: &'static str = "settings/categories.html";

    fn samples() -> Vec<Self> {
        let row = |retired, kind| CategoryRow {
            code: "water.leak".to_owned(),
            text: "漏水".to_owned(),
            kind,
            skill: "水".to_owned(),
            urgency: "urgent",
            part: "private",
            warranty: "installation",
            price_item: "unblock".to_owned(),
            retired,
        };
        let rows = vec![row(false, "repair"), row(true, "request")];
        vec![Self {
            groups: vec![GroupRows { code: "water".to_owned(), text: "给排水".to_owned(), rows }]
        }]
    }
}

impl View for CategoryView {
    const TEMPLATE: &'static str = "settings/category.html";

    fn samples() -> Vec<Self> {
        let choice =
            |value: &str| vec![ChoiceView { value: value.to_owned(), text: value.to_owned(), hint: None }];
        let one = |code: Option<&str>, is_group, ships| Self {
            code: code.map(str::to_owned),
            title: code.map(str::to_owned),
            is_group,
            ships,
            kinds: choice("repair"),
            urgencies: choice("normal"),
            parts: choice("private"),
            warranties: choice("none"),
            items: choice("unblock"),
            form: Form::sample("categories.form", &[("zh", "漏水")], &[("code", "category_code")]),
        };
        vec![
            one(None, false, false),
            one(Some("water"), true, false),
            one(Some("water.leak"), false, true),
            one(Some("pool.pump"), false, false),
        ]
    }
}
