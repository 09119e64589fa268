//! A portal of a test's own: its database, its folder, its clock, its mail server, and the process that serves it.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::path::PathBuf;
use std::process::Child;
use std::time::Instant as Stopwatch;

use chrono::{DateTime, SecondsFormat, Utc};
use test_support::{Database, Kind, On, SmtpServer};

use super::cli::{self, Ran};
use super::community::{self, Codes, PASSWORD};
use super::server::Server;
use super::{Program, Visitor};

/// Sunday morning in the community of the examples.
pub(super) const START: &str = "2026-11-22T10:00:00+08:00";

/// The same for all, so that what one process signed another can read.
pub(super) const SECRET_KEY: &str = "a key for tests, long enough to be taken";

/// A running portal without a worker: the story says when work is done, see [`App::worker_once`].
pub(crate) struct App {
    // Dropped in this order: the server before its database.
    server: RefCell<Option<Server>>,
    clock: Cell<(DateTime<Utc>, Stopwatch)>,
    worker: Cell<bool>,
    codes: Codes,
    extra: RefCell<Vec<(&'static str, String)>>,
    /// Collects the portal's mails.
    pub(crate) smtp: SmtpServer,
    /// The database, with the data folder beside it.
    pub(crate) database: Database,
}

impl On for App {
    /// Migrated and empty, at ten on 22 November 2026.
    fn on(kind: Kind) -> Self {
        let app = Self::stopped(kind);
        app.start();
        app
    }
}

/// A portal that serves 锦绣花园, imported, with somebody in each role: see [`community::ROLES`].
pub(crate) struct Community(App);

impl On for Community {
    fn on(kind: Kind) -> Self {
        let app = App::with(community::database(kind));
        app.start();
        Self(app)
    }
}

impl Deref for Community {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

impl App {
    /// Like [`On::on`], but nothing serves yet.
    pub(crate) fn stopped(kind: Kind) -> Self {
        let database = Database::prepared(kind, "sandbox", |url| {
            cli::linli(&[("DATABASE_URL", url)], &["migrate", "--sandbox"], "").ok();
        });
        Self::with(database)
    }

    /// The worker runs beside the web from the next start on.
    pub(crate) fn with_worker(&self) {
        self.worker.set(true);
    }

    /// A portal on a database that somebody prepared.
    pub(crate) fn with(database: Database) -> Self {
        let clock = Cell::new((parse(START), Stopwatch::now()));
        let (worker, codes) = (Cell::new(false), Codes::default());
        let extra = RefCell::default();
        Self { server: RefCell::new(None), clock, worker, codes, extra, smtp: SmtpServer::start(), database }
    }

    /// Sets one more setting, from the next start or command on.
    pub(crate) fn set(&self, name: &'static str, value: impl Into<String>) {
        self.extra.borrow_mut().push((name, value.into()));
    }

    /// Serves, at the same address after a stop.
    pub(crate) fn start(&self) {
        let words = ["serve", if self.worker.get() { "--with-worker" } else { "--no-worker" }];
        let mut server = self.server.borrow_mut();
        match server.as_mut() {
            None => *server = Some(Server::start(&words, |port| self.settings(Some(port)))),
            Some(server) => server.restart(&words, |port| self.settings(Some(port))),
        }
    }

    /// Asks the server to end (SIGTERM) and waits until it has.
    pub(crate) fn stop(&self) {
        self.with_server(Server::stop);
    }

    /// `kill -9`.
    pub(crate) fn kill(&self) {
        self.with_server(Server::kill);
    }

    /// Ends the server and starts it again.
    pub(crate) fn restart(&self) {
        self.stop();
        self.start();
    }

    fn with_server(&self, act: impl FnOnce(&mut Server)) {
        act(self.server.borrow_mut().as_mut().expect("the portal was started"));
    }

    /// Sets the portal's clock to an instant (`2026-12-01T00:31:00+08:00`), from which it runs on.
    pub(crate) fn clock_to(&self, instant: &str) {
        let running = self.server.borrow().is_some();
        if running {
            self.stop();
        }
        self.clock.set((parse(instant), Stopwatch::now()));
        if running {
            self.start();
        }
    }

    /// The portal's present instant, RFC 3339.
    pub(crate) fn now(&self) -> String {
        let (set, since) = self.clock.get();
        let passed = chrono::Duration::from_std(since.elapsed()).expect("a test is short");
        (set + passed).to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// Does everything that is due now, and says what.
    pub(crate) fn worker_once(&self) -> Ran {
        self.linli(&["worker", "--once"]).ok()
    }

    /// Runs a command of the portal on this database.
    pub(crate) fn linli(&self, words: &[&str]) -> Ran {
        self.linli_with(words, "")
    }

    /// Runs a command with something on its standard input.
    pub(crate) fn linli_with(&self, words: &[&str], input: &str) -> Ran {
        let settings = self.settings(None);
        let settings: Vec<(&str, &str)> =
            settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        cli::linli(&settings, words, input)
    }

    /// Starts a command of the portal on this database, to be killed or waited for.
    pub(crate) fn spawn(&self, words: &[&str]) -> Child {
        let settings = self.settings(None);
        let settings: Vec<(&str, &str)> =
            settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        cli::spawn(&settings, words)
    }

    /// The portal's address.
    pub(crate) fn url(&self) -> String {
        self.server.borrow().as_ref().expect("the portal was started").url()
    }

    /// Somebody with a browser who is not signed in.
    pub(crate) fn anon(&self) -> Visitor {
        Visitor::new(self.url())
    }

    /// Who holds a role in the [`Community`](super::Community), signed in with a browser.
    #[track_caller]
    pub(crate) fn visitor(&self, role: &str) -> Visitor {
        let visitor = self.anon();
        visitor.sign_in(role, PASSWORD, || self.codes.next(role));
        visitor
    }

    /// Who holds a role in the [`Community`](super::Community), with a token for the API.
    #[track_caller]
    pub(crate) fn api(&self, role: &str) -> Program {
        match self.codes.next(role) {
            Some(code) => self.program().sign_in_with(role, PASSWORD, &code),
            None => self.program().sign_in(role, PASSWORD),
        }
    }

    /// The next code of a role's second factor.
    #[track_caller]
    pub(crate) fn next_code(&self, role: &str) -> String {
        self.codes.next(role).expect("the role has a second factor")
    }

    /// A program without a token.
    pub(crate) fn program(&self) -> Program {
        Program::new(self.url())
    }

    /// What the server wrote to its log so far.
    pub(crate) fn log(&self) -> String {
        self.server.borrow().as_ref().map(Server::log).unwrap_or_default()
    }

    /// A file of the test's own.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.database.folder().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn settings(&self, port: Option<u16>) -> Vec<(&'static str, String)> {
        let mut settings = vec![
            ("DATABASE_URL", self.database.url().to_owned()),
            ("LINLI_DATA_DIR", self.database.folder().display().to_string()),
            ("LINLI_CLOCK", self.now()),
            ("SMTP_URL", self.smtp.url()),
            ("LINLI_MAIL_FROM", "office@example.org".to_owned()),
            ("LINLI_SECRET_KEY", SECRET_KEY.to_owned()),
            // A backup each night that a story lets pass is a story of its own.
            ("LINLI_BACKUP_KEEP", "0".to_owned()),
        ];
        if let Some(port) = port {
            settings.push(("LINLI_BIND", format!("127.0.0.1:{port}")));
            settings.push(("LINLI_BASE_URL", format!("http://127.0.0.1:{port}")));
        }
        settings.extend(self.extra.borrow().iter().cloned());
        settings
    }
}

fn parse(instant: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(instant).expect("an instant like 2026-11-22T10:00:00+08:00").to_utc()
}
