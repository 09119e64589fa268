//! What every handler is given.

use std::path::PathBuf;
use std::sync::Arc;

use channels::Channels;
use domain::access::Vault;
use domain::error::Cause;
use domain::{Clock, Store};
use object_store::ObjectStore;
use serde_json::Value;

use crate::deliver::Letters;
use crate::{Handler, Mailer, Recheck, Schedule, calendar};

/// Turns a template and its data into text; templates live with the binary.
pub trait Renderer: Send + Sync {
    /// Renders the template of this name in a language (`zh`, `en`).
    fn render(&self, name: &str, language: &str, data: &Value) -> Result<String, Cause>;
}

/// Where nightly backups go, and how many are kept.
#[derive(Debug, Clone)]
pub struct Backups {
    /// The folder; made where it is not there.
    pub folder: PathBuf,
    /// How many are kept, the newest.
    pub keep: usize,
}

/// What every handler is given; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The portal's clock.
    pub clock: Clock,
    /// Makes the texts of mails.
    pub renderer: Arc<dyn Renderer>,
    /// Sends mails.
    pub mailer: Mailer,
    /// Where attachments lie.
    pub files: Arc<dyn ObjectStore>,
    /// Opens what waits sealed for its mail.
    pub vault: Vault,
    /// Backups each night; none where somebody else makes them.
    pub backups: Option<Backups>,
    /// Who is asked where people pay by themselves; none where nobody set one up.
    pub channels: Channels,
    /// The address that links in mails begin with, without a slash at its end.
    pub public_url: String,
    /// The database's URL for a connection of its own that listens for what other processes enqueue.
    pub listen_url: String,
    /// How many jobs are run at once.
    pub concurrency: usize,
    /// What does the jobs of events; [`calendar::HANDLERS`].
    pub handlers: &'static [Handler],
    /// What the calendar asks for; [`calendar::SCHEDULES`].
    pub schedules: &'static [Schedule],
    /// What is asked again before a notification goes out; [`calendar::RECHECKS`].
    pub rechecks: &'static [Recheck],
    /// The mails that are under way.
    pub letters: Arc<Letters>,
}

impl App {
    /// The portal's worker as it is: every handler, every schedule. A hundred and more jobs at once, as most wait for a
    /// mail server or for a commit that they share: the more wait together, the fewer commits they cost. The database
    /// lets in as many as it can take.
    pub fn new(
        store: Store,
        clock: Clock,
        renderer: Arc<dyn Renderer>,
        mailer: Mailer,
        files: Arc<dyn ObjectStore>,
        vault: Vault,
        (public_url, listen_url): (&str, &str),
    ) -> Self {
        Self {
            store,
            clock,
            renderer,
            mailer,
            files,
            vault,
            backups: None,
            channels: Channels::default(),
            public_url: public_url.trim_end_matches('/').to_owned(),
            listen_url: listen_url.to_owned(),
            concurrency: 128,
            handlers: calendar::HANDLERS,
            schedules: calendar::SCHEDULES,
            rechecks: calendar::RECHECKS,
            letters: Arc::default(),
        }
    }
}
