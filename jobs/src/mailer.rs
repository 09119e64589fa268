//! The way out for mails: an SMTP server, or a folder of `.eml` files where none is configured.

use std::path::PathBuf;
use std::sync::Arc;

use domain::{Error, Result};
use lettre::message::Mailbox;

use crate::letter::Letter;
use crate::smtp::Smtp;

/// Why a mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The address does not exist, says its server, and will not.
    #[error("the address was refused: {0}")]
    Address(String),
    /// This mail is not wanted and a repetition would not be either.
    #[error("the mail was refused: {0}")]
    Refused(String),
    /// It may work later.
    #[error("not sent: {0}")]
    Passing(String),
}

/// Why a mail server that was tried is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Nobody answers at its address.
    #[error("not reached: {0}")]
    Unreachable(String),
    /// It answers and does not take us: the password, the encryption, its own standing.
    #[error("refused: {0}")]
    Refusing(String),
}

/// Sends mails from one address.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(Arc<Smtp>),
    Folder(PathBuf),
}

impl Mailer {
    /// Through the server of `url`: `smtps://user:password@host`, or `smtp://host:port` with STARTTLS where
    /// it is offered (`?tls=required`, `?tls=none`).
    ///
    /// # Errors
    /// A URL or a sender that cannot be read.
    pub fn smtp(url: &str, from: &str) -> Result<Self> {
        let way = Way::Smtp(Arc::new(Smtp::parse(url)?));
        Ok(Self { from: sender(from)?, way })
    }

    /// Into a folder, one `.eml` a mail; made when the first is written.
    ///
    /// # Errors
    /// A sender that cannot be read.
    pub fn folder(folder: impl Into<PathBuf>, from: &str) -> Result<Self> {
        Ok(Self { from: sender(from)?, way: Way::Folder(folder.into()) })
    }

    /// Tries the way without sending anything, for some seconds at most. Says whether it is an encrypted one; a
    /// folder is none.
    ///
    /// # Errors
    /// Why the server is of no use.
    pub async fn try_out(&self) -> Result<bool, Unusable> {
        match &self.way {
            Way::Smtp(smtp) => smtp.try_out().await,
            Way::Folder(_) => Ok(false),
        }
    }

    /// Sends a letter once; whether to repeat it is for the caller to say.
    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let message = letter.message(&self.from)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(message.envelope(), &message.formatted()).await,
            Way::Folder(folder) => {
                let (folder, name) = (folder.clone(), format!("{}.eml", letter.id));
                let written =
                    tokio::task::spawn_blocking(move || write(&folder, &name, &message.formatted()));
                written.await.map_err(passing)?.map_err(passing)
            }
        }
    }
}

fn sender(from: &str) -> Result<Mailbox> {
    from.parse().map_err(|error| Error::internal(format!("the sender {from:?} is no mail address: {error}")))
}

fn passing(error: impl std::fmt::Display) -> MailError {
    MailError::Passing(error.to_string())
}

/// A whole file or none; the same letter again replaces itself.
fn write(folder: &PathBuf, name: &str, mail: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{name}"));
    std::fs::write(&unfinished, mail)?;
    std::fs::rename(unfinished, folder.join(name))
}
