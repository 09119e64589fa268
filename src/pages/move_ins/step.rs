//! The pages of the form: which ones a kind has, what each asks, how each is read.

use domain::move_in::{self, Kind};
use domain::{CaseId, LocalDate};
use serde::Deserialize;

use crate::form::Form;

/// A page of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Step {
    /// As what.
    Kind,
    /// Who moves in.
    Who,
    /// How to reach them.
    Contact,
    /// From when to when, and who pays.
    Lease,
    /// When they would like the keys.
    When,
    /// What is looked at.
    Papers,
    /// The answers before they are sent.
    Check,
}

const ALL: [Step; 7] =
    [Step::Kind, Step::Who, Step::Contact, Step::Lease, Step::When, Step::Papers, Step::Check];

impl Step {
    /// Its word, as the address and the template have it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Who => "who",
            Self::Contact => "contact",
            Self::Lease => "lease",
            Self::When => "when",
            Self::Papers => "papers",
            Self::Check => "check",
        }
    }

    /// The pages of a kind, in order; only who rents has a lease.
    pub(super) fn of(kind: Option<Kind>) -> Vec<Self> {
        let leases = kind.is_some_and(Kind::leases);
        ALL.into_iter().filter(|step| leases || *step != Self::Lease).collect()
    }

    /// Which one of how many.
    pub(super) fn place(self, kind: Option<Kind>) -> (usize, usize) {
        let all = Self::of(kind);
        (all.iter().position(|step| *step == self).map_or(1, |at| at + 1), all.len())
    }

    /// The page after this one.
    pub(super) fn next(self, kind: Option<Kind>) -> Self {
        Self::of(kind).into_iter().find(|step| *step > self).unwrap_or(Self::Check)
    }

    /// The page before this one.
    pub(super) fn before(self, kind: Option<Kind>) -> Self {
        Self::of(kind).into_iter().rev().find(|step| *step < self).unwrap_or(Self::Kind)
    }

    /// The fields that it asks.
    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Kind => &["kind"],
            Self::Who => &["name", "id_last4"],
            Self::Contact => &["phone", "email"],
            Self::Lease => &["lease_from", "lease_to"],
            Self::When => &["wished_on"],
            Self::Papers | Self::Check => &[],
        }
    }

    /// Its address.
    pub(super) fn address(self, id: CaseId) -> String {
        format!("/move-ins/form/{id}/{}", self.as_str())
    }

    /// What was entered on it, over what was entered before.
    pub(super) fn read(self, form: &mut Form, before: &move_in::Form) -> Option<move_in::Form> {
        let before = before.clone();
        Some(match self {
            Self::Kind => move_in::Form { kind: Some(form.choice("kind")?), ..before },
            Self::Who => {
                let (name, id_last4) = (form.text("name", 100), form.maybe("id_last4", 18));
                move_in::Form { name: name?, id_last4: id_last4?, ..before }
            }
            Self::Contact => {
                let (phone, email) = (form.text("phone", 30), form.maybe("email", 200));
                move_in::Form { phone: Some(phone?), email: email?, ..before }
            }
            Self::Lease => {
                let (from, to) = (form.date("lease_from"), form.date("lease_to"));
                let pays = form.ticked("pays");
                move_in::Form { lease_from: Some(from?), lease_to: Some(to?), pays, ..before }
            }
            Self::When => move_in::Form { wished_on: day(form, "wished_on")?, ..before },
            Self::Papers | Self::Check => before,
        })
    }
}

/// A day that may be left empty.
pub(super) fn day(form: &mut Form, name: &str) -> Option<Option<LocalDate>> {
    match form.maybe(name, 20)? {
        None => Some(None),
        Some(_) => form.date(name).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_not_asked_for_a_lease() {
        for (kind, pages, after_contact) in [
            (None, 6, Step::When),
            (Some(Kind::Owner), 6, Step::When),
            (Some(Kind::Tenant), 7, Step::Lease),
            (Some(Kind::ShopOperator), 7, Step::Lease),
        ] {
            assert_eq!(Step::of(kind).len(), pages, "{kind:?}");
            assert_eq!(Step::Contact.next(kind), after_contact, "{kind:?}");
            assert_eq!(Step::When.before(kind), if pages == 7 { Step::Lease } else { Step::Contact });
            assert_eq!((Step::Kind.place(kind), Step::Check.place(kind)), ((1, pages), (pages, pages)));
        }
        assert_eq!((Step::Kind.before(None), Step::Check.next(None)), (Step::Kind, Step::Check));
    }
}
