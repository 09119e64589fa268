//! From rows to a table: the heading is found below any title lines, its columns in any order and under
//! the names that offices use; what is not known is listed, never guessed.

use super::csv::Line;
use super::report::RowError;
use super::source::Source;
use super::values::fold;
use crate::{Error, FieldError, Result};

/// The most rows a file may have.
pub const MOST_ROWS: usize = 50_000;
/// The most columns a file may have.
pub const MOST_COLUMNS: usize = 200;
/// How far down a heading is looked for.
pub(crate) const MOST_TITLE_LINES: usize = 20;

/// A column that an import knows.
#[derive(Debug)]
pub(super) struct Column {
    /// What the code calls it.
    pub(super) key: &'static str,
    /// What headings call it, the register's own name first.
    pub(super) names: &'static [&'static str],
    /// Whether a file without it is refused.
    pub(super) required: bool,
}

/// A column that has to be there.
pub(super) const fn must(key: &'static str, names: &'static [&'static str]) -> Column {
    Column { key, names, required: true }
}

/// A column that may be missing.
pub(super) const fn may(key: &'static str, names: &'static [&'static str]) -> Column {
    Column { key, names, required: false }
}

/// A file's rows under a heading.
#[derive(Debug)]
pub(super) struct Table {
    columns: &'static [Column],
    headings: Vec<String>,
    /// For each known column: where it stands.
    places: Vec<Option<usize>>,
    pub(super) rows: Vec<Line>,
}

impl Table {
    /// Reads a text.
    ///
    /// # Errors
    /// Refuses where no heading is found, one is missing or stands twice, there are no rows or too many,
    /// or the last row was cut off.
    pub(super) fn read(source: &Source, columns: &'static [Column]) -> Result<Self> {
        let (lines, at) = find_heading(source, columns)?;
        let mut lines = lines.into_iter().skip(at);
        let headings = lines.next().map(|line| line.cells).unwrap_or_default();
        let places = places(&headings, columns)?;
        let rows: Vec<Line> = lines.filter(|line| !line.is_blank()).collect();
        check_size(source, headings.len(), &rows)?;
        let headings = headings.iter().map(|heading| heading.trim().to_owned()).collect();
        Ok(Self { columns, headings, places, rows })
    }

    /// The headings that no column goes by: they were not read.
    pub(super) fn ignored(&self) -> Vec<String> {
        let known = |at: &usize| self.places.contains(&Some(*at));
        let named = self.headings.iter().enumerate().filter(|(at, name)| !known(at) && !name.is_empty());
        named.map(|(_, name)| name.clone()).collect()
    }

    /// What stands in a row's cell, nothing where the file lacks the column.
    pub(super) fn cell<'t>(&'t self, row: &'t Line, key: &str) -> &'t str {
        self.place(key).and_then(|at| row.cells.get(at)).map_or("", |cell| cell.trim())
    }

    /// A fault in a row's cell, named as the file names the column.
    pub(super) fn fault(&self, row: &Line, key: &str, why: FieldError) -> RowError {
        let place = self.place(key).and_then(|at| self.headings.get(at));
        let usual = || self.columns.iter().find(|c| c.key == key).and_then(|c| c.names.first().copied());
        let column = place.map_or_else(|| usual().unwrap_or(key).to_owned(), Clone::clone);
        RowError::new(row.number, column, self.cell(row, key), &why)
    }

    /// Cells that stand beyond the last heading: a comma too many has shifted the row.
    pub(super) fn shifted(&self, row: &Line) -> Option<RowError> {
        let beyond = row.cells.get(self.headings.len()..).unwrap_or_default();
        let extra = beyond.iter().find(|cell| !cell.trim().is_empty())?;
        Some(RowError::new(row.number, String::new(), extra, &FieldError::new("", "too_many_cells")))
    }

    fn place(&self, key: &str) -> Option<usize> {
        let at = self.columns.iter().position(|column| column.key == key)?;
        self.places.get(at).copied().flatten()
    }
}

/// The rows, split by the separator that makes a heading, and where the heading stands.
fn find_heading(source: &Source, columns: &[Column]) -> Result<(Vec<Line>, usize)> {
    for lines in source.readings() {
        let lines = lines?;
        let first = lines.iter().take(MOST_TITLE_LINES);
        let best = first.enumerate().max_by_key(|(at, line)| (known(line, columns), usize::MAX - at));
        if let Some(at) = best.filter(|(_, line)| known(line, columns) >= 2).map(|(at, _)| at) {
            return Ok((lines, at));
        }
    }
    Err(Error::refused("import.no_heading", vec![("names", wanted(columns.iter()))]))
}

fn known(line: &Line, columns: &[Column]) -> usize {
    line.cells.iter().filter(|cell| columns.iter().any(|column| is_named(column, cell))).count()
}

/// Whether a heading means the column: full-width or not, with a unit in brackets, a star or a colon.
fn is_named(column: &Column, heading: &str) -> bool {
    column.names.contains(&bare_heading(heading).as_str())
}

/// A heading as it is compared.
pub(crate) fn bare_heading(heading: &str) -> String {
    let folded: String = fold(heading).to_lowercase().split_whitespace().collect();
    let bare = folded.split(['(', '[', '【']).next().unwrap_or_default();
    bare.trim_matches(['*', ':', '"']).to_owned()
}

fn places(headings: &[String], columns: &[Column]) -> Result<Vec<Option<usize>>> {
    let mut places = Vec::new();
    for column in columns {
        let mut at = headings.iter().enumerate().filter(|(_, name)| is_named(column, name));
        let place = at.next().map(|(at, _)| at);
        if let Some((_, again)) = at.next() {
            return Err(Error::refused("import.heading_twice", vec![("name", again.trim().to_owned())]));
        }
        places.push(place);
    }
    let missing = columns.iter().zip(&places).filter(|(column, place)| column.required && place.is_none());
    let missing: Vec<&Column> = missing.map(|(column, _)| column).collect();
    if missing.is_empty() {
        return Ok(places);
    }
    let names = wanted(missing.into_iter());
    Err(Error::refused("import.heading_missing", vec![("names", names)]))
}

fn wanted<'c>(columns: impl Iterator<Item = &'c Column>) -> String {
    let names: Vec<&str> = columns.filter(|c| c.required).filter_map(|c| c.names.first().copied()).collect();
    names.join("、")
}

pub(crate) fn check_size(source: &Source, columns: usize, rows: &[Line]) -> Result<()> {
    if columns > MOST_COLUMNS || rows.iter().any(|row| row.cells.len() > MOST_COLUMNS) {
        return Err(Error::refused("import.too_many_columns", vec![("most", MOST_COLUMNS.to_string())]));
    }
    if rows.len() > MOST_ROWS {
        return Err(Error::refused("import.too_many_rows", vec![("most", MOST_ROWS.to_string())]));
    }
    let Some(last) = rows.last() else { return Err(Error::refused("import.no_rows", vec![])) };
    if source.is_cut_in(last, columns) {
        return Err(Error::refused("import.cut_at", vec![("line", last.number.to_string())]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        must("building", &["楼栋", "栋号", "building"]),
        must("area", &["建筑面积", "面积", "area"]),
        may("note", &["备注"]),
    ];

    fn rule(text: &str) -> &'static str {
        match Table::read(&Source::Text(text.to_owned()), COLUMNS) {
            Err(Error::Refused(refusal)) => refusal.rule,
            other => panic!("{text:?}: {other:?}"),
        }
    }

    #[test]
    fn a_heading_is_found_under_titles_in_any_order_and_by_any_name() {
        for text in [
            "楼栋,建筑面积\n1,89\n",
            "登记表,,\n,,\n面积（㎡）,栋号*\n89,1\n",
            "Area\tBuilding\n89\t1\n",
            "\"面积(㎡)\";\"栋号\"\n89;1\n",
        ] {
            let table = Table::read(&Source::Text(text.to_owned()), COLUMNS).unwrap();
            assert_eq!(table.cell(&table.rows[0], "building"), "1", "{text}");
            assert_eq!(table.cell(&table.rows[0], "area"), "89", "{text}");
            assert_eq!(table.cell(&table.rows[0], "note"), "");
        }
    }

    #[test]
    fn what_cannot_be_a_register_is_refused_with_the_reason() {
        for (text, expected) in [
            ("hello\nworld\n", "import.no_heading"),
            ("{\"a\": [1, 2]}", "import.no_heading"),
            ("楼栋,备注\n1,x\n", "import.heading_missing"),
            ("楼栋,栋号,面积\n1,1,2\n", "import.heading_twice"),
            ("楼栋,面积\n", "import.no_rows"),
            ("楼栋,面积\n,\n", "import.no_rows"),
            ("楼栋,面积,备注\n1,89,\n1,8", "import.cut_at"),
            ("楼栋,面积\n\"1,89\n", "import.quote"),
        ] {
            assert_eq!(rule(text), expected, "{text}");
        }
    }

    #[test]
    fn faults_are_named_as_the_file_names_them() {
        let text = "title\n栋号,面积(㎡),楼层\n1,x,3\n1,2,3,4\n".to_owned();
        let table = Table::read(&Source::Text(text), COLUMNS).unwrap();
        let fault = table.fault(&table.rows[0], "area", FieldError::new("area", "not_a_number"));
        assert_eq!((fault.line, fault.column.as_str(), fault.value.as_str()), (3, "面积(㎡)", "x"));
        assert_eq!(table.ignored(), ["楼层"]);
        assert!(table.shifted(&table.rows[0]).is_none());
        assert_eq!(table.shifted(&table.rows[1]).unwrap().value, "4");
    }
}
