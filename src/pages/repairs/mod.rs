//! `/repairs`: where a repair is reported.

pub(crate) mod register;
pub(crate) mod report;

use domain::AttachmentId;
use domain::repairs::Category;

use crate::ctx::Ctx;
use crate::files;
use crate::form::Form;
use crate::views::cases::ChoiceView;

/// The words of a list as choices, in the reader's language.
pub(crate) fn choices(ctx: &Ctx, list: &str, words: impl Iterator<Item = &'static str>) -> Vec<ChoiceView> {
    let text = |word: &str| ctx.say(&format!("words.{list}.{word}"), &[]);
    words.map(|word| ChoiceView { value: word.to_owned(), text: text(word), hint: None }).collect()
}

pub(crate) fn categories(ctx: &Ctx) -> Vec<ChoiceView> {
    choices(ctx, "category", Category::ALL.iter().map(|category| category.as_str()))
}

/// The photos that earlier steps brought and those of this one; what is wrong with one is noted.
pub(crate) async fn photos(ctx: &Ctx, form: &mut Form) -> domain::Result<Vec<AttachmentId>> {
    let mut photos: Vec<AttachmentId> = form.many("photos", "unknown_file").unwrap_or_default();
    let new = form.files("files");
    let community = ctx.community()?.id;
    match files::upload(ctx, community, new).await {
        Ok(added) => photos.extend(added),
        Err(error) => form.note(files::rename(error, "files"))?,
    }
    Ok(photos)
}
