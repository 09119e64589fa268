//! A notification's words, the same in the portal and in a mail: `notify.<code>.subject` and
//! `notify.<code>.text`, with what they mention. A value that is a word of ours, such as a category, is
//! said in the reader's language where `words.<name>.<value>` has a text; one that the community named itself
//! comes with its names.

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

fn word(texts: &Texts, name: &str, value: &Value) -> String {
    if let Some(named) = value.get(texts.lang().code()).and_then(Value::as_str) {
        return named.to_owned();
    }
    let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    texts.get(&format!("words.{name}.{written}")).map_or(written, str::to_owned)
}
