//! Which charges something that ended may touch, as a query. It begins with what ended and asks for charges by their key
//! (community, period, home, item): all charges are never gone through.

use crate::billing::items::{By, Tariffed};
use crate::{CommunityId, Month};

/// How long a period can be, in months.
pub(super) const LONGEST: usize = 12;

/// Writes the query of the charges that may be touched.
pub(super) struct Touched<'t> {
    pub(super) community: CommunityId,
    /// The first month of which a charge has to have days.
    pub(super) since: Month,
    /// The community's items.
    pub(super) items: &'t [Tariffed],
}

impl Touched<'_> {
    /// The ids of charges.
    pub(super) fn sql(&self) -> String {
        let by_days = || self.items.iter().filter(|one| one.item.basis.unit().is_some());
        let bays = by_days().filter(|one| one.item.basis == By::Bay).map(|one| self.bays(one));
        let ended = by_days().filter_map(|one| self.ended(one));
        let agreed = by_days().filter(|one| longest(one) > 1).map(|one| self.agreed(one));
        let parts: Vec<String> = bays.chain(ended).chain(agreed).chain([self.shortened()]).collect();
        parts.join(" UNION ")
    }

    /// Charges of an item that stand and have days since then.
    fn charged(&self, item: &Tariffed, periods: &str) -> String {
        format!(
            "c.community_id = {} AND c.period IN ({periods}) AND c.fee_item_id = {} AND NOT c.reversed \
             AND c.to_on >= '{}'",
            self.community,
            item.item.id,
            self.since.first_day()
        )
    }

    /// Those of bays that were given up before their last day.
    fn bays(&self, item: &Tariffed) -> String {
        format!(
            "SELECT c.id FROM bays b JOIN charges c ON c.home_id = b.home_id AND {charged} \
             WHERE b.community_id = {community} AND b.kind = '{kind}' AND b.ends_on < c.to_on \
             AND (b.code = c.subject OR b.code || ' ≥' = SUBSTR(c.subject, 1, LENGTH(b.code) + 2))",
            charged = self.charged(item, &self.periods(item)),
            community = self.community,
            kind = item.item.applies_to,
        )
    }

    /// Those of an item that ended before their last day; none where it goes on, or its last period is over.
    fn ended(&self, item: &Tariffed) -> Option<String> {
        let day = item.item.ends_on?;
        let (end, months) = (Month::of(day), longest(item));
        if later(end, months - 1) < self.since {
            return None;
        }
        let periods = listed(earlier(end, months - 1), months + 1);
        Some(format!(
            "SELECT c.id FROM charges c WHERE {} AND c.to_on > '{day}'",
            self.charged(item, &periods)
        ))
    }

    /// Those of several months for whose homes anything was agreed in any of them.
    fn agreed(&self, item: &Tariffed) -> String {
        let month = |column: &str| format!("SUBSTR(CAST(c.{column} AS TEXT), 1, 7)");
        let (first, last) = (month("from_on"), month("to_on"));
        format!(
            "SELECT c.id FROM fee_exceptions x JOIN charges c ON c.home_id = x.home_id AND {charged} \
             WHERE x.community_id = {community} AND x.fee_item_id = {item} AND {first} < {last} \
             AND x.from_month <= {last} AND (x.to_month IS NULL OR x.to_month >= {first})",
            charged = self.charged(item, &self.periods(item)),
            community = self.community,
            item = item.item.id,
        )
    }

    /// Those that were made of longer ones, in whose days something may go on after all.
    fn shortened(&self) -> String {
        format!(
            "SELECT g.made_id FROM given_back g WHERE g.community_id = {} AND g.until_on >= '{}' \
             AND g.made_id IS NOT NULL",
            self.community,
            self.since.first_day()
        )
    }

    /// The months whose runs can have charged days since then, billed ahead or not.
    fn periods(&self, item: &Tariffed) -> String {
        let before = longest(item) - 1;
        listed(earlier(self.since, before), before + LONGEST)
    }
}

/// How long an item's longest period is, in months.
fn longest(item: &Tariffed) -> usize {
    let months = item.intervals.iter().filter_map(|one| usize::try_from(one.months).ok());
    months.max().unwrap_or(1).max(1)
}

fn earlier(month: Month, months: usize) -> Month {
    (0..months).fold(month, |month, _| month.prev())
}

fn later(month: Month, months: usize) -> Month {
    (0..months).fold(month, |month, _| month.next())
}

/// So many months from one on, as a list in a query.
fn listed(first: Month, months: usize) -> String {
    let all = std::iter::successors(Some(first), |month| Some(month.next())).take(months);
    all.map(|month| format!("'{month}'")).collect::<Vec<_>>().join(", ")
}
