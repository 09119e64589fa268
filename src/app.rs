//! What every handler shares: the store, the clock, the settings, the rendered words, the key.

use std::path::Path;
use std::sync::Arc;

use channels::Channels;
use domain::access::{Vault, second_factor};
use domain::{Clock, Error, Result, Store, backup, installation, random};
use hmac::{Hmac, KeyInit, Mac};
use object_store::ObjectStore;
use sha2::Sha256;
use tokio::sync::Semaphore;

use crate::config::Config;
use crate::metrics::Requests;
use crate::pay;
use crate::views::Views;

/// The portal of this process.
pub(crate) struct App {
    /// The settings.
    pub(crate) config: Config,
    /// The database.
    pub(crate) store: Store,
    /// The portal's clock.
    pub(crate) clock: Clock,
    /// Templates and texts in both languages.
    pub(crate) views: Arc<Views>,
    /// What was answered, for who watches.
    pub(crate) requests: Requests,
    /// Where attachments lie.
    pub(crate) files: Arc<dyn ObjectStore>,
    /// With whom people can pay by themselves.
    pub(crate) channels: Channels,
    /// Seals what only this installation reads again.
    pub(crate) vault: Vault,
    key: Vec<u8>,
    hashing: Semaphore,
}

impl App {
    /// Opens the database and reads what the portal needs; the schema has to be there.
    pub(crate) fn open(config: Config) -> Result<Self> {
        let store = open_store(&config)?;
        let clock = clock(&config, &store)?;
        let key = secret_key(&config)?;
        let vault = Vault::of(&key)?;
        settle(&store, &vault)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let views = Arc::new(Views::load().map_err(Error::internal)?);
        let files = crate::worker::files(&config)?;
        let channels = pay::channels(&config, &store)?;
        let requests = Requests::default();
        let hashing = Semaphore::new(cores);
        Ok(Self { config, store, clock, views, requests, files, channels, vault, key, hashing })
    }

    /// Whether people reach the portal over plain HTTP, on this machine only: a development set-up.
    pub(crate) fn is_plain_http(&self) -> bool {
        self.config.web.base_url.starts_with("http://")
    }

    /// A seal over `text` that only this installation can make, for `purpose`.
    pub(crate) fn seal(&self, purpose: &str, text: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return String::new() };
        mac.update(purpose.as_bytes());
        mac.update(b"\n");
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// Whether `seal` is that of `text`, in a time that tells nothing.
    pub(crate) fn is_sealed(&self, purpose: &str, text: &str, seal: &str) -> bool {
        let right = self.seal(purpose, text);
        let differing = right.bytes().zip(seal.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
        !right.is_empty() && right.len() == seal.len() && differing == 0
    }

    /// Hashes or checks a password off the async threads, at most as many at once as there are cores.
    pub(crate) async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.hashing.acquire().await.map_err(Error::internal)?;
        let done = tokio::task::spawn_blocking(work).await.map_err(Error::internal)?;
        drop(permit);
        done
    }
}

/// Opens the database, making the folder of a SQLite file.
pub(crate) fn open_store(config: &Config) -> Result<Store> {
    std::fs::create_dir_all(&config.files.data_dir).map_err(|error| Error::Unavailable(error.into()))?;
    Store::open(&config.database.url)
}

/// Brings the schema up to date. A database that is in use already is backed up first (promise P12), into the
/// folder of backups; returns the versions that ran.
pub(crate) fn migrate(config: &Config, store: &Store) -> Result<Vec<String>> {
    let pending = store.pending_migrations()?;
    let in_use = !store.read_now(domain::db::rows::tables)?.is_empty();
    if let Some(newest) = pending.last().filter(|_| in_use) {
        let folder = &config.backups.folder;
        std::fs::create_dir_all(folder).map_err(|error| Error::Unavailable(error.into()))?;
        let file = folder.join(format!("before-{newest}.tar"));
        let files = crate::worker::files(config)?;
        let made = backup::make(store, files.as_ref(), &file, Clock::system().real_now());
        actix_web::rt::System::new().block_on(made)?;
        tracing::info!(file = %file.display(), "backed up before the upgrade");
    }
    store.migrate()
}

/// The machine's clock, or the one for rehearsals: only on a database made for them.
///
/// # Errors
/// The setting `LINLI_CLOCK` on any other database.
pub(crate) fn clock(config: &Config, store: &Store) -> Result<Clock> {
    let Some(set) = config.clock else { return Ok(Clock::system()) };
    if store.read_now(installation::is_sandbox)? {
        Ok(set)
    } else {
        Err(Error::field("LINLI_CLOCK", "setting_clock"))
    }
}

/// The vault under the installation's key.
pub(crate) fn vault(config: &Config) -> Result<Vault> {
    Vault::of(&secret_key(config)?)
}

/// Seals the secrets that an earlier version left open, and says where the key is another one now.
fn settle(store: &Store, vault: &Vault) -> Result<()> {
    if !store.pending_migrations()?.is_empty() {
        return Ok(());
    }
    if store.read_now(second_factor::any_open)? {
        let sealed = store.write_now(|tx| second_factor::seal_all(tx, vault))?;
        tracing::info!(sealed, "secrets of second factors were sealed");
    }
    let unreadable = store.read_now(|db| second_factor::unreadable(db, vault))?;
    if unreadable > 0 {
        tracing::error!(unreadable, "second factors were sealed under another key; see linli doctor");
    }
    Ok(())
}

fn secret_key(config: &Config) -> Result<Vec<u8>> {
    if let Some(key) = &config.secret_key {
        return if key.len() < 32 {
            Err(Error::field("LINLI_SECRET_KEY", "setting_secret"))
        } else {
            Ok(key.as_bytes().to_vec())
        };
    }
    let path = config.files.data_dir.join("secret.key");
    let kept = std::fs::read(&path).ok().filter(|key| key.len() >= 32);
    kept.map_or_else(|| make_key(&path), Ok)
}

/// Makes the key and keeps it readable by its owner only.
fn make_key(path: &Path) -> Result<Vec<u8>> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let key = random::hex(32)?.into_bytes();
    let opened = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    let written = opened.and_then(|mut file| file.write_all(&key).and_then(|()| file.sync_all()));
    written.map_err(|error| Error::Unavailable(error.into()))?;
    Ok(key)
}
