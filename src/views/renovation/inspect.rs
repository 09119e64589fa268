//! A look at a site: the form for it, and what it says on paper (装修巡查记录表).

use domain::Instant;
use domain::inspections::Inspection;
use serde::Serialize;

use super::ViolationRow;
use crate::form::Form;
use crate::views::View;

/// An inspection in a list, or on paper.
#[derive(Debug, Serialize)]
pub(crate) struct InspectionRow {
    pub(crate) id: i64,
    pub(crate) made_at: Instant,
    pub(crate) arrived_at: Instant,
    pub(crate) who: String,
    pub(crate) progress: String,
    pub(crate) workers: i32,
    pub(crate) photos: i64,
}

/// An item to be looked at.
#[derive(Debug, Serialize)]
pub(crate) struct CheckRow {
    /// What its fields are called after: `item_<field>`, `note_<field>` …
    pub(crate) field: String,
    /// A word of the form, or in words.
    pub(crate) item: String,
    /// Whether it is severe where nobody says otherwise.
    pub(crate) severe: bool,
    /// What was found before and is not mended.
    pub(crate) found: Option<ViolationRow>,
}

/// An inspection, to be filled in on the site.
#[derive(Debug, Serialize)]
pub(crate) struct InspectView {
    pub(crate) number: String,
    pub(crate) code: String,
    pub(crate) rows: Vec<CheckRow>,
    /// Photos that an earlier try has brought.
    pub(crate) photos: Vec<i64>,
    pub(crate) form: Form,
}

impl InspectionRow {
    pub(crate) fn of(made: Inspection, who: String) -> Self {
        Self {
            id: made.id.0,
            made_at: made.made_at,
            arrived_at: made.arrived_at,
            who,
            progress: made.progress,
            workers: made.workers,
            photos: made.photos,
        }
    }

    #[cfg(test)]
    pub(super) fn sample() -> Self {
        let at = crate::views::visits::sample_at();
        Self {
            id: 1,
            made_at: at,
            arrived_at: at,
            who: "尹强兰".into(),
            progress: "贴砖".into(),
            workers: 2,
            photos: 1,
        }
    }
}

impl View for InspectView {
    const TEMPLATE: &'static str = "renovation/inspect.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let row = |field: &str, item: &str, found| CheckRow {
            field: field.into(),
            item: item.into(),
            severe: item == "bearing_structure",
            found,
        };
        let rows = || {
            vec![
                row("rubbish_bagged", "rubbish_bagged", Some(ViolationRow::sample(false))),
                row("bearing_structure", "bearing_structure", None),
                row("v7", "地砖堆在电梯口", Some(ViolationRow::sample(true))),
            ]
        };
        let typed = [("item_rubbish_bagged", "bad"), ("severity_rubbish_bagged", "minor"), ("item_v7", "ok")];
        let wrong = Form::sample("renovation.form", &typed, &[("note_rubbish_bagged", "needs_note")])
            .labelled("note_rubbish_bagged", "words.check_item.rubbish_bagged");
        let view = |form, photos| Self {
            number: "ZX20261122-0001".into(),
            code: "1-1-0101".into(),
            rows: rows(),
            photos,
            form,
        };
        vec![view(Form::new("renovation.form"), vec![]), view(wrong, vec![4, 5])]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}

/// An inspection on paper.
#[derive(Debug, Serialize)]
pub(crate) struct PaperView {
    pub(crate) number: String,
    pub(crate) code: String,
    pub(crate) contractor: String,
    pub(crate) made: InspectionRow,
    /// Item, whether it was in order, what was seen.
    pub(crate) items: Vec<(String, bool, String)>,
    /// The ids of its pictures.
    pub(crate) pictures: Vec<i64>,
    /// Its own page as a picture.
    pub(crate) qr: String,
}

impl View for PaperView {
    const TEMPLATE: &'static str = "renovation/paper.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            number: "ZX20261122-0001".into(),
            code: "1-1-0101".into(),
            contractor: "好地板".into(),
            made: InspectionRow::sample(),
            items: vec![
                ("rubbish_bagged".into(), false, "堆在楼道".into()),
                ("别的".into(), true, String::new()),
            ],
            pictures: vec![3, 4],
            qr: "<svg></svg>".into(),
        }]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
