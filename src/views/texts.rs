//! The texts of both languages, from `templates/texts/{zh,en}/*.toml`: nested tables become dotted keys,
//! `{name}` stands for a value.

use std::collections::BTreeMap;

use super::Lang;
use crate::assets::Templates;

/// Every text, by language and key.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    zh: BTreeMap<String, String>,
    en: BTreeMap<String, String>,
}

/// A file of texts that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("texts {file}: {cause}")]
pub(crate) struct BadTexts {
    file: String,
    cause: String,
}

impl Texts {
    /// Reads the texts out of the binary.
    pub(crate) fn load() -> Result<Self, BadTexts> {
        let mut texts = Self::default();
        for file in Templates::iter().filter(|file| file.ends_with(".toml")) {
            let table = if file.starts_with("texts/en/") { &mut texts.en } else { &mut texts.zh };
            let bad = |cause: String| BadTexts { file: file.to_string(), cause };
            let bytes = Templates::get(&file).map(|found| found.data.into_owned()).unwrap_or_default();
            let text = String::from_utf8(bytes).map_err(|e| bad(e.to_string()))?;
            let parsed: toml::Table = text.parse().map_err(|e: toml::de::Error| bad(e.to_string()))?;
            flatten("", &parsed, table).map_err(bad)?;
        }
        Ok(texts)
    }

    fn of(&self, lang: Lang) -> &BTreeMap<String, String> {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Whether a language has a text.
    pub(crate) fn has(&self, lang: Lang, key: &str) -> bool {
        self.of(lang).contains_key(key)
    }

    /// A text with its values put in; none where there is no such key.
    pub(crate) fn find(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
        let mut text = self.of(lang).get(key)?.clone();
        for (name, value) in args {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        Some(text)
    }

    /// A text with its values put in; the key itself where there is none, so that a page still shows.
    pub(crate) fn get(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> String {
        self.find(lang, key, args).unwrap_or_else(|| {
            tracing::error!(key, %lang, "a text is missing");
            key.to_owned()
        })
    }

    #[cfg(test)]
    fn keys(&self, lang: Lang) -> Vec<&String> {
        self.of(lang).keys().collect()
    }
}

fn flatten(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, String>) -> Result<(), String> {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::String(text) => {
                if into.insert(key.clone(), text.clone()).is_some() {
                    return Err(format!("{key} stands twice"));
                }
            }
            toml::Value::Table(inner) => flatten(&key, inner, into)?,
            other => return Err(format!("{key} is {}, not a text", other.type_str())),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys() {
        let texts = Texts::load().unwrap();
        let (zh, en) = (texts.keys(Lang::Zh), texts.keys(Lang::En));
        let only = |a: &[&String], b: &[&String]| {
            a.iter().filter(|k| !b.contains(k)).map(|k| (*k).clone()).collect::<Vec<_>>()
        };
        assert_eq!(only(&zh, &en), Vec::<String>::new(), "only in Chinese");
        assert_eq!(only(&en, &zh), Vec::<String>::new(), "only in English");
    }

    #[test]
    fn both_languages_mention_the_same_values() {
        let texts = Texts::load().unwrap();
        let names = |text: &str| {
            let mut found: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}'))
                .map(|p| p.0.to_owned())
                .collect();
            found.sort();
            found.dedup();
            found
        };
        for (key, zh) in &texts.zh {
            let en = texts.en.get(key).map(String::as_str).unwrap_or_default();
            assert_eq!(names(zh), names(en), "{key}");
        }
    }
}
