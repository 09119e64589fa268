//! What every page carries around its own content; templates see it as `page`, components ask for `@page`.

use std::collections::BTreeMap;

use domain::LocalDate;
use serde::Serialize;

#[cfg(test)]
use super::nav;
use super::nav::Entry;
use crate::lang::Lang;

/// The frame of a page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shell {
    /// The page's language.
    #[serde(skip)]
    pub(crate) lang: Lang,
    /// The short code of the other language.
    pub(crate) other_lang: &'static str,
    /// The token that every form carries.
    pub(crate) csrf: String,
    /// The key that makes a second submission the first one's answer.
    pub(crate) key: String,
    /// The page's own address, with its query.
    pub(crate) path: String,
    /// What a script of ours is allowed by.
    pub(crate) nonce: String,
    /// Whether everything is large (关怀版).
    pub(crate) large: bool,
    /// The community's name; none before somebody signed in.
    pub(crate) community: Option<String>,
    /// What the person is called; none before they signed in.
    pub(crate) person: Option<String>,
    /// Whether staff or residents look at it.
    pub(crate) staff: bool,
    /// Whether they may look for people.
    pub(crate) finds: bool,
    /// The menu.
    pub(crate) nav: Vec<Entry>,
    /// How many messages are unread.
    pub(crate) unread: i64,
    /// The categories that the community names itself.
    pub(crate) categories: BTreeMap<String, String>,
    /// What the portal's clock shows, where it was set for a rehearsal.
    pub(crate) clock: Option<String>,
    /// Whether they run the portal, and mails are only written to files.
    pub(crate) mail_to_files: bool,
    /// What has just been done, as the name of a text below `done`.
    pub(crate) done: Option<String>,
    /// The community's time zone.
    #[serde(skip)]
    pub(crate) zone: String,
    /// The community's date.
    #[serde(skip)]
    pub(crate) today: LocalDate,
}

impl Shell {
    /// The frame that samples are rendered in.
    #[cfg(test)]
    pub(crate) fn sample(lang: Lang, role: Option<domain::access::Role>) -> Self {
        let roles: Vec<_> = role.into_iter().collect();
        Self {
            lang,
            other_lang: "en",
            csrf: "token".to_owned(),
            key: "key".to_owned(),
            path: "/".to_owned(),
            nonce: "nonce".to_owned(),
            large: role.is_none(),
            community: role.map(|_| "锦绣花园".to_owned()),
            person: role.map(|_| "周敏".to_owned()),
            staff: nav::is_staff(&roles),
            finds: nav::finds(&roles),
            nav: nav::of(&roles, "/"),
            unread: 3,
            categories: BTreeMap::from([("pool.pump".to_owned(), "泳池水泵".to_owned())]),
            clock: Some("2026-11-22T10:00".to_owned()),
            mail_to_files: true,
            done: None,
            zone: "Asia/Shanghai".to_owned(),
            today: LocalDate::from_ymd_opt(2026, 11, 22).unwrap(),
        }
    }
}
