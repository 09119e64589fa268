//! What was charged ahead and is not owed any more: before a run gives it back, and after.

use domain::Fen;
use domain::billing::given_back::{Due, Was, words};
use domain::billing::subject::named;
use serde::Serialize;

/// What is, or was, given back.
#[derive(Debug, Serialize)]
pub(crate) struct GivenBackView {
    pub(crate) rows: Vec<GivenBackRow>,
    /// How many there are, listed or not.
    pub(crate) count: usize,
    /// How many of them a person has to decide about.
    pub(crate) by_hand: usize,
    /// How much less is owed in all of those that a run does, or nothing.
    pub(crate) less: Fen,
    /// How much more, or nothing.
    pub(crate) more: Fen,
}

/// A charge that is for more than is owed, or was.
#[derive(Debug, Serialize)]
pub(crate) struct GivenBackRow {
    pub(crate) home: String,
    pub(crate) what: String,
    pub(crate) why: String,
    pub(crate) before: Fen,
    pub(crate) now: Fen,
    /// Why a person has to decide.
    pub(crate) hand: Option<&'static str>,
}

/// How many are listed.
const LISTED: usize = 200;

impl GivenBackView {
    /// What a run would do.
    pub(crate) fn of(due: &[Due], language: &str) -> Self {
        let row = |one: &Due| GivenBackRow {
            home: one.home.clone(),
            what: named(&one.name, &one.subject, language),
            why: words::why(one.cause, one.last_on, language),
            before: one.before,
            now: one.now,
            hand: one.hand.map(|hand| hand.as_str()),
        };
        let by_itself = due.iter().filter(|one| one.hand.is_none());
        let difference = by_itself.map(|one| one.now - one.before).sum();
        Self::with(due.iter().take(LISTED).map(row).collect(), due.len(), difference).left(due)
    }

    /// What a run did.
    pub(crate) fn done(was: &[Was], language: &str) -> Self {
        let row = |one: &Was| GivenBackRow {
            home: one.home.clone(),
            what: named(&one.item, &one.subject, language),
            why: words::why(one.cause, one.last_on, language),
            before: one.before,
            now: one.now,
            hand: None,
        };
        let difference = was.iter().map(|one| one.now - one.before).sum();
        Self::with(was.iter().take(LISTED).map(row).collect(), was.len(), difference)
    }

    fn with(rows: Vec<GivenBackRow>, count: usize, difference: Fen) -> Self {
        let (less, more) = ((-difference).max(Fen::ZERO), difference.max(Fen::ZERO));
        Self { rows, count, by_hand: 0, less, more }
    }

    fn left(self, due: &[Due]) -> Self {
        Self { by_hand: due.iter().filter(|one| one.hand.is_some()).count(), ..self }
    }

    /// As samples have it.
    pub(in crate::views) fn sample(count: usize) -> Self {
        let row = |hand| GivenBackRow {
            home: "3-2-1501".to_owned(),
            what: "车位管理费 B1-0013".to_owned(),
            why: "车位只用到 2027-01-14，之后的不再收取".to_owned(),
            before: Fen(96_000),
            now: Fen(21_161),
            hand,
        };
        let rows = if count == 0 { vec![] } else { vec![row(None), row(Some("disputed"))] };
        Self { by_hand: rows.len() / 2, ..Self::with(rows, count, Fen(-74_839)) }
    }
}
