//! Which homes a text names: by code, `7-1-1503`, or as people write it, `7栋1单元1503`; full-width digits too.
//! A date, an amount or a phone is no home.

use std::collections::{BTreeSet, HashMap};

use super::rules::Home;
use crate::HomeId;

/// The homes by what they may be called.
#[derive(Debug, Default)]
pub struct Homes {
    by_code: HashMap<String, HomeId>,
    /// Building, entrance and room without leading zeros; and building and room, as people leave the entrance out.
    by_parts: HashMap<Vec<String>, BTreeSet<HomeId>>,
    buildings: BTreeSet<String>,
}

/// What a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mentions {
    /// These homes, each once.
    Homes(Vec<HomeId>),
    /// Something in a building of ours that is no home.
    Unknown,
}

const BUILDING: [&str; 5] = ["号楼", "栋", "幢", "座", "#"];
const ENTRANCE: [&str; 2] = ["单元", "门"];
const MOST_DIGITS: usize = 4;

impl Homes {
    pub(super) fn new(homes: &[Home]) -> Self {
        let mut all = Self::default();
        for home in homes {
            let (building, entrance, room) = (bare(&home.building), bare(&home.entrance), bare(&home.room));
            all.by_code.insert(folded(&home.code), home.id);
            all.buildings.insert(building.clone());
            for parts in [vec![building.clone(), entrance.clone(), room.clone()], vec![building, room]] {
                all.by_parts.entry(parts).or_default().insert(home.id);
            }
        }
        all
    }

    /// The homes that a text names.
    pub(super) fn named_in(&self, text: &str) -> Mentions {
        let text: Vec<char> = folded(text).chars().collect();
        let (mut homes, mut at) = (BTreeSet::new(), 0);
        while at < text.len() {
            match self.spoken_at(&text, at).or_else(|| self.code_at(&text, at)) {
                Some((Mentions::Homes(named), end)) => {
                    homes.extend(named);
                    at = end;
                }
                Some((Mentions::Unknown, _)) => return Mentions::Unknown,
                None => at += 1,
            }
        }
        Mentions::Homes(homes.into_iter().collect())
    }

    /// `7栋1单元1503`, `7栋1503`, `S栋23`, where a word begins.
    fn spoken_at(&self, text: &[char], at: usize) -> Option<(Mentions, usize)> {
        let (building, rest) = word(text, at)?;
        let rest = after(text, rest, &BUILDING)?;
        let (second, end) = word(text, rest)?;
        let building = bare(&building);
        if !self.buildings.contains(&building) {
            return None;
        }
        let (parts, end) = match after(text, end, &ENTRANCE).and_then(|rest| word(text, rest)) {
            Some((room, end)) => (vec![building, bare(&second), bare(&room)], end),
            None => (vec![building, bare(&second)], end),
        };
        Some((self.of_parts(&parts).unwrap_or(Mentions::Unknown), end))
    }

    /// `7-1-1503`, `S-13`, or any other code of the register that is more than a number.
    fn code_at(&self, text: &[char], at: usize) -> Option<(Mentions, usize)> {
        let begins = at == 0 || !text.get(at - 1).is_some_and(|c| of_code(*c));
        let run = text.get(at..)?.iter().take_while(|c| of_code(**c)).count();
        if !begins || run == 0 {
            return None;
        }
        let whole: String = text.get(at..at + run)?.iter().collect();
        let joined = whole.trim_matches(['-', '.', '/', '_', '#']);
        let mut homes = BTreeSet::new();
        let pieces = std::iter::once(joined).chain(joined.split(['/', '.', '_']));
        for piece in pieces {
            match self.code(piece) {
                Some(Mentions::Homes(named)) => homes.extend(named),
                Some(Mentions::Unknown) => return Some((Mentions::Unknown, at + run)),
                None => {}
            }
        }
        (!homes.is_empty()).then(|| (Mentions::Homes(homes.into_iter().collect()), at + run))
    }

    fn code(&self, piece: &str) -> Option<Mentions> {
        // A number alone could be anything.
        if piece.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        if let Some(home) = self.by_code.get(piece) {
            return Some(Mentions::Homes(vec![*home]));
        }
        let parts: Vec<String> = piece.split('-').map(bare).collect();
        if parts.len() < 2 {
            return None;
        }
        if let Some(found) = self.of_parts(&parts) {
            return Some(found);
        }
        let building = parts.first().is_some_and(|first| self.buildings.contains(first));
        let number = |part: &String| part.len() <= MOST_DIGITS && part.bytes().all(|b| b.is_ascii_digit());
        let shaped = parts.len() == 3 && parts.iter().skip(1).all(number);
        (building && shaped && piece.rsplit('-').next().is_some_and(|room| room.len() >= 3))
            .then_some(Mentions::Unknown)
    }

    fn of_parts(&self, parts: &[String]) -> Option<Mentions> {
        let homes = self.by_parts.get(parts)?;
        Some(Mentions::Homes(homes.iter().copied().collect()))
    }
}

/// Letters and digits, from where they begin; spaces before are passed over.
fn word(text: &[char], at: usize) -> Option<(String, usize)> {
    if at > 0 && text.get(at).is_some_and(|c| c.is_ascii_alphanumeric()) {
        // Not from the middle of a word.
        let before = text.get(at - 1).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '-');
        if before {
            return None;
        }
    }
    let skipped = text.get(at..)?.iter().take_while(|c| **c == ' ').count();
    let from = at + skipped;
    let run = text.get(from..)?.iter().take_while(|c| c.is_ascii_alphanumeric()).count();
    (run > 0 && run <= 6)
        .then(|| (text.get(from..from + run).unwrap_or_default().iter().collect(), from + run))
}

/// Where the text goes on after one of these endings.
fn after(text: &[char], at: usize, endings: &[&str]) -> Option<usize> {
    let rest: String = text.get(at..)?.iter().take(4).collect();
    let rest = rest.trim_start();
    let skipped = text.get(at..)?.iter().take_while(|c| **c == ' ').count();
    let ending = endings.iter().find(|ending| rest.starts_with(**ending))?;
    Some(at + skipped + ending.chars().count())
}

fn of_code(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.' | '_' | '#')
}

/// Without leading zeros and spaces, in capitals.
fn bare(part: &str) -> String {
    let folded = folded(part);
    let less = folded.trim_start_matches('0');
    if less.is_empty() { folded } else { less.to_owned() }
}

/// Full-width signs as half-width ones, in capitals.
fn folded(text: &str) -> String {
    crate::imports::values::fold(text).to_uppercase()
}

/// A name as it is compared: without spaces, full-width or not.
pub(super) fn folded_name(name: &str) -> String {
    folded(name).split_whitespace().collect()
}
