//! CSV: the columns' names in English, then the rows. The first bytes tell spreadsheets that it is UTF-8.

use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use super::{Cell, broken, neutral, plain};
use crate::{Error, Result};

/// A CSV file on its way out.
pub struct Csv {
    writer: ::csv::Writer<BufWriter<File>>,
}

impl Csv {
    pub(super) fn new(columns: &[&str]) -> Result<Self> {
        let file = tempfile::tempfile().map_err(Error::internal)?;
        let mut writer = ::csv::Writer::from_writer(BufWriter::new(file));
        writer.write_record(columns).map_err(Error::internal)?;
        Ok(Self { writer })
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<()> {
        self.writer.write_record(cells.iter().map(harmless)).map_err(Error::internal)
    }

    pub(super) fn finish(self) -> Result<File> {
        let mut buffer = self.writer.into_inner().map_err(broken)?;
        buffer.flush().map_err(Error::internal)?;
        let mut file = buffer.into_inner().map_err(broken)?;
        file.rewind().map_err(Error::internal)?;
        Ok(file)
    }
}

fn harmless(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => neutral(text),
        number => plain(number),
    }
}
