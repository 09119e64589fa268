//! How values are written for people: money, areas, days, moments, phones. Money is whole fen; a moment
//! is written in the community's zone, which every page carries as `zone` (a component asks for `@zone`).

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use domain::billing::given_back::words::in_words as said;
use domain::billing::subject::in_words;
use domain::{Instant, Month, Quantity, Zone};
use tera::{Error, Kwargs, State, Tera, TeraResult};

use crate::lang::Lang;

/// Gives an engine every filter.
pub(super) fn register(tera: &mut Tera, lang: Lang) {
    tera.register_filter("money", |fen: i64, _: Kwargs, _: &State| money(fen));
    tera.register_filter("yuan", |fen: i64, _: Kwargs, _: &State| yuan(fen));
    tera.register_filter("area", |area: i64, _: Kwargs, _: &State| format!("{} m²", hundredths(area)));
    tera.register_filter("quantity", |n: i64, _: Kwargs, _: &State| Quantity(n).to_string());
    tera.register_filter("number", |n: i64, _: Kwargs, _: &State| grouped(n));
    tera.register_filter("phone", |phone: String, _: Kwargs, _: &State| mask(&phone));
    tera.register_filter("date", move |text: String, _: Kwargs, state: &State| {
        Ok::<_, Error>(date(local(&text, state)?.date(), lang))
    });
    tera.register_filter("datetime", move |text: String, _: Kwargs, state: &State| {
        let at = local(&text, state)?;
        Ok::<_, Error>(format!("{} {}", date(at.date(), lang), at.format("%H:%M")))
    });
    tera.register_filter("time", |text: String, _: Kwargs, state: &State| time(&text, state));
    tera.register_filter("iso", |text: String, _: Kwargs, state: &State| {
        Ok::<_, Error>(local(&text, state)?.format("%Y-%m-%dT%H:%M").to_string())
    });
    tera.register_filter("month", move |text: String, _: Kwargs, _: &State| month(&text, lang));
    tera.register_filter("charged", move |text: String, _: Kwargs, _: &State| in_words(&text, lang.code()));
    tera.register_filter("note", move |text: String, _: Kwargs, _: &State| said(&text, lang.code()));
    tera.register_filter("relative", move |text: String, _: Kwargs, state: &State| {
        let today = required(state, "today")?;
        let today = today.parse::<NaiveDate>().map_err(Error::message)?;
        Ok::<_, Error>(relative(local(&text, state)?.date(), today, lang))
    });
}

/// `¥1,234.50`, negative with a minus sign.
pub(crate) fn money(fen: i64) -> String {
    let sign = if fen < 0 { "−" } else { "" };
    format!("{sign}¥{}", unsigned_yuan(fen))
}

/// The same without the unit, for columns that name it above.
fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "−" } else { "" };
    format!("{sign}{}", unsigned_yuan(fen))
}

fn unsigned_yuan(fen: i64) -> String {
    let fen = fen.unsigned_abs();
    format!("{}.{:02}", group(&(fen / 100).to_string()), fen % 100)
}

fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "−" } else { "" };
    let value = value.unsigned_abs();
    format!("{sign}{}.{:02}", group(&(value / 100).to_string()), value % 100)
}

/// `1,234`
fn grouped(n: i64) -> String {
    let sign = if n < 0 { "−" } else { "" };
    format!("{sign}{}", group(&n.unsigned_abs().to_string()))
}

fn group(digits: &str) -> String {
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `138****1234`
pub(crate) fn mask(phone: &str) -> String {
    let letters: Vec<char> = phone.chars().collect();
    if letters.len() < 8 {
        return "*".repeat(letters.len());
    }
    let shown = |(place, letter): (usize, &char)| {
        if place < 3 || place + 4 >= letters.len() { *letter } else { '*' }
    };
    letters.iter().enumerate().map(shown).collect()
}

/// `2026-11-22 周日`, `2026-11-22 Sun`
pub(crate) fn date(day: NaiveDate, lang: Lang) -> String {
    const ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    let place = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0);
    match lang {
        Lang::Zh => format!("{day} {}", ZH.get(place).copied().unwrap_or_default()),
        Lang::En => format!("{day} {}", day.format("%a")),
    }
}

fn time(text: &str, state: &State) -> TeraResult<String> {
    // A plain time of day has no date before it.
    if let Ok(time) = text.parse::<chrono::NaiveTime>() {
        return Ok(time.format("%H:%M").to_string());
    }
    Ok(local(text, state)?.format("%H:%M").to_string())
}

fn month(text: &str, lang: Lang) -> TeraResult<String> {
    let first = text.parse::<Month>().map_err(Error::message)?.first_day();
    Ok(match lang {
        Lang::Zh => format!("{}年{}月", first.year(), first.month()),
        Lang::En => first.format("%B %Y").to_string(),
    })
}

/// How far a day is from today, in words.
pub(crate) fn relative(day: NaiveDate, today: NaiveDate, lang: Lang) -> String {
    let days = day.signed_duration_since(today).num_days();
    let n = days.abs();
    match (lang, days) {
        (Lang::Zh, 0) => "今天".to_owned(),
        (Lang::Zh, 1) => "明天".to_owned(),
        (Lang::Zh, -1) => "昨天".to_owned(),
        (Lang::Zh, ..0) => format!("{n} 天前"),
        (Lang::Zh, _) => format!("{n} 天后"),
        (Lang::En, 0) => "today".to_owned(),
        (Lang::En, 1) => "tomorrow".to_owned(),
        (Lang::En, -1) => "yesterday".to_owned(),
        (Lang::En, ..0) => format!("{n} days ago"),
        (Lang::En, _) => format!("in {n} days"),
    }
}

/// A day, a local moment, or an instant (it ends with `Z`) as the community's clocks show it.
fn local(text: &str, state: &State) -> TeraResult<NaiveDateTime> {
    if text.ends_with('Z') {
        let at: Instant = text.parse().map_err(Error::message)?;
        let zone: Zone = required(state, "zone")?.parse().map_err(Error::message)?;
        return Ok(zone.local(at));
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.into());
    }
    let minutes = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M");
    minutes.or_else(|_| text.parse()).map_err(Error::message)
}

fn required(state: &State, name: &str) -> TeraResult<String> {
    let value = state.get::<String>(name)?;
    value.ok_or_else(|| {
        Error::message(format!("`{name}` is missing here: a component asks for it as `@{name}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_with_its_sign() {
        for (fen, text) in [
            (0, "¥0.00"),
            (5, "¥0.05"),
            (123_450, "¥1,234.50"),
            (-25_060, "−¥250.60"),
            (100_000_000, "¥1,000,000.00"),
        ] {
            assert_eq!(money(fen), text);
        }
    }

    #[test]
    fn phones_are_masked() {
        for (phone, masked) in
            [("13800131234", "138****1234"), ("1234567", "*******"), ("02112345678", "021****5678")]
        {
            assert_eq!(mask(phone), masked);
        }
    }

    #[test]
    fn days_carry_their_weekday_and_their_distance() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(date(day("2026-11-22"), Lang::Zh), "2026-11-22 周日");
        assert_eq!(date(day("2026-11-22"), Lang::En), "2026-11-22 Sun");
        let today = day("2026-11-22");
        for (other, zh, en) in [
            ("2026-11-22", "今天", "today"),
            ("2026-11-25", "3 天后", "in 3 days"),
            ("2026-11-21", "昨天", "yesterday"),
            ("2026-11-12", "10 天前", "10 days ago"),
        ] {
            assert_eq!(relative(day(other), today, Lang::Zh), zh);
            assert_eq!(relative(day(other), today, Lang::En), en);
        }
    }
}
