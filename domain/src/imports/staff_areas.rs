//! The areas of stewards: which buildings, from which day to which. The register names buildings; the
//! portal keeps homes, so that an area can be cut finer by hand.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};

use super::Place;
use super::staff::{Known, StaffRow};
use crate::access::Role;
use crate::{Db, LocalDate, PersonId, Result};

/// A building in one steward's care for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) number: String,
    pub(super) building: String,
    pub(super) starts_on: LocalDate,
    pub(super) ends_on: Option<LocalDate>,
}

impl Span {
    /// Whether another steward has the same building on a day of this.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let reaches = |a: &Self, b: &Self| b.ends_on.is_none_or(|end| a.starts_on <= end);
        self.number != other.number
            && self.building == other.building
            && reaches(self, other)
            && reaches(other, self)
    }

    fn holds_on_or_after(&self, day: LocalDate) -> bool {
        self.ends_on.is_none_or(|end| end >= day)
    }
}

/// A change to somebody's area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Add(Span),
    /// The span as it is, and its first and last day from now on.
    Set(Span, LocalDate, Option<LocalDate>),
    /// It never held.
    Drop(Span),
}

impl Step {
    /// Whose area it is.
    pub(super) fn number(&self) -> &str {
        let (Self::Add(span) | Self::Set(span, ..) | Self::Drop(span)) = self;
        &span.number
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    steward_id: PersonId,
    #[diesel(sql_type = Text)]
    building: String,
    #[diesel(sql_type = Date)]
    starts_on: LocalDate,
    #[diesel(sql_type = Nullable<Date>)]
    ends_on: Option<LocalDate>,
}

/// The areas as they are known.
pub(super) fn load(db: &mut Db, place: &Place, known: &HashMap<String, Known>) -> Result<Vec<Span>> {
    let sql = "SELECT DISTINCT s.steward_id, b.code AS building, s.starts_on, s.ends_on \
               FROM home_stewards s JOIN homes h ON h.id = s.home_id JOIN buildings b ON b.id = h.building_id \
               WHERE s.community_id = $1 ORDER BY 2, 3, 1";
    let rows: Vec<Row> = diesel::sql_query(sql).bind::<BigInt, _>(place.community.0).load(db)?;
    let numbers: HashMap<PersonId, &str> = known.values().map(|k| (k.person, k.number.as_str())).collect();
    let span = |row: Row| Span {
        number: (*numbers.get(&row.steward_id).unwrap_or(&"")).to_owned(),
        building: row.building,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    };
    Ok(rows.into_iter().map(span).collect())
}

/// What the rows change in the areas, and the areas as they would be then.
pub(super) fn plan(
    known: &HashMap<String, Known>,
    spans: &[Span],
    rows: &[StaffRow],
    today: LocalDate,
) -> (Vec<Step>, Vec<Span>) {
    let mut steps = Vec::new();
    let mut after: Vec<Span> =
        spans.iter().filter(|span| !rows.iter().any(|row| row.number == span.number)).cloned().collect();
    for row in rows {
        let theirs: Vec<&Span> = spans.iter().filter(|span| span.number == row.number).collect();
        for span in &theirs {
            let step = for_span(known.get(&row.number), row, span, today);
            after.extend(match &step {
                None => Some((*span).clone()),
                Some(Step::Set(span, from, to)) => {
                    Some(Span { starts_on: *from, ends_on: *to, ..span.clone() })
                }
                Some(_) => None,
            });
            steps.extend(step);
        }
        for span in new_spans(known.get(&row.number), row, &theirs, today) {
            after.push(span.clone());
            steps.push(Step::Add(span));
        }
    }
    (steps, after)
}

/// The buildings that the register gives, none to who is no steward.
fn wanted(row: &StaffRow) -> &[String] {
    if row.roles.contains(&Role::Steward) { &row.area } else { &[] }
}

fn new_spans(known: Option<&Known>, row: &StaffRow, theirs: &[&Span], today: LocalDate) -> Vec<Span> {
    let starts_on = known.map_or(row.joined_on, |_| today.max(row.joined_on));
    let held = |building: &String| {
        let of_building = |span: &&&Span| span.building == *building;
        let last = known.and_then(|known| known.left_on);
        theirs.iter().filter(of_building).any(|s| s.holds_on_or_after(today) || s.ends_on == last)
    };
    if row.left_on.is_some_and(|left| left < starts_on) {
        return Vec::new();
    }
    let new = wanted(row).iter().filter(|building| !held(building));
    let span = |building: &String| Span {
        number: row.number.clone(),
        building: building.clone(),
        starts_on,
        ends_on: row.left_on,
    };
    new.map(span).collect()
}

/// What becomes of a span that is there: it goes on, gets other days, or ends yesterday.
fn for_span(known: Option<&Known>, row: &StaffRow, span: &Span, today: LocalDate) -> Option<Step> {
    let known = known?;
    let current = span.holds_on_or_after(today) || span.ends_on == known.left_on;
    if !current {
        return None;
    }
    if !wanted(row).contains(&span.building) {
        let last = today.pred_opt()?;
        return match span.holds_on_or_after(today) {
            false => None,
            true if span.starts_on > last => Some(Step::Drop(span.clone())),
            true => Some(Step::Set(span.clone(), span.starts_on, Some(last))),
        };
    }
    let from = if span.starts_on == known.joined_on { row.joined_on } else { span.starts_on };
    let to = row.left_on.map(|left| left.max(from));
    let same = from == span.starts_on && to == span.ends_on;
    (!same).then(|| Step::Set(span.clone(), from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn row(number: &str, area: &[&str], joined_on: &str, left_on: Option<&str>) -> StaffRow {
        StaffRow {
            at: 0,
            number: number.to_owned(),
            name: "管家".to_owned(),
            post: "管家".to_owned(),
            roles: vec![Role::Steward],
            area: area.iter().map(|code| (*code).to_owned()).collect(),
            skills: String::new(),
            phone: None,
            email: None,
            joined_on: day(joined_on),
            left_on: left_on.map(day),
        }
    }

    fn known(row: &StaffRow) -> Known {
        Known {
            person: PersonId(1),
            number: row.number.clone(),
            name: row.name.clone(),
            post: row.post.clone(),
            skills: String::new(),
            phone: None,
            email: None,
            joined_on: row.joined_on,
            left_on: row.left_on,
        }
    }

    fn shown(spans: &[Span]) -> Vec<String> {
        let end = |span: &Span| span.ends_on.map_or_else(String::new, |end| end.to_string());
        spans.iter().map(|s| format!("{} {} {}..{}", s.number, s.building, s.starts_on, end(s))).collect()
    }

    #[test]
    fn a_building_passes_from_who_left_to_who_joined() {
        let rows = [
            row("E004", &["4", "8"], "2026-11-12", None),
            row("E021", &["4", "8"], "2023-04-15", Some("2026-11-11")),
        ];
        let (_, after) = plan(&HashMap::new(), &[], &rows, day("2026-11-22"));
        assert_eq!(
            shown(&after),
            [
                "E004 4 2026-11-12..",
                "E004 8 2026-11-12..",
                "E021 4 2023-04-15..2026-11-11",
                "E021 8 2023-04-15..2026-11-11",
            ]
        );
        assert!(!after[0].meets(&after[2]));
        let all: HashMap<String, Known> = rows.iter().map(|r| (r.number.clone(), known(r))).collect();
        let (again, same) = plan(&all, &after, &rows, day("2026-11-22"));
        assert_eq!((again.len(), same), (0, after));
    }

    #[test]
    fn what_is_taken_from_one_ends_yesterday_and_begins_today_for_the_other() {
        let before = [row("E1", &["1", "2"], "2024-01-01", None), row("E2", &["3"], "2024-01-01", None)];
        let all: HashMap<String, Known> = before.iter().map(|r| (r.number.clone(), known(r))).collect();
        let (_, spans) = plan(&HashMap::new(), &[], &before, day("2026-11-01"));
        let now = [row("E1", &["1"], "2024-01-01", None), row("E2", &["3", "2"], "2024-01-01", None)];
        let (steps, after) = plan(&all, &spans, &now, day("2026-11-22"));
        assert_eq!(steps.len(), 2);
        assert_eq!(
            shown(&after),
            ["E1 1 2024-01-01..", "E1 2 2024-01-01..2026-11-21", "E2 3 2024-01-01..", "E2 2 2026-11-22..",]
        );
    }

    #[test]
    fn two_on_one_building_meet() {
        let rows = [row("E1", &["1"], "2024-01-01", None), row("E2", &["1"], "2026-01-01", None)];
        let (_, after) = plan(&HashMap::new(), &[], &rows, day("2026-11-22"));
        assert!(after[0].meets(&after[1]) && after[1].meets(&after[0]));
    }
}
