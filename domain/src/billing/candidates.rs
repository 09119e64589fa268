//! What a period's bill consists of, as one query: each home, item and bay with its days, its exact
//! amount, the basis of it and its payer. The preview looks at it, the run inserts it; `rules` says the
//! same in Rust, and a test holds the two against each other.

use std::fmt::Write as _;

use chrono::Datelike;

use super::developer;
use super::exceptions::{Exception, Terms, within};
use super::intervals::Period;
use super::intervals::stretches::stretches;
use super::items::{AppliesTo, By, Tariffed};
use super::over_months::{Alike, Sum, alike};
use super::rules::{ONE, Segment, Unit, due_on};
use crate::db::{Kind, day_of_month};
use crate::{CommunityId, Db, LocalDate, Month, PersonId, Result};

/// Which homes: by register order, after the first and up to the second.
pub(super) type Range = (i64, i64);

/// Every home of a community.
pub(super) const ALL: Range = (0, i64::MAX);

/// Writes the queries of one community, period and day.
pub(super) struct Candidates<'a> {
    kind: Kind,
    community: CommunityId,
    period: Month,
    items: &'a [Tariffed],
    exceptions: Vec<Exception>,
    whose: Whose,
    /// The day on which charges are made.
    made_on: LocalDate,
    /// The least number of days from then to the due day.
    due_days: u64,
}

/// Whose homes are charged.
enum Whose {
    /// Those that are handed over: whoever pays for each on its first chargeable day.
    Owners,
    /// Those that are finished and not handed over: the developer, so many percent.
    Developer { payer: PersonId, percent: i64 },
}

/// Some of an item's homes, and what they are charged of it.
struct Part {
    /// Which homes, as a condition.
    homes: String,
    /// Percent of the whole.
    percent: Option<i64>,
    /// A rate in place of the tariff's.
    rate: Option<i64>,
}

impl Part {
    /// What a basis has behind its parts.
    fn mark(&self) -> String {
        match (self.percent, self.rate) {
            (Some(percent), _) => format!(" || '@{percent}%'"),
            (None, Some(_)) => " || '@rate'".to_owned(),
            (None, None) => String::new(),
        }
    }
}

impl<'a> Candidates<'a> {
    /// Of a community and period, with what was agreed for single homes; charges would be made on a day and be due
    /// so many days later at least.
    pub(super) fn of(
        db: &mut Db,
        community: CommunityId,
        period: Month,
        items: &'a [Tariffed],
        (made_on, due_days): (LocalDate, u64),
    ) -> Result<Self> {
        let periods = || items.iter().filter_map(|item| item.charged_in(period));
        let months = (
            periods().fold(period, |first, one| first.min(one.first)),
            periods().fold(period, |last, one| last.max(one.last)),
        );
        let exceptions = within(db, community, months)?;
        Ok(Self {
            kind: db.kind(),
            community,
            period,
            items,
            exceptions,
            whose: Whose::Owners,
            made_on,
            due_days,
        })
    }

    /// Of the homes that are still the developer's in a period, by the terms of it.
    pub(super) fn of_developer(
        kind: Kind,
        community: CommunityId,
        (period, terms): (Month, &developer::Terms),
        items: &'a [Tariffed],
        (made_on, due_days): (LocalDate, u64),
    ) -> Self {
        let whose = Whose::Developer { payer: terms.payer_id, percent: terms.percent };
        Self { kind, community, period, items, exceptions: Vec::new(), whose, made_on, due_days }
    }
}

impl Candidates<'_> {
    /// A query with the columns `home_id, building_id, home_order, fee_item_id, item_order, subject, position,
    /// from_on, to_on, due_on, amount_fen, basis, payer_id`; the payer is null where there is none. Nothing
    /// is asked where no item has a tariff in the period.
    pub(super) fn sql(&self, range: Range) -> Option<String> {
        let branches: Vec<String> = self.items.iter().flat_map(|item| self.branches(item, range)).collect();
        let all = branches.join(" UNION ALL ");
        let payer = self.payer();
        (!all.is_empty()).then(|| format!("SELECT c.*, {payer} AS payer_id FROM ({all}) c"))
    }

    /// Who pays, as an expression.
    fn payer(&self) -> String {
        if let Whose::Developer { payer, .. } = self.whose {
            return format!("CAST({payer} AS BIGINT)");
        }
        // Whoever the lease names comes before the owner; then who came first.
        "(SELECT o.person_id FROM occupancies o WHERE o.home_id = c.home_id AND o.pays \
             AND o.starts_on <= c.from_on AND (o.ends_on IS NULL OR o.ends_on >= c.from_on) \
             ORDER BY CASE WHEN o.kind = 'owner' THEN 1 ELSE 0 END, o.starts_on, o.id LIMIT 1)"
            .to_owned()
    }

    /// The rows of one item; none where it has no tariff in the period.
    fn branches(&self, item: &Tariffed, range: Range) -> Vec<String> {
        let Some(unit) = item.item.basis.unit() else { return vec![self.measured(item, range)] };
        let Some(period) = item.charged_in(self.period) else { return Vec::new() };
        if !period.is_month() {
            return self.over_months(item, (unit, &period), range);
        }
        let branch = |part: &Part| self.by_days(item, (unit, part), range);
        self.parts(item).iter().filter_map(branch).collect()
    }

    /// The homes of an item by what was agreed for them: first those for which nothing was.
    fn parts(&self, item: &Tariffed) -> Vec<Part> {
        if let Whose::Developer { percent, .. } = self.whose {
            let percent = Some(percent).filter(|percent| *percent < 100);
            return vec![Part { homes: String::new(), percent, rate: None }];
        }
        let holds = |one: &&Exception| one.fee_item_id == item.item.id && one.holds_in(self.period);
        let own: Vec<&Exception> = self.exceptions.iter().filter(holds).collect();
        let mut terms: Vec<Terms> = own.iter().map(|one| one.terms()).collect();
        terms.sort_unstable();
        terms.dedup();
        let homes = |wanted: Option<Terms>| {
            let some = own.iter().filter(|one| wanted.is_none_or(|terms| one.terms() == terms));
            some.map(|one| one.home_id.to_string()).collect::<Vec<_>>().join(", ")
        };
        let rest = if own.is_empty() { String::new() } else { format!(" AND h.id NOT IN ({})", homes(None)) };
        let agreed = terms.into_iter().filter_map(|terms| {
            let homes = format!(" AND h.id IN ({})", homes(Some(terms)));
            match terms {
                Terms::Free => None,
                Terms::Part(percent) => Some(Part { homes, percent: Some(percent), rate: None }),
                Terms::Rate(rate) => Some(Part { homes, percent: None, rate: Some(rate.0) }),
            }
        });
        std::iter::once(Part { homes: rest, percent: None, rate: None }).chain(agreed).collect()
    }

    /// The rows of an item whose amounts were worked out before and stand in `measured`.
    fn measured(&self, item: &Tariffed, (after, to): Range) -> String {
        let (community, period, id) = (self.community, self.period, item.item.id);
        let due = due_on(period, item.due_day(), self.made_on, self.due_days);
        format!(
            "SELECT h.id AS home_id, h.building_id, h.register_order AS home_order, \
             CAST({id} AS BIGINT) AS fee_item_id, {order} AS item_order, m.subject, 0 AS position, {from} AS from_on, \
             {last} AS to_on, {due} AS due_on, m.amount_fen, m.basis FROM measured m JOIN homes h ON h.id = m.home_id \
             WHERE m.community_id = {community} AND m.period = '{period}' AND m.fee_item_id = {id} \
             AND m.home_order > {after} AND m.home_order <= {to} AND m.amount_fen > 0",
            order = item.item.register_order,
            from = latest("h.delivered_on", &self.date(period.first_day())),
            last = self.date(period.last_day()),
            due = self.date(due),
        )
    }

    /// The rows of an item that is charged for days: exact, rounded once.
    fn by_days(&self, item: &Tariffed, (unit, part): (Unit, &Part), range: Range) -> Option<String> {
        let mut segments = item.segments(self.period);
        if let Some(rate) = part.rate {
            segments.iter_mut().for_each(|segment| segment.rate.0 = rate);
        }
        let holds = (segments.first()?.from, segments.last()?.to);
        let inner = self.spans(item, holds, (range, &part.homes));
        let days: Vec<String> = segments.iter().map(|segment| self.days_in(segment)).collect();
        let of = self.period.days();
        let exact: Vec<String> = segments
            .iter()
            .zip(&days)
            .map(|(segment, days)| format!("CAST({} AS BIGINT) * {days}", segment.rate.0))
            .collect();
        let (exact, percent) = (exact.join(" + "), part.percent.unwrap_or(1));
        let whole = of * 10_000 * part.percent.map_or(1, |_| 100);
        let basis = format!("{}{}", basis_text(unit, &segments, &days, of), part.mark());
        let due = due_on(self.period, item.due_day(), self.made_on, self.due_days);
        Some(format!(
            "SELECT s.home_id, s.building_id, s.home_order, CAST({} AS BIGINT) AS fee_item_id, {} AS item_order, \
             s.subject, s.position, s.from_on, s.to_on, {} AS due_on, \
             (2 * s.quantity * {percent} * ({exact}) + {whole}) / {} AS amount_fen, {basis} AS basis FROM ({inner}) s \
             WHERE s.from_on <= s.to_on",
            item.item.id,
            item.item.register_order,
            self.date(due),
            2 * whole,
        ))
    }

    /// The rows of an item that is charged for several months: exact, rounded once.
    fn over_months(&self, item: &Tariffed, (unit, period): (Unit, &Period), range: Range) -> Vec<String> {
        let due = due_on(self.period, item.due_day(), self.made_on, self.due_days);
        let of_homes = |(homes, agreed): &Alike| {
            let (found, agreed) = stretches(item, period, agreed)?;
            let holds = (found.first()?.from, found.last()?.to);
            let sum = Sum { kind: self.kind, unit, stretches: &found, agreed };
            Some(format!(
                "SELECT s.home_id, s.building_id, s.home_order, CAST({} AS BIGINT) AS fee_item_id, {} AS item_order, \
                 s.subject, s.position, s.from_on, s.to_on, {} AS due_on, {} AS amount_fen, {} AS basis \
                 FROM ({}) s WHERE {}",
                item.item.id,
                item.item.register_order,
                self.date(due),
                sum.amount(),
                sum.basis(),
                sum.with_days(&self.spans(item, holds, (range, homes))),
                sum.is_charged(),
            ))
        };
        alike(item.item.id, period, &self.exceptions).iter().filter_map(of_homes).collect()
    }

    /// The finished homes that the item applies to and that are not handed over, each with its first and last day.
    fn developers_spans(
        &self,
        item: &Tariffed,
        (begins, ends): (LocalDate, LocalDate),
        ((after, to), which): (Range, &str),
    ) -> String {
        let (first, last) = (self.date(begins), self.date(ends));
        let quantity = if item.item.basis == By::Area { "h.area".to_owned() } else { ONE.to_string() };
        let day_before = match self.kind {
            Kind::Sqlite => "date(h.delivered_on, '-1 day')",
            Kind::Postgres => "h.delivered_on - 1",
        };
        format!(
            "SELECT h.id AS home_id, h.building_id, h.register_order AS home_order, '' AS subject, 0 AS position, \
             {from} AS from_on, CASE WHEN h.delivered_on <= {last} THEN {day_before} ELSE {last} END AS to_on, \
             {quantity} AS quantity FROM homes h JOIN buildings g ON g.id = h.building_id \
             WHERE h.community_id = {community} AND h.register_order > {after} AND h.register_order <= {to} \
             AND (h.delivered_on IS NULL OR h.delivered_on > {first}) AND g.completed_on <= {last} \
             AND h.use_kind = '{used}'{which}",
            from = latest("g.completed_on", &first),
            community = self.community,
            used = item.item.applies_to,
        )
    }

    /// The homes or bays that the item applies to, each with its first and last chargeable day.
    fn spans(
        &self,
        item: &Tariffed,
        (begins, ends): (LocalDate, LocalDate),
        ((after, to), which): (Range, &str),
    ) -> String {
        if matches!(self.whose, Whose::Developer { .. }) {
            return self.developers_spans(item, (begins, ends), ((after, to), which));
        }
        let (first, last) = (self.date(begins), self.date(ends));
        let homes = format!(
            "h.community_id = {} AND h.register_order > {after} AND h.register_order <= {to} \
             AND h.delivered_on <= {last}{which}",
            self.community
        );
        let columns = "h.id AS home_id, h.building_id, h.register_order AS home_order";
        let from = latest("h.delivered_on", &first);
        let quantity = if item.item.basis == By::Area { "h.area".to_owned() } else { ONE.to_string() };
        match (item.item.basis, item.item.applies_to) {
            (By::Bay, held) => {
                let from = latest("b.starts_on", &format!("({from})"));
                format!(
                    "SELECT {columns}, b.code AS subject, b.position, {from} AS from_on, \
                     CASE WHEN b.ends_on < {last} THEN b.ends_on ELSE {last} END AS to_on, {quantity} AS quantity \
                     FROM homes h JOIN bays b ON b.community_id = h.community_id AND b.home_id = h.id \
                     WHERE {homes} AND b.kind = '{held}'"
                )
            }
            (_, used) => format!(
                "SELECT {columns}, '' AS subject, 0 AS position, {from} AS from_on, {last} AS to_on, \
                 {quantity} AS quantity FROM homes h WHERE {homes} AND h.use_kind = '{used}'"
            ),
        }
    }

    /// How many chargeable days fall in a segment, as an expression.
    fn days_in(&self, segment: &Segment) -> String {
        let (from, to) = (day_of_month(self.kind, "s.from_on"), day_of_month(self.kind, "s.to_on"));
        let (first, last) = (segment.from.day(), segment.to.day());
        if i64::from(last - first) + 1 == self.period.days() {
            return format!("({to} - {from} + 1)");
        }
        let upto = format!("CASE WHEN {to} < {last} THEN {to} ELSE {last} END");
        let since = format!("CASE WHEN {from} > {first} THEN {from} ELSE {first} END");
        format!("(CASE WHEN {from} > {last} OR {to} < {first} THEN 0 ELSE {upto} - {since} + 1 END)")
    }

    fn date(&self, day: LocalDate) -> String {
        date(self.kind, day)
    }
}

/// A day as an expression.
pub(super) fn date(kind: Kind, day: LocalDate) -> String {
    match kind {
        Kind::Sqlite => format!("'{day}'"),
        Kind::Postgres => format!("DATE '{day}'"),
    }
}

/// The later of a column, which may be null, and a day.
fn latest(column: &str, day: &str) -> String {
    format!("CASE WHEN {column} > {day} THEN {column} ELSE {day} END")
}

/// The basis of a charge as an expression, in the form that [`super::rules::Basis`] reads.
fn basis_text(unit: Unit, segments: &[Segment], days: &[String], of: i64) -> String {
    if let ([segment], [days]) = (segments, days) {
        return format!("'{unit}:' || s.quantity || '*{}*' || {days} || '/{of}'", segment.rate.0);
    }
    let mut parts = String::new();
    for (segment, days) in segments.iter().zip(days) {
        let part = format!("'+' || s.quantity || '*{}*' || {days} || '/{of}'", segment.rate.0);
        let _ = write!(
            parts,
            "{}CASE WHEN {days} > 0 THEN {part} ELSE '' END",
            if parts.is_empty() { "" } else { " || " }
        );
    }
    format!("'{unit}:' || SUBSTR({parts}, 2)")
}

/// Whether an item of this kind is charged by the home (not by the bay).
pub(super) fn by_home(item: &Tariffed) -> bool {
    !matches!(item.item.applies_to, AppliesTo::Owned | AppliesTo::Leased)
}
