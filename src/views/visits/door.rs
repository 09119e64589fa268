//! A household before its steward rings the bell.

use domain::visits::Doorstep;
use serde::Serialize;

use super::{PromiseRow, VisitRow};
use crate::form::Form;
use crate::views::View;

/// A home before ringing its bell.
#[derive(Debug, Serialize)]
pub(crate) struct DoorView {
    pub(crate) code: String,
    pub(crate) key_household: bool,
    pub(crate) vacant: bool,
    pub(crate) balance: i64,
    pub(crate) people: Vec<(String, String, bool)>,
    pub(crate) cases: Vec<(String, String, String)>,
    pub(crate) promises: Vec<PromiseRow>,
    pub(crate) visits: Vec<VisitRow>,
    pub(crate) form: Form,
}

impl DoorView {
    pub(crate) fn of(door: Doorstep, form: Form) -> Self {
        let code = door.code.clone();
        let promises = door.promises.into_iter().map(|(duty, words)| PromiseRow {
            id: duty.id.0,
            words,
            due_at: duty.due_at,
        });
        Self {
            key_household: door.key_household,
            vacant: door.household.is_none(),
            balance: door.balance.0,
            people: door.people.into_iter().map(|one| (one.name, one.kind, one.lives_there)).collect(),
            cases: door
                .cases
                .iter()
                .map(|one| (one.number().to_owned(), one.kind.to_string(), one.state.clone()))
                .collect(),
            promises: promises.collect(),
            visits: door
                .visits
                .iter()
                .map(|visit| VisitRow::of(visit, code.clone(), String::new()))
                .collect(),
            code: door.code,
            form,
        }
    }
}

impl View for DoorView {
    const TEMPLATE: &'static str = "visits/door.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let full = Self {
            code: "1-1-0101".to_owned(),
            key_household: true,
            vacant: false,
            balance: 25_060,
            people: vec![("黎琪艳".to_owned(), "owner".to_owned(), true)],
            cases: vec![("WX20261122-0001".to_owned(), "repair".to_owned(), "accepted".to_owned())],
            promises: vec![PromiseRow { id: 1, words: "换灯泡".to_owned(), due_at: super::sample_at() }],
            visits: vec![VisitRow::sample("counts")],
            form: Form::sample("visits.form", &[], &[("note", "required")]),
        };
        let empty = Self {
            code: "1-1-0102".to_owned(),
            key_household: false,
            vacant: true,
            balance: 0,
            people: vec![],
            cases: vec![],
            promises: vec![],
            visits: vec![],
            form: Form::new("visits.form"),
        };
        vec![full, empty]
    }

    #[cfg(not(test))]
    fn samples() -> Vec<Self> {
        vec![]
    }
}
