//! 投诉分类统计表: the complaints of a span by category, cause, department and outcome, with how long they
//! took and how many were late; gone through each week (domain.md §7).

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamp};

use super::{Cause, Department};
use crate::access::{Action, Actor, Object, allow};
use crate::{CommunityId, Db, Instant, Result};

/// A complaint in the table.
#[derive(Debug, Clone, QueryableByName)]
pub struct Entry {
    /// Its number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// What it is about.
    #[diesel(sql_type = Text)]
    pub category: String,
    /// How far it is.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// By which way it came.
    #[diesel(sql_type = Text)]
    pub channel: String,
    /// When it was registered.
    #[diesel(sql_type = Timestamp)]
    pub at: Instant,
    /// When it was answered.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub answered_at: Option<Instant>,
    /// Whether it is founded.
    #[diesel(sql_type = Nullable<Bool>)]
    pub founded: Option<bool>,
    /// What lay behind it.
    #[diesel(sql_type = Nullable<Text>)]
    pub cause: Option<Cause>,
    /// Who answered for it.
    #[diesel(sql_type = Nullable<Text>)]
    pub department: Option<Department>,
    /// What was done.
    #[diesel(sql_type = Text)]
    pub done: String,
    /// What is learned from it.
    #[diesel(sql_type = Text)]
    pub lesson: String,
    /// How many of its clocks ran out.
    #[diesel(sql_type = BigInt)]
    pub breaches: i64,
}

impl Entry {
    /// How it came out: `founded`, `unfounded`, `withdrawn`, `merged`, or `unjudged`.
    pub fn outcome(&self) -> &'static str {
        match (self.state.as_str(), self.founded) {
            ("withdrawn", _) => "withdrawn",
            ("merged", _) => "merged",
            (_, Some(true)) => "founded",
            (_, Some(false)) => "unfounded",
            (_, None) => "unjudged",
        }
    }

    /// Hours from its registration to its answer; none where it has none yet.
    pub fn hours(&self) -> Option<i64> {
        Some(self.answered_at?.since(self.at).num_hours())
    }
}

/// The complaints of one category, cause, department or outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Group {
    /// The word that they share; empty where none was named yet.
    pub word: String,
    /// How many.
    pub count: i64,
    /// Of these, found founded.
    pub founded: i64,
    /// Answered.
    pub answered: i64,
    /// The hours until these were answered, in sum.
    pub hours: i64,
    /// With a clock that ran out.
    pub late: i64,
}

impl Group {
    /// Tenths of a day until one was answered, on average; none where none was.
    pub fn tenths_of_day(&self) -> Option<i64> {
        (self.answered > 0).then(|| self.hours * 10 / (24 * self.answered))
    }

    fn add(&mut self, entry: &Entry) {
        self.count += 1;
        self.founded += i64::from(entry.outcome() == "founded");
        self.late += i64::from(entry.breaches > 0);
        if let Some(hours) = entry.hours() {
            self.answered += 1;
            self.hours += hours;
        }
    }
}

/// The complaints that were registered at or after `from` and before `to`, in the order of their numbers.
///
/// # Errors
/// The policy's, for who may not see figures.
pub fn entries(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (from, to): (Instant, Instant),
) -> Result<Vec<Entry>> {
    allow(db, actor, now, Action::ReadFigures, Object::Community(community))?;
    let sql = "SELECT c.number, c.category, c.state, c.channel, c.submitted_at AS at, c.resolved_at AS answered_at, \
               p.founded, p.cause, p.department, p.done, p.lesson, \
               (SELECT count(*) FROM case_breaches b WHERE b.case_id = c.id) AS breaches \
               FROM cases c JOIN complaints p ON p.case_id = c.id \
               WHERE c.community_id = $1 AND c.kind = 'complaint' AND c.submitted_at >= $2 AND c.submitted_at < $3 \
               ORDER BY c.id";
    Ok(diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<Timestamp, _>(from)
        .bind::<Timestamp, _>(to)
        .load(db)?)
}

/// Complaints in groups by the word that `of` gives each, the largest group first.
pub fn grouped(entries: &[Entry], of: impl Fn(&Entry) -> String) -> Vec<Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for entry in entries {
        let word = of(entry);
        groups.entry(word.clone()).or_insert_with(|| Group { word, ..Group::default() }).add(entry);
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.word.cmp(&b.word)));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(category: &str, state: &str, founded: Option<bool>, hours: Option<i64>, breaches: i64) -> Entry {
        let at: Instant = "2026-11-22T09:00:00+08:00".parse().unwrap();
        Entry {
            number: "TS20261122-0001".into(),
            category: category.into(),
            state: state.into(),
            channel: "portal".into(),
            at,
            answered_at: hours.map(|hours| at.plus(chrono::TimeDelta::hours(hours))),
            founded,
            cause: None,
            department: None,
            done: String::new(),
            lesson: String::new(),
            breaches,
        }
    }

    #[test]
    fn the_table_counts_what_was_founded_how_long_it_took_and_what_was_late() {
        let all = [
            entry("complaint.noise", "closed", Some(true), Some(24), 0),
            entry("complaint.noise", "answered", Some(false), Some(60), 1),
            entry("complaint.noise", "withdrawn", Some(true), None, 0),
            entry("complaint.fees", "registered", None, None, 1),
        ];
        let groups = grouped(&all, |one| one.category.clone());
        assert_eq!(
            groups.iter().map(|one| one.word.as_str()).collect::<Vec<_>>(),
            ["complaint.noise", "complaint.fees"]
        );
        assert_eq!((groups[0].count, groups[0].founded, groups[0].late), (3, 1, 1));
        assert_eq!(groups[0].tenths_of_day(), Some(17)); // 84 hours over two: 1.75 days
        assert_eq!(groups[1].tenths_of_day(), None);
        let outcomes: Vec<_> = all.iter().map(Entry::outcome).collect();
        assert_eq!(outcomes, ["founded", "unfounded", "withdrawn", "unjudged"]);
    }
}
