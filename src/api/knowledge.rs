//! `GET /knowledge`, `GET /knowledge/{id}`: what answers a question, and one article in both languages.

use actix_web::web::{Path, Query};
use domain::knowledge::{self, Article, Category, State, Version};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::list::word;
use super::{Items, List, Where};
use crate::ctx::{Ctx, Reply, community_of};

/// What is looked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    community: Option<String>,
    /// A question, or words; everything by category where it is left out.
    q: Option<String>,
    category: Option<String>,
    #[schemars(range(min = 1, max = 200))]
    limit: Option<i64>,
}

/// An article.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ArticleJson {
    id: i64,
    category: &'static str,
    /// `published`; staff see `draft`, `internal` and `withdrawn` too.
    state: &'static str,
    version: i32,
    title_zh: String,
    body_zh: String,
    /// Empty where it was not translated.
    title_en: String,
    body_en: String,
    changed_at: String,
}

fn json((article, version): (Article, Version)) -> ArticleJson {
    ArticleJson {
        id: article.id,
        category: article.category.as_str(),
        state: article.state.as_str(),
        version: article.version,
        title_zh: version.title_zh,
        body_zh: version.body_zh,
        title_en: version.title_en,
        body_en: version.body_en,
        changed_at: article.changed_at.to_string(),
    }
}

/// `GET /knowledge?q&category`
pub(crate) async fn list(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let asked = asked.into_inner();
    let limit = List { community: None, limit: asked.limit, cursor: None }.limit()?;
    let category: Option<Category> =
        word("category", asked.category.as_deref().filter(|word| !word.is_empty()))?;
    let words: String = asked.q.unwrap_or_default().chars().take(200).collect();
    let found = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, asked.community.as_deref())?.id;
            if !words.trim().is_empty() {
                return knowledge::find(db, actor, now, community, (&words, category), limit);
            }
            let states: &[State] =
                if knowledge::sees_all(actor, community) { State::ALL } else { &[State::Published] };
            let mut all = knowledge::list(db, community, states, 500)?;
            all.retain(|(article, _)| category.is_none_or(|one| one == article.category));
            all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(all)
        })
        .await?;
    ctx.json(200, &Items::all(found.into_iter().map(json).collect()))
}

/// `GET /knowledge/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>, place: Query<Where>) -> Reply {
    let (id, place) = (*id, place.into_inner());
    let found = ctx
        .read(move |db, actor, now| {
            let community = community_of(db, actor, place.community.as_deref())?.id;
            knowledge::read(db, actor, now, community, id)
        })
        .await?;
    ctx.json(200, &json(found))
}
