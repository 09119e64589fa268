//! A workbook: typed cells, the heading stays in sight, and who took it when stands on every printed page and, for
//! people, in the first line. Each row leaves the memory as soon as it is written.

use std::fs::File;
use std::io::Seek;

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::{Cell, Head, Reader, broken, neutral};
use crate::{Error, LocalDate, Result};

/// The rows of a sheet, below the limit of the format; what is more goes on to the next sheet.
const ROWS: u32 = 1_000_000;
/// A column's least and greatest width, in characters.
const WIDTHS: (usize, usize) = (12, 40);

/// A workbook on its way out.
pub struct Xlsx {
    book: Workbook,
    head: Head,
    looks: Looks,
    /// Which sheet is being written.
    sheet: usize,
    /// The next row of it.
    at: u32,
}

struct Looks {
    title: Format,
    heading: Format,
    money: Format,
    day: Format,
    moment: Format,
    percent: Format,
}

impl Looks {
    fn new() -> Self {
        let of = |digits: &str| Format::new().set_num_format(digits);
        Self {
            title: Format::new().set_font_size(14),
            heading: Format::new().set_bold(),
            money: of("#,##0.00"),
            day: of("yyyy-mm-dd"),
            moment: of("yyyy-mm-dd hh:mm"),
            percent: of("0.00%"),
        }
    }
}

impl Xlsx {
    pub(super) fn new(head: Head) -> Result<Self> {
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_title(head.shape.name).set_comment(&head.mark));
        let mut new = Self { book, head, looks: Looks::new(), sheet: 0, at: 0 };
        new.begin()?;
        Ok(new)
    }

    /// A sheet with its heading.
    fn begin(&mut self) -> Result<()> {
        let (head, looks) = (&self.head, &self.looks);
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(broken)?;
        let own: Vec<String>;
        let (headings, name, above) = match &head.reader {
            Reader::Program => {
                own = head.shape.columns.iter().map(|name| (*name).to_owned()).collect();
                (&own, head.shape.name, None)
            }
            Reader::Person { headings, title, about } => {
                (headings, title.as_str(), Some(format!("{title} · {about} · {}", head.mark)))
            }
        };
        let name = if self.sheet == 0 { name.to_owned() } else { format!("{name} {}", self.sheet + 1) };
        sheet.set_name(name).map_err(broken)?;
        let mark = head.mark.replace('&', "&&");
        sheet.set_header(format!("&L{mark}")).set_footer(format!("&L{mark}&R&P / &N")).set_landscape();
        sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
        for (at, heading) in (0_u16..).zip(headings) {
            let width = heading.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() + 2;
            let width = u16::try_from(width.clamp(WIDTHS.0, WIDTHS.1)).unwrap_or(u16::MAX);
            sheet.set_column_width(at, width).map_err(broken)?;
        }
        self.at = 0;
        if let Some(line) = above {
            sheet.write_string_with_format(0, 0, neutral(&line), &looks.title).map_err(broken)?;
            self.at = 1;
        }
        for (at, heading) in (0_u16..).zip(headings) {
            sheet.write_string_with_format(self.at, at, heading, &looks.heading).map_err(broken)?;
        }
        self.at += 1;
        sheet.set_freeze_panes(self.at, 0).map_err(broken)?;
        sheet.set_repeat_rows(0, self.at - 1).map_err(broken)?;
        Ok(())
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<()> {
        if self.at >= ROWS {
            self.sheet += 1;
            self.begin()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheet).map_err(broken)?;
        for (at, cell) in (0_u16..).zip(cells) {
            write(sheet, (self.at, at), cell, (&self.head, &self.looks))?;
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<File> {
        let mut file = tempfile::tempfile().map_err(Error::internal)?;
        self.book.save_to_writer(&mut file).map_err(broken)?;
        file.rewind().map_err(Error::internal)?;
        Ok(file)
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    (head, looks): (&Head, &Looks),
) -> Result<()> {
    let written = match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) if text.is_empty() => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, neutral(text)),
        Cell::Whole(whole) => sheet.write_number(row, column, number(&whole.to_string())?),
        Cell::Decimal(decimal) => sheet.write_number(row, column, number(decimal)?),
        Cell::Percent(hundredths) => {
            let part = number(&format!("{hundredths}e-4"))?;
            sheet.write_number_with_format(row, column, part, &looks.percent)
        }
        Cell::Fen(fen) if head.reader == Reader::Program => {
            sheet.write_number(row, column, number(&fen.0.to_string())?)
        }
        // Read from the decimals that the fen are, so the nearest number to them is what stands in the sheet.
        Cell::Fen(fen) => {
            sheet.write_number_with_format(row, column, number(&fen.to_string())?, &looks.money)
        }
        Cell::Day(day) => sheet.write_datetime_with_format(row, column, date(*day)?, &looks.day),
        Cell::At(at) => {
            sheet.write_datetime_with_format(row, column, moment(head.zone.local(*at))?, &looks.moment)
        }
    };
    written.map(|_| ()).map_err(broken)
}

fn number(text: &str) -> Result<f64> {
    text.parse().map_err(Error::internal)
}

fn date(day: LocalDate) -> Result<ExcelDateTime> {
    let parts = (u16::try_from(day.year()), u8::try_from(day.month()), u8::try_from(day.day()));
    let (Ok(year), Ok(month), Ok(day)) = parts else {
        return Err(Error::internal("a day out of all calendars"));
    };
    ExcelDateTime::from_ymd(year, month, day).map_err(broken)
}

fn moment(at: NaiveDateTime) -> Result<ExcelDateTime> {
    let parts = (u16::try_from(at.hour()), u8::try_from(at.minute()));
    let (Ok(hour), Ok(minute)) = parts else { return Err(Error::internal("a time out of all clocks")) };
    date(at.date())?.and_hms(hour, minute, 0).map_err(broken)
}
