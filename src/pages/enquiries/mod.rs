//! `/enquiries`: where somebody asks, and the page of one enquiry with its answer.

pub(crate) mod act;
pub(crate) mod new;
pub(crate) mod register;
pub(crate) mod show;

use domain::knowledge::Category;

use crate::ctx::Ctx;
use crate::pages::repairs::choices;
use crate::views::cases::ChoiceView;

/// Where the words of the forms are.
pub(crate) const WORDS: &str = "enquiries.form";

/// What one can ask about, in the reader's language.
pub(crate) fn categories(ctx: &Ctx) -> Vec<ChoiceView> {
    choices(ctx, "category", Category::ALL.iter().map(|category| category.as_str()))
}
