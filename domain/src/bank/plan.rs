//! What a statement would do, before it does: each line with what becomes of it and why.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::read::{RawLine, Read};
use super::rules::{Register, Said, Verdict, Why};
use super::{State, load};
use crate::db::schema::bank_lines;
use crate::{CommunityId, Db, Fen, HomeId, Instant, LocalDate, PersonId, Result, community, settings};

/// A line and what becomes of it.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The line.
    pub raw: RawLine,
    /// What becomes of it: never [`State::Booked`] or [`State::Aside`] yet.
    pub state: State,
    /// Why.
    pub why: Why,
    /// The home that it is booked to, or those that come into question.
    pub homes: Vec<HomeId>,
    /// Who of the home was recognised.
    pub person: Option<PersonId>,
}

/// How many lines come to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Booked without a hand.
    pub booked: i32,
    /// How much that is.
    pub booked_fen: i64,
    /// Waiting for somebody.
    pub queued: i32,
    /// How much that is.
    pub queued_fen: i64,
    /// Went out: listed.
    pub debits: i32,
    /// With a number that was there before: listed.
    pub repeated: i32,
}

/// What a statement would do.
#[derive(Debug)]
pub(crate) struct Plan {
    /// How the table was read.
    pub(crate) read: Read,
    /// The lines that are new.
    pub(crate) lines: Vec<Planned>,
    /// How many are known from before.
    pub(crate) known: usize,
}

impl Plan {
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for line in &self.lines {
            let fen = line.raw.amount.0;
            match line.state {
                State::Certain | State::Booked => {
                    tally.booked += 1;
                    tally.booked_fen += fen;
                }
                State::Queued | State::Aside => {
                    tally.queued += 1;
                    tally.queued_fen += fen;
                }
                State::Debit => tally.debits += 1,
                State::Repeated => tally.repeated += 1,
            }
        }
        tally
    }
}

/// Holds a statement's lines against the register, the ledger and the lines before.
pub(crate) fn plan(db: &mut Db, community: CommunityId, now: Instant, read: Read) -> Result<Plan> {
    let today = community::by_id(db, community)?.today(now)?;
    let (fresh, known) = sift(db, community, &read.lines)?;
    let register = load::register(db, community, today)?;
    let most = Fen(settings::get(db, community, settings::PAYMENT_MOST_FEN)?);
    let amounts = amounts_for(db, &register, &fresh)?;
    let lines = fresh.into_iter().map(|(raw, repeated)| planned(&register, &amounts, most, raw, repeated));
    Ok(Plan { lines: lines.collect(), known, read })
}

fn planned(
    register: &Register,
    amounts: &HashMap<HomeId, Vec<Fen>>,
    most: Fen,
    raw: RawLine,
    repeated: bool,
) -> Planned {
    if raw.out || repeated {
        let (state, why) =
            if raw.out { (State::Debit, Why::Debit) } else { (State::Repeated, Why::Repeated) };
        return Planned { raw, state, why, homes: vec![], person: None };
    }
    let verdict = register.judge(said(&raw), amounts);
    // More than anybody pays at a desk is looked at by somebody.
    let Verdict { certain, why, homes, person } = verdict;
    let (state, why) = match certain {
        true if raw.amount > most => (State::Queued, Why::NotBooked),
        true => (State::Certain, why),
        false => (State::Queued, why),
    };
    Planned { raw, state, why, homes, person }
}

fn said(raw: &RawLine) -> Said<'_> {
    Said { payer: &raw.payer, text: &raw.text, amount: raw.amount }
}

/// What the homes of those payers owe who name no home.
fn amounts_for(
    db: &mut Db,
    register: &Register,
    lines: &[(RawLine, bool)],
) -> Result<HashMap<HomeId, Vec<Fen>>> {
    let none = HashMap::new();
    let mut homes: HashSet<HomeId> = HashSet::new();
    for (raw, _) in lines.iter().filter(|(raw, repeated)| !raw.out && !repeated) {
        if register.judge(said(raw), &none).why == Why::OtherAmount {
            homes.extend(register.homes_of_payer(&raw.payer));
        }
    }
    let mut homes: Vec<HomeId> = homes.into_iter().collect();
    homes.sort_unstable();
    load::amounts(db, &homes)
}

/// What makes two lines of one number the same line.
type Same = (LocalDate, Fen, String);

/// The lines that are new, each with whether its number was there before; and how many are known.
fn sift(db: &mut Db, community: CommunityId, lines: &[RawLine]) -> Result<(Vec<(RawLine, bool)>, usize)> {
    let other = |raw: &RawLine| format!("{}#{}", raw.key, raw.digest(""));
    let keys: Vec<String> = lines.iter().flat_map(|raw| [raw.key.clone(), other(raw)]).collect();
    let stored = stored(db, community, &keys)?;
    let (mut fresh, mut known) = (Vec::new(), 0);
    for raw in lines {
        match stored.get(&raw.key) {
            None => fresh.push((raw.clone(), raw.again)),
            Some(same) if *same == (raw.day, raw.amount, raw.payer.clone()) => known += 1,
            // The bank's number, on another line than before.
            Some(_) if stored.contains_key(&other(raw)) => known += 1,
            Some(_) => fresh.push((RawLine { key: other(raw), ..raw.clone() }, true)),
        }
    }
    Ok((fresh, known))
}

fn stored(db: &mut Db, community: CommunityId, keys: &[String]) -> Result<HashMap<String, Same>> {
    let mut stored = HashMap::new();
    for some in keys.chunks(5_000) {
        let rows: Vec<(String, LocalDate, Fen, String)> = bank_lines::table
            .filter(bank_lines::community_id.eq(community.0).and(bank_lines::line_key.eq_any(some)))
            .select((bank_lines::line_key, bank_lines::day, bank_lines::amount_fen, bank_lines::payer))
            .load(db)?;
        stored.extend(rows.into_iter().map(|(key, day, amount, payer)| (key, (day, amount, payer))));
    }
    Ok(stored)
}
