//! `/knowledge`: what the office knows, searched by everybody, written by the desk.

pub(crate) mod edit;
pub(crate) mod show;

use domain::knowledge::{Article, State, Version};

use crate::ctx::Ctx;
use crate::views::enquiries::ArticleRow;

/// Where the words of the form are.
pub(crate) const WORDS: &str = "knowledge.form";

/// Articles in the reader's language.
pub(crate) fn rows(ctx: &Ctx, found: Vec<(Article, Version)>) -> Vec<ArticleRow> {
    let row = |(article, version): (Article, Version)| {
        let text = version.text();
        let (title, body) = text.in_language(ctx.lang.code());
        ArticleRow {
            id: article.id,
            category: article.category.as_str(),
            state: article.state.as_str(),
            published: article.state == State::Published,
            title: title.to_owned(),
            body: body.to_owned(),
            changed_at: article.changed_at,
        }
    };
    found.into_iter().map(row).collect()
}
