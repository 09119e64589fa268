//! How the queue is narrowed: by kind, urgency, whose it is, what is late; read from the address of the page, and
//! written as one again.

use domain::PersonId;
use domain::cases::{Case, Kind, Urgency};
use domain::{Error, Result};

use super::order;
use crate::pages::sorting;
use crate::views::cases::CaseRow;

/// What of the queue is wanted, in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) kind: Option<Kind>,
    pub(crate) urgency: Option<Urgency>,
    /// Only what the reader answers for.
    pub(crate) mine: bool,
    /// Only what has a clock that has run out.
    pub(crate) late: bool,
    pub(crate) sort: &'static str,
}

/// The same as a form or an address has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said<'a> {
    pub(crate) kind: Option<&'a str>,
    pub(crate) urgency: Option<&'a str>,
    pub(crate) mine: Option<&'a str>,
    pub(crate) late: Option<&'a str>,
    pub(crate) sort: Option<&'a str>,
}

impl Wanted {
    /// Reads it; what is empty is not asked for.
    ///
    /// # Errors
    /// The field whose word is unknown.
    pub(crate) fn read(said: &Said<'_>) -> Result<Self> {
        Ok(Self {
            kind: word("kind", said.kind)?,
            urgency: word("urgency", said.urgency)?,
            mine: said.mine == Some("yes"),
            late: said.late == Some("yes"),
            sort: sorting::order(said.sort.filter(|sort| !sort.is_empty()), &order::WAYS)?,
        })
    }

    /// As a query, without what is not asked for.
    pub(crate) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(kind) = self.kind {
            query.append_pair("kind", kind.as_str());
        }
        if let Some(urgency) = self.urgency {
            query.append_pair("urgency", urgency.as_str());
        }
        for (name, wanted) in [("mine", self.mine), ("late", self.late)] {
            if wanted {
                query.append_pair(name, "yes");
            }
        }
        if self.sort != order::WAYS[0] {
            query.append_pair("sort", self.sort);
        }
        query.finish()
    }

    /// Whether a case is wanted by the reader; its clock is asked of its row.
    pub(crate) fn wants(&self, case: &Case, reader: Option<PersonId>) -> bool {
        let urgent = self.urgency.is_none_or(|urgency| case.urgency == urgency);
        urgent && (!self.mine || reader.is_some() && case.accountable_id == reader)
    }

    /// Whether a row is wanted.
    pub(crate) fn shows(&self, row: &CaseRow) -> bool {
        !self.late || row.late
    }
}

fn word<T: std::str::FromStr>(field: &'static str, text: Option<&str>) -> Result<Option<T>> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| Error::field(field, "choice"))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_written_as_the_address_that_it_was_read_from() {
        let said = Said {
            kind: Some("repair"),
            urgency: Some("urgent"),
            mine: Some("yes"),
            late: Some("yes"),
            sort: Some("newest"),
        };
        let wanted = Wanted::read(&said).unwrap();
        assert_eq!(wanted.query(), "kind=repair&urgency=urgent&mine=yes&late=yes&sort=newest");
        let all = Said { kind: Some(""), mine: Some("no"), sort: Some(""), ..Said::default() };
        assert_eq!(Wanted::read(&all).unwrap().query(), "");
        assert!(Wanted::read(&Said { urgency: Some("soon"), ..Said::default() }).is_err());
    }
}
