//! `/knowledge`: what the office knows, searched by everybody, written by the desk.

pub(crate) mod edit;
pub(crate) mod show;

use domain::knowledge::{self, Article, State, Version};
use domain::{CommunityId, Db};

use crate::ctx::Ctx;
use crate::form::Form;
use crate::views::cases::ChoiceView;
use crate::views::enquiries::ArticleRow;

/// Where the words of the form are.
pub(crate) const WORDS: &str = "knowledge.form";

/// How many common answers can be chosen.
const COMMON: i64 = 40;

/// The answers that only staff use 常用答复: at hand whatever was asked.
pub(crate) fn common(db: &mut Db, community: CommunityId) -> domain::Result<Vec<(Article, Version)>> {
    knowledge::list(db, community, &[State::Internal], COMMON)
}

/// One that an answer can be taken from.
pub(crate) fn choice(ctx: &Ctx, (article, version): &(Article, Version)) -> ChoiceView {
    ChoiceView {
        value: article.id.to_string(),
        text: version.text().in_language(ctx.lang.code()).0.to_owned(),
        hint: None,
    }
}

/// What is said to who asked: words, an article, or both.
pub(crate) fn words(form: &mut Form) -> Option<(String, Option<i64>)> {
    let (text, article) = (form.maybe("text", 4_000), form.maybe_parsed("article", "choice"));
    Some((text?.unwrap_or_default(), article?))
}

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
