//! A portal of a test's own: its database, its folder, its clock, its mail server, and the process that serves it.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::time::Instant as Stopwatch;

use chrono::{DateTime, SecondsFormat, Utc};
use test_support::{Database, Kind, On, SmtpServer};

use super::cli::{self, Ran};
use super::server::Server;
use super::{Program, Visitor};

/// Sunday morning in the community of the examples.
const START: &str = "2026-11-22T10:00:00+08:00";

/// A running portal without a worker: the story says when work is done, see [`App::worker_once`].
pub(crate) struct App {
    // Dropped in this order: the server before its database.
    server: RefCell<Option<Server>>,
    clock: Cell<(DateTime<Utc>, Stopwatch)>,
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

impl App {
    /// Like [`On::on`], but nothing serves yet.
    pub(crate) fn stopped(kind: Kind) -> Self {
        let database = Database::prepared(kind, "sandbox", |url| {
            cli::linli(&[("DATABASE_URL", url)], &["migrate", "--sandbox"], "").ok();
        });
        Self::with(database)
    }

    /// A portal on a database that somebody prepared.
    pub(crate) fn with(database: Database) -> Self {
        let clock = Cell::new((parse(START), Stopwatch::now()));
        Self { server: RefCell::new(None), clock, smtp: SmtpServer::start(), database }
    }

    /// Serves, at the same address after a stop.
    pub(crate) fn start(&self) {
        let mut server = self.server.borrow_mut();
        match server.as_mut() {
            None => *server = Some(Server::start(|port| self.settings(Some(port)))),
            Some(server) => server.restart(|port| self.settings(Some(port))),
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

    /// The portal's address.
    pub(crate) fn url(&self) -> String {
        self.server.borrow().as_ref().expect("the portal was started").url()
    }

    /// Somebody with a browser who is not signed in.
    pub(crate) fn anon(&self) -> Visitor {
        Visitor::new(self.url())
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
        ];
        if let Some(port) = port {
            settings.push(("LINLI_BIND", format!("127.0.0.1:{port}")));
            settings.push(("LINLI_BASE_URL", format!("http://127.0.0.1:{port}")));
        }
        settings
    }
}

fn parse(instant: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(instant).expect("an instant like 2026-11-22T10:00:00+08:00").to_utc()
}
