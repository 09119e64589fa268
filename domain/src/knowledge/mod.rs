//! What the desk knows 知识库: articles by category, in both languages, with every version that there was. Some
//! are for everybody, some are answers that only staff use. What was looked up for one who asked is kept for
//! the next (domain.md §7).

mod faults;
mod records;
mod search;

#[cfg(test)]
mod tests;

pub use faults::faults;
pub use records::{Article, Version, list, versions};
pub use search::find;

use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line};
use crate::cases::voice::{too_long, words};
use crate::error::FieldError;
use crate::{CaseId, CommunityId, Db, Error, Instant, Result};

crate::words! {
    /// Who sees an article.
    State {
        /// 草稿: staff, who still write it.
        Draft = "draft",
        /// 常用答复: staff, who answer with it.
        Internal = "internal",
        /// 已发布: everybody.
        Published = "published",
        /// 已下架: staff, who may look it up.
        Withdrawn = "withdrawn",
    }
}

crate::words! {
    /// What an article, and an enquiry, is about.
    Category {
        /// 收费缴费
        Fees = "enquiry.fees",
        /// 维修
        Repairs = "enquiry.repairs",
        /// 装修
        Renovation = "enquiry.renovation",
        /// 停车
        Parking = "enquiry.parking",
        /// 入住搬出
        Moving = "enquiry.moving",
        /// 公共设施
        Facilities = "enquiry.facilities",
        /// 安全门禁
        Security = "enquiry.security",
        /// 社区活动、周边
        Community = "enquiry.community",
        /// 其他
        Other = "enquiry.other",
    }
}

/// What an article says, in both languages. The Chinese has to be there; where there is no English, it stands
/// for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The title.
    pub title_zh: String,
    /// What it says.
    pub body_zh: String,
    /// The title in English.
    pub title_en: String,
    /// What it says in English.
    pub body_en: String,
}

impl Text {
    /// Title and body in a language; where there is no English, the Chinese.
    pub fn in_language(&self, language: &str) -> (&str, &str) {
        if language == "en" && !self.title_en.is_empty() {
            return (&self.title_en, &self.body_en);
        }
        (&self.title_zh, &self.body_zh)
    }
}

/// Whether the actor writes articles here.
pub fn may_write(actor: &Actor, community: CommunityId) -> bool {
    let writes = |role| matches!(role, Role::Desk | Role::Supervisor | Role::Manager);
    actor.is_system() || actor.roles_in(community).any(writes)
}

/// Whether the actor sees what is not published: who works here.
pub fn sees_all(actor: &Actor, community: CommunityId) -> bool {
    actor.is_system() || actor.roles_in(community).any(Role::is_staff)
}

/// Writes an article; of an enquiry's answer, where it is made from one. Returns its id.
///
/// # Errors
/// By field where the Chinese is missing.
pub fn write(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (category, state, source): (Category, State, Option<CaseId>),
    text: &Text,
) -> Result<i64> {
    allow(tx, actor, now, Action::WriteKnowledge, Object::Community(community))?;
    let text = checked(text)?;
    let id = records::insert(tx, now, community, (category, state, source))?;
    keep(tx, actor, now, (community, id), 1, &text)?;
    audit::write(tx, actor, now, &Line::new(community, "article.write", "article", id))?;
    Ok(id)
}

/// Changes an article: what it says becomes its next version, unless it is as it was.
///
/// # Errors
/// By field where the Chinese is missing; [`Error::Conflict`] where somebody else wrote the version first.
pub fn edit(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, id, version): (CommunityId, i64, i32),
    (category, state): (Category, State),
    text: &Text,
) -> Result<()> {
    allow(tx, actor, now, Action::WriteKnowledge, Object::Community(community))?;
    let text = checked(text)?;
    let (article, before) = records::by_id(tx, community, id)?;
    if article.version != version {
        let state = article.state.to_string();
        return Err(Error::Conflict(crate::error::Conflict {
            what: "article",
            state,
            version: article.version,
        }));
    }
    let changed = before.text() != text;
    let number = if changed { version + 1 } else { version };
    records::update(tx, now, id, (category, state, number))?;
    if changed {
        keep(tx, actor, now, (community, id), number, &text)?;
    }
    let line = Line::new(community, "article.edit", "article", id).fields(format!("version={number}"));
    audit::write(tx, actor, now, &line)
}

/// An article as it is now.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or the reader may not see it.
pub fn read(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    id: i64,
) -> Result<(Article, Version)> {
    allow(db, actor, now, Action::ReadKnowledge, Object::Community(community))?;
    let (article, version) = records::by_id(db, community, id)?;
    if article.state == State::Published || sees_all(actor, community) {
        return Ok((article, version));
    }
    Err(Error::NotFound)
}

/// What is said to who asked: in one's own words, in an article's, which speaks where nobody adds any.
///
/// # Errors
/// Field `article` where there is none that the actor may read; field `text` where nothing is said, or too much.
pub fn said(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    (text, article): (&str, Option<i64>),
) -> Result<String> {
    let said = match article {
        Some(id) => {
            let (_, version) = read(db, actor, now, community, id).map_err(|error| {
                if matches!(error, Error::NotFound) { Error::field("article", "choice") } else { error }
            })?;
            if text.trim().is_empty() { version.body_zh } else { text.trim().to_owned() }
        }
        None => words("text", text, 4_000)?.to_owned(),
    };
    match too_long("text", &said, 10_000) {
        Some(error) => Err(Error::Invalid(vec![error])),
        None => Ok(said),
    }
}

fn keep(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, id): (CommunityId, i64),
    number: i32,
    text: &Text,
) -> Result<()> {
    records::insert_version(tx, (actor.person, now), (community, id, number), text)?;
    search::index(tx, (community, id), text)
}

fn checked(text: &Text) -> Result<Text> {
    let title_zh = words("title_zh", &text.title_zh, 100)?.to_owned();
    let body_zh = words("body_zh", &text.body_zh, 10_000)?.to_owned();
    let (title_en, body_en) = (text.title_en.trim().to_owned(), text.body_en.trim().to_owned());
    let mut wrong = Vec::new();
    if title_en.is_empty() != body_en.is_empty() {
        let missing = if title_en.is_empty() { "title_en" } else { "body_en" };
        wrong.push(FieldError::new(missing, "both_or_none"));
    }
    wrong.extend(crate::cases::voice::too_long("title_en", &title_en, 200));
    wrong.extend(crate::cases::voice::too_long("body_en", &body_en, 20_000));
    if wrong.is_empty() {
        Ok(Text { title_zh, body_zh, title_en, body_en })
    } else {
        Err(Error::Invalid(wrong))
    }
}
