//! Whose a line of a bank's statement is. Values in, values out (domain.md §10, *Bank statement*).
//!
//! *Certain* is a line that names exactly one home, and whose payer, or a person named in it, belongs to that
//! home; or one that names none, and whose payer is of homes of which exactly one has an open balance or a
//! period's bill of that amount. A named home wins over the payer's own. Everything else waits for a person.

use std::collections::{BTreeSet, HashMap};

use super::mentions::{self, Mentions};
use crate::{Fen, HomeId, PersonId};

crate::words! {
    /// Why a line is certain, or waits; the text `bank.why.<word>`.
    Why {
        /// The line names the home, and its payer belongs to it.
        NamedByPayer = "named_by_payer",
        /// The line names the home and a person who belongs to it.
        NamedPerson = "named_person",
        /// No home is named; one of the payer's homes owes just this.
        PayerAmount = "payer_amount",
        /// Several homes are named.
        SeveralHomes = "several_homes",
        /// What is named looks like a home, and there is none such.
        UnknownHome = "unknown_home",
        /// The home is named by somebody who does not belong to it.
        Stranger = "stranger",
        /// No home is named and nobody knows the payer.
        UnknownPayer = "unknown_payer",
        /// The payer's homes owe something else.
        OtherAmount = "other_amount",
        /// Several of the payer's homes owe just this.
        SeveralFit = "several_fit",
        /// Money that went out.
        Debit = "debit",
        /// The serial number was there before.
        Repeated = "repeated",
        /// It could not be booked by itself.
        NotBooked = "not_booked",
        /// Its payment was voided.
        Voided = "voided",
        /// Somebody looks at it again.
        LookedAgain = "looked_again",
        /// A cashier said so.
        ByHand = "by_hand",
    }
}

/// A home as lines may name it.
#[derive(Debug, Clone)]
pub struct Home {
    /// Its id.
    pub id: HomeId,
    /// Its code, `7-1-1503`.
    pub code: String,
    /// Its building's code.
    pub building: String,
    /// Its entrance, or nothing.
    pub entrance: String,
    /// Its room.
    pub room: String,
}

/// Who belongs to a home.
#[derive(Debug, Clone)]
pub struct Tie {
    /// The home.
    pub home: HomeId,
    /// The person; none for a name that a cashier had remembered.
    pub person: Option<PersonId>,
    /// Their name.
    pub name: String,
}

/// What lines are held against.
#[derive(Debug, Default)]
pub struct Register {
    pub(super) homes: mentions::Homes,
    of_home: HashMap<HomeId, Vec<(String, Option<PersonId>)>>,
    by_name: HashMap<String, BTreeSet<HomeId>>,
    longest_name: usize,
}

/// What a line says, as far as it tells whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Said<'l> {
    /// The other account's holder.
    pub payer: &'l str,
    /// Purpose, remarks.
    pub text: &'l str,
    /// How much came in.
    pub amount: Fen,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is booked without a hand.
    pub certain: bool,
    /// Why.
    pub why: Why,
    /// The home, or those that come into question.
    pub homes: Vec<HomeId>,
    /// Who of the home was recognised.
    pub person: Option<PersonId>,
}

impl Verdict {
    fn waits(why: Why, homes: Vec<HomeId>) -> Self {
        Self { certain: false, why, homes, person: None }
    }
}

impl Register {
    /// The register of these homes and ties.
    pub fn new(homes: &[Home], ties: Vec<Tie>) -> Self {
        let mut register = Self { homes: mentions::Homes::new(homes), ..Self::default() };
        for tie in ties {
            let name = mentions::folded_name(&tie.name);
            if name.chars().count() < 2 {
                continue;
            }
            register.longest_name = register.longest_name.max(name.chars().count());
            register.by_name.entry(name.clone()).or_default().insert(tie.home);
            register.of_home.entry(tie.home).or_default().push((name, tie.person));
        }
        register
    }

    /// The homes of whoever has the payer's name: whose amounts have to be known to [`Self::judge`] a line that
    /// names no home.
    pub fn homes_of_payer(&self, payer: &str) -> Vec<HomeId> {
        self.by_name.get(&mentions::folded_name(payer)).into_iter().flatten().copied().collect()
    }

    /// Whose a line is. `amounts` has the open balances and the periods' bills of the payer's homes.
    pub fn judge(&self, said: Said<'_>, amounts: &HashMap<HomeId, Vec<Fen>>) -> Verdict {
        match self.homes.named_in(said.text) {
            Mentions::Unknown => Verdict::waits(Why::UnknownHome, self.homes_of_payer(said.payer)),
            Mentions::Homes(homes) => match homes.as_slice() {
                [] => self.by_payer(said, amounts),
                [home] => self.by_home(said, *home),
                _ => Verdict::waits(Why::SeveralHomes, homes),
            },
        }
    }

    fn by_home(&self, said: Said<'_>, home: HomeId) -> Verdict {
        let payer = mentions::folded_name(said.payer);
        let people = self.of_home.get(&home).map(Vec::as_slice).unwrap_or_default();
        let found = |why, person| Verdict { certain: true, why, homes: vec![home], person };
        if let Some((_, person)) = people.iter().find(|(name, _)| *name == payer) {
            return found(Why::NamedByPayer, *person);
        }
        let named = self.names_in(said.text);
        match people.iter().find(|(name, _)| named.contains(name)) {
            Some((_, person)) => found(Why::NamedPerson, *person),
            None => Verdict::waits(Why::Stranger, vec![home]),
        }
    }

    fn by_payer(&self, said: Said<'_>, amounts: &HashMap<HomeId, Vec<Fen>>) -> Verdict {
        let own = self.homes_of_payer(said.payer);
        if own.is_empty() {
            let named = self.names_in(said.text);
            let homes: BTreeSet<HomeId> =
                named.iter().filter_map(|name| self.by_name.get(name)).flatten().copied().collect();
            return Verdict::waits(Why::UnknownPayer, homes.into_iter().collect());
        }
        let owes = |home: &&HomeId| amounts.get(home).is_some_and(|sums| sums.contains(&said.amount));
        let fitting: Vec<HomeId> = own.iter().filter(owes).copied().collect();
        match fitting.as_slice() {
            [] => Verdict::waits(Why::OtherAmount, own),
            [home] => {
                let payer = mentions::folded_name(said.payer);
                let people = self.of_home.get(home).map(Vec::as_slice).unwrap_or_default();
                let person = people.iter().find(|(name, _)| *name == payer).and_then(|(_, person)| *person);
                Verdict { certain: true, why: Why::PayerAmount, homes: fitting, person }
            }
            _ => Verdict::waits(Why::SeveralFit, fitting),
        }
    }

    /// The names of the register that stand in a text, but for those within a longer one: who writes 崔思远 does
    /// not speak of 崔思.
    fn names_in(&self, text: &str) -> Vec<String> {
        let chars: Vec<char> = mentions::folded_name(text).chars().collect();
        let mut found: Vec<(usize, usize, String)> = Vec::new();
        for from in 0..chars.len() {
            for to in (from + 2..=(from + self.longest_name).min(chars.len())).rev() {
                let name: String = chars.get(from..to).unwrap_or_default().iter().collect();
                if self.by_name.contains_key(&name) {
                    found.push((from, to, name));
                }
            }
        }
        let within = |(from, to, _): &(usize, usize, String)| {
            found.iter().any(|(f, t, _)| f <= from && to <= t && (t - f) > (to - from))
        };
        found.iter().filter(|one| !within(one)).map(|(.., name)| name.clone()).collect()
    }
}
