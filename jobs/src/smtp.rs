//! Conversations with a mail server, step by step, as what a refusal means depends on the step: at RCPT it
//! is the address, after DATA this mail, before that our own standing. A connection on which all went well
//! is kept for the next mail.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::{Error, Result};
use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use percent_encoding::percent_decode_str;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Url;

use crate::{MailError, Unusable};

/// How long the server may think about each step, and about a mail it was given.
const STEP: Duration = Duration::from_secs(20);
const MAIL: Duration = Duration::from_secs(60);
/// A connection serves a burst; one that was idle for longer is not used again.
const FRESH: Duration = Duration::from_secs(2);
/// After no answer at all: so long nobody else waits for one, as a worker's places are few.
const SILENCE: Duration = Duration::from_secs(10);
const CONNECTIONS: usize = 4;
/// Who asks whether the server is well waits no longer.
const TRY: Duration = Duration::from_secs(10);

/// A mail server and our connections to it.
pub(crate) struct Smtp {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
    silent_until: Mutex<Option<Instant>>,
    talking: Semaphore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    None,
    Offered,
    Required,
    FromTheStart,
}

impl Smtp {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        let host = url.host_str().ok_or_else(|| wrong("no host"))?.trim_matches(['[', ']']).to_owned();
        let credentials =
            url.password().map(|password| Credentials::new(decoded(url.username()), decoded(password)));
        let tls = tls(&url, credentials.is_some())?;
        let port = url.port().unwrap_or(match tls {
            Tls::FromTheStart => 465,
            Tls::Required => 587,
            Tls::None | Tls::Offered => 25,
        });
        let idle = Mutex::default();
        Ok(Self {
            host,
            port,
            tls,
            credentials,
            hello: ClientId::default(),
            idle,
            silent_until: Mutex::default(),
            talking: Semaphore::new(CONNECTIONS),
        })
    }

    /// Sends one mail to its one recipient.
    pub(crate) async fn send(&self, envelope: &Envelope, mail: &[u8]) -> Result<(), MailError> {
        // Servers take few connections of one sender; who waits for one is not under way.
        let place = self.talking.acquire().await.map_err(|closed| MailError::Passing(closed.to_string()))?;
        self.go_on_after_silence()?;
        let sent = self.converse(envelope, mail).await;
        drop(place);
        let silent = matches!(&sent, Err(Trouble::Silence));
        *lock(&self.silent_until) = silent.then(|| Instant::now() + SILENCE);
        sent.map_err(|trouble| match trouble {
            Trouble::Silence => MailError::Passing("the mail server does not answer".to_owned()),
            Trouble::Said(error) => error,
        })
    }

    /// Speaks with the server as before a mail, TLS and password as they are set, and sends none. Says whether the
    /// line was encrypted.
    pub(crate) async fn try_out(&self) -> Result<bool, Unusable> {
        let talk = async {
            let mut connection = self.connect().await?;
            connection.command(Noop).await?;
            let encrypted = connection.is_encrypted();
            // All was said; how the server takes the goodbye changes nothing.
            drop(connection.quit().await);
            Ok::<bool, SetUp>(encrypted)
        };
        match timeout(TRY, talk).await {
            Ok(talked) => talked.map_err(Unusable::from),
            Err(_) => Err(Unusable::Unreachable(format!("no answer within {} s", TRY.as_secs()))),
        }
    }

    /// While the server is silent one mail tries it now and then; the others do not wait for the same.
    fn go_on_after_silence(&self) -> Result<(), MailError> {
        let mut until = lock(&self.silent_until);
        let now = Instant::now();
        match *until {
            Some(end) if now < end => {
                Err(MailError::Passing("the mail server did not answer just now".to_owned()))
            }
            Some(_) => {
                *until = Some(now + STEP + SILENCE);
                Ok(())
            }
            None => Ok(()),
        }
    }

    async fn converse(&self, envelope: &Envelope, mail: &[u8]) -> Result<(), Trouble> {
        let mut connection = self.begin(envelope).await?;
        let sent = give(&mut connection, envelope, mail).await;
        match &sent {
            Ok(()) => self.keep(connection),
            Err(Trouble::Said(_)) => drop(step(connection.quit()).await),
            Err(Trouble::Silence) => {}
        }
        sent
    }

    /// A connection on which the server has taken our MAIL. One that was kept may have been closed by the
    /// server meanwhile; nothing is lost with it, so a new one is made.
    async fn begin(&self, envelope: &Envelope) -> Result<AsyncSmtpConnection, Trouble> {
        while let Some(mut kept) = self.take_idle() {
            if mail_from(&mut kept, envelope).await.is_ok() {
                return Ok(kept);
            }
        }
        let mut connection = step(self.connect()).await?.map_err(|error| passing(&error))?;
        mail_from(&mut connection, envelope).await?;
        Ok(connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = lock(&self.idle);
        idle.push((connection, Instant::now()));
    }

    fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = lock(&self.idle);
        idle.retain(|(_, since)| since.elapsed() < FRESH);
        idle.pop().map(|(connection, _)| connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SetUp> {
        let mut connection = if self.tls == Tls::FromTheStart {
            let server = (self.host.as_str(), self.port);
            AsyncSmtpConnection::connect_tokio1(
                server,
                Some(STEP),
                &self.hello,
                Some(self.certificate()?),
                None,
            )
            .await?
        } else {
            let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
            // A mail is two small writes: with Nagle's algorithm each would wait for the other's answer.
            stream.set_nodelay(true)?;
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await?
        };
        let wanted = self.tls == Tls::Required || (self.tls == Tls::Offered && connection.can_starttls());
        if wanted {
            connection.starttls(self.certificate()?, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(connection)
    }

    fn certificate(&self) -> Result<TlsParameters, SmtpError> {
        TlsParameters::new(self.host.clone())
    }
}

/// Why a connection could not be set up.
#[derive(Debug, thiserror::Error)]
enum SetUp {
    #[error(transparent)]
    Network(#[from] std::io::Error),
    #[error(transparent)]
    Server(#[from] SmtpError),
}

impl From<SetUp> for Unusable {
    fn from(error: SetUp) -> Self {
        let words = with_causes(&error);
        let refused = matches!(&error, SetUp::Server(said)
            if said.is_response() || said.is_client() || said.is_transient() || said.is_permanent() || said.is_tls());
        if refused { Self::Refusing(words) } else { Self::Unreachable(words) }
    }
}

enum Trouble {
    Silence,
    Said(MailError),
}

fn passing(error: &(dyn std::error::Error + 'static)) -> Trouble {
    Trouble::Said(MailError::Passing(with_causes(error)))
}

/// lettre keeps the server's words in the error's source.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut words: Vec<String> = causes.map(ToString::to_string).collect();
    words.dedup_by(|later, earlier| earlier.contains(later.as_str()));
    words.join(": ")
}

async fn step<T>(work: impl Future<Output = T>) -> Result<T, Trouble> {
    timeout(STEP, work).await.map_err(|_| Trouble::Silence)
}

async fn mail_from(connection: &mut AsyncSmtpConnection, envelope: &Envelope) -> Result<(), Trouble> {
    let foreign = envelope.to().iter().any(|to| !to.to_string().is_ascii());
    if foreign && !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
        let why = "the mail server takes no addresses beyond ASCII".to_owned();
        return Err(Trouble::Said(MailError::Refused(why)));
    }
    let options = if foreign { vec![MailParameter::SmtpUtfEight] } else { Vec::new() };
    let mail = Mail::new(envelope.from().cloned(), options);
    step(connection.command(mail)).await?.map_err(|error| passing(&error))?;
    Ok(())
}

async fn give(connection: &mut AsyncSmtpConnection, envelope: &Envelope, mail: &[u8]) -> Result<(), Trouble> {
    for to in envelope.to() {
        let answer = step(connection.command(Rcpt::new(to.clone(), Vec::new()))).await?;
        answer.map_err(|error| Trouble::Said(about_address(&error)))?;
    }
    step(connection.command(Data)).await?.map_err(|error| Trouble::Said(about_mail(&error)))?;
    let answer = timeout(MAIL, connection.message(mail)).await.map_err(|_| Trouble::Silence)?;
    answer.map_err(|error| Trouble::Said(about_mail(&error)))?;
    Ok(())
}

/// A permanent refusal of the recipient is about the address, unless its code (X.7.X) says that it is policy:
/// a relay that does not know us must not make every address a bad one.
fn about_address(error: &SmtpError) -> MailError {
    let words = with_causes(error);
    let policy = words.split_whitespace().any(|word| word.starts_with("5.7."));
    match error.is_permanent() && !policy {
        true => MailError::Address(words),
        false => MailError::Passing(words),
    }
}

fn about_mail(error: &SmtpError) -> MailError {
    let words = with_causes(error);
    match error.is_permanent() {
        true => MailError::Refused(words),
        false => MailError::Passing(words),
    }
}

fn tls(url: &Url, credentials: bool) -> Result<Tls> {
    let option = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    match (url.scheme(), option.as_deref()) {
        ("smtps", None) => Ok(Tls::FromTheStart),
        ("smtp", Some("required")) => Ok(Tls::Required),
        ("smtp", Some("none")) => Ok(Tls::None),
        // A password never goes over the line in the clear unless that is asked for.
        ("smtp", None) if credentials => Ok(Tls::Required),
        ("smtp", None | Some("opportunistic")) => Ok(Tls::Offered),
        _ => Err(wrong("it begins with smtp:// or smtps://; tls is required, opportunistic or none")),
    }
}

fn wrong(why: &str) -> Error {
    Error::internal(format!("SMTP_URL: {why}"))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_sent_in_the_clear_by_default() {
        for (url, port, tls) in [
            ("smtp://mail.example.org", 25, Tls::Offered),
            ("smtp://127.0.0.1:2525", 2_525, Tls::Offered),
            ("smtp://u:p%40ss@mail.example.org", 587, Tls::Required),
            ("smtp://u:p@mail.example.org?tls=none", 25, Tls::None),
            ("smtps://u:p@mail.example.org", 465, Tls::FromTheStart),
        ] {
            let smtp = Smtp::parse(url).unwrap();
            assert_eq!((smtp.port, smtp.tls), (port, tls), "{url}");
        }
        for bad in ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://h?tls=maybe", ""] {
            assert!(Smtp::parse(bad).is_err(), "{bad}");
        }
    }
}
