//! From text to rows of cells, as RFC 4180 has it, with the line in the file that each row begins on:
//! that is where a clerk looks. A quotation mark that is never closed means a file that was cut.

use crate::{Error, Result};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The line of the file that it begins on, from 1.
    pub(crate) number: usize,
    /// Its cells as they stand in the file.
    pub(crate) cells: Vec<String>,
}

impl Line {
    /// Whether nothing stands in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Splits a text into rows.
///
/// # Errors
/// Refuses (`import.quote`, with the line) where a quotation mark is never closed.
pub(super) fn split(text: &str, separator: char) -> Result<Vec<Line>> {
    let mut splitter = Splitter::new(separator);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        // CR LF is one end of a line; a lone CR is one as well.
        if c == '\r' && chars.peek() == Some(&'\n') && !splitter.quoted {
            continue;
        }
        let next = chars.peek().copied();
        if splitter.take(c, next) {
            chars.next();
        }
    }
    splitter.finish()
}

struct Splitter {
    separator: char,
    lines: Vec<Line>,
    cells: Vec<String>,
    cell: String,
    quoted: bool,
    line: usize,
    began: usize,
    quote_began: usize,
}

impl Splitter {
    fn new(separator: char) -> Self {
        let (lines, cells, cell) = (Vec::new(), Vec::new(), String::new());
        Self { separator, lines, cells, cell, quoted: false, line: 1, began: 1, quote_began: 1 }
    }

    /// Takes one character; true where the next one belongs to it.
    fn take(&mut self, c: char, next: Option<char>) -> bool {
        let ends = c == '\n' || (c == '\r' && next != Some('\n'));
        if ends {
            self.line += 1;
        }
        match c {
            '"' if self.quoted && next == Some('"') => {
                self.cell.push('"');
                return true;
            }
            '"' if self.quoted => self.quoted = false,
            '"' if self.cell.is_empty() => {
                self.quoted = true;
                self.quote_began = self.line;
            }
            _ if self.quoted => self.cell.push(c),
            _ if ends => self.end_row(),
            c if c == self.separator => self.cells.push(std::mem::take(&mut self.cell)),
            c => self.cell.push(c),
        }
        false
    }

    fn end_row(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
        let cells = std::mem::take(&mut self.cells);
        self.lines.push(Line { number: self.began, cells });
        self.began = self.line;
    }

    fn finish(mut self) -> Result<Vec<Line>> {
        if self.quoted {
            return Err(Error::refused("import.quote", vec![("line", self.quote_began.to_string())]));
        }
        if !self.cell.is_empty() || !self.cells.is_empty() {
            self.end_row();
        }
        Ok(self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
        split(text, ',').unwrap().into_iter().map(|line| (line.number, line.cells)).collect()
    }

    fn row(number: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn rows_know_the_line_they_begin_on() {
        assert_eq!(
            rows("a,b\r\n\r\n1,\"x\r\ny\"\r\n2,z"),
            [row(1, &["a", "b"]), row(2, &[""]), row(3, &["1", "x\r\ny"]), row(5, &["2", "z"]),]
        );
        assert_eq!(rows("a\rb\r"), [row(1, &["a"]), row(2, &["b"])]);
    }

    #[test]
    fn quotation_marks_are_doubled_within_quotes_and_plain_elsewhere() {
        assert_eq!(rows("\"=H(\"\"x\"\")\",b"), [row(1, &["=H(\"x\")", "b"])]);
        assert_eq!(rows("5\" pipe,b"), [row(1, &["5\" pipe", "b"])]);
        assert_eq!(rows("\"\",\"a,b\""), [row(1, &["", "a,b"])]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_named_by_line() {
        let Err(Error::Refused(refusal)) = split("a,b\n1,\"x\n2,y\n", ',') else { panic!() };
        assert_eq!((refusal.rule, refusal.args), ("import.quote", vec![("line", "2".to_owned())]));
    }
}
