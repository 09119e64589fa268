//! `GET /categories`: what can be asked for, for a program that opens a case.

use actix_web::web::Query;
use domain::categories::{self, Category};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Items, Where};
use crate::ctx::{Ctx, Reply, community_of};
use crate::lang::Lang;

/// A category that can be chosen.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CategoryJson {
    /// What `POST /cases` names as `category`.
    code: String,
    /// The first level.
    group: String,
    /// `repair`, or `request` for a service that is no repair.
    kind: &'static str,
    /// What it is called in Chinese.
    name_zh: String,
    /// And in English.
    name_en: String,
    /// How fast it has to go at least.
    urgency: &'static str,
    /// `private` or `public`: whose part of the house it is about.
    part: &'static str,
    /// Which warranty covers it.
    warranty: &'static str,
    /// What has to be brought along.
    papers: String,
}

/// `GET /categories`
pub(crate) async fn list(ctx: Ctx, place: Query<Where>) -> Reply {
    let place = place.into_inner();
    let groups = ctx
        .read(move |db, actor, _| {
            let community = community_of(db, actor, place.community.as_deref())?.id;
            categories::open(db, community)
        })
        .await?;
    let items = groups.into_iter().flat_map(|(_, members)| members).map(|one| json(&ctx, one));
    ctx.json(200, &Items::all(items.collect()))
}

fn json(ctx: &Ctx, one: Category) -> CategoryJson {
    let text = |lang| {
        let key = format!("words.category.{}", one.code);
        ctx.app.views.texts(lang).get(&key).unwrap_or(&one.code).to_owned()
    };
    let (name_zh, name_en) = match &one.names {
        Some(names) => (names.zh.clone(), names.en.clone()),
        None => (text(Lang::Zh), text(Lang::En)),
    };
    CategoryJson {
        group: one.group().to_owned(),
        kind: one.kind.as_str(),
        name_zh,
        name_en,
        urgency: one.urgency.as_str(),
        part: one.part.as_str(),
        warranty: one.warranty.as_str(),
        papers: one.papers,
        code: one.code,
    }
}
