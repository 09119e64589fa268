//! What is inside the binary: templates, texts and static files. A static file's address carries its
//! hash, so that browsers may keep it for ever.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

/// Tera templates and the texts of both languages.
#[derive(RustEmbed)]
#[folder = "templates/"]
pub(crate) struct Templates;

/// Styles, scripts, icons.
#[derive(RustEmbed)]
#[folder = "static/"]
pub(crate) struct Static;

/// The first hexadecimal digits of each static file's SHA-256, by path.
static HASHES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let hash = |path: &str| Static::get(path).map(|file| hex::encode(file.metadata.sha256_hash()));
    let short = |path: String| hash(&path).and_then(|h| h.get(..12).map(str::to_owned)).map(|h| (path, h));
    Static::iter().map(|path| path.into_owned()).filter_map(short).collect()
});

/// The address of a static file: `/static/<hash>/<path>`. None where there is no such file.
pub(crate) fn address(path: &str) -> Option<String> {
    HASHES.get(path).map(|hash| format!("/static/{hash}/{path}"))
}

/// The file behind an address, if its hash is the present one.
pub(crate) fn find(hash: &str, path: &str) -> Option<rust_embed::EmbeddedFile> {
    (HASHES.get(path).map(String::as_str) == Some(hash)).then(|| Static::get(path)).flatten()
}
