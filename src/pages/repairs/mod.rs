//! `/repairs`: where a repair is reported.

pub(crate) mod register;
pub(crate) mod report;

use domain::repairs::Category;

use crate::ctx::Ctx;
use crate::views::cases::ChoiceView;

/// The words of a list as choices, in the reader's language.
fn choices(ctx: &Ctx, list: &str, words: impl Iterator<Item = &'static str>) -> Vec<ChoiceView> {
    let text = |word: &str| ctx.say(&format!("words.{list}.{word}"), &[]);
    words.map(|word| ChoiceView { value: word.to_owned(), text: text(word), hint: None }).collect()
}

fn categories(ctx: &Ctx) -> Vec<ChoiceView> {
    choices(ctx, "category", Category::ALL.iter().map(|category| category.as_str()))
}
