//! From a bank's table to its lines, by the first profile that fits best: all that a line says is kept, so that a
//! cashier who decides by hand sees what the bank wrote.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::rc::Rc;

use super::mapping::{Mapping, Part, Sign};
use crate::imports::csv::Line;
use crate::imports::source::Source;
use crate::imports::table::{MOST_TITLE_LINES, bare_heading, check_size};
use crate::imports::values::{self, Parsed};
use crate::imports::{Encoding, RowError};
use crate::{Error, Fen, FieldError, LocalDate, Result};

/// A line as the bank wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawLine {
    /// The line of the file, from 1.
    pub line: usize,
    /// The day.
    pub day: LocalDate,
    /// The time, as the bank writes it, or nothing.
    pub time: String,
    /// The other account's holder.
    pub payer: String,
    /// The other account, as far as the bank shows it.
    pub account: String,
    /// How much, above zero.
    pub amount: Fen,
    /// Whether it went out.
    pub out: bool,
    /// Purpose and remarks.
    pub text: String,
    /// The bank's number, or nothing.
    pub serial: String,
    /// What tells the line from every other.
    pub key: String,
    /// Whether its number stood above in the same file.
    pub again: bool,
}

/// A table as one profile reads it.
#[derive(Debug)]
pub struct Read {
    /// The profile.
    pub profile: String,
    /// What the file calls the column of days.
    pub day_column: String,
    /// How many rows stood under the heading.
    pub rows: usize,
    /// The good lines.
    pub lines: Vec<RawLine>,
    /// The bad ones.
    pub errors: Vec<RowError>,
    /// Columns that were not read.
    pub ignored: Vec<String>,
}

/// The heading of a table, as a profile reads it.
struct Heading<'m> {
    mapping: &'m Mapping,
    headings: Vec<String>,
    /// For each part the columns that it stands in.
    places: Vec<(Part, Vec<usize>)>,
}

/// What a profile found: how many of its columns, its name, the heading, the rows below it, where they come from.
type Found<'m> = (usize, &'m str, Heading<'m>, Vec<Line>, Rc<Source>);

/// Reads a file by the profile that finds the most of its columns; of those that find as many, by the first.
///
/// # Errors
/// Refuses what no profile reads (`bank.no_profile`), and what is no table at all.
pub fn read(bytes: &[u8], profiles: &[(String, Mapping)]) -> Result<Read> {
    let mut best: Option<Found<'_>> = None;
    let mut wrong = None;
    // Read once: a workbook has no encoding that profiles could differ about.
    let workbook = Source::workbook(bytes)?.map(Rc::new);
    for (name, mapping) in profiles {
        let source = match &workbook {
            Some(workbook) => Ok(Rc::clone(workbook)),
            None => Source::read(bytes, mapping.encoding).map(Rc::new),
        };
        let found = match source {
            Ok(source) => find(&source, mapping)?.map(|(heading, lines)| (heading, lines, source)),
            Err(error) if mapping.encoding == Encoding::Auto => return Err(error),
            // Another profile's encoding.
            Err(error) => {
                wrong = Some(error);
                None
            }
        };
        let Some((heading, lines, source)) = found else { continue };
        let score = heading.places.iter().map(|(_, at)| at.len()).sum::<usize>();
        if best.as_ref().is_none_or(|(most, ..)| score > *most) {
            best = Some((score, name, heading, lines, source));
        }
    }
    match (best, wrong) {
        (Some((_, name, heading, lines, source)), _) => rows(name, &heading, lines, &source),
        (None, Some(error)) => Err(error),
        (None, None) => Err(Error::refused("bank.no_profile", vec![])),
    }
}

/// The heading, and the rows below it; none where the profile does not fit.
fn find<'m>(source: &Source, mapping: &'m Mapping) -> Result<Option<(Heading<'m>, Vec<Line>)>> {
    for lines in source.readings() {
        let lines = lines?;
        let looked_at: Vec<usize> = match mapping.title_lines {
            Some(above) => vec![usize::from(above)],
            None => (0..MOST_TITLE_LINES).collect(),
        };
        for at in looked_at {
            let Some(heading) = lines.get(at).and_then(|line| Heading::of(line, mapping)) else { continue };
            return Ok(Some((heading, lines.into_iter().skip(at + 1).collect())));
        }
    }
    Ok(None)
}

impl<'m> Heading<'m> {
    fn of(line: &Line, mapping: &'m Mapping) -> Option<Self> {
        let headings: Vec<String> = line.cells.iter().map(|cell| cell.trim().to_owned()).collect();
        let bare: Vec<String> = headings.iter().map(|heading| bare_heading(heading)).collect();
        let at = |part: Part| -> Vec<usize> {
            let names = mapping.names(part).iter().map(|name| bare_heading(name));
            let places =
                names.filter_map(|name| bare.iter().position(|one| *one == name && !name.is_empty()));
            let mut places: Vec<usize> = places.collect();
            // Texts are all read; of the others the first name that is there counts.
            places.truncate(if part == Part::Text { places.len() } else { 1 });
            places
        };
        let places: Vec<(Part, Vec<usize>)> = Part::ALL.iter().map(|part| (*part, at(*part))).collect();
        let has = |part: &Part| places.iter().any(|(one, at)| one == part && !at.is_empty());
        let whole = mapping.needs().iter().all(has) && (has(&Part::Payer) || has(&Part::Text));
        whole.then_some(Self { mapping, headings, places })
    }

    fn at(&self, part: Part) -> &[usize] {
        let found = self.places.iter().find(|(one, _)| *one == part);
        found.map(|(_, at)| at.as_slice()).unwrap_or_default()
    }

    fn cell<'l>(&self, line: &'l Line, part: Part) -> &'l str {
        self.at(part).first().and_then(|at| line.cells.get(*at)).map_or("", |cell| cell.trim())
    }

    fn fault(&self, line: &Line, part: Part, code: &'static str) -> RowError {
        let why = FieldError::new(part.as_str(), code);
        RowError::new(line.number, self.name(part), self.cell(line, part), &why)
    }

    /// What the file calls a part.
    fn name(&self, part: Part) -> String {
        self.at(part).first().and_then(|at| self.headings.get(*at)).cloned().unwrap_or_default()
    }

    fn ignored(&self) -> Vec<String> {
        let known = |at: usize| self.places.iter().any(|(_, places)| places.contains(&at));
        let named = self.headings.iter().enumerate().filter(|(at, name)| !known(*at) && !name.is_empty());
        named.map(|(_, name)| name.clone()).collect()
    }
}

fn rows(profile: &str, heading: &Heading<'_>, lines: Vec<Line>, source: &Source) -> Result<Read> {
    let lines: Vec<Line> = lines.into_iter().filter(|line| !line.is_blank()).collect();
    check_size(source, heading.headings.len(), &lines)?;
    let (mut good, mut errors, mut rows) = (Vec::new(), Vec::new(), 0);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for line in lines.iter().filter(|line| !is_total(heading, line)) {
        rows += 1;
        match one(heading, line) {
            Ok(mut raw) => {
                let times = seen.entry(raw.key.clone()).or_default();
                *times += 1;
                if *times > 1 {
                    raw.again = true;
                    raw.key = format!("{}#{times}", raw.key);
                }
                good.push(raw);
            }
            Err(faults) => errors.extend(faults),
        }
    }
    if rows == 0 {
        return Err(Error::refused("import.no_rows", vec![]));
    }
    let (profile, day_column) = (profile.to_owned(), heading.name(Part::Day));
    Ok(Read { profile, day_column, rows, lines: good, errors, ignored: heading.ignored() })
}

/// Sums at the end of a table are none of its lines.
fn is_total(heading: &Heading<'_>, line: &Line) -> bool {
    const WORDS: [&str; 8] = ["合计", "总计", "小计", "本页", "借方合计", "贷方合计", "总笔数", "期末余额"];
    let first = line.cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty()).unwrap_or_default();
    values::date(heading.cell(line, Part::Day)).is_err() && WORDS.iter().any(|word| first.starts_with(word))
}

fn one(heading: &Heading<'_>, line: &Line) -> Result<RawLine, Vec<RowError>> {
    let mut faults = Vec::new();
    let mut fault = |part, code| faults.push(heading.fault(line, part, code));
    let beyond = line.cells.get(heading.headings.len()..).unwrap_or_default();
    if beyond.iter().any(|cell| !cell.trim().is_empty()) {
        fault(Part::Day, "too_many_cells");
    }
    let (day, time) = match day(heading.cell(line, Part::Day)) {
        Ok((day, time)) => (Some(day), time),
        Err(code) => {
            fault(Part::Day, code);
            (None, String::new())
        }
    };
    let sum = sum(heading, line).map_err(|(part, code)| fault(part, code)).ok();
    let mut text =
        |part| values::plain(heading.cell(line, part)).map_err(|code| fault(part, code)).unwrap_or_default();
    let (payer, account, serial) = (text(Part::Payer), text(Part::Account), text(Part::Serial));
    let (own_time, balance) = (text(Part::Time), text(Part::Balance));
    if is_rounded(&serial) {
        fault(Part::Serial, "serial_rounded");
    }
    let said = remarks(heading, line).map_err(|code| fault(Part::Text, code)).unwrap_or_default();
    let (Some(day), Some((amount, out)), true) = (day, sum, faults.is_empty()) else { return Err(faults) };
    // Some write the day before the time, too.
    let own_time = own_time.rsplit(' ').next().unwrap_or_default().to_owned();
    let time = if own_time.is_empty() { time } else { own_time };
    let mut raw = RawLine {
        line: line.number,
        day,
        time,
        payer,
        account,
        amount,
        out,
        text: said,
        serial,
        key: String::new(),
        again: false,
    };
    raw.key = if raw.serial.is_empty() { raw.digest(&balance) } else { raw.serial.clone() };
    Ok(raw)
}

impl RawLine {
    /// What stands for a number where the bank gives none, and tells two lines of one number apart.
    pub(super) fn digest(&self, balance: &str) -> String {
        let (day, sum) = (self.day.to_string(), self.amount.0.to_string());
        let sign = if self.out { "-" } else { "+" };
        let parts = [&day, &self.time, &self.payer, &self.account, sign, &sum, &self.text, balance];
        let hash = hex::encode(Sha256::digest(parts.join("\u{1f}")));
        format!("={}", hash.get(..32).unwrap_or(&hash))
    }
}

/// The day, and the time that stands behind it.
fn day(text: &str) -> Parsed<(LocalDate, String)> {
    let folded = values::fold(text);
    let digits = folded.len() == 14 && folded.bytes().all(|b| b.is_ascii_digit());
    let (day, time) = match folded.split_once([' ', 'T']) {
        Some((day, time)) => (day, time.trim()),
        None if digits => (folded.get(..8).unwrap_or_default(), folded.get(8..).unwrap_or_default()),
        None => (folded.as_str(), ""),
    };
    if day.is_empty() {
        return Err("required");
    }
    Ok((values::date(day)?, time.to_owned()))
}

type Sum = Result<(Fen, bool), (Part, &'static str)>;

/// How much, and whether it went out.
fn sum(heading: &Heading<'_>, line: &Line) -> Sum {
    let amount = |part| amount(heading.cell(line, part)).map_err(|code| (part, code));
    match heading.mapping.sign {
        Sign::TwoColumns => {
            let (debit, credit) = (amount(Part::Debit)?, amount(Part::Credit)?);
            match (debit.filter(|sum| sum.0 != 0), credit.filter(|sum| sum.0 != 0)) {
                (Some(_), Some(_)) => Err((Part::Credit, "both_sides")),
                (Some(sum), None) if sum.0 > 0 => Ok((sum, true)),
                (None, Some(sum)) if sum.0 > 0 => Ok((sum, false)),
                (Some(_), None) => Err((Part::Debit, "not_positive")),
                (None, Some(_)) => Err((Part::Credit, "not_positive")),
                (None, None) => Err((Part::Credit, "required")),
            }
        }
        Sign::Signed | Sign::Reversed => {
            let sum = present(amount(Part::Amount)?)?;
            let negative = sum.0 < 0;
            let sum = sum.0.checked_abs().map(Fen).ok_or((Part::Amount, "number_too_large"))?;
            Ok((sum, negative == (heading.mapping.sign == Sign::Signed)))
        }
        Sign::Marked => {
            let sum = present(amount(Part::Amount)?)?;
            if sum.0 < 0 {
                return Err((Part::Amount, "not_positive"));
            }
            match values::fold(heading.cell(line, Part::Mark)).to_lowercase().as_str() {
                "贷" | "贷方" | "收入" | "收" | "c" | "cr" | "credit" => Ok((sum, false)),
                "借" | "借方" | "支出" | "支" | "d" | "dr" | "debit" => Ok((sum, true)),
                _ => Err((Part::Mark, "unknown_mark")),
            }
        }
    }
}

fn present(sum: Option<Fen>) -> Result<Fen, (Part, &'static str)> {
    match sum {
        None => Err((Part::Amount, "required")),
        Some(Fen(0)) => Err((Part::Amount, "not_positive")),
        Some(sum) => Ok(sum),
    }
}

/// A sum as banks write it: with commas, a sign, full-width; none where the cell is empty or a dash.
fn amount(text: &str) -> Parsed<Option<Fen>> {
    let folded = values::fold(text);
    let bare = folded.trim_start_matches(['\'', '¥', '￥', '+']).trim_end_matches('元').trim();
    let bare = bare.strip_prefix("RMB").or_else(|| bare.strip_prefix("CNY")).unwrap_or(bare).trim();
    if matches!(bare, "" | "-" | "--") {
        return Ok(None);
    }
    let (sign, number) = match bare.strip_prefix('-') {
        Some(rest) => (-1, rest.trim_start_matches(['¥', '￥'])),
        None => (1, bare),
    };
    // Commas stand before three digits; one elsewhere is another country's point.
    let mut groups = number.split('.').next().unwrap_or_default().split(',').skip(1);
    if groups.any(|group| group.len() != 3) || number.starts_with(['-', '+']) {
        return Err("not_a_number");
    }
    let plain = values::without_zeros(&number.replace(',', ""), 2);
    let sum = Fen::parse(&plain).ok_or_else(|| values::why_no_number(&plain))?;
    if sum.0 > 100_000_000_000_000 { Err("number_too_large") } else { Ok(Some(Fen(sign * sum.0))) }
}

/// All remarks in one, each once.
fn remarks(heading: &Heading<'_>, line: &Line) -> Parsed<String> {
    let mut parts: Vec<String> = Vec::new();
    for at in heading.at(Part::Text) {
        let part = values::plain(line.cells.get(*at).map_or("", String::as_str))?;
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    Ok(parts.join(" "))
}

/// A long number that a spreadsheet has rounded, `2.02611E+13`: many lines would share it.
fn is_rounded(serial: &str) -> bool {
    let upper = serial.to_uppercase();
    upper.contains("E+") && upper.starts_with(|c: char| c.is_ascii_digit())
}
