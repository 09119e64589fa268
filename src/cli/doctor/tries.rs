//! What only trying tells: a word with the mail server, a small file in the storage.

use domain::{Error, attachments};
use jobs::Unusable;

use super::Finding;
use crate::config::Config;
use crate::{pay, worker};

/// Writes, reads and deletes a small file.
pub(super) async fn storage(config: &Config) -> Finding {
    let what = "storage";
    let files = match worker::files(config) {
        Ok(files) => files,
        Err(error) => return (what, told(&error), Some("storage")),
    };
    match attachments::try_out(files.as_ref()).await {
        Ok(()) => (what, format!("{files}: written, read and deleted"), None),
        Err(error) => (what, format!("{files}: {}", told(&error)), Some("storage")),
    }
}

/// Speaks with the mail server as before a mail, and sends none.
pub(super) async fn mail(config: &Config) -> Finding {
    let what = "mail";
    // Without the user and the password.
    let server = match &config.mail.smtp_url {
        Some(url) => url.rsplit('@').next().unwrap_or_default(),
        None => return (what, config.files.data_dir.join("mail").display().to_string(), Some("mail")),
    };
    let mailer = match worker::mailer(config) {
        Ok(mailer) => mailer,
        Err(error) => return (what, told(&error), Some("smtp")),
    };
    match mailer.try_out().await {
        Ok(encrypted) => {
            (what, format!("{server} answers, {}", if encrypted { "with TLS" } else { "without TLS" }), None)
        }
        Err(error @ Unusable::Unreachable(_)) => {
            (what, format!("{server} {error}"), Some("smtp_unreachable"))
        }
        Err(error @ Unusable::Refusing(_)) => (what, format!("{server} {error}"), Some("smtp_refused")),
    }
}

/// Asks each provider for an order that is not there: who says so knows our keys, and we theirs.
pub(super) async fn payments(config: &Config) -> Finding {
    let what = "payments";
    let providers = match pay::providers(config) {
        Ok(providers) => providers,
        Err(error) => return (what, told(&error), Some("pay_keys")),
    };
    for provider in &providers {
        if let Err(fault) = provider.look("LINLIDOCTOR").await {
            return (what, format!("{}: {fault}", provider.code()), Some("pay_provider"));
        }
    }
    let names: Vec<_> = providers.iter().map(|provider| provider.code()).collect();
    if names.is_empty() {
        return (what, "none is set up".to_owned(), None);
    }
    (what, format!("{} know our keys", names.join(", ")), None)
}

/// An error with its cause, as whoever runs the command has to know it.
fn told(error: &Error) -> String {
    match error {
        Error::Unavailable(cause) | Error::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
