//! What only trying tells: a word with the mail server, a small file in the storage.

use domain::attachments;
use jobs::Unusable;

use super::Finding;
use crate::config::Config;
use crate::{pay, worker};

/// Everything that can be tried.
pub(crate) async fn all(config: &Config) -> [Finding; 3] {
    [storage(config).await, mail(config).await, payments(config).await]
}

/// Writes, reads and deletes a small file.
async fn storage(config: &Config) -> Finding {
    let what = "storage";
    let files = match worker::files(config) {
        Ok(files) => files,
        Err(error) => return Finding::fault(what, &error, "storage"),
    };
    match attachments::try_out(files.as_ref()).await {
        Ok(()) => {
            let folder = config.files.data_dir.join("files").display().to_string();
            let place = config.files.storage_url.as_ref().unwrap_or(&folder);
            Finding::of(what, "storage", &[("place", place)])
        }
        Err(error) => Finding::fault(what, &error, "storage"),
    }
}

/// Speaks with the mail server as before a mail, and sends none.
async fn mail(config: &Config) -> Finding {
    let what = "mail";
    // Without the user and the password.
    let server = match &config.mail.smtp_url {
        Some(url) => url.rsplit('@').next().unwrap_or_default(),
        None => {
            let folder = config.files.data_dir.join("mail");
            return Finding::of(what, "folder", &[("folder", &folder.display())]).advised("mail");
        }
    };
    let mailer = match worker::mailer(config) {
        Ok(mailer) => mailer,
        Err(error) => return Finding::fault(what, &error, "smtp"),
    };
    match mailer.try_out().await {
        Ok(true) => Finding::of(what, "mail_encrypted", &[("server", &server)]),
        Ok(false) => Finding::of(what, "mail_open", &[("server", &server)]),
        Err(error) => {
            let advice = match &error {
                Unusable::Unreachable(_) => "smtp_unreachable",
                Unusable::Refusing(_) => "smtp_refused",
            };
            Finding::of(what, "mail_fault", &[("server", &server), ("cause", &error)]).advised(advice)
        }
    }
}

/// Asks each provider for an order that is not there: who says so knows our keys, and we theirs.
async fn payments(config: &Config) -> Finding {
    let what = "payments";
    let providers = match pay::providers(config) {
        Ok(providers) => providers,
        Err(error) => return Finding::fault(what, &error, "pay_keys"),
    };
    for provider in &providers {
        if let Err(fault) = provider.look("LINLIDOCTOR").await {
            return Finding::of(what, "payments_fault", &[("provider", &provider.code()), ("cause", &fault)])
                .advised("pay_provider");
        }
    }
    let names: Vec<_> = providers.iter().map(|provider| provider.code()).collect();
    if names.is_empty() {
        return Finding::of(what, "payments_none", &[]);
    }
    Finding::of(what, "payments", &[("providers", &names.join(", "))])
}
