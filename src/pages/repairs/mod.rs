//! `/repairs`: where a repair is reported, or a service at the desk is asked for.

pub(crate) mod register;
pub(crate) mod report;

use domain::categories::{self, Category, Kind};
use domain::repairs::Similar;

use crate::ctx::Ctx;
use crate::views::cases::ChoiceView;
use crate::views::repairs::{GroupView, SimilarView};

/// The words of a list as choices, in the reader's language.
pub(crate) fn choices(ctx: &Ctx, list: &str, words: impl Iterator<Item = &'static str>) -> Vec<ChoiceView> {
    let text = |word: &str| ctx.say(&format!("words.{list}.{word}"), &[]);
    words.map(|word| ChoiceView { value: word.to_owned(), text: text(word), hint: None }).collect()
}

/// Running repairs that may be the same thing, in words.
fn similar_rows(ctx: &Ctx, similar: Vec<Similar>) -> Vec<SimilarView> {
    let row = |one: Similar| SimilarView {
        number: one.number,
        what: ctx.category(&one.category),
        state: ctx.say(&format!("words.repair.{}", one.state), &[]),
        floor: one.floor,
        place: one.place,
        at: one.at,
        own: one.own,
    };
    similar.into_iter().map(row).collect()
}

/// What can be chosen, group by group, in the reader's language.
pub(crate) async fn categories(ctx: &Ctx) -> domain::Result<Vec<GroupView>> {
    let community = ctx.community()?.id;
    let groups = ctx.read(move |db, _, _| categories::open(db, community)).await?;
    let choice = |one: Category| ChoiceView {
        text: ctx.category(&one.code),
        hint: (one.kind == Kind::Request).then(|| ctx.say("repairs.request", &[])),
        value: one.code,
    };
    let group = |(group, members): (String, Vec<Category>)| GroupView {
        text: ctx.category(&group),
        options: members.into_iter().map(choice).collect(),
    };
    Ok(groups.into_iter().map(group).collect())
}
