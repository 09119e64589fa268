//! A real, small SMTP server on 127.0.0.1 that collects mails, and that fails in the ways that real ones do.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use crate::mail::Mail;

/// How a session goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Takes the connection and never says a word.
    Hang,
    /// Closes the connection at once.
    Close,
    /// Greets with this code instead of 220, e.g. 421.
    Greeting(u16),
    /// Answers this code to `RCPT`: 450 try later, 550 no such user.
    Recipient(u16),
    /// Closes the connection when `DATA` comes.
    DropBeforeData,
    /// Takes the whole mail and closes the connection without an answer: the sender cannot know.
    DropAfterDot,
    /// Takes the whole mail and answers this code, e.g. 452 or 554; the mail is not kept.
    AfterDot(u16),
}

/// The server. It ends when it is dropped.
pub struct SmtpServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    mails: Vec<Mail>,
    next: VecDeque<Option<Fault>>,
    always: Option<Fault>,
    sessions: usize,
    closing: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl SmtpServer {
    /// Listens on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let shared = Arc::new(Shared::default());
        let thread = accept(listener, shared.clone());
        Self { address, shared, listener: Mutex::new(Some(thread)) }
    }

    /// Its address, as `SMTP_URL` has it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The mails taken so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.lock().mails.clone()
    }

    /// How many mails were taken.
    pub fn count(&self) -> usize {
        self.shared.lock().mails.len()
    }

    /// The mails to one address.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect()
    }

    /// Takes the mails away, so that the next look sees only newer ones.
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.shared.lock().mails)
    }

    /// Blocks until there are `count` mails, at most 20 s.
    pub fn wait_for(&self, count: usize) -> Vec<Mail> {
        let patience = Instant::now() + Duration::from_secs(20);
        while self.mails().len() < count {
            assert!(Instant::now() < patience, "{} mails came, {count} were expected", self.mails().len());
            sleep(Duration::from_millis(10));
        }
        self.mails()
    }

    /// The sessions that come next go like this, one each; `None` is a good one.
    pub fn next(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.shared.lock().next.extend(faults);
    }

    /// Every session goes like this from now on, unless [`next`](Self::next) says otherwise.
    pub fn always(&self, fault: Option<Fault>) {
        self.shared.lock().always = fault;
    }

    /// How many sessions there were, good and bad.
    pub fn sessions(&self) -> usize {
        self.shared.lock().sessions
    }

    /// Stops listening: the port refuses connections until [`listen`](Self::listen).
    pub fn refuse(&self) {
        let Some(thread) = self.thread().take() else {
            return;
        };
        self.shared.lock().closing = true;
        // Wakes the thread from its `accept`.
        let _ = TcpStream::connect(self.address);
        let _ = thread.join();
    }

    /// Listens again on the same port.
    pub fn listen(&self) {
        let mut thread = self.thread();
        if thread.is_none() {
            self.shared.lock().closing = false;
            let listener = TcpListener::bind(self.address).expect("its port is still free");
            *thread = Some(accept(listener, self.shared.clone()));
        }
    }

    fn thread(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.listener.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.refuse();
    }
}

fn accept(listener: TcpListener, shared: Arc<Shared>) -> JoinHandle<()> {
    spawn(move || {
        for stream in listener.incoming().flatten() {
            let fault = {
                let mut state = shared.lock();
                if state.closing {
                    return;
                }
                state.sessions += 1;
                state.next.pop_front().unwrap_or(state.always)
            };
            let shared = shared.clone();
            spawn(move || serve(stream, fault, &shared));
        }
    })
}

/// Plays one session; an error means that the client left, which is its right.
fn serve(stream: TcpStream, fault: Option<Fault>, shared: &Shared) {
    let _ = match fault {
        Some(Fault::Close) => Ok(()),
        Some(Fault::Hang) => wait_until_gone(stream),
        _ => Session::talk(stream, fault, shared),
    };
}

fn wait_until_gone(mut stream: TcpStream) -> std::io::Result<()> {
    let mut ignored = [0; 1024];
    while stream.read(&mut ignored)? > 0 {}
    Ok(())
}

struct Session {
    reader: BufReader<TcpStream>,
    from: String,
    to: Vec<String>,
}

impl Session {
    fn talk(stream: TcpStream, fault: Option<Fault>, shared: &Shared) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut session = Self { reader: BufReader::new(stream), from: String::new(), to: Vec::new() };
        if let Some(Fault::Greeting(code)) = fault {
            return session.say(code, "not now");
        }
        session.say(220, "test mail server")?;
        while let Some(line) = session.line()? {
            if !session.answer(&line, fault, shared)? {
                break;
            }
        }
        Ok(())
    }

    /// Answers one command; false ends the session.
    fn answer(&mut self, line: &str, fault: Option<Fault>, shared: &Shared) -> std::io::Result<bool> {
        let verb = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => self.write("250-test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN\r\n")?,
            "HELO" | "RSET" | "NOOP" => self.say(250, "ok")?,
            "AUTH" => self.say(235, "welcome")?,
            "MAIL" => {
                self.from = address(line);
                self.to.clear();
                self.say(250, "ok")?;
            }
            "RCPT" => self.recipient(line, fault)?,
            "DATA" => return self.data(fault, shared),
            "QUIT" => {
                self.say(221, "bye")?;
                return Ok(false);
            }
            _ => self.say(502, "unknown command")?,
        }
        Ok(true)
    }

    fn recipient(&mut self, line: &str, fault: Option<Fault>) -> std::io::Result<()> {
        if let Some(Fault::Recipient(code)) = fault {
            return self.say(code, "not this one");
        }
        self.to.push(address(line));
        self.say(250, "ok")
    }

    fn data(&mut self, fault: Option<Fault>, shared: &Shared) -> std::io::Result<bool> {
        if fault == Some(Fault::DropBeforeData) {
            return Ok(false);
        }
        self.say(354, "end with a dot")?;
        let raw = self.message()?;
        if let Some(Fault::AfterDot(code)) = fault {
            self.say(code, "not taken")?;
            return Ok(true);
        }
        let mail = Mail::parse(self.from.clone(), std::mem::take(&mut self.to), raw);
        shared.lock().mails.push(mail);
        if fault == Some(Fault::DropAfterDot) {
            return Ok(false);
        }
        self.say(250, "taken")?;
        Ok(true)
    }

    fn message(&mut self) -> std::io::Result<Vec<u8>> {
        let mut raw = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.reader.read_until(b'\n', &mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            match line.as_slice() {
                b".\r\n" => return Ok(raw),
                [b'.', rest @ ..] => raw.extend_from_slice(rest),
                whole => raw.extend_from_slice(whole),
            }
        }
    }

    fn line(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim_end().to_owned()))
    }

    fn say(&mut self, code: u16, text: &str) -> std::io::Result<()> {
        self.write(&format!("{code} {text}\r\n"))
    }

    fn write(&mut self, answer: &str) -> std::io::Result<()> {
        self.reader.get_mut().write_all(answer.as_bytes())
    }
}

/// What stands between the angle brackets of `MAIL FROM:<…>` and `RCPT TO:<…>`.
fn address(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
