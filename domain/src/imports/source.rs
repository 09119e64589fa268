//! What stands in a file, before anybody knows where its heading is: a text whose columns are parted by one sign
//! or another, or the sheets of a workbook.

use super::csv::{self, Line};
use super::text::{self, Encoding};
use super::workbook;
use crate::Result;

/// What may part columns: the first that gives a whole heading.
const SEPARATORS: [char; 4] = [',', '\t', ';', '，'];

/// The rows of a file.
#[derive(Debug)]
pub(crate) enum Source {
    /// CSV.
    Text(String),
    /// The visible sheets of a workbook, in its order.
    Workbook(Vec<Vec<Line>>),
}

impl Source {
    /// Reads a file.
    ///
    /// # Errors
    /// Refuses a file that is none, is cut, too large or in an encoding that is not known.
    pub(crate) fn read(bytes: &[u8], encoding: Encoding) -> Result<Self> {
        match Self::workbook(bytes)? {
            Some(workbook) => Ok(workbook),
            None => text::text_of(bytes, encoding).map(Self::Text),
        }
    }

    /// Reads a file that is a workbook; none where it is something else.
    ///
    /// # Errors
    /// Refuses a workbook that is broken, locked, too large or of the old form.
    pub(crate) fn workbook(bytes: &[u8]) -> Result<Option<Self>> {
        if workbook::is_one(bytes) {
            workbook::read(bytes, None).map(|book| Some(Self::Workbook(book)))
        } else {
            Ok(None)
        }
    }

    /// Reads one sheet of a workbook.
    ///
    /// # Errors
    /// As [`Source::workbook`]; refuses a file that has no such sheet.
    pub(crate) fn sheet(bytes: &[u8], name: &str) -> Result<Self> {
        if workbook::is_one(bytes) {
            workbook::read(bytes, Some(name)).map(Self::Workbook)
        } else {
            Err(workbook::no_sheet(name, ""))
        }
    }

    /// The rows, once for each way in which they may be parted into columns, or for each sheet.
    pub(crate) fn readings(&self) -> Box<dyn Iterator<Item = Result<Vec<Line>>> + '_> {
        match self {
            Self::Text(text) => {
                Box::new(SEPARATORS.into_iter().map(move |separator| csv::split(text, separator)))
            }
            Self::Workbook(sheets) => Box::new(sheets.iter().cloned().map(Ok)),
        }
    }

    /// Whether the file ends within its last row: programs write every comma of one, and the end of the line. A
    /// workbook that is cut does not open.
    pub(crate) fn is_cut_in(&self, last: &Line, columns: usize) -> bool {
        match self {
            Self::Text(text) => last.cells.len() < columns && !text.ends_with(['\n', '\r']),
            Self::Workbook(_) => false,
        }
    }
}
