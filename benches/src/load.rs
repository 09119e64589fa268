//! The portal as a process of its own, and browsers that ask it as fast as it answers.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use domain::access::sessions::{self, NewSession, SessionKind};
use domain::access::{Actor, Role};
use domain::db::schema::{accounts, people, role_grants};
use domain::{AccountId, Clock, CommunityId, Db, PersonId, Store};
use test_support::Database;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::figures::{Result, at};

/// The binary that is measured, built beside this one.
pub(crate) fn binary() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let linli = here.parent().ok_or("no folder")?.join("linli");
    if linli.exists() {
        Ok(linli)
    } else {
        Err(format!("{} is not there: cargo build --release", linli.display()).into())
    }
}

/// A port that is free at this moment.
pub(crate) fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A process that ends with the value.
pub(crate) struct Ended(pub(crate) Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to be done about either failure.
        let _killed = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// `linli serve` on a database.
pub(crate) struct Portal {
    pub(crate) port: u16,
    pub(crate) process: Ended,
    answers: Arc<Mutex<Vec<Duration>>>,
}

impl Portal {
    pub(crate) fn start(database: &Database) -> Result<Self> {
        Self::start_with(database.url(), database.folder().to_owned(), "info", &["--no-worker"])
    }

    pub(crate) fn start_with(url: &str, data: PathBuf, log: &str, words: &[&str]) -> Result<Self> {
        Self::start_as(url, data, log, words, &[])
    }

    /// Waits for its first answer.
    pub(crate) fn start_as(
        url: &str,
        data: PathBuf,
        log: &str,
        words: &[&str],
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(binary()?);
        command.arg("serve").args(words).stdout(Stdio::null()).stderr(Stdio::piped());
        command.env("DATABASE_URL", url).env("LINLI_DATA_DIR", data).env("LINLI_LOG", log);
        command.env("LINLI_BACKUP_KEEP", "0").env("LINLI_BIND", format!("127.0.0.1:{port}"));
        command.envs(settings.iter().copied());
        let mut process = Ended(command.spawn()?);
        let answers = Arc::new(Mutex::new(Vec::new()));
        let log = process.0.stderr.take().ok_or("no log")?;
        let kept = Arc::clone(&answers);
        std::thread::spawn(move || read_log(BufReader::new(log), &kept));
        let portal = Self { port, process, answers };
        let patience = Instant::now() + Duration::from_secs(60);
        while portal.healthz().is_err() {
            if Instant::now() > patience {
                return Err("the portal does not answer".into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(portal)
    }

    fn healthz(&self) -> Result<usize> {
        ask_once(self.port, &request("/healthz", ""))
    }

    /// One page as who holds this cookie.
    pub(crate) fn get(&self, path: &str, cookie: &str) -> Result<usize> {
        ask_once(self.port, &request(path, cookie))
    }

    /// How long the last answer took at the server, as its log says.
    pub(crate) fn last_answer(&self) -> Result<Duration> {
        std::thread::sleep(Duration::from_millis(20));
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(*answers.last().ok_or("no answer is in the log")?)
    }
}

fn read_log(log: impl BufRead, answers: &Mutex<Vec<Duration>>) {
    for line in log.lines().map_while(std::result::Result::ok) {
        let Ok(line) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
        if let Some(micros) = line.get("fields").and_then(|f| f.get("micros")).and_then(|m| m.as_u64()) {
            answers.lock().unwrap_or_else(PoisonError::into_inner).push(Duration::from_micros(micros));
        }
    }
}

pub(crate) fn request(path: &str, cookie: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh\r\nCookie: linli-development={cookie}\r\n\r\n"
    )
}

fn ask_once(port: u16, request: &str) -> Result<usize> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let mut buffer = Vec::new();
        ask(&mut stream, request, &mut buffer).await
    })
}

/// Sends a request on an open connection and reads the whole answer; gives the size of its body.
async fn ask(stream: &mut TcpStream, request: &str, buffer: &mut Vec<u8>) -> Result<usize> {
    stream.write_all(request.as_bytes()).await?;
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the connection was closed".into());
        }
        let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(buffer.get(..end).unwrap_or_default())?;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(head.lines().next().unwrap_or_default().to_owned().into());
        }
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        let length = length.ok_or("no content-length")?;
        if buffer.len() >= end + 4 + length {
            return Ok(length);
        }
    }
}

/// What a load came to.
pub(crate) struct Load {
    pub(crate) per_second: f64,
    pub(crate) p99: Duration,
    pub(crate) bytes: usize,
}

/// `connections` browsers that ask one page for so long, each as soon as it has its answer.
pub(crate) fn load(port: u16, path: &str, cookie: &str, connections: usize, time: Duration) -> Result<Load> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let until = Instant::now() + time;
        let tasks: Vec<_> =
            (0..connections).map(|_| tokio::spawn(browse(port, request(path, cookie), until))).collect();
        let (mut waits, mut bytes) = (Vec::new(), 0);
        for task in tasks {
            let (mine, length) = task.await??;
            waits.extend(mine);
            bytes = length;
        }
        let count = f64::from(u32::try_from(waits.len())?);
        Ok(Load { per_second: count / time.as_secs_f64(), p99: at(&waits, 99)?, bytes })
    })
}

async fn browse(port: u16, request: String, until: Instant) -> Result<(Vec<Duration>, usize)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut waits, mut buffer, mut bytes) = (Vec::new(), Vec::new(), 0);
    while Instant::now() < until {
        let asked = Instant::now();
        bytes = ask(&mut stream, &request, &mut buffer).await?;
        waits.push(asked.elapsed());
    }
    Ok((waits, bytes))
}

/// A manager of a community who is signed in; gives the session's token.
pub(crate) fn manager(store: &Store, community: CommunityId) -> Result<String> {
    let now = Clock::system().real_now();
    let made = store.write_now(|tx| {
        let person: PersonId = diesel::insert_into(people::table)
            .values((people::community_id.eq(community), people::name.eq("经理"), people::created_at.eq(now)))
            .returning(people::id)
            .get_result(tx)?;
        let grant = (
            role_grants::community_id.eq(community),
            role_grants::person_id.eq(person),
            role_grants::role.eq(Role::Manager.as_str()),
            role_grants::starts_on.eq(domain::LocalDate::default()),
        );
        diesel::insert_into(role_grants::table).values(grant).execute(tx)?;
        session(tx, person)
    });
    Ok(made?)
}

/// Signs a person in; makes the account where there is none.
pub(crate) fn session(tx: &mut Db, person: PersonId) -> domain::Result<String> {
    let now = Clock::system().real_now();
    let held: Option<AccountId> =
        accounts::table.filter(accounts::person_id.eq(person)).select(accounts::id).first(tx).optional()?;
    let account = match held {
        Some(account) => account,
        None => diesel::insert_into(accounts::table)
            .values((
                accounts::person_id.eq(person),
                accounts::totp_secret.eq("JBSWY3DPEHPK3PXP"),
                accounts::totp_enrolled_at.eq(now),
                accounts::created_at.eq(now),
            ))
            .returning(accounts::id)
            .get_result(tx)?,
    };
    let new = NewSession { account, kind: SessionKind::Cookie, second_factor: true, agent: "bench".into() };
    let (token, _) = sessions::start(tx, &Actor::nobody(), &new, now)?;
    Ok(token)
}
