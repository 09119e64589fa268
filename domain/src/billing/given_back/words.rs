//! Why a charge was taken back by itself, in words. In the books it stands in no language, as `given_back:bay:2027-01-14`
//! or, where nothing was left, `given_back:bay`.

use super::rules::Cause;
use crate::LocalDate;

/// What the notes of such reversals begin with.
const MARK: &str = "given_back:";

/// The note of a reversal.
pub(super) fn note(cause: Cause, last: Option<LocalDate>) -> String {
    last.map_or_else(|| format!("{MARK}{cause}"), |day| format!("{MARK}{cause}:{day}"))
}

/// The note of an entry in Chinese (`zh`) or English (anything else): one of ours in words, another's as it is.
pub fn in_words(note: &str, language: &str) -> String {
    let ours = note.strip_prefix(MARK).and_then(|rest| {
        let (cause, day) = rest.split_once(':').map_or((rest, None), |(cause, day)| (cause, Some(day)));
        let day = day.map(|day| day.parse::<LocalDate>().ok());
        (day != Some(None)).then(|| Some((cause.parse().ok()?, day.flatten()))).flatten()
    });
    ours.map_or_else(|| note.to_owned(), |(cause, last)| why(cause, last, language))
}

/// Why a charge was taken back, and up to which day it is charged instead.
pub fn why(cause: Cause, last: Option<LocalDate>, language: &str) -> String {
    let chinese = language == "zh";
    match (cause, last) {
        (Cause::Bay, Some(day)) if chinese => format!("车位只用到 {day}，之后的不再收取"),
        (Cause::Bay, Some(day)) => format!("the bay is held until {day} and not charged after it"),
        (Cause::Bay, None) if chinese => "这期内车位已不再使用，全部撤回".to_owned(),
        (Cause::Bay, None) => "the bay is not held any more in these days".to_owned(),
        (Cause::Item, Some(day)) if chinese => format!("本项目只收到 {day}，之后的不再收取"),
        (Cause::Item, Some(day)) => format!("the item is charged until {day} and not after it"),
        (Cause::Item, None) if chinese => "本项目在这期之前已停收，全部撤回".to_owned(),
        (Cause::Item, None) => "the item had ended before these days".to_owned(),
        (Cause::Agreed, _) if chinese => "本户的约定有变，按新的约定重新计算".to_owned(),
        (Cause::Agreed, _) => "something else was agreed for the home; it is charged by that".to_owned(),
        (Cause::Again, Some(day)) if chinese => format!("按实际使用的天数计算，收到 {day}"),
        (Cause::Again, Some(day)) => format!("charged for the days on which it is held, until {day}"),
        (Cause::Again, None) if chinese => "按实际使用的天数重新计算".to_owned(),
        (Cause::Again, None) => "charged for the days on which it is held".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_books_note_is_read_in_words() {
        let day: Option<LocalDate> = "2027-01-14".parse().ok();
        for cause in Cause::ALL {
            for last in [day, None] {
                let kept = note(*cause, last);
                for language in ["zh", "en"] {
                    let said = in_words(&kept, language);
                    assert!(!said.contains(MARK), "{said}");
                    assert_eq!(said, why(*cause, last, language));
                }
            }
        }
        assert_eq!(in_words("given_back:bay:2027-01-14", "zh"), "车位只用到 2027-01-14，之后的不再收取");
        for others in ["停水三天", "given_back:stolen", "given_back:bay:soon", ""] {
            assert_eq!(in_words(others, "en"), others);
        }
    }
}
