//! What people write into cells, understood as a careful clerk would: full-width digits, Chinese dates,
//! phones with spaces and dashes, several bays in one cell. What stays doubtful is refused with a reason,
//! whose text is `rows.<reason>`.

use chrono::Datelike;

use crate::{Area, Fen, LocalDate, Month};

/// A value, or the reason why it is none.
pub(crate) type Parsed<T> = Result<T, &'static str>;

/// Full-width letters and signs as half-width ones, dashes as `-`, no space around.
pub(crate) fn fold(text: &str) -> String {
    let folded: String = text.chars().map(fold_char).collect();
    folded.trim().to_owned()
}

fn fold_char(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '‐' | '‑' | '–' | '—' | '―' | '−' => '-',
        c => c,
    }
}

/// A plain text: spaces and line breaks within are one space each, and the apostrophe that a spreadsheet
/// or our own export puts before a formula is gone.
pub(crate) fn plain(text: &str) -> Parsed<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => text,
    };
    if text.contains('\u{fffd}') {
        return Err("damaged");
    }
    if text.chars().count() > 200 { Err("too_long") } else { Ok(text) }
}

/// A code such as a building's or a room's: no spaces within, upper case, without 栋, 单元, 室.
pub(super) fn code(text: &str) -> Parsed<String> {
    let folded: String = fold(text).split_whitespace().collect::<String>().to_uppercase();
    // ="0101" is how spreadsheets are told to keep a leading zero.
    let bare = folded.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(&folded);
    let bare = bare.trim_start_matches('\'');
    let ends = ["号楼", "栋", "幢", "座", "楼", "单元", "室", "房", "层", "号"];
    let bare = ends.iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
    let good = bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '#' | '.' | '/'));
    if good && bare.chars().count() <= 32 { Ok(bare.to_owned()) } else { Err("not_a_code") }
}

/// A day: 2024-01-24, 2024/1/24, 2024.1.24, 20240124, 2024年3月5日, each with or without a time of day.
pub(crate) fn date(text: &str) -> Parsed<LocalDate> {
    let folded = fold(text).replace(['年', '月', '/', '.'], "-").replace('日', " ");
    let day = folded.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = match day.len() {
        8 if day.bytes().all(|b| b.is_ascii_digit()) => {
            vec![day.get(..4).unwrap_or(""), day.get(4..6).unwrap_or(""), day.get(6..).unwrap_or("")]
        }
        _ => day.split('-').collect(),
    };
    let [year, month, day] = parts.as_slice() else { return Err("no_such_date") };
    let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else {
        return Err("no_such_date");
    };
    let date = LocalDate::from_ymd_opt(year, month, day).ok_or("no_such_date")?;
    if (1949..=2099).contains(&date.year()) { Ok(date) } else { Err("no_such_date") }
}

/// A month: 2026-11, 2026/11, 2026年11月.
pub(super) fn month(text: &str) -> Parsed<Month> {
    let folded = fold(text).replace(['年', '/', '.'], "-").replace('月', "");
    let (year, month) = folded.split_once('-').ok_or("no_such_month")?;
    let (Ok(year), Ok(month)) = (year.parse(), month.trim().parse()) else { return Err("no_such_month") };
    Month::new(year, month).filter(|_| (1949..=2099).contains(&year)).ok_or("no_such_month")
}

/// A floor area above zero, with two decimals at most.
pub(super) fn area(text: &str) -> Parsed<Area> {
    let folded = fold(text).to_lowercase();
    let ends = ["平方米", "平米", "㎡", "m²", "m2", "平"];
    let number = ends.iter().find_map(|end| folded.strip_suffix(end)).unwrap_or(&folded).trim();
    let area = Area::parse(&without_zeros(number, 2)).ok_or_else(|| why_no_number(number))?;
    match area.0 {
        ..=0 => Err("not_positive"),
        1..=100_000_000 => Ok(area),
        _ => Err("number_too_large"),
    }
}

/// Takes away zeros that stand after the decimals of a unit: `89.500` is `89.50`.
pub(crate) fn without_zeros(number: &str, digits: usize) -> String {
    let Some((whole, fraction)) = number.split_once('.') else { return number.to_owned() };
    let (kept, more) = fraction.split_at_checked(digits).unwrap_or((fraction, ""));
    if more.bytes().all(|b| b == b'0') { format!("{whole}.{kept}") } else { number.to_owned() }
}

/// Whether a number has only too many decimals, or is none.
pub(crate) fn why_no_number(text: &str) -> &'static str {
    let shaped = text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.matches('.').count() == 1;
    if shaped && text.len() > 2 { "too_many_decimals" } else { "not_a_number" }
}

/// A sum of money above zero, in yuan: 250.6, ￥250.60, 250.60元.
pub(super) fn sum(text: &str) -> Parsed<Fen> {
    let folded = fold(text);
    let number = folded.trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
    let sum = Fen::parse(&without_zeros(number, 2)).ok_or_else(|| why_no_number(number))?;
    match sum.0 {
        ..=0 => Err("not_positive"),
        1..=100_000_000_000 => Ok(sum),
        _ => Err("number_too_large"),
    }
}

/// A whole number within bounds.
pub(super) fn whole(text: &str, least: i32, most: i32) -> Parsed<i32> {
    let folded = fold(text);
    let bare = folded.strip_suffix(['层', 'F', '楼', '日', '人']).unwrap_or(&folded);
    let number: i32 = bare.trim().parse().map_err(|_| "not_a_number")?;
    if (least..=most).contains(&number) { Ok(number) } else { Err("out_of_bounds") }
}

/// The parts of a cell that names several: parted by 、 , ; / or spaces.
pub(super) fn parts(text: &str) -> Vec<String> {
    let apart = |c: char| c.is_whitespace() || matches!(c, '、' | ',' | ';' | '/' | '|' | '，' | '；');
    fold(text).split(apart).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The word's meaning in a small dictionary.
pub(super) fn word<T: Copy>(text: &str, known: &[(&[&str], T)], reason: &'static str) -> Parsed<T> {
    let folded = fold(text).to_lowercase();
    let found = known.iter().find(|(words, _)| words.contains(&folded.as_str()));
    found.map(|(_, value)| *value).ok_or(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2024-01-24", Ok("2024-01-24")),
            ("2024年3月5日", Ok("2024-03-05")),
            ("2026/11/5", Ok("2026-11-05")),
            ("2026.11.05", Ok("2026-11-05")),
            ("20261105", Ok("2026-11-05")),
            ("２０２６－１１－０５", Ok("2026-11-05")),
            ("2026-11-05 00:00:00", Ok("2026-11-05")),
            ("2026/13/40", Err("no_such_date")),
            ("2025-02-29", Err("no_such_date")),
            ("24-01-24", Err("no_such_date")),
            ("45315", Err("no_such_date")),
            ("去年", Err("no_such_date")),
        ] {
            assert_eq!(date(text), expected.map(|day| day.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn areas_are_above_zero_with_two_decimals_at_most() {
        for (text, expected) in [
            ("89.86", Ok(8986)),
            ("８９．５０", Ok(8950)),
            ("1,204.5㎡", Ok(120_450)),
            ("72.660 平方米", Ok(7266)),
            ("72.665", Err("too_many_decimals")),
            ("八十九", Err("not_a_number")),
            ("-5", Err("not_positive")),
            ("0", Err("not_positive")),
            ("99999999", Err("number_too_large")),
        ] {
            assert_eq!(area(text).map(|area| area.0), expected, "{text}");
        }
    }

    #[test]
    fn codes_lose_what_people_say_after_them() {
        for (text, expected) in [
            ("7栋", Ok("7")),
            ("7号楼", Ok("7")),
            ("1单元", Ok("1")),
            ("０１０１室", Ok("0101")),
            ("=\"0101\"", Ok("0101")),
            ("1－1－0101", Ok("1-1-0101")),
            ("s-01", Ok("S-01")),
            ("A<b>", Err("not_a_code")),
        ] {
            assert_eq!(code(text).as_deref(), expected.as_ref().map(|code| *code), "{text}");
        }
    }

    #[test]
    fn several_bays_stand_in_one_cell() {
        assert_eq!(parts("B1-0006、B1-0007"), ["B1-0006", "B1-0007"]);
        assert_eq!(parts("B1-0006，B1-0007 "), ["B1-0006", "B1-0007"]);
        assert_eq!(parts("1 5 S"), ["1", "5", "S"]);
        assert!(parts("").is_empty());
    }
}
