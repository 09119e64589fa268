//! Registers from files: homes, staff, fee items, holidays, shared bills, meters. One reader for what offices keep, a report per
//! row that a clerk can act on, and all or nothing unless bad rows are to be left out (interfaces.md).
//!
//! Importing again changes what changed and doubles nothing: homes go by code, staff by number, fee items
//! by code and effective date, holidays by day, shared bills by month and name.

mod csv;
mod fee_items;
mod history;
mod holidays;
mod homes;
mod homes_now;
mod homes_plan;
mod homes_rows;
mod homes_write;
mod meters;
mod report;
mod row;
mod shared_bills;
mod staff;
mod staff_areas;
mod staff_write;
mod table;
mod text;
mod values;

pub use history::{get, list};
pub use report::{Import, Kind, Outcome, Report, RowError};
pub use table::{MOST_COLUMNS, MOST_ROWS};
pub use text::MOST_BYTES;

use table::Table;

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::{CommunityId, Db, Instant, LocalDate, Result, community, db};

/// A file that is a register, not yet held against anything.
#[derive(Debug)]
pub struct Sheet {
    kind: Kind,
    file_name: String,
    table: Table,
}

/// Reads a file as a register of a kind. Nothing is written; do this before the transaction.
///
/// # Errors
/// Refuses a file that is none, is cut, too large or in an encoding that is not known.
pub fn read(kind: Kind, file_name: &str, bytes: &[u8]) -> Result<Sheet> {
    let columns = match kind {
        Kind::Homes => homes_rows::COLUMNS,
        Kind::Staff => staff::COLUMNS,
        Kind::FeeItems => fee_items::COLUMNS,
        Kind::Holidays => holidays::COLUMNS,
        Kind::SharedBills => shared_bills::COLUMNS,
        Kind::Meters => meters::COLUMNS,
    };
    let table = Table::read(&text::text_of(bytes)?, columns)?;
    let file_name = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
    Ok(Sheet { kind, file_name, table })
}

/// What to do with a register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Look only.
    pub dry_run: bool,
    /// Take the good rows in though others are bad.
    pub skip_bad: bool,
}

/// Whose register it is, and when it is read.
#[derive(Debug, Clone, Copy)]
struct Place {
    community: CommunityId,
    now: Instant,
    today: LocalDate,
}

/// What a register would do, before it does.
struct Prepared {
    added: usize,
    changed: usize,
    errors: Vec<RowError>,
    work: Work,
}

enum Work {
    Homes(Vec<homes_rows::HomeRow>, homes_plan::Plan),
    Staff(staff_write::Plan),
    FeeItems(fee_items::Plan),
    Holidays(Vec<crate::calendar::Day>),
    SharedBills(shared_bills::Plan),
    Meters(meters::Plan),
}

/// Imports a register, and keeps what came of it.
///
/// One bad row means that nothing is imported, unless `skip_bad`. The outcome says which it was; a refusal
/// is an answer as well, with its report.
///
/// # Errors
/// Not allowed, or not found where the asker does not belong.
pub fn run(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    sheet: &Sheet,
    options: Options,
) -> Result<Import> {
    allow(tx, actor, now, Action::Import, Object::Community(community))?;
    // Two imports at once would each miss what the other adds.
    db::lock(tx, "communities", community.0)?;
    let today = community::by_id(tx, community)?.today(now)?;
    let place = Place { community, now, today };
    let prepared = prepare(tx, &place, sheet)?;
    let outcome = match options {
        _ if !prepared.errors.is_empty() && !options.skip_bad && !options.dry_run => Outcome::Refused,
        Options { dry_run: true, .. } => Outcome::DryRun,
        _ => Outcome::Imported,
    };
    let report = tally(sheet, &prepared);
    if outcome == Outcome::Imported {
        carry_out(tx, &place, prepared.work)?;
    }
    let id = history::keep(tx, actor, &place, sheet, outcome, &report)?;
    let counts = format!("added={},changed={},rejected={}", report.added, report.changed, report.rejected);
    let line = Line::new(community, "import.run", "import", id.0);
    audit::write(tx, actor, now, &line.fields(format!("{},{outcome},{counts}", sheet.kind)))?;
    get(tx, actor, now, id)
}

fn prepare(tx: &mut Db, place: &Place, sheet: &Sheet) -> Result<Prepared> {
    match sheet.kind {
        Kind::Homes => homes::prepare(tx, place, &sheet.table),
        Kind::Staff => staff::prepare(tx, place, &sheet.table),
        Kind::FeeItems => fee_items::prepare(tx, place, &sheet.table),
        Kind::Holidays => holidays::prepare(tx, place, &sheet.table),
        Kind::SharedBills => shared_bills::prepare(tx, place, &sheet.table),
        Kind::Meters => meters::prepare(tx, place, &sheet.table),
    }
}

fn carry_out(tx: &mut Db, place: &Place, work: Work) -> Result<()> {
    match work {
        Work::Homes(rows, plan) => {
            homes_write::write(tx, place.community, place.now, place.today, (&rows, &plan))
        }
        Work::Staff(plan) => staff_write::write(tx, place, &plan),
        Work::FeeItems(plan) => fee_items::write(tx, place, &plan),
        Work::Holidays(days) => holidays::write(tx, place, &days),
        Work::SharedBills(plan) => shared_bills::write(tx, place, &plan),
        Work::Meters(plan) => meters::write(tx, place, &plan),
    }
}

fn tally(sheet: &Sheet, prepared: &Prepared) -> Report {
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let mut errors = prepared.errors.clone();
    errors.sort_by_key(|error| error.line);
    let mut bad_lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
    bad_lines.dedup();
    let (rows, rejected) = (sheet.table.rows.len(), bad_lines.len());
    let unchanged = rows.saturating_sub(rejected + prepared.added + prepared.changed);
    Report {
        rows: count(rows),
        added: count(prepared.added),
        changed: count(prepared.changed),
        unchanged: count(unchanged),
        rejected: count(rejected),
        ignored: sheet.table.ignored(),
        errors,
    }
}
