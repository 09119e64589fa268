//! Finding articles by what somebody asks: by the terms of the question ([`crate::terms`]), each weighing the
//! more the fewer articles have it, and three times where it stands in a title.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::records::{self, Article, Version};
use super::{Category, Text};
use crate::access::{Action, Actor, Object, allow};
use crate::db::schema::article_terms;
use crate::{CommunityId, Db, Instant, Result, terms};

/// How much more a title says than the text below it.
const TITLE: i32 = 3;
/// The most terms of a question that are looked up.
const TERMS: usize = 40;
/// The most that a term of an article weighs, however often it stands there.
const HEAVIEST: i32 = 9;
/// How many terms one statement writes down.
const ROWS: usize = 200;

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The articles that answer a question best, those that the asker may see, best first.
///
/// # Errors
/// The policy's, for who has nothing to do with the community.
pub fn find(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    (question, category): (&str, Option<Category>),
    limit: i64,
) -> Result<Vec<(Article, Version)>> {
    allow(db, actor, now, Action::ReadKnowledge, Object::Community(community))?;
    let mut asked = terms::of_question(question);
    asked.truncate(TERMS);
    let Some(listed) = terms::listed(&asked) else { return Ok(Vec::new()) };
    let seen = if super::sees_all(actor, community) { "'published', 'internal'" } else { "'published'" };
    let about = category.map_or_else(String::new, |one| format!(" AND a.category = '{one}'"));
    // What only one of many terms fits is chance: of three terms one has to fit, of six two.
    let least = i64::try_from(asked.len().div_ceil(3)).unwrap_or(1);
    let sql = format!(
        "WITH hits AS (SELECT t.term, t.article_id, t.weight FROM article_terms t \
         WHERE t.community_id = $1 AND t.term IN ({listed})), \
         spread AS (SELECT term, count(*) AS articles FROM hits GROUP BY term) \
         SELECT h.article_id AS id FROM hits h JOIN spread s ON s.term = h.term \
         JOIN articles a ON a.id = h.article_id WHERE a.state IN ({seen}){about} \
         GROUP BY h.article_id HAVING count(*) >= $2 \
         ORDER BY SUM(h.weight * 1000 / s.articles) DESC, h.article_id LIMIT $3"
    );
    let hits: Vec<Hit> = diesel::sql_query(sql)
        .bind::<BigInt, _>(community.0)
        .bind::<BigInt, _>(least)
        .bind::<BigInt, _>(limit)
        .load(db)?;
    let ids: Vec<i64> = hits.iter().map(|hit| hit.id).collect();
    let mut found: BTreeMap<i64, _> =
        records::of_ids(db, community, &ids)?.into_iter().map(|one| (one.0.id, one)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The terms of what an article says, with their weights.
pub(super) fn weights(text: &Text) -> BTreeMap<String, i32> {
    let mut all: BTreeMap<String, i32> = BTreeMap::new();
    for (part, weight) in
        [(&text.title_zh, TITLE), (&text.title_en, TITLE), (&text.body_zh, 1), (&text.body_en, 1)]
    {
        for (term, times) in terms::of_text(part) {
            let entry = all.entry(term).or_default();
            *entry = (*entry + weight * times).min(HEAVIEST);
        }
    }
    all
}

/// Writes down what an article is found by from now on.
pub(super) fn index(tx: &mut Db, (community, id): (CommunityId, i64), text: &Text) -> Result<()> {
    diesel::delete(article_terms::table.filter(article_terms::article_id.eq(id))).execute(tx)?;
    let rows: Vec<String> = weights(text)
        .iter()
        .map(|(term, weight)| format!("({community}, '{term}', {id}, {weight})"))
        .collect();
    for some in rows.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO article_terms (community_id, term, article_id, weight) VALUES {}",
            some.join(", ")
        );
        diesel::sql_query(sql).execute(tx)?;
    }
    Ok(())
}
