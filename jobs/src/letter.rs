//! A mail as it goes over the line. Names and subjects lose their control characters before they reach a
//! header, so no name can add a header of its own; lettre encodes the rest.

use std::time::{Duration, SystemTime};

use domain::Instant;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};

use crate::MailError;

/// What is written to whom.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// The part of the Message-ID before the `@`; the same for each repetition.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// Real time.
    pub(crate) at: Instant,
}

impl Letter {
    /// The mail from `from`, ready for the line.
    ///
    /// # Errors
    /// An address that is none.
    pub(crate) fn message(&self, from: &Mailbox) -> Result<Message, MailError> {
        let address = self.address.trim().parse().map_err(|error| MailError::Address(format!("{error}")))?;
        let name = Some(one_line(&self.name)).filter(|name| !name.is_empty());
        let id = format!("<{}@{}>", self.id, from.email.domain());
        Message::builder()
            .from(from.clone())
            .to(Mailbox::new(name, address))
            .subject(one_line(&self.subject))
            .message_id(Some(id))
            .date(system_time(self.at))
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .body(self.text.clone())
            .map_err(|error| MailError::Refused(error.to_string()))
    }
}

fn one_line(text: &str) -> String {
    let spaced =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    spaced.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn system_time(at: Instant) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.micros()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            id: "abc".into(),
            name: "王芳".into(),
            address: "wang@example.org".into(),
            subject: "报修已受理".into(),
            text: "您好。\n.\n单号 WX20261122-0007\n".into(),
            at: "2026-11-22T02:00:00Z".parse().unwrap(),
        }
    }

    fn lines(letter: &Letter) -> String {
        let from = "锦绣花园 <portal@example.com>".parse().unwrap();
        String::from_utf8(letter.message(&from).unwrap().formatted()).unwrap()
    }

    fn headers(letter: &Letter) -> Vec<String> {
        let text = lines(letter);
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])).map(str::to_owned).collect()
    }

    #[test]
    fn no_name_or_subject_adds_a_header() {
        let plain = headers(&letter()).len();
        for evil in [
            "x\r\nBcc: all@example.org",
            "x\nBcc: all@example.org",
            "x\rBcc: a@b.c",
            "x\u{2028}Bcc: a@b.c",
            "x\0y",
        ] {
            let bad = Letter { name: evil.into(), subject: evil.into(), id: "abc".into(), ..letter() };
            let found = headers(&bad);
            assert_eq!(found.len(), plain, "{found:?}");
            assert!(!found.iter().any(|line| line.starts_with("Bcc")), "{found:?}");
        }
    }

    #[test]
    fn an_address_with_a_line_break_is_none() {
        for bad in ["a@example.org\r\nBcc: b@example.org", "nobody", "a b@example.org", ""] {
            let letter = Letter { address: bad.into(), ..letter() };
            let from = "portal@example.com".parse().unwrap();
            assert!(matches!(letter.message(&from), Err(MailError::Address(_))), "{bad}");
        }
    }

    #[test]
    fn the_line_carries_ascii_and_the_same_id_each_time() {
        let text = lines(&letter());
        assert!(text.is_ascii(), "{text}");
        assert!(text.contains("Message-ID: <abc@example.com>\r\n"), "{text}");
        assert_eq!(text, lines(&letter()));
    }
}
