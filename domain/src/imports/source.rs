//! What stands in a file, before anybody knows where its heading is: a text whose columns are parted by one sign
//! or another.

use super::csv::{self, Line};
use super::text::{self, Encoding};
use crate::Result;

/// What may part columns: the first that gives a whole heading.
const SEPARATORS: [char; 4] = [',', '\t', ';', '，'];

/// The rows of a file.
#[derive(Debug)]
pub(crate) enum Source {
    /// CSV.
    Text(String),
}

impl Source {
    /// Reads a file.
    ///
    /// # Errors
    /// Refuses a file that is none, is cut, too large or in an encoding that is not known.
    pub(crate) fn read(bytes: &[u8], encoding: Encoding) -> Result<Self> {
        text::text_of(bytes, encoding).map(Self::Text)
    }

    /// The rows, once for each way in which they may be parted into columns.
    pub(crate) fn readings(&self) -> impl Iterator<Item = Result<Vec<Line>>> + '_ {
        let Self::Text(text) = self;
        SEPARATORS.into_iter().map(move |separator| csv::split(text, separator))
    }

    /// Whether the file ends within its last row: programs write every comma of one, and the end of the line.
    pub(crate) fn is_cut_in(&self, last: &Line, columns: usize) -> bool {
        let Self::Text(text) = self;
        last.cells.len() < columns && !text.ends_with(['\n', '\r'])
    }
}
