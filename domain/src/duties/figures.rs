//! Compliance = done in time ÷ due. The denominator is every duty whose latest time has passed; only a
//! cancellation by a named rule takes one out, and the figure shows how many (domain.md §3).

use diesel::prelude::*;

use super::{Kind, State};
use crate::db::schema::duties;
use crate::{CommunityId, Db, Instant, Result};

/// How a kind of duty was kept over a span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Compliance {
    /// Every duty whose latest time has passed, less those that a rule took out.
    pub due: i64,
    /// Done in time.
    pub in_time: i64,
    /// Done, but late.
    pub late: i64,
    /// Missed, or still open though its time has passed.
    pub missed: i64,
    /// Tried as often as the rule asks.
    pub unreachable: i64,
    /// Taken out by a person; still counted as due.
    pub cancelled_by_person: i64,
    /// Taken out by a named rule; not counted as due.
    pub cancelled_by_rule: i64,
}

impl Compliance {
    /// In time ÷ due, in hundredths of a percent; none where nothing was due.
    pub fn rate(&self) -> Option<i64> {
        (self.due > 0).then(|| self.in_time * 10_000 / self.due)
    }

    fn count(&mut self, state: State, by_rule: bool, number: i64) {
        if state == State::Cancelled && by_rule {
            self.cancelled_by_rule += number;
            return;
        }
        self.due += number;
        match state {
            State::Done => self.in_time += number,
            State::DoneLate => self.late += number,
            State::Open | State::Missed => self.missed += number,
            State::Unreachable => self.unreachable += number,
            State::Cancelled => self.cancelled_by_person += number,
        }
    }
}

/// How a kind of duty was kept: those due at or after `from` and before both `to` and `now`.
pub fn compliance(
    db: &mut Db,
    community: CommunityId,
    kind: Kind,
    (from, to): (Instant, Instant),
    now: Instant,
) -> Result<Compliance> {
    let end = to.min(now);
    let rows: Vec<(State, Option<String>, i64)> = duties::table
        .filter(duties::community_id.eq(community.0).and(duties::kind.eq(kind)))
        .filter(duties::due_at.ge(from).and(duties::due_at.lt(end)))
        .group_by((duties::state, duties::cancel_rule))
        .select((duties::state, duties::cancel_rule, diesel::dsl::count_star()))
        .load(db)?;
    let mut figure = Compliance::default();
    for (state, rule, number) in rows {
        figure.count(state, rule.is_some(), number);
    }
    Ok(figure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_named_rule_takes_a_duty_out_of_the_count() {
        let mut figure = Compliance::default();
        for (state, by_rule, number) in [
            (State::Done, false, 7),
            (State::DoneLate, false, 1),
            (State::Unreachable, false, 1),
            (State::Cancelled, false, 1),
            (State::Cancelled, true, 5),
        ] {
            figure.count(state, by_rule, number);
        }
        assert_eq!((figure.due, figure.rate(), figure.cancelled_by_rule), (10, Some(7_000), 5));
        assert_eq!(Compliance::default().rate(), None);
    }
}
