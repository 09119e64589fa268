//! The page of what somebody was told.

use domain::Instant;
use serde::Serialize;

use super::View;
use crate::form::Form;

/// What somebody was told.
#[derive(Debug, Serialize)]
pub(crate) struct NotificationsView {
    /// Newest first.
    pub(crate) rows: Vec<NotificationRow>,
    /// Where the next page begins.
    pub(crate) next: Option<i64>,
    /// Whether any is unread.
    pub(crate) unread: bool,
    /// The newest one shown.
    pub(crate) last: i64,
    /// Marks them as read.
    pub(crate) form: Form,
}

/// One of them, in the reader's language.
#[derive(Debug, Serialize)]
pub(crate) struct NotificationRow {
    pub(crate) id: i64,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// What stands below its first paragraph; empty where nothing does.
    pub(crate) more: String,
    pub(crate) link: Option<String>,
    pub(crate) at: Instant,
    pub(crate) unread: bool,
}

impl View for NotificationsView {
    const TEMPLATE: &'static str = "notifications/list.html";

    fn samples() -> Vec<Self> {
        let at = Instant::from_micros(1_795_312_800_000_000).unwrap_or_else(|| domain::Clock::system().now());
        let row = NotificationRow {
            id: 7,
            subject: "WX20261122-0007".to_owned(),
            text: "师傅已出发\n预计 14:00 到".to_owned(),
            more: "请留人在家".to_owned(),
            link: Some("/cases/WX20261122-0007".to_owned()),
            at,
            unread: true,
        };
        let form = || Form::new("notifications.form");
        vec![
            Self { rows: vec![row], next: Some(7), unread: true, last: 7, form: form() },
            Self { rows: vec![], next: None, unread: false, last: 0, form: form() },
        ]
    }
}
