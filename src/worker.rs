//! The worker's half of this process: what its jobs need from the binary, which holds the templates, the
//! settings of mail and the place of files.

use std::sync::Arc;

use domain::error::Cause;
use domain::{Error, Result};
use jobs::{Mailer, Renderer};
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use serde_json::Value;

use crate::app::App;
use crate::config::Config;
use crate::lang::Lang;
use crate::views::{Views, notice};

/// The worker of an open portal.
///
/// # Errors
/// A mail server's address that is none, a folder that cannot be made.
pub(crate) fn of(app: &App) -> Result<jobs::App> {
    let config = &app.config;
    let listen = config.database.listen_url.as_deref().unwrap_or(&config.database.url);
    let mut jobs = jobs::App::new(
        app.store.clone(),
        app.clock,
        Arc::new(Words(Arc::clone(&app.views))),
        mailer(config)?,
        files(config)?,
        app.vault.clone(),
        (&config.web.base_url, listen),
    );
    jobs.channels = app.channels.clone();
    Ok(jobs)
}

/// The same, with a backup each night where the settings want one.
pub(crate) fn nightly(app: &App) -> Result<jobs::App> {
    let mut jobs = of(app)?;
    let wanted = &app.config.backups;
    jobs.backups =
        (wanted.keep > 0).then(|| jobs::Backups { folder: wanted.folder.clone(), keep: wanted.keep });
    Ok(jobs)
}

/// The way out for mails: the server of `SMTP_URL`, else files in the data folder.
pub(crate) fn mailer(config: &Config) -> Result<Mailer> {
    let from = &config.mail.from;
    let made = match &config.mail.smtp_url {
        Some(url) => Mailer::smtp(url, from),
        None => Mailer::folder(config.files.data_dir.join("mail"), from),
    };
    made.map_err(Error::internal)
}

/// Where attachments lie.
pub(crate) fn files(config: &Config) -> Result<Arc<dyn ObjectStore>> {
    let folder = match config.files.storage_url.as_deref() {
        None => config.files.data_dir.join("files"),
        Some(url) => url
            .strip_prefix("file:")
            .map(Into::into)
            .ok_or_else(|| Error::field("LINLI_STORAGE_URL", "setting"))?,
    };
    std::fs::create_dir_all(&folder).map_err(|error| Error::Unavailable(error.into()))?;
    Ok(Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(Error::internal)?))
}

/// Makes the texts of mails from the binary's templates.
struct Words(Arc<Views>);

impl Renderer for Words {
    fn render(&self, name: &str, language: &str, data: &Value) -> Result<String, Cause> {
        let lang = if language == "en" { Lang::En } else { Lang::Zh };
        let mut data = data.clone();
        let code = data.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
        let args = data.get("args").cloned().unwrap_or(Value::Null);
        let texts = self.0.texts(lang);
        if let Some(data) = data.as_object_mut() {
            data.insert("subject".to_owned(), notice::subject(texts, &code, &args).into());
            data.insert("text".to_owned(), notice::text(texts, &code, &args).into());
        }
        Ok(self.0.plain(lang, name, &data)?)
    }
}
