//! The letters of each month: who had the last reminder is sent a formal demand, and the postman's receipts come back
//! some days later.

use chrono::{Datelike, Days};
use domain::access::Role;
use domain::demands::{self, NewProof, ProofKind, Texts};
use domain::{Error, Instant, LedgerAccountId, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::Dice;
use super::stage::Stage;
use crate::lang::Lang;

/// How many letters the cashier makes at once.
const LETTERS: usize = 12;

/// How each letter ends, with so many in a hundred.
const ENDS: &[(ProofKind, &str, u32)] = &[
    (ProofKind::Registered, "本人签收", 55),
    (ProofKind::HandedOver, "管家上门，本人签收", 25),
    (ProofKind::Refused, "本人拒收，保安队长在场", 8),
    (ProofKind::Returned, "查无此人，退回", 12),
];

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    // Nobody had the last reminder in the first months.
    if day < stage.begin + Days::new(60) {
        return Ok(());
    }
    if day.day() == 6 {
        agenda.at(stage.on(day, 14, 30), make);
    }
    agenda.at(stage.on(day, 16, 20), receipts);
    Ok(())
}

fn make(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let community = stage.community.id;
    let due = stage.read(|db| demands::candidates(db, &cashier, at, community))?;
    let accounts: Vec<LedgerAccountId> = due.iter().take(LETTERS).map(|one| one.account).collect();
    if accounts.is_empty() {
        return Ok(());
    }
    let texts = Texts { zh: letter(Lang::Zh)?, en: letter(Lang::En)? };
    stage.write(|tx| demands::make(tx, &cashier, at, community, &accounts, &texts)).map(|_| ())
}

fn letter(lang: Lang) -> Result<String> {
    let texts = crate::views::Texts::load(lang).map_err(Error::internal)?;
    texts.get("demands.letter").map(str::to_owned).ok_or_else(|| Error::internal("no text for demands"))
}

/// The receipts of the letters that were made a week ago.
fn receipts(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(cashier) = stage.on_duty(Role::Cashier, at)? else { return Ok(()) };
    let made = stage.zone.date(at) - Days::new(7);
    for batch in stage.read(|db| demands::batches(db, &cashier, at, stage.community.id))? {
        if batch.day != made {
            continue;
        }
        for one in stage.read(|db| demands::of_batch(db, batch.id))? {
            let mut dice = Dice::of("receipt", &[one.id.0]);
            let Some((kind, note, _)) = ENDS.get(dice.weighed(ENDS.iter().map(|(.., weight)| *weight)))
            else {
                continue;
            };
            let reference = format!("EMS{:09}", one.id.0 * 7_919);
            let day = made + Days::new(2 + u64::from(dice.below(5)));
            let new = NewProof {
                kind: *kind,
                day,
                reference,
                note: (*note).to_owned(),
                papers: vec![],
                version: None,
            };
            match stage.write(|tx| demands::prove(tx, &cashier, at, one.id, &new)) {
                Err(Error::Refused(_)) => {}
                done => done?,
            }
        }
    }
    Ok(())
}
