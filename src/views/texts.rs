//! The words of one language: `templates/texts/<language>/<capability>.toml`. A key is the file's name and
//! the path inside it (`login.title`); tables named `fields`, `rules`, `notify` and `words` stand for
//! themselves in whatever file they are, so that each capability keeps its own.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;

use crate::lang::Lang;

#[derive(RustEmbed)]
#[folder = "templates/texts/"]
struct Files;

/// Tables whose keys don't begin with their file's name.
const SHARED: [&str; 4] = ["fields", "rules", "notify", "words"];

/// The words of one language by their keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    lang: Lang,
    words: BTreeMap<String, String>,
}

impl Texts {
    /// Reads every file of a language.
    ///
    /// # Errors
    /// Names the file that is no TOML, or the key that stands twice.
    pub(crate) fn load(lang: Lang) -> Result<Self, String> {
        let mut texts = Self { lang, words: BTreeMap::new() };
        for name in Files::iter() {
            let Some(capability) = capability(&name, lang) else { continue };
            let Some(file) = Files::get(&name) else { continue };
            let text = String::from_utf8_lossy(&file.data);
            let table: toml::Table = text.parse().map_err(|error| format!("{name}: {error}"))?;
            texts.add_table(capability, table).map_err(|key| format!("{name}: {key} stands twice"))?;
        }
        Ok(texts)
    }

    fn add_table(&mut self, capability: &str, table: toml::Table) -> Result<(), String> {
        for (key, value) in table {
            let shared = SHARED.contains(&key.as_str());
            let key = if shared { key } else { format!("{capability}.{key}") };
            self.add(key, value)?;
        }
        Ok(())
    }

    fn add(&mut self, key: String, value: toml::Value) -> Result<(), String> {
        match value {
            toml::Value::Table(table) => {
                table.into_iter().try_for_each(|(name, value)| self.add(format!("{key}.{name}"), value))
            }
            value => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.words.insert(key.clone(), text).map_or(Ok(()), |_| Err(key))
            }
        }
    }

    /// The language.
    pub(crate) fn lang(&self) -> Lang {
        self.lang
    }

    /// The text of a key as it was written.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }

    /// The text of a key with its values filled in; the key itself where there is none.
    pub(crate) fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        let lookup = |name: &str| args.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        self.get(key).map_or_else(|| key.to_owned(), |text| fill(text, lookup))
    }

    /// Every key.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }
}

fn capability(name: &str, lang: Lang) -> Option<&str> {
    name.strip_prefix(lang.code())?.strip_prefix('/')?.strip_suffix(".toml")
}

/// Fills `{name}` with a value, and `{name|one|many}` with the word that fits the number.
pub(crate) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((inside, behind)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        filled.push_str(&one(inside, &value));
        rest = behind;
    }
    filled + rest
}

fn one(inside: &str, value: &impl Fn(&str) -> Option<String>) -> String {
    let mut parts = inside.split('|');
    let name = parts.next().unwrap_or_default();
    let found = value(name).unwrap_or_else(|| format!("{{{name}}}"));
    match (parts.next(), parts.next()) {
        (Some(single), Some(many)) => if found == "1" { single } else { many }.to_owned(),
        _ => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_plurals_are_filled_in() {
        let value = |name: &str| (name == "n").then(|| "1".to_owned());
        assert_eq!(fill("{n} {n|day|days} late", value), "1 day late");
        let value = |name: &str| (name == "n").then(|| "3".to_owned());
        assert_eq!(fill("{n} {n|day|days} late {x}", value), "3 days late {x}");
        assert_eq!(fill("a { b", |_| None), "a { b");
    }
}
