//! What a charge is about besides its item: the bay, meter or order, or nothing; and behind it, where the charge is the
//! second part of one that was split, the day from which it is somebody else's, kept as `≥2026-11-16`. In the books and
//! in what a notification mentions it stands like that, in no language; who reads it reads it in words.

use crate::LocalDate;

/// What stands before the day.
const SINCE: char = '≥';

/// How long a day is as it is kept.
const DAY: usize = "2026-11-16".len();

/// The subject of a charge from a day on.
pub(super) fn from_day(subject: &str, on: LocalDate) -> String {
    format!("{}{on}", parts_begin(subject))
}

/// How the subjects of the second parts of a charge begin.
pub(super) fn parts_begin(subject: &str) -> String {
    if subject.is_empty() { SINCE.to_string() } else { format!("{subject} {SINCE}") }
}

/// The same without the day.
pub(super) fn without_day(subject: &str) -> &str {
    subject.split_once(SINCE).map_or(subject, |(before, _)| before.trim_end())
}

/// A text that names charges, with the days in words: `B1-0013 from 2026-11-16`, in Chinese (`zh`) or English (anything
/// else).
pub fn in_words(text: &str, language: &str) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(SINCE) {
        said.push_str(before);
        match behind.split_at_checked(DAY).filter(|(day, _)| day.parse::<LocalDate>().is_ok()) {
            Some((day, behind)) => {
                said.push_str(&since(day, language));
                rest = behind;
            }
            None => {
                said.push(SINCE);
                rest = behind;
            }
        }
    }
    said.push_str(rest);
    said
}

/// An item with what a charge of it is about, in words.
pub fn named(item: &str, subject: &str, language: &str) -> String {
    let subject = in_words(subject, language);
    if subject.is_empty() { item.to_owned() } else { format!("{item} {subject}") }
}

fn since(day: &str, language: &str) -> String {
    if language == "zh" { format!("自 {day} 起") } else { format!("from {day}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_part_of_a_charge_says_from_when_it_is() {
        let day: LocalDate = "2026-11-16".parse().unwrap();
        for (subject, english, chinese) in [
            (String::new(), "", ""),
            ("B1-0013".to_owned(), "B1-0013", "B1-0013"),
            (from_day("", day), "from 2026-11-16", "自 2026-11-16 起"),
            (from_day("B1-0013", day), "B1-0013 from 2026-11-16", "B1-0013 自 2026-11-16 起"),
            (
                "车位费 ≥2026-11-16 2026-11、物业费 ≥2026-12-01".to_owned(),
                "车位费 from 2026-11-16 2026-11、物业费 from 2026-12-01",
                "车位费 自 2026-11-16 起 2026-11、物业费 自 2026-12-01 起",
            ),
            // What is no day is not ours.
            ("噪声 ≥50 分贝".to_owned(), "噪声 ≥50 分贝", "噪声 ≥50 分贝"),
            ("≥".to_owned(), "≥", "≥"),
            ("≥二〇二六年十一月".to_owned(), "≥二〇二六年十一月", "≥二〇二六年十一月"),
        ] {
            assert_eq!(
                (in_words(&subject, "en").as_str(), in_words(&subject, "zh").as_str()),
                (english, chinese)
            );
        }
        assert_eq!(named("Parking", "", "en"), "Parking");
        assert_eq!(named("Parking", "B1 ≥2026-11-16", "en"), "Parking B1 from 2026-11-16");
    }
}
