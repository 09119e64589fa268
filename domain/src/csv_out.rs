//! Tables for spreadsheets: no cell that one would take for a formula.

use crate::{Error, Result};

/// A table as CSV, every cell neutralised.
pub fn write<const N: usize>(rows: &[[String; N]]) -> Result<String> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    for row in rows {
        csv.write_record(row.iter().map(|cell| neutral(cell))).map_err(Error::internal)?;
    }
    let bytes = csv.into_inner().map_err(|error| Error::internal(error.to_string()))?;
    String::from_utf8(bytes).map_err(Error::internal)
}

/// A cell that no spreadsheet computes: what begins like a formula gets an apostrophe before it.
fn neutral(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for (cell, expected) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("黎琪艳", "黎琪艳"),
            ("3-2-1501", "3-2-1501"),
            ("", ""),
        ] {
            assert_eq!(neutral(cell), expected);
        }
    }
}
