//! The two languages that everything is said in: Chinese first, English complete.

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

impl Lang {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The short code of settings, folders and the database.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The `lang` attribute of a page.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// What is said in this language, of what is said in both.
    pub(crate) const fn of_two<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// The language of a short code.
    pub(crate) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The best of an `Accept-Language` header; Chinese where it names neither.
    pub(crate) fn accepted(header: &str) -> Self {
        let wishes = header.split(',').filter_map(|wish| {
            let mut parts = wish.split(';');
            let lang = parts.next()?.trim().get(..2).and_then(|tag| Self::of(&tag.to_ascii_lowercase()))?;
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok());
            Some((lang, weight.unwrap_or(1.0)))
        });
        let best = wishes.fold(None, |best: Option<(Self, f32)>, wish| match best {
            Some(kept) if kept.1 >= wish.1 => Some(kept),
            _ => Some(wish),
        });
        best.filter(|(_, weight)| *weight > 0.0).map_or(Self::Zh, |(lang, _)| lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_is_listened_to() {
        for (header, lang) in [
            ("en-GB,en;q=0.9,zh;q=0.8", Lang::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("de-DE,en;q=0.5", Lang::En),
            ("fr", Lang::Zh),
            ("en;q=0", Lang::Zh),
            ("", Lang::Zh),
            ("名", Lang::Zh),
        ] {
            assert_eq!(Lang::accepted(header), lang, "{header}");
        }
    }
}
