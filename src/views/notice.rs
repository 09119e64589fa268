//! A notification's words, the same in the portal and in a mail: `notify.<code>.subject` and
//! `notify.<code>.text`, with what they mention. A value that is a word of ours, such as a category, is
//! said in the reader's language where `words.<name>.<value>` has a text; one that the community named itself
//! comes with its names.

use domain::billing::subject::in_words;
use serde_json::Value;

use super::Texts;
use super::texts::fill;

/// The subject.
pub(crate) fn subject(texts: &Texts, code: &str, args: &Value) -> String {
    say(texts, &format!("notify.{code}.subject"), args)
}

/// The text; a community's own, where the event brings one.
pub(crate) fn text(texts: &Texts, code: &str, args: &Value) -> String {
    match args.get("own").and_then(|own| own.get(texts.lang().code())).and_then(Value::as_str) {
        Some(own) => fill(own, |name| args.get(name).map(|value| word(texts, name, value))),
        None => say(texts, &format!("notify.{code}.text"), args),
    }
}

fn say(texts: &Texts, key: &str, args: &Value) -> String {
    let pairs: Vec<(&str, String)> =
        args.as_object().into_iter().flatten().map(|(n, v)| (n.as_str(), word(texts, n, v))).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    texts.say(key, &pairs)
}

/// What names charges: in the event it stands in no language.
const CHARGES: [&str; 2] = ["what", "list"];

fn word(texts: &Texts, name: &str, value: &Value) -> String {
    if let Some(named) = value.get(texts.lang().code()).and_then(Value::as_str) {
        return named.to_owned();
    }
    let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if CHARGES.contains(&name) {
        return in_words(&written, texts.lang().code());
    }
    texts.get(&format!("words.{name}.{written}")).map_or(written, str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::lang::Lang;
    use crate::views::Views;

    #[test]
    fn a_charge_that_was_split_is_told_of_in_the_readers_language() {
        let views = Views::load().unwrap();
        let reversed = json!({
            "home": "3-2-1501", "what": "车位管理费 B1-0013 ≥2026-11-16 2026-11", "amount": "40.00",
            "reason": "≥2026-11-16",
        });
        let owed = json!({
            "home": "3-2-1501", "list": "2026-11  物业管理费 ≥2026-11-16  ¥125.30  (2026-12-02)", "owed": "125.30",
            "due": "2026-12-02", "days": 3,
        });
        for (lang, day) in [(Lang::Zh, "自 2026-11-16 起"), (Lang::En, "from 2026-11-16")] {
            let texts = views.texts(lang);
            let said = text(texts, "correction.reversed", &reversed);
            assert!(said.contains(&format!("B1-0013 {day} 2026-11")), "{said}");
            assert!(said.contains("≥2026-11-16"), "the reason is somebody's own words: {said}");
            let said = text(texts, "reminder.before", &owed);
            assert!(said.contains(&format!("物业管理费 {day}  ¥125.30")), "{said}");
        }
    }
}
