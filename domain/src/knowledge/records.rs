//! The rows of articles and their versions.

use diesel::prelude::*;

use super::{Category, State, Text};
use crate::db::schema::{article_versions, articles};
use crate::{CaseId, CommunityId, Db, Instant, PersonId, Result};

/// An article as the table has it; what it says stands in its versions.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = articles)]
pub struct Article {
    /// Its id.
    pub id: i64,
    /// What it is about.
    pub category: Category,
    /// Who sees it.
    pub state: State,
    /// The number of the version that holds.
    pub version: i32,
    /// The enquiry that it was made from.
    pub source_case: Option<CaseId>,
    /// When it was last changed.
    pub changed_at: Instant,
}

/// What an article said from one change to the next.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = article_versions)]
pub struct Version {
    /// Which, from 1.
    pub number: i32,
    /// Who wrote it.
    pub by_id: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// The title.
    pub title_zh: String,
    /// What it says.
    pub body_zh: String,
    /// The title in English.
    pub title_en: String,
    /// What it says in English.
    pub body_en: String,
}

impl Version {
    /// What it says.
    pub fn text(&self) -> Text {
        Text {
            title_zh: self.title_zh.clone(),
            body_zh: self.body_zh.clone(),
            title_en: self.title_en.clone(),
            body_en: self.body_en.clone(),
        }
    }
}

pub(super) fn insert(
    tx: &mut Db,
    now: Instant,
    community: CommunityId,
    (category, state, source): (Category, State, Option<CaseId>),
) -> Result<i64> {
    let row = (
        articles::community_id.eq(community),
        articles::category.eq(category),
        articles::state.eq(state),
        articles::version.eq(1),
        articles::source_case.eq(source),
        articles::changed_at.eq(now),
    );
    Ok(diesel::insert_into(articles::table).values(row).returning(articles::id).get_result(tx)?)
}

pub(super) fn update(
    tx: &mut Db,
    now: Instant,
    id: i64,
    (category, state, version): (Category, State, i32),
) -> Result<()> {
    let set = (
        articles::category.eq(category),
        articles::state.eq(state),
        articles::version.eq(version),
        articles::changed_at.eq(now),
    );
    diesel::update(articles::table.find(id)).set(set).execute(tx)?;
    Ok(())
}

pub(super) fn insert_version(
    tx: &mut Db,
    (by, now): (Option<PersonId>, Instant),
    (community, id, number): (CommunityId, i64, i32),
    text: &Text,
) -> Result<()> {
    let row = (
        article_versions::article_id.eq(id),
        article_versions::number.eq(number),
        article_versions::community_id.eq(community),
        article_versions::by_id.eq(by),
        article_versions::at.eq(now),
        article_versions::title_zh.eq(&text.title_zh),
        article_versions::body_zh.eq(&text.body_zh),
        article_versions::title_en.eq(&text.title_en),
        article_versions::body_en.eq(&text.body_en),
    );
    diesel::insert_into(article_versions::table).values(row).execute(tx)?;
    Ok(())
}

/// An article of a community with the version that holds.
pub(super) fn by_id(db: &mut Db, community: CommunityId, id: i64) -> Result<(Article, Version)> {
    let row = articles::table
        .inner_join(article_versions::table.on(article_versions::article_id.eq(articles::id)))
        .filter(articles::community_id.eq(community.0).and(articles::id.eq(id)))
        .filter(article_versions::number.eq(articles::version));
    Ok(row.select((Article::as_select(), Version::as_select())).first(db)?)
}

/// The articles of a community in these states, by category, the newest first.
pub fn list(
    db: &mut Db,
    community: CommunityId,
    states: &[State],
    limit: i64,
) -> Result<Vec<(Article, Version)>> {
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let rows = articles::table
        .inner_join(article_versions::table.on(article_versions::article_id.eq(articles::id)))
        .filter(articles::community_id.eq(community.0).and(articles::state.eq_any(states)))
        .filter(article_versions::number.eq(articles::version))
        .order((articles::category, articles::changed_at.desc()))
        .limit(limit)
        .select((Article::as_select(), Version::as_select()));
    Ok(rows.load(db)?)
}

/// Several articles by their ids, in no order.
pub(super) fn of_ids(db: &mut Db, community: CommunityId, ids: &[i64]) -> Result<Vec<(Article, Version)>> {
    let rows = articles::table
        .inner_join(article_versions::table.on(article_versions::article_id.eq(articles::id)))
        .filter(articles::community_id.eq(community.0).and(articles::id.eq_any(ids.to_vec())))
        .filter(article_versions::number.eq(articles::version));
    Ok(rows.select((Article::as_select(), Version::as_select())).load(db)?)
}

/// Every version of an article, the newest first.
pub fn versions(db: &mut Db, community: CommunityId, id: i64) -> Result<Vec<Version>> {
    Ok(article_versions::table
        .filter(article_versions::community_id.eq(community.0).and(article_versions::article_id.eq(id)))
        .order(article_versions::number.desc())
        .select(Version::as_select())
        .load(db)?)
}
