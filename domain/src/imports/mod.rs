//! Registers from files: homes, staff, fee items, holidays, shared bills, meters, income and expenditure. One reader for what offices keep, a report per
//! row that a clerk can act on, and all or nothing unless bad rows are to be left out (interfaces.md).
//!
//! Importing again changes what changed and doubles nothing: homes go by code, staff by number, fee items
//! by code and effective date, holidays by day, shared bills by month and name.

mod books;
pub(crate) mod csv;
mod fee_items;
mod history;
mod holidays;
mod homes;
mod homes_now;
mod homes_plan;
mod homes_rows;
mod homes_write;
mod meters;
mod months;
mod report;
mod row;
mod shared_bills;
pub(crate) mod source;
mod staff;
mod staff_areas;
mod staff_write;
pub(crate) mod table;
mod text;
pub(crate) mod values;
mod workbook;

pub use history::{get, list};
pub use report::{BankReport, Import, Kind, Outcome, Report, RowError};
pub use table::{MOST_COLUMNS, MOST_ROWS};
pub use text::{Encoding, MOST_BYTES};

use source::Source;
use table::Table;

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::{
    BankStatementId, CommunityId, Db, Error, Instant, LocalDate, Month, Result, bank, community, db,
};

/// A file that is a register, not yet held against anything.
#[derive(Debug)]
pub struct Sheet {
    kind: Kind,
    file_name: String,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// A register's rows.
    Register(Table),
    /// A bank's statement, which a profile of the community reads.
    Bank(Vec<u8>),
    /// A statement that was looked at first.
    Draft(BankStatementId),
}

/// Reads a file as a register of a kind. Nothing is written; do this before the transaction.
///
/// # Errors
/// Refuses a file that is none, is cut, too large or in an encoding that is not known.
pub fn read(kind: Kind, file_name: &str, bytes: &[u8]) -> Result<Sheet> {
    read_sheet(kind, file_name, (bytes, None))
}

/// The same where somebody says which sheet of the workbook it is; of a bank's statement the first that fits is read.
///
/// # Errors
/// As [`read`]; refuses a file without such a sheet (`import.no_sheet`).
pub fn read_sheet(kind: Kind, file_name: &str, (bytes, sheet): (&[u8], Option<&str>)) -> Result<Sheet> {
    let columns = match kind {
        Kind::Homes => homes_rows::COLUMNS,
        Kind::Staff => staff::COLUMNS,
        Kind::FeeItems => fee_items::COLUMNS,
        Kind::Holidays => holidays::COLUMNS,
        Kind::SharedBills => shared_bills::COLUMNS,
        Kind::Meters => meters::COLUMNS,
        Kind::Books => books::COLUMNS,
        Kind::Bank => &[],
    };
    let body = if kind == Kind::Bank {
        if bytes.len() > MOST_BYTES {
            return Err(text::too_large());
        }
        Body::Bank(bytes.to_vec())
    } else {
        let source = match sheet {
            Some(sheet) => Source::sheet(bytes, sheet)?,
            None => Source::read(bytes, Encoding::Auto)?,
        };
        Body::Register(Table::read(&source, columns)?)
    };
    let file_name = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
    Ok(Sheet { kind, file_name, body })
}

/// A bank's statement that was looked at as a draft.
pub fn from_draft(id: BankStatementId) -> Sheet {
    Sheet { kind: Kind::Bank, file_name: String::new(), body: Body::Draft(id) }
}

/// What to do with a register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Look only.
    pub dry_run: bool,
    /// Take the good rows in though others are bad.
    pub skip_bad: bool,
    /// The month that the file is of: a row without one of its own belongs to it, one of another is bad.
    pub month: Option<Month>,
}

/// Whose register it is, and when it is read.
#[derive(Debug, Clone, Copy)]
struct Place {
    community: CommunityId,
    now: Instant,
    today: LocalDate,
    month: Option<Month>,
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
    Books(books::Plan),
    Bank(bank::Plan),
}

/// Imports a register, and keeps what came of it.
///
/// One bad row means that nothing is imported, unless `skip_bad`. The outcome says which it was; a refusal
/// is an answer as well, with its report.
///
/// # Errors
/// Not allowed, or not found where the asker does not belong; a month for a register that has none.
pub fn run(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    sheet: &Sheet,
    options: Options,
) -> Result<Import> {
    allow(tx, actor, now, action(sheet.kind), Object::Community(community))?;
    months::fits(sheet.kind, options.month)?;
    // Two imports at once would each miss what the other adds.
    db::lock(tx, "communities", community.0)?;
    let today = community::by_id(tx, community)?.today(now)?;
    let place = Place { community, now, today, month: options.month };
    let (file_name, prepared) = prepare(tx, &place, sheet)?;
    let outcome = match options {
        _ if !prepared.errors.is_empty() && !options.skip_bad && !options.dry_run => Outcome::Refused,
        Options { dry_run: true, .. } => Outcome::DryRun,
        _ => Outcome::Imported,
    };
    let mut report = tally(sheet, &prepared);
    if outcome == Outcome::Imported {
        let statement = carry_out(tx, actor, &place, (&file_name, prepared.work))?;
        if let Some(bank) = &mut report.bank {
            bank.statement = statement;
        }
    }
    let id = history::keep(tx, actor, &place, (sheet.kind, &file_name), outcome, &report)?;
    let counts = format!("added={},changed={},rejected={}", report.added, report.changed, report.rejected);
    let line = Line::new(community, "import.run", "import", id.0);
    audit::write(tx, actor, now, &line.fields(format!("{},{outcome},{counts}", sheet.kind)))?;
    get(tx, actor, now, id)
}

/// What somebody does who imports a file of a kind.
fn action(kind: Kind) -> Action {
    match kind {
        Kind::Bank => Action::ImportBank,
        Kind::Books => Action::KeepBooks,
        _ => Action::Import,
    }
}

/// What the file was called, and what it would do.
fn prepare(tx: &mut Db, place: &Place, sheet: &Sheet) -> Result<(String, Prepared)> {
    let name = sheet.file_name.clone();
    let table = match &sheet.body {
        Body::Register(table) => table,
        Body::Bank(bytes) => {
            let read = bank::read_file(tx, place.community, bytes)?;
            return Ok((name, bank_plan(tx, place, read)?));
        }
        Body::Draft(id) => {
            let (community, name, read) = bank::read_draft(tx, *id)?;
            if community != place.community {
                return Err(Error::NotFound);
            }
            return Ok((name, bank_plan(tx, place, read)?));
        }
    };
    let prepared = match sheet.kind {
        Kind::Homes => homes::prepare(tx, place, table),
        Kind::Staff => staff::prepare(tx, place, table),
        Kind::FeeItems => fee_items::prepare(tx, place, table),
        Kind::Holidays => holidays::prepare(tx, place, table),
        Kind::SharedBills => shared_bills::prepare(tx, place, table),
        Kind::Meters => meters::prepare(tx, place, table),
        Kind::Books => books::prepare(tx, place, table),
        Kind::Bank => Err(Error::internal("a statement was read as a register")),
    };
    Ok((name, prepared?))
}

fn bank_plan(tx: &mut Db, place: &Place, read: bank::read::Read) -> Result<Prepared> {
    let read = months::parted(read, place.month);
    let errors = read.errors.clone();
    let plan = bank::plan(tx, place.community, place.now, read)?;
    Ok(Prepared { added: plan.lines.len(), changed: 0, errors, work: Work::Bank(plan) })
}

/// Does it; the statement where it was one with something new.
fn carry_out(
    tx: &mut Db,
    actor: &Actor,
    place: &Place,
    (file_name, work): (&str, Work),
) -> Result<Option<BankStatementId>> {
    match work {
        Work::Homes(rows, plan) => {
            homes_write::write(tx, place.community, place.now, place.today, (&rows, &plan))?;
        }
        Work::Staff(plan) => staff_write::write(tx, place, &plan)?,
        Work::FeeItems(plan) => fee_items::write(tx, place, &plan)?,
        Work::Holidays(days) => holidays::write(tx, place, &days)?,
        Work::SharedBills(plan) => shared_bills::write(tx, place, &plan)?,
        Work::Meters(plan) => meters::write(tx, place, &plan)?,
        Work::Books(plan) => books::write(tx, actor, place, &plan)?,
        Work::Bank(plan) => return bank::write(tx, actor, place.now, place.community, (file_name, &plan)),
    }
    Ok(None)
}

fn tally(sheet: &Sheet, prepared: &Prepared) -> Report {
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let mut errors = prepared.errors.clone();
    errors.sort_by_key(|error| error.line);
    let mut bad_lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
    bad_lines.dedup();
    let (rows, ignored, bank) = match (&sheet.body, &prepared.work) {
        (Body::Register(table), _) => (table.rows.len(), table.ignored(), None),
        (_, Work::Bank(plan)) => {
            let (profile, tally) = (plan.read.profile.clone(), plan.tally());
            let bank = BankReport { statement: None, profile, tally };
            (plan.read.rows, plan.read.ignored.clone(), Some(bank))
        }
        _ => (0, Vec::new(), None),
    };
    let rejected = bad_lines.len();
    let unchanged = rows.saturating_sub(rejected + prepared.added + prepared.changed);
    Report {
        rows: count(rows),
        added: count(prepared.added),
        changed: count(prepared.changed),
        unchanged: count(unchanged),
        rejected: count(rejected),
        ignored,
        errors,
        bank,
    }
}
