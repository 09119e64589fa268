//! What people see: each page's data as a type, rendered by Tera in Chinese or English.
//!
//! A page is a [`View`]: a type with its template's name and samples, with which a test renders it in both
//! languages. Around it stands the [`Shell`]: who looks, in which language, with which menu.

mod engine;
mod filters;
mod form;
mod lang;
mod moment;
mod nav;
mod shell;
mod texts;

pub(crate) use engine::Engine;
pub(crate) use form::FormState;
pub(crate) use lang::Lang;
pub(crate) use moment::Moment;
pub(crate) use nav::{NavItem, nav_for};
pub(crate) use shell::Shell;
pub(crate) use texts::Texts;

use serde::Serialize;

/// What a template is given.
pub(crate) trait View: Serialize {
    /// The template's name below `templates/`.
    const TEMPLATE: &'static str;

    /// Some of what it can look like: empty, full, with an error. A test renders each in both languages.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Renders every sample of a view in both languages and returns the pages.
    pub(crate) fn render_samples<V: View>() -> Vec<String> {
        let engine = Engine::new().unwrap();
        let mut pages = Vec::new();
        for lang in [Lang::Zh, Lang::En] {
            for sample in V::samples() {
                let shell = Shell::sample(lang);
                let page = engine.page(&shell, &sample);
                pages.push(page.unwrap_or_else(|error| panic!("{} in {lang}: {error:?}", V::TEMPLATE)));
            }
        }
        pages
    }

    /// Says that every sample of these views renders in both languages.
    #[macro_export]
    macro_rules! views_render {
        ($($view:ty),+ $(,)?) => {
            #[test]
            fn views_render_in_both_languages() {
                $(assert!(!$crate::views::tests::render_samples::<$view>().is_empty());)+
            }
        };
    }

    #[test]
    fn every_template_parses_and_uses_texts_that_exist() {
        let engine = Engine::new().unwrap();
        for key in engine.keys_used() {
            for lang in [Lang::Zh, Lang::En] {
                assert!(engine.texts().has(lang, &key), "{key} has no text in {lang}");
            }
        }
    }
}
