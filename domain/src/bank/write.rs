//! Writes a statement with its lines, each in the state that was worked out.

use diesel::prelude::*;

use super::plan::{Plan, Planned};
use super::{State, Why};
use crate::access::Actor;
use crate::db::bulk::insert_all;
use crate::db::schema::{bank_lines, bank_statements};
use crate::{BankStatementId, CommunityId, Db, Error, Fen, HomeId, Instant, LocalDate, PersonId, Result};

#[derive(Insertable)]
#[diesel(table_name = bank_lines)]
struct NewLine<'p> {
    community_id: CommunityId,
    statement_id: BankStatementId,
    line: i32,
    day: LocalDate,
    time: &'p str,
    payer: &'p str,
    payer_account: &'p str,
    amount_fen: Fen,
    text: &'p str,
    serial: &'p str,
    line_key: &'p str,
    state: State,
    why: Why,
    suggested: String,
    home_id: Option<HomeId>,
    person_id: Option<PersonId>,
}

/// The most homes that a line suggests.
const MOST_SUGGESTED: usize = 8;

/// Takes the new lines in; none where there are none.
pub(crate) fn write(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (file_name, plan): (&str, &Plan),
) -> Result<Option<BankStatementId>> {
    if plan.lines.is_empty() {
        return Ok(None);
    }
    let row = (
        bank_statements::community_id.eq(community),
        bank_statements::file_name.eq(file_name),
        bank_statements::profile.eq(&plan.read.profile),
        bank_statements::by_id.eq(actor.person),
        bank_statements::at.eq(now),
    );
    let made = diesel::insert_into(bank_statements::table).values(row);
    let statement: BankStatementId = made.returning(bank_statements::id).get_result(tx)?;
    let rows = plan.lines.iter().map(|line| new_line(community, statement, line));
    let rows: Vec<NewLine<'_>> = rows.collect::<Result<_>>()?;
    insert_all!(tx, bank_lines::table, rows);
    Ok(Some(statement))
}

fn new_line(community: CommunityId, statement: BankStatementId, line: &Planned) -> Result<NewLine<'_>> {
    let raw = &line.raw;
    let suggested: Vec<String> = line.homes.iter().take(MOST_SUGGESTED).map(ToString::to_string).collect();
    let certain = line.state == State::Certain;
    Ok(NewLine {
        community_id: community,
        statement_id: statement,
        line: i32::try_from(raw.line).map_err(Error::internal)?,
        day: raw.day,
        time: &raw.time,
        payer: &raw.payer,
        payer_account: &raw.account,
        amount_fen: raw.amount,
        text: &raw.text,
        serial: &raw.serial,
        line_key: &raw.key,
        state: line.state,
        why: line.why,
        suggested: suggested.join(","),
        home_id: line.homes.first().copied().filter(|_| certain),
        person_id: line.person.filter(|_| certain),
    })
}
