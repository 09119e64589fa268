//! A form as a browser would send it: what the page put into it, and what the person changed.

use reqwest::blocking::RequestBuilder;
use reqwest::blocking::multipart::{Form as Multipart, Part};
use scraper::ElementRef;

use super::page::selector;

/// A form to be filled and sent.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) action: String,
    method: String,
    multipart: bool,
    /// Every name that the form has, also of boxes that are not ticked.
    names: Vec<String>,
    fields: Vec<(String, String)>,
    files: Vec<File>,
}

#[derive(Debug, Clone)]
struct File {
    field: String,
    name: String,
    kind: String,
    content: Vec<u8>,
}

impl Form {
    pub(crate) fn read(form: ElementRef<'_>, page: &str) -> Self {
        let attribute = |name| form.attr(name).unwrap_or_default();
        let action = Some(attribute("action")).filter(|action| !action.is_empty()).unwrap_or(page);
        let mut read = Self {
            action: action.to_owned(),
            method: attribute("method").to_ascii_lowercase(),
            multipart: attribute("enctype") == "multipart/form-data",
            names: Vec::new(),
            fields: Vec::new(),
            files: Vec::new(),
        };
        for element in form.select(&selector("[name]:not([disabled])")) {
            read.names.push(element.attr("name").unwrap_or_default().to_owned());
            read.fields.extend(
                value(element).map(|value| (element.attr("name").unwrap_or_default().to_owned(), value)),
            );
        }
        read
    }

    pub(crate) fn is_get(&self) -> bool {
        self.method != "post"
    }

    /// Fills a field that the form has; ticks a box or picks an option by its value.
    #[track_caller]
    pub(crate) fn set(self, name: &str, value: &str) -> Self {
        self.clear(name).add(name, value)
    }

    /// One more value of a field that may have several.
    #[track_caller]
    pub(crate) fn add(mut self, name: &str, value: &str) -> Self {
        self.must_have(name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Empties a field or unticks a box.
    #[track_caller]
    pub(crate) fn clear(mut self, name: &str) -> Self {
        self.must_have(name);
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Attaches a file.
    #[track_caller]
    pub(crate) fn attach(mut self, field: &str, name: &str, kind: &str, content: &[u8]) -> Self {
        self.must_have(field);
        let (field, name, kind) = (field.to_owned(), name.to_owned(), kind.to_owned());
        self.files.push(File { field, name, kind, content: content.to_vec() });
        self
    }

    /// Puts something in that no browser would: for tests of what the server refuses.
    pub(crate) fn forge(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends it elsewhere than its page says: for tests of what the server refuses.
    pub(crate) fn to(mut self, action: &str) -> Self {
        action.clone_into(&mut self.action);
        self
    }

    /// What the form holds under a name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    fn must_have(&self, name: &str) {
        assert!(
            self.names.iter().any(|known| known == name),
            "the form has no {name:?}, only {:?}",
            self.names
        );
    }

    pub(crate) fn fill(self, request: RequestBuilder) -> RequestBuilder {
        if self.is_get() {
            return request.query(&self.fields);
        }
        if !self.multipart {
            return request.form(&self.fields);
        }
        let form =
            self.fields.into_iter().fold(Multipart::new(), |form, (name, value)| form.text(name, value));
        let form = self.files.into_iter().fold(form, |form, file| {
            let part = Part::bytes(file.content).file_name(file.name).mime_str(&file.kind).unwrap();
            form.part(file.field, part)
        });
        request.multipart(form)
    }
}

/// What a browser would send for this element, if anything.
fn value(element: ElementRef<'_>) -> Option<String> {
    let attribute = |name| element.attr(name).map(str::to_owned);
    match (element.value().name(), element.attr("type").unwrap_or_default()) {
        ("input", "submit" | "button" | "file" | "image" | "reset") | ("button", _) => None,
        ("input", "checkbox" | "radio") => {
            element.attr("checked").map(|_| attribute("value").unwrap_or_else(|| "on".to_owned()))
        }
        ("input", _) => Some(attribute("value").unwrap_or_default()),
        ("textarea", _) => Some(element.text().collect::<String>().trim_start_matches('\n').to_owned()),
        ("select", _) => chosen(element),
        _ => None,
    }
}

fn chosen(select: ElementRef<'_>) -> Option<String> {
    let marked = select.select(&selector("option[selected]")).next();
    let option = marked.or_else(|| select.select(&selector("option")).next())?;
    Some(
        option
            .attr("value")
            .map_or_else(|| option.text().collect::<String>().trim().to_owned(), str::to_owned),
    )
}
