//! What stands around every page: who looks, in which language and mode, with which menu.

use serde::Serialize;

use super::{Lang, NavItem};

/// The frame of a page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shell {
    /// The language.
    pub(crate) lang: Lang,
    /// Whether large mode (关怀版) is on.
    pub(crate) large: bool,
    /// The cross-site token of this session's forms.
    pub(crate) csrf: String,
    /// The nonce of this answer's policy.
    pub(crate) nonce: String,
    /// The page's own address, for switches that come back to it.
    pub(crate) path: String,
    /// What the community is called; the product's name where there is none yet.
    pub(crate) community: String,
    /// Who is signed in; empty for nobody.
    pub(crate) person: String,
    /// Whether they work for the office: dense pages instead of breathing ones.
    pub(crate) staff: bool,
    /// Their menu.
    pub(crate) nav: Vec<NavItem>,
    /// How many notifications they have not read.
    pub(crate) unread: i64,
    /// The portal's clock where it was set for a rehearsal.
    pub(crate) clock: Option<String>,
    /// Whether mails go to files instead of a server.
    pub(crate) mail_to_files: bool,
    /// A word on what was just done.
    pub(crate) flash: Option<String>,
    /// The desk's phone, to call.
    pub(crate) desk_phone: Option<String>,
}

#[cfg(test)]
impl Shell {
    /// A frame to render samples in.
    pub(crate) fn sample(lang: Lang) -> Self {
        Self {
            lang,
            large: false,
            csrf: "token".into(),
            nonce: "nonce".into(),
            path: "/".into(),
            community: "锦绣花园".into(),
            person: "李秀英".into(),
            staff: false,
            nav: super::nav_for(&[domain::access::Role::Resident], "/"),
            unread: 2,
            clock: None,
            mail_to_files: false,
            flash: None,
            desk_phone: Some("0755-12345678".into()),
        }
    }
}
