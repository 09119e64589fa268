//! The rows of an item that is billed for several months at once, as a query: the sum over the stretches of its period,
//! exact and rounded once. Rust says the same in `intervals::stretches`.
//!
//! Months have different lengths, and a common one of 30, 31 and 28 days is too large for a database's whole numbers
//! where the floor is large. So what comes to whole fen is added up first, month length by month length, and only the
//! remainders are brought to a common length and rounded.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::candidates::date;
use super::exceptions::{Exception, Terms};
use super::intervals::Period;
use super::intervals::stretches::Stretch;
use super::rules::{Agreed, Unit, lcm};
use crate::db::Kind;
use crate::{FeeItemId, HomeId};

/// Homes for which the same was agreed in each month of a period, as a condition, and what that is.
pub(super) type Alike = (String, Vec<Option<Terms>>);

/// The homes of an item by what was agreed for them in the months of a period: first those for which nothing was.
pub(super) fn alike(item: FeeItemId, period: &Period, exceptions: &[Exception]) -> Vec<Alike> {
    let mut by_home: BTreeMap<HomeId, Vec<Option<Terms>>> = BTreeMap::new();
    for one in exceptions.iter().filter(|one| one.fee_item_id == item) {
        for (n, month) in period.each_month().enumerate() {
            if one.holds_in(month) {
                let terms = by_home.entry(one.home_id).or_insert_with(|| vec![None; period.months()]);
                terms.iter_mut().skip(n).take(1).for_each(|place| *place = Some(one.terms()));
            }
        }
    }
    let nothing = vec![None; period.months()];
    if by_home.is_empty() {
        return vec![(String::new(), nothing)];
    }
    let some = |homes: &[HomeId]| homes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let all: Vec<HomeId> = by_home.keys().copied().collect();
    let mut by_terms: BTreeMap<Vec<Option<Terms>>, Vec<HomeId>> = BTreeMap::new();
    for (home, terms) in by_home {
        by_terms.entry(terms).or_default().push(home);
    }
    let rest = (format!(" AND h.id NOT IN ({})", some(&all)), nothing);
    let agreed =
        by_terms.into_iter().map(|(terms, homes)| (format!(" AND h.id IN ({})", some(&homes)), terms));
    std::iter::once(rest).chain(agreed).collect()
}

/// What is charged, and for how long.
pub(super) struct Sum<'a> {
    pub(super) kind: Kind,
    pub(super) unit: Unit,
    pub(super) stretches: &'a [Stretch],
    pub(super) agreed: Agreed,
}

impl Sum<'_> {
    /// The rows of `spans` that have days, each with how many of them lie in which stretch: `d0`, `d1`, ….
    pub(super) fn with_days(&self, spans: &str) -> String {
        let mut days = String::new();
        for (n, stretch) in self.stretches.iter().enumerate() {
            let _ = write!(days, ", {} AS d{n}", self.days_in(stretch));
        }
        format!("SELECT s.*{days} FROM ({spans}) s WHERE s.from_on <= s.to_on")
    }

    /// The amount in fen.
    pub(super) fn amount(&self) -> String {
        let hundreds: i128 = if self.in_percent() { 1_000_000 } else { 10_000 };
        let lengths: BTreeSet<i64> = self.stretches.iter().map(|one| one.of).collect();
        let both = lengths.iter().fold(1, |both, of| lcm(both, i128::from(*of)));
        let (mut whole, mut rest) = (Vec::new(), Vec::new());
        for of in lengths {
            let (sum, one) = (self.sum_of(of), i128::from(of) * hundreds);
            whole.push(format!("{sum} / {one}"));
            rest.push(format!("({sum} % {one}) * {}", both / i128::from(of)));
        }
        let one = both * hundreds;
        format!("{} + (2 * ({}) + {one}) / {}", whole.join(" + "), rest.join(" + "), 2 * one)
    }

    /// What the days of months of a length come to, before anything is divided.
    fn sum_of(&self, of: i64) -> String {
        let mixed = self.stretches.iter().any(|one| one.percent.is_some());
        let term = |(n, one): (usize, &Stretch)| {
            let percent = if mixed { one.percent.unwrap_or(100) } else { 1 };
            format!("CAST({} AS BIGINT) * s.d{n}", one.rate.0 * percent)
        };
        let own = self.stretches.iter().enumerate().filter(|(_, one)| one.of == of);
        let terms: Vec<String> = own.map(term).collect();
        let percent = if let Agreed::Part(percent) = self.agreed { percent } else { 1 };
        format!("(s.quantity * {percent} * ({}))", terms.join(" + "))
    }

    fn in_percent(&self) -> bool {
        matches!(self.agreed, Agreed::Part(_)) || self.stretches.iter().any(|one| one.percent.is_some())
    }

    /// Whether anything is charged, as a condition: what was agreed may free all the days that a home has.
    pub(super) fn is_charged(&self) -> String {
        let charged = self.stretches.iter().enumerate().filter(|(_, one)| one.rate.0 > 0);
        let days: Vec<String> = charged.map(|(n, _)| format!("s.d{n}")).collect();
        match (self.agreed, days.as_slice()) {
            (Agreed::Rate, []) => "1 = 0".to_owned(),
            (Agreed::Rate, days) => format!("{} > 0", days.join(" + ")),
            _ => "1 = 1".to_owned(),
        }
    }

    /// The basis, in the form that [`super::rules::Basis`] reads.
    pub(super) fn basis(&self) -> String {
        let day = |column: &str| format!("REPLACE(CAST(s.{column} AS TEXT), '-', '')");
        let mut parts = String::new();
        for (n, one) in self.stretches.iter().enumerate() {
            let percent = one.percent.map(|percent| format!("%{percent}")).unwrap_or_default();
            let part = format!("'+' || s.quantity || '*{}*' || s.d{n} || '/{}{percent}'", one.rate.0, one.of);
            let or = if parts.is_empty() { "" } else { " || " };
            let _ = write!(parts, "{or}CASE WHEN s.d{n} > 0 THEN {part} ELSE '' END");
        }
        let mark = match self.agreed {
            Agreed::Nothing => String::new(),
            Agreed::Part(percent) => format!(" || '@{percent}%'"),
            Agreed::Rate => " || '@rate'".to_owned(),
        };
        let (from, to) = (day("from_on"), day("to_on"));
        format!("'{}:' || {from} || '~' || {to} || ':' || SUBSTR({parts}, 2){mark}", self.unit)
    }

    /// How many chargeable days fall in a stretch, as an expression.
    fn days_in(&self, stretch: &Stretch) -> String {
        let (from, to) = (date(self.kind, stretch.from), date(self.kind, stretch.to));
        let since = format!("CASE WHEN s.from_on > {from} THEN s.from_on ELSE {from} END");
        let upto = format!("CASE WHEN s.to_on < {to} THEN s.to_on ELSE {to} END");
        let days = match self.kind {
            Kind::Sqlite => format!("CAST(julianday({upto}) - julianday({since}) AS INTEGER)"),
            Kind::Postgres => format!("CAST(({upto}) - ({since}) AS BIGINT)"),
        };
        format!("CASE WHEN s.from_on > {to} OR s.to_on < {from} THEN 0 ELSE {days} + 1 END")
    }
}
