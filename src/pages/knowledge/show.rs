//! `GET /knowledge`, `GET /knowledge/{id}`: what is known by category, what a question finds, one article.

use actix_web::web::{Path, Query};
use domain::knowledge::{self, Category, State};
use domain::{Error, audit};
use serde::Deserialize;

use super::rows;
use crate::ctx::{Ctx, Reply};
use crate::pages::enquiries::categories;
use crate::views::enquiries::{ArticleGroup, ArticleRow, ArticleView, KnowledgeView, VersionRow};

/// How many articles a search shows, and how many the page without one.
const FOUND: i64 = 20;
const MOST: i64 = 500;

/// What is searched for: `question` is what a form sends while one types.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    question: Option<String>,
    category: Option<String>,
}

/// `GET /knowledge`
pub(crate) async fn list(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let asked = asked.into_inner();
    let words: String = asked.question.unwrap_or(asked.q).chars().take(200).collect();
    let community = ctx.community()?.id;
    let category = asked.category.filter(|word| !word.is_empty());
    let category: Option<Category> =
        category.map(|word| word.parse().map_err(|_| Error::field("category", "choice"))).transpose()?;
    let question = words.clone();
    let (found, writes) = ctx
        .read(move |db, actor, now| {
            let writes = knowledge::may_write(actor, community);
            if !question.trim().is_empty() {
                return Ok((
                    knowledge::find(db, actor, now, community, (&question, category), FOUND)?,
                    writes,
                ));
            }
            let states: &[State] =
                if knowledge::sees_all(actor, community) { State::ALL } else { &[State::Published] };
            let mut all = knowledge::list(db, community, states, MOST)?;
            all.retain(|(article, _)| category.is_none_or(|one| one == article.category));
            Ok((all, writes))
        })
        .await?;
    ctx.page(&KnowledgeView {
        searched: !words.trim().is_empty(),
        category: category.map(Category::as_str).unwrap_or_default(),
        categories: categories(&ctx),
        groups: grouped(rows(&ctx, found), !words.trim().is_empty()),
        words,
        writes,
    })
}

/// What was found stays in its order; all there is stands by category.
fn grouped(rows: Vec<ArticleRow>, searched: bool) -> Vec<ArticleGroup> {
    let mut groups: Vec<ArticleGroup> = Vec::new();
    for row in rows {
        let category = if searched { "" } else { row.category };
        match groups.last_mut().filter(|group| group.category == category) {
            Some(group) => group.rows.push(row),
            None => groups.push(ArticleGroup { category, rows: vec![row] }),
        }
    }
    groups
}

/// `GET /knowledge/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let (community, id) = (ctx.community()?.id, *id);
    let (found, versions, names, writes) = ctx
        .read(move |db, actor, now| {
            let found = knowledge::read(db, actor, now, community, id)?;
            let staff = knowledge::sees_all(actor, community);
            let versions = if staff { knowledge::versions(db, community, id)? } else { vec![] };
            let names = audit::names(db, &versions.iter().filter_map(|one| one.by_id).collect::<Vec<_>>())?;
            Ok((found, versions, names, knowledge::may_write(actor, community)))
        })
        .await?;
    let version = |one: &knowledge::Version| VersionRow {
        number: one.number,
        at: one.at,
        who: one.by_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        title: one.text().in_language(ctx.lang.code()).0.to_owned(),
        body: one.text().in_language(ctx.lang.code()).1.to_owned(),
    };
    let versions = versions.iter().map(version).collect();
    let article = rows(&ctx, vec![found]).pop().ok_or(Error::NotFound)?;
    ctx.page(&ArticleView { article, versions, writes })
}
