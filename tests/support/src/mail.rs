//! A mail as a person would read it: decoded, so that a test asserts on words.

use mail_parser::{MessageParser, MimeHeaders};

/// A mail that the server took.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// `Subject`, decoded.
    pub subject: String,
    /// The plain text, decoded; lines end in `\n`.
    pub text: String,
    /// The HTML, decoded, when there is one.
    pub html: Option<String>,
    /// `Message-ID` without its angle brackets.
    pub message_id: String,
    /// Names of the attached files.
    pub attachments: Vec<String>,
    /// As it came over the line, dots unstuffed.
    pub raw: Vec<u8>,
}

impl Mail {
    pub(crate) fn parse(from: String, to: Vec<String>, raw: Vec<u8>) -> Self {
        let message = MessageParser::default().parse(&raw).expect("a mail has headers");
        let text = message.body_text(0).unwrap_or_default().replace("\r\n", "\n");
        let html = message.html_bodies().next().filter(|part| part.is_text_html());
        let html = html.and_then(|part| part.text_contents()).map(str::to_owned);
        let attachments = message.attachments().filter_map(|part| part.attachment_name());
        let attachments = attachments.map(str::to_owned).collect();
        let subject = message.subject().unwrap_or_default().to_owned();
        let message_id = message.message_id().unwrap_or_default().to_owned();
        Self { from, to, subject, text, html, message_id, attachments, raw: raw.clone() }
    }
}
