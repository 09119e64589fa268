//! Reads the cells of one row and collects everything that is bad about it, so that a clerk mends a row
//! in one go.

use super::csv::Line;
use super::report::RowError;
use super::table::Table;
use super::values::{self, Parsed};
use crate::FieldError;

/// The reader of one row.
pub(super) struct Row<'t> {
    table: &'t Table,
    line: &'t Line,
    faults: Vec<RowError>,
}

impl<'t> Row<'t> {
    pub(super) fn new(table: &'t Table, line: &'t Line) -> Self {
        Self { table, line, faults: table.shifted(line).into_iter().collect() }
    }

    /// Says that a cell is bad.
    pub(super) fn fault(&mut self, key: &str, why: FieldError) {
        self.faults.push(self.table.fault(self.line, key, why));
    }

    /// A cell's text as it stands.
    pub(super) fn raw(&self, key: &str) -> &'t str {
        self.table.cell(self.line, key)
    }

    /// A cell that may be empty.
    pub(super) fn may<T>(&mut self, key: &'static str, parse: impl Fn(&str) -> Parsed<T>) -> Option<T> {
        let raw = self.raw(key);
        if raw.is_empty() {
            return None;
        }
        parse(raw).map_err(|code| self.fault(key, FieldError::new(key, code))).ok()
    }

    /// A cell that must not be empty; none where it is bad, and the row with it.
    pub(super) fn must<T>(&mut self, key: &'static str, parse: impl Fn(&str) -> Parsed<T>) -> Option<T> {
        if self.raw(key).is_empty() {
            self.fault(key, FieldError::new(key, "required"));
            return None;
        }
        self.may(key, parse)
    }

    /// A plain text, empty where the cell is.
    pub(super) fn text(&mut self, key: &'static str) -> String {
        self.may(key, values::plain).unwrap_or_default()
    }

    /// A code, empty where the cell is.
    pub(super) fn code(&mut self, key: &'static str) -> String {
        self.may(key, values::code).unwrap_or_default()
    }

    /// The line and the value, unless something was bad.
    pub(super) fn done<T>(self, value: Option<T>) -> Result<T, Vec<RowError>> {
        match value {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ => Err(self.faults),
        }
    }
}
