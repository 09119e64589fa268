//! From a workbook (XLSX) to rows of cells, each as somebody would have typed it: a number without a tail of zeros, a
//! day as a day. What unpacks beyond measure is refused before it is opened (quality.md §2).

use std::io::{Cursor, Read, copy, sink};

use calamine::{DataRef, Reader, SheetVisible, Xlsx, open_workbook_from_rs};
use zip::ZipArchive;

use super::csv::Line;
use super::table::{MOST_COLUMNS, MOST_ROWS, MOST_TITLE_LINES};
use super::text::{MOST_BYTES, too_large};
use crate::{Error, Result};

/// How a packed file begins, and how an old or locked one does.
const PACKED: &[u8] = b"PK\x03\x04";
const OLD: &[u8] = b"\xD0\xCF\x11\xE0";
/// The most bytes that a workbook unpacks to.
const MOST_UNPACKED: u64 = 80 * 1024 * 1024;
/// A part of more than a megabyte unpacks to so many times its size at most: registers come to some twenty times.
const MOST_TIMES: u64 = 200;
/// The most parts of a workbook, and the most of its sheets that are looked at.
const MOST_PARTS: usize = 1_000;
const MOST_SHEETS: usize = 20;

/// Whether a file looks like a workbook.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(PACKED) || bytes.starts_with(OLD)
}

/// The rows of each visible sheet, or of the one that is named, hidden or not.
///
/// # Errors
/// Refuses what is too large, unpacks beyond measure, is locked by a password, of the old form or broken, or has no
/// such sheet.
pub(super) fn read(bytes: &[u8], only: Option<&str>) -> Result<Vec<Vec<Line>>> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    if bytes.starts_with(OLD) {
        return Err(refused(if is_locked(bytes) { "import.locked" } else { "import.old_workbook" }));
    }
    weigh(bytes)?;
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    names(&book, only)?.iter().map(|name| rows(&mut book, name)).collect()
}

/// Which sheets are meant.
fn names(book: &Xlsx<Cursor<&[u8]>>, only: Option<&str>) -> Result<Vec<String>> {
    let all = book.sheets_metadata();
    let Some(only) = only else {
        let visible = all.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
        return Ok(visible.take(MOST_SHEETS).map(|sheet| sheet.name.clone()).collect());
    };
    if all.iter().any(|sheet| sheet.name == only) {
        return Ok(vec![only.to_owned()]);
    }
    let names: Vec<&str> = all.iter().take(MOST_SHEETS).map(|sheet| sheet.name.as_str()).collect();
    Err(no_sheet(only, &names.join("、")))
}

/// There is no such sheet: those that there are, for who mistyped it.
pub(super) fn no_sheet(sheet: &str, sheets: &str) -> Error {
    Error::refused("import.no_sheet", vec![("sheet", sheet.to_owned()), ("sheets", sheets.to_owned())])
}

/// A locked workbook is wrapped into the old form, its contents under this name.
fn is_locked(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

/// Unpacks every part into nothing, as what a part says of its size may be a lie.
fn weigh(bytes: &[u8]) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MOST_PARTS {
        return Err(refused("import.unpacks"));
    }
    let mut left = MOST_UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(broken)?;
        let packed = part.compressed_size().max(1);
        let weight = copy(&mut part.take(left + 1), &mut sink()).map_err(broken)?;
        if weight > left || (weight > 1024 * 1024 && weight / packed > MOST_TIMES) {
            return Err(refused("import.unpacks"));
        }
        left -= weight;
    }
    Ok(())
}

/// The rows of a sheet as far as they can be a register: one row and one column more than there may be are enough to
/// refuse it where it is the one.
fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Line>> {
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet that is a chart.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(Vec::new()),
        Err(error) => return Err(broken(error)),
    };
    let mut rows: Vec<Line> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let text = text(cell.get_value());
        let (row, column) = cell.get_position();
        let (number, column) = (as_size(row) + 1, as_size(column));
        if text.is_empty() {
            continue;
        }
        if rows.last().is_none_or(|last| last.number != number) {
            if rows.len() > MOST_ROWS + MOST_TITLE_LINES {
                break;
            }
            // Blank lines above a heading count for those who say how many lines stand above it.
            let blank = (rows.len() + 1..number).take(MOST_TITLE_LINES.saturating_sub(rows.len()));
            rows.extend(blank.map(|number| Line { number, cells: Vec::new() }));
            rows.push(Line { number, cells: Vec::new() });
        }
        let Some(last) = rows.last_mut() else { continue };
        let at = column.min(MOST_COLUMNS);
        last.cells.resize(last.cells.len().max(at + 1), String::new());
        if let Some(place) = last.cells.get_mut(at) {
            *place = text;
        }
    }
    Ok(rows)
}

fn as_size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A cell as somebody would have typed it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(whole) => whole.to_string(),
        DataRef::Float(number) => typed(*number),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(truth) => truth.to_string().to_uppercase(),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// The fifteen digits that a spreadsheet holds: `0.1 + 0.2` is 0.3 there, 1503 has no point. A longer number was
/// rounded when it was typed, and looks like it.
fn typed(number: f64) -> String {
    let digits = format!("{number:.14e}");
    let rounded: f64 = digits.parse().unwrap_or(number);
    if rounded.abs() < 1e15 { format!("{rounded}") } else { format!("{rounded:E}").replace('E', "E+") }
}

/// A day, with its time where it has one; a time alone where the day is none.
fn moment(at: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if at.is_duration() || at.as_f64() < 1.0 {
        return time;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if time == "00:00:00" { date } else { format!("{date} {time}") }
}

fn refused(rule: &'static str) -> Error {
    Error::refused(rule, vec![])
}

/// What does not open is refused, with no word of how it is packed: nobody could do anything about it.
fn broken(_: impl std::error::Error) -> Error {
    refused("import.broken_workbook")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    use super::*;
    use crate::imports::{Kind, read as read_register, read_sheet};

    fn rule<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
        match done {
            Err(Error::Refused(refusal)) => refusal.rule,
            other => panic!("{other:?}"),
        }
    }

    fn book(write: impl FnOnce(&mut Workbook)) -> Vec<u8> {
        let mut book = Workbook::new();
        write(&mut book);
        book.save_to_buffer().unwrap()
    }

    /// A packed file of parts.
    fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn cells_read_as_somebody_would_have_typed_them() {
        let bytes = book(|book| {
            let day = Format::new().set_num_format("yyyy-mm-dd");
            let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
            let time = Format::new().set_num_format("hh:mm:ss");
            let at = ExcelDateTime::from_ymd(2026, 11, 5).unwrap();
            let sheet = book.add_worksheet();
            sheet.write(2, 0, 1503).unwrap().write(2, 1, 0.1 + 0.2).unwrap().write(2, 2, 250.6).unwrap();
            sheet.write(2, 3, 13_800_000_001_i64).unwrap().write(2, 4, 2.026_112_2e19).unwrap();
            sheet.write(2, 5, 0.005).unwrap().write(2, 6, "0101").unwrap().write(2, 7, true).unwrap();
            sheet.write_with_format(4, 0, &at, &day).unwrap();
            sheet.write_with_format(4, 1, at.clone().and_hms(14, 2, 11).unwrap(), &moment).unwrap();
            sheet.write_with_format(4, 2, ExcelDateTime::from_hms(14, 2, 11).unwrap(), &time).unwrap();
            sheet.write(4, 4, -3.5).unwrap();
        });
        let sheets = read(&bytes, None).unwrap();
        let lines: Vec<(usize, Vec<&str>)> = sheets[0]
            .iter()
            .map(|line| (line.number, line.cells.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            lines,
            [
                (1, vec![]),
                (2, vec![]),
                (3, vec!["1503", "0.3", "250.6", "13800000001", "2.0261122E+19", "0.005", "0101", "TRUE"]),
                (4, vec![]),
                (5, vec!["2026-11-05", "2026-11-05 14:02:11", "14:02:11", "", "-3.5"]),
            ]
        );
    }

    #[test]
    fn the_register_is_the_first_visible_sheet_with_its_heading() {
        let bytes = book(|book| {
            book.add_worksheet().write(0, 0, "说明").unwrap();
            let hidden = book.add_worksheet();
            hidden.set_hidden(true).write_row(0, 0, ["楼栋", "单元", "房号"]).unwrap();
            let sheet = book.add_worksheet();
            sheet.write(0, 0, "2026 年节假日").unwrap();
            sheet.write_row(2, 0, ["日期", "类型", "名称"]).unwrap();
            sheet.write_row(3, 0, ["2027-01-01", "休息", "元旦"]).unwrap();
        });
        let sheets = read(&bytes, None).unwrap();
        assert_eq!(sheets.len(), 2, "the hidden one is not read");
        assert_eq!(read(&bytes, Some("Sheet2")).unwrap()[0].len(), 1, "unless it is named");
        assert_eq!(rule(read(&bytes, Some("Sheet9"))), "import.no_sheet");
        assert!(read_register(Kind::Holidays, "h.xlsx", &bytes).is_ok());
        let third = |sheet| read_sheet(Kind::Holidays, "h.xlsx", (&bytes, Some(sheet)));
        assert!(third("Sheet3").is_ok());
        assert_eq!(rule(third("Sheet1")), "import.no_heading");
        assert_eq!(rule(read_sheet(Kind::Holidays, "h.csv", (b"a,b", Some("Sheet1")))), "import.no_sheet");
        assert_eq!(rule(read_register(Kind::Homes, "h.xlsx", &bytes)), "import.no_heading");
    }

    #[test]
    fn a_file_that_does_not_open_says_why() {
        let good = book(|book| {
            book.add_worksheet().write(0, 0, "楼栋").unwrap();
        });
        let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, expected) in [
            (good[..good.len() / 2].to_vec(), "import.broken_workbook"),
            (b"PK\x03\x04...".to_vec(), "import.broken_workbook"),
            (packed(&[("word/document.xml", b"<w/>")]), "import.broken_workbook"),
            ([OLD, b"Workbook"].concat(), "import.old_workbook"),
            ([OLD, &locked].concat(), "import.locked"),
            ([PACKED, &vec![0; MOST_BYTES]].concat(), "import.too_large"),
        ] {
            assert_eq!(rule(read(&bytes, None)), expected);
        }
        let mut flipped = good;
        let middle = flipped.len() / 3;
        for byte in &mut flipped[middle..middle + 200] {
            *byte ^= 0x55;
        }
        assert_eq!(rule(read(&flipped, None)), "import.broken_workbook");
    }

    #[test]
    fn what_unpacks_beyond_measure_is_refused_before_it_is_opened() {
        let zeros = vec![0; 8 * 1024 * 1024];
        assert_eq!(rule(read(&packed(&[("xl/sharedStrings.xml", &zeros)]), None)), "import.unpacks");
        let noise: Vec<u8> =
            (0..1_000_003_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let most: Vec<u8> = noise.iter().flat_map(|byte| [*byte; 30]).collect();
        let parts = [("a", most.as_slice()), ("b", &most), ("c", &most)];
        assert_eq!(rule(read(&packed(&parts), None)), "import.unpacks", "together they are too much");
        let names: Vec<String> = (0..=MOST_PARTS).map(|n| n.to_string()).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
        assert_eq!(rule(read(&packed(&many), None)), "import.unpacks");
    }

    #[test]
    fn a_cell_in_the_last_corner_costs_nothing() {
        let bytes = book(|book| {
            let sheet = book.add_worksheet();
            sheet.write_row(0, 0, ["日期", "类型", "名称"]).unwrap();
            sheet.write_row(1, 0, ["2027-01-01", "休息", "元旦"]).unwrap();
            sheet.write(1_048_575, 16_383, "x").unwrap();
        });
        let sheets = read(&bytes, None).unwrap();
        assert_eq!(sheets[0].len(), 21);
        assert_eq!(rule(read_register(Kind::Holidays, "h.xlsx", &bytes)), "import.too_many_columns");
    }
}
