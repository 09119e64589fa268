//! Tables that leave the house: one shape, written as CSV for programs or as a workbook (XLSX) for people who calculate
//! with it. Rows are written as they come and wait in a file, so a table of any length costs the same memory.
//!
//! No cell is a formula, whatever somebody called themselves; homes' codes and phones stay texts; and a table of who
//! owes says on each of its rows who took it and when (quality.md §2).

mod csv;
mod xlsx;

use std::fs::File;

use crate::access::Actor;
use crate::audit::{self, Line};
use crate::{Area, CommunityId, Db, Error, Fen, Instant, LocalDate, Month, Quantity, Result, Zone};

crate::words! {
    /// How a table is written.
    Format {
        /// Comma-separated values, UTF-8.
        Csv = "csv",
        /// A workbook.
        Xlsx = "xlsx",
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, which also codes and phones are.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with decimals, as it is written.
    Decimal(String),
    /// A part, in hundredths of a percent.
    Percent(i64),
    /// Money: fen in CSV and for programs, yuan with two decimals in a workbook for people.
    Fen(Fen),
    /// A day.
    Day(LocalDate),
    /// A moment: in CSV as programs write it, in a workbook by the community's clock.
    At(Instant),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

macro_rules! cells {
    ($($from:ty => $to:expr;)*) => {
        $(impl From<$from> for Cell {
            fn from(value: $from) -> Self {
                let to: fn($from) -> Self = $to;
                to(value)
            }
        })*
    };
}

cells! {
    i64 => Self::Whole;
    i32 => |n| Self::Whole(n.into());
    Fen => Self::Fen;
    Area => |area| Self::Decimal(area.to_string());
    Quantity => |quantity| Self::Decimal(quantity.to_string());
    LocalDate => Self::Day;
    Instant => Self::At;
    Month => |month| Self::Text(month.to_string());
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// The cells of a row: `row![home.code, home.area]`.
#[macro_export]
macro_rules! row {
    ($($cell:expr),* $(,)?) => { vec![$($crate::sheets::Cell::from($cell)),*] };
}

/// What a table is of.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// What it is called, in English.
    pub name: &'static str,
    /// The columns' names in English, a promise to programs (interfaces.md).
    pub columns: &'static [&'static str],
}

/// Whose eyes a file is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// A program: the columns' names in English, money in fen.
    Program,
    /// A person: headings in their language, the first line of a workbook says what it is and whose.
    Person {
        /// A heading for each column.
        headings: Vec<String>,
        /// What the table is called.
        title: String,
        /// What else the first line says: whose it is, of when.
        about: String,
    },
}

/// What a file says of itself.
#[derive(Debug, Clone)]
pub struct Head {
    /// What table it is.
    pub shape: Shape,
    /// Whose eyes it is for.
    pub reader: Reader,
    /// Who took it and when, in words: the watermark.
    pub mark: String,
    /// The community's clock.
    pub zone: Zone,
}

/// A file on its way out, row by row.
pub enum Writer {
    /// CSV.
    Csv(Box<csv::Csv>),
    /// A workbook.
    Xlsx(Box<xlsx::Xlsx>),
}

impl Writer {
    /// Begins a file with its heading.
    pub fn new(format: Format, head: Head) -> Result<Self> {
        Ok(match format {
            Format::Csv => Self::Csv(Box::new(csv::Csv::new(head.shape.columns)?)),
            Format::Xlsx => Self::Xlsx(Box::new(xlsx::Xlsx::new(head)?)),
        })
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        match self {
            Self::Csv(csv) => csv.row(cells),
            Self::Xlsx(xlsx) => xlsx.row(cells),
        }
    }

    /// The whole file, to be read from its beginning; it is gone when it is closed.
    pub fn finish(self) -> Result<File> {
        match self {
            Self::Csv(csv) => csv.finish(),
            Self::Xlsx(xlsx) => xlsx.finish(),
        }
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Csv(_)) { "Csv" } else { "Xlsx" })
    }
}

/// Writes down that a table was taken, and by whom; who may was asked where its rows were read.
pub fn note(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (shape, format): (Shape, Format),
) -> Result<()> {
    let line = Line::new(community, "table.export", "community", community.0);
    audit::write(tx, actor, now, &line.fields(format!("{},{format}", shape.name)))
}

/// A cell as programs read it.
pub fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Whole(number) => number.to_string(),
        Cell::Decimal(number) => number.clone(),
        Cell::Percent(hundredths) => format!("{}.{:02}%", hundredths / 100, hundredths % 100),
        Cell::Fen(fen) => fen.0.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::At(at) => at.to_string(),
    }
}

/// A text that no spreadsheet computes: what begins like a formula gets an apostrophe before it, which an import takes
/// away again.
fn neutral(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::internal(error.to_string())
}

#[cfg(test)]
mod tests;
