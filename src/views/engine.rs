//! Tera with the templates of the binary: one instance for each language, so that no component has to be
//! handed the language.

use std::sync::Arc;

use domain::{Error, Result, random};
use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use super::{Lang, Shell, Texts, View, filters};
use crate::assets::{self, Templates};

/// Renders pages, mails and prints.
#[derive(Clone)]
pub(crate) struct Engine {
    zh: Arc<Tera>,
    en: Arc<Tera>,
    texts: Arc<Texts>,
}

impl Engine {
    /// Reads every template; a fault in one is an error with its place.
    pub(crate) fn new() -> Result<Self> {
        let texts = Arc::new(Texts::load().map_err(Error::internal)?);
        let of = |lang| instance(lang, &texts).map(Arc::new).map_err(|e| Error::internal(e.to_string()));
        Ok(Self { zh: of(Lang::Zh)?, en: of(Lang::En)?, texts: Arc::clone(&texts) })
    }

    /// The texts of both languages.
    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Renders a page in its shell.
    pub(crate) fn page<V: View>(&self, shell: &Shell, view: &V) -> Result<String> {
        let context = Self::context(shell, view)?;
        self.render(shell.lang, V::TEMPLATE, &context)
    }

    /// Renders one block of a page, for a part that is replaced without a reload.
    pub(crate) fn block<V: View>(&self, shell: &Shell, view: &V, block: &str) -> Result<String> {
        let context = Self::context(shell, view)?;
        let tera = self.of(shell.lang);
        tera.render_block(V::TEMPLATE, block, &context).map_err(|e| Error::internal(e.to_string()))
    }

    /// Renders any template.
    pub(crate) fn render(&self, lang: Lang, template: &str, context: &Context) -> Result<String> {
        self.of(lang).render(template, context).map_err(|e| Error::internal(e.to_string()))
    }

    fn context<V: View>(shell: &Shell, view: &V) -> Result<Context> {
        let mut context = Context::from_serialize(view).map_err(|e| Error::internal(e.to_string()))?;
        context.insert("shell", shell);
        Ok(context)
    }

    fn of(&self, lang: Lang) -> &Tera {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The literal keys of `t(key="…")` in all templates.
    #[cfg(test)]
    pub(crate) fn keys_used(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for (_, source) in sources() {
            let parts = source.split("t(key=\"").skip(1);
            let found = parts.filter_map(|part| {
                let (key, rest) = part.split_once('"')?;
                // A key that is put together (`"state." ~ x`) is covered by the view's samples.
                (!rest.trim_start().starts_with('~')).then(|| key.to_owned())
            });
            keys.extend(found);
        }
        keys
    }
}

fn sources() -> Vec<(String, String)> {
    let html = Templates::iter().filter(|name| !name.ends_with(".toml"));
    let read = |name: std::borrow::Cow<'static, str>| {
        let bytes = Templates::get(&name).map(|file| file.data.into_owned()).unwrap_or_default();
        (name.into_owned(), String::from_utf8_lossy(&bytes).into_owned())
    };
    html.map(read).collect()
}

fn instance(lang: Lang, texts: &Arc<Texts>) -> TeraResult<Tera> {
    let mut tera = Tera::default();
    filters::register(&mut tera, lang);
    let table = Arc::clone(texts);
    tera.register_function("t", move |args: Kwargs, _: &State| text(&table, lang, &args));
    tera.register_function("asset", |args: Kwargs, _: &State| -> TeraResult<String> {
        let path = args.must_get::<&str>("path")?;
        assets::address(path).ok_or_else(|| tera::Error::message(format!("no static file {path}")))
    });
    tera.register_function("fresh_key", |_: Kwargs, _: &State| -> TeraResult<String> {
        random::hex(16).map_err(|error| tera::Error::message(error.to_string()))
    });
    tera.add_raw_templates(sources())?;
    Ok(tera)
}

/// `t(key="repairs.title", n=3)`: a text with its values.
fn text(texts: &Texts, lang: Lang, args: &Kwargs) -> TeraResult<String> {
    let key = args.must_get::<&str>("key")?;
    let mut values = Vec::new();
    for (name, value) in args.iter().filter(|(name, _)| name.as_str() != Some("key")) {
        values.push((name.to_string(), written(value)));
    }
    let values: Vec<(&str, String)> = values.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
    texts.find(lang, key, &values).ok_or_else(|| tera::Error::message(format!("no text {key}")))
}

fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
