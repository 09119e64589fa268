//! How figures and dates are written, in each language.

use chrono::{Datelike, NaiveDate};
use domain::{Area, Fen, Rate};
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::Lang;

/// Registers the filters of one language.
pub(super) fn register(tera: &mut Tera, lang: Lang) {
    tera.register_filter("money", |fen: i64, _: Kwargs, _: &State| money(fen));
    tera.register_filter("area", |area: i64, _: Kwargs, _: &State| Area(area).to_string());
    tera.register_filter("rate", |rate: i64, _: Kwargs, _: &State| Rate(rate).to_string());
    tera.register_filter("percent", |hundredths: i64, _: Kwargs, _: &State| percent(hundredths));
    tera.register_filter("phone_mask", |phone: &str, _: Kwargs, _: &State| phone_mask(phone));
    tera.register_filter("date", move |day: &str, _: Kwargs, _: &State| date(lang, day));
    tera.register_filter("month", move |month: &str, _: Kwargs, _: &State| month_name(lang, month));
    tera.register_filter("datetime", move |at: Value, _: Kwargs, _: &State| datetime(lang, &at));
}

/// `¥1,234.50`, with a true minus sign.
pub(crate) fn money(fen: i64) -> String {
    let sign = if fen < 0 { "−" } else { "" };
    let plain = Fen(fen).to_string();
    let plain = plain.trim_start_matches('-');
    let (whole, cents) = plain.split_once('.').unwrap_or((plain, "00"));
    format!("{sign}¥{}.{cents}", group(whole))
}

fn group(digits: &str) -> String {
    let first = digits.len() % 3;
    let (head, tail) = digits.split_at(first);
    let mut parts: Vec<&str> = if head.is_empty() { Vec::new() } else { vec![head] };
    parts.extend(tail.as_bytes().chunks(3).filter_map(|chunk| std::str::from_utf8(chunk).ok()));
    parts.join(",")
}

/// Hundredths of a percent as `87.65%`.
pub(crate) fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// `138****1234`: what roles that don't need a phone see of it.
pub(crate) fn phone_mask(phone: &str) -> String {
    let letters: Vec<char> = phone.chars().collect();
    if letters.len() < 8 {
        return "*".repeat(letters.len());
    }
    let ends = letters.len() - 4;
    letters.iter().enumerate().map(|(n, c)| if n < 3 || n >= ends { *c } else { '*' }).collect()
}

/// `2026-11-22 周日`, `2026-11-22 Sun`.
pub(crate) fn date(lang: Lang, day: &str) -> TeraResult<String> {
    let parsed: NaiveDate = day.parse().map_err(|_| Error::message(format!("no date: {day}")))?;
    let weekday = match lang {
        Lang::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    };
    let index = usize::try_from(parsed.weekday().num_days_from_monday()).unwrap_or(0);
    Ok(format!("{day} {}", weekday.get(index).copied().unwrap_or_default()))
}

/// `2026年11月`, `November 2026`.
pub(crate) fn month_name(lang: Lang, month: &str) -> TeraResult<String> {
    let bad = || Error::message(format!("no month: {month}"));
    let parsed: domain::Month = month.parse().map_err(|_| bad())?;
    let first = parsed.first_day();
    Ok(match lang {
        Lang::Zh => format!("{}年{}月", first.year(), first.month()),
        Lang::En => first.format("%B %Y").to_string(),
    })
}

/// A moment's local date and time: `2026-11-22 周日 14:05`.
fn datetime(lang: Lang, at: &Value) -> TeraResult<String> {
    let part = |name: &str| at.get_from_path(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(day), Some(time)) = (part("date"), part("time")) else {
        return Err(Error::message("datetime wants a moment"));
    };
    Ok(format!("{} {time}", date(lang, &day)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_and_has_its_sign() {
        for (fen, text) in [
            (25060, "¥250.60"),
            (123_450, "¥1,234.50"),
            (34_663_254, "¥346,632.54"),
            (-5, "−¥0.05"),
            (0, "¥0.00"),
            (100_000_000, "¥1,000,000.00"),
        ] {
            assert_eq!(money(fen), text);
        }
    }

    #[test]
    fn dates_carry_their_weekday() {
        assert_eq!(date(Lang::Zh, "2026-11-22").unwrap(), "2026-11-22 周日");
        assert_eq!(date(Lang::En, "2026-11-22").unwrap(), "2026-11-22 Sun");
        assert_eq!(month_name(Lang::Zh, "2026-11").unwrap(), "2026年11月");
        assert_eq!(month_name(Lang::En, "2026-11").unwrap(), "November 2026");
    }

    #[test]
    fn the_middle_of_a_phone_is_hidden() {
        assert_eq!(phone_mask("13812341234"), "138****1234");
        assert_eq!(phone_mask("1234"), "****");
    }
}
