//! The process that serves: started on a free port, ended kindly or not, its log kept.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use super::cli;

type Settings = Vec<(&'static str, String)>;

pub(crate) struct Server {
    port: u16,
    child: Child,
    log: tempfile::NamedTempFile,
}

impl Server {
    /// Starts on a free port; another test may take that port first, then on another.
    pub(crate) fn start(words: &[&str], settings: impl Fn(u16) -> Settings) -> Self {
        for _ in 0..5 {
            let port = free_port();
            let log = tempfile::NamedTempFile::new().unwrap();
            let mut server = Self { port, child: spawn(words, &settings(port), &log), log };
            if server.answers() {
                return server;
            }
        }
        panic!("no port stayed free");
    }

    /// Starts again on the same port, after it was ended.
    pub(crate) fn restart(&mut self, words: &[&str], settings: impl Fn(u16) -> Settings) {
        self.kill();
        self.child = spawn(words, &settings(self.port), &self.log);
        assert!(self.answers(), "the port is still ours");
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap_or_default()
    }

    /// SIGTERM; the server must end cleanly within its time limit.
    pub(crate) fn stop(&mut self) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill");
        assert!(told.success());
        let patience = Instant::now() + Duration::from_secs(40);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < patience, "SIGTERM did not end the server:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
        let status = self.child.wait().unwrap();
        assert!(status.success(), "the server ended with {status}:\n{}", self.log());
    }

    /// `kill -9`; nothing to do when it has ended.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until it answers; false when its port was taken meanwhile.
    fn answers(&mut self) -> bool {
        let patience = Instant::now() + Duration::from_secs(30);
        while Instant::now() < patience {
            if let Some(status) = self.child.try_wait().unwrap() {
                let log = self.log();
                assert!(log.contains("in use"), "the server ended at once with {status}:\n{log}");
                return false;
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() && self.is_healthy() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(15));
        }
        panic!("the server did not answer within 30 s:\n{}", self.log());
    }

    fn is_healthy(&self) -> bool {
        reqwest::blocking::get(format!("{}/healthz", self.url()))
            .is_ok_and(|answer| answer.status().is_success())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(30).collect();
            eprintln!(
                "--- the server's last lines\n{}",
                tail.into_iter().rev().collect::<Vec<_>>().join("\n")
            );
        }
    }
}

/// A port below those that the kernel hands out, so that nobody gets it while a server is down.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = std::process::id() % 4_000 * 4;
    loop {
        let offset = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = u16::try_from(15_000 + (first + offset) % 16_000).expect("a port");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn spawn(words: &[&str], settings: &Settings, log: &tempfile::NamedTempFile) -> Child {
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let file = std::fs::OpenOptions::new().append(true).open(log.path()).unwrap();
    let mut serve = cli::command(&settings);
    serve.args(words).stdin(Stdio::null());
    serve.stdout(file.try_clone().unwrap()).stderr(file).spawn().expect("linli starts")
}
