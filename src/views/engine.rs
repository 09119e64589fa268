//! The two engines, one per language, with the templates and texts that are kept in the binary.

use std::sync::{Arc, OnceLock};

use rust_embed::RustEmbed;
use tera::{Context, Error, Kwargs, State, Tera, TeraResult, Value};

use super::{Shell, Texts, View, filters, fold, texts};
use crate::assets;
use crate::lang::Lang;

#[derive(RustEmbed)]
#[folder = "templates/"]
#[exclude = "texts/*"]
struct Templates;

/// Templates and texts in both languages.
pub(crate) struct Views {
    zh: Engine,
    en: Engine,
}

/// The texts of a language, and the templates with these texts in them once they are asked for: read, they take a
/// dozen megabytes, and many a community never sees the other language.
struct Engine {
    lang: Lang,
    texts: Arc<Texts>,
    tera: OnceLock<Tera>,
}

impl Views {
    /// Reads every text, and the templates in Chinese, so that what cannot be read is found at the start.
    ///
    /// # Errors
    /// Names the template or the text that is not understood.
    pub(crate) fn load() -> Result<Self, String> {
        let views = Self { zh: Engine::of(Lang::Zh)?, en: Engine::of(Lang::En)? };
        views.zh.tera()?;
        Ok(views)
    }

    /// A page, in the language of its shell.
    pub(crate) fn page<V: View>(&self, shell: &Shell, view: &V) -> domain::Result<String> {
        let context = page_context(shell, view).map_err(domain::Error::internal)?;
        let tera = self.engine(shell.lang).tera().map_err(domain::Error::internal)?;
        tera.render(V::TEMPLATE, &context).map_err(domain::Error::internal)
    }

    /// A template that is no page, such as a mail, with plain data.
    pub(crate) fn plain(
        &self,
        lang: Lang,
        template: &str,
        data: &serde_json::Value,
    ) -> domain::Result<String> {
        let context = Context::from_serialize(data).map_err(domain::Error::internal)?;
        let tera = self.engine(lang).tera().map_err(domain::Error::internal)?;
        tera.render(template, &context).map_err(domain::Error::internal)
    }

    /// The words of a language.
    pub(crate) fn texts(&self, lang: Lang) -> &Texts {
        &self.engine(lang).texts
    }

    fn engine(&self, lang: Lang) -> &Engine {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl Engine {
    fn of(lang: Lang) -> Result<Self, String> {
        Ok(Self { lang, texts: Arc::new(Texts::load(lang)?), tera: OnceLock::new() })
    }

    /// The templates; who asks first reads them.
    fn tera(&self) -> Result<&Tera, String> {
        if let Some(tera) = self.tera.get() {
            return Ok(tera);
        }
        let read = self.read()?;
        Ok(self.tera.get_or_init(|| read))
    }

    fn read(&self) -> Result<Tera, String> {
        let (lang, texts) = (self.lang, &self.texts);
        let mut tera = Tera::new();
        filters::register(&mut tera, lang);
        let words = Arc::clone(texts);
        tera.register_function("t", move |args: Kwargs, _: &State| translate(&words, &args));
        let words = Arc::clone(texts);
        tera.register_function("has_text", move |args: Kwargs, _: &State| {
            Ok::<_, Error>(words.get(args.must_get("key")?).is_some())
        });
        tera.register_function("asset", |args: Kwargs, _: &State| asset(&args));
        tera.global_context().insert("lang", lang.tag());
        let mut templates = sources();
        fold_constants(&mut templates, texts);
        tera.add_raw_templates(templates).map_err(|error| error.to_string())?;
        Ok(tera)
    }
}

fn sources() -> Vec<(String, String)> {
    let source = |name: std::borrow::Cow<'static, str>| {
        let file = Templates::get(&name)?;
        Some((name.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
    };
    Templates::iter().filter_map(source).collect()
}

/// Puts texts, addresses and icons that are always the same into the pages; letters are not escaped, and keep theirs.
fn fold_constants(templates: &mut [(String, String)], texts: &Texts) {
    let address = |path: &str| assets::exists(path).then(|| assets::address(path));
    for (_, source) in templates.iter_mut().filter(|(name, _)| is_page(name)) {
        *source = fold::calls(source, "t(key=\"", |key| texts.get(key).map(str::to_owned));
        *source = fold::calls(source, "asset(path=\"", address);
    }
    let Some(icon) = templates.iter().find_map(|(_, source)| icon(source)) else { return };
    for (_, source) in templates.iter_mut().filter(|(name, _)| is_page(name)) {
        *source = fold::icons(source, |name| icon.replace("{{ name }}", name));
    }
}

fn is_page(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension == "html")
}

/// What the component that prints an icon consists of.
fn icon(source: &str) -> Option<String> {
    let (_, component) = source.split_once("{% component icon(name: string) -%}")?;
    component.split_once("{%- endcomponent icon %}").map(|(body, _)| body.trim().to_owned())
}

fn page_context<V: View>(shell: &Shell, view: &V) -> TeraResult<Context> {
    let mut context = Context::from_serialize(view)?;
    context.insert("page", shell);
    context.insert("zone", &shell.zone);
    context.insert("today", &shell.today);
    Ok(context)
}

/// `t(key="login.title", name=person)`: values by name, or together as `args={…}`. A key that is missing
/// fails the page, so that a test finds it.
fn translate(words: &Texts, args: &Kwargs) -> TeraResult<String> {
    let key: &str = args.must_get("key")?;
    let text = words.get(key).ok_or_else(|| Error::message(format!("no text for `{key}`")))?;
    let more = args.get::<&Value>("args")?.cloned();
    Ok(texts::fill(text, |name| {
        let given = args.get::<&Value>(name).ok().flatten();
        let given = given.or_else(|| more.as_ref().and_then(|more| more.get_from_path(name)));
        given.map(ToString::to_string)
    }))
}

/// `asset(path="app.css")`: the address of a file below `static/`.
fn asset(args: &Kwargs) -> TeraResult<String> {
    let path: &str = args.must_get("path")?;
    if assets::exists(path) {
        Ok(assets::address(path))
    } else {
        Err(Error::message(format!("no file static/{path}")))
    }
}
