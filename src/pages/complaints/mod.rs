//! `/complaints`: where somebody complains, the page of one complaint with its steps, the form and the table
//! that are printed of them.

pub(crate) mod act;
pub(crate) mod departments;
pub(crate) mod figures;
pub(crate) mod new;
pub(crate) mod paper;
pub(crate) mod register;
pub(crate) mod show;

use domain::complaints::{Category, Cause, Department};
use domain::{Db, Error, PersonId, Result, access, homes, people};

use crate::ctx::Ctx;
use crate::form::Form;
use crate::pages::repairs::choices;
use crate::views::cases::ChoiceView;

/// Where the words of the forms are.
pub(crate) const WORDS: &str = "complaints.form";

/// What it can be about, in the reader's language.
pub(crate) fn categories(ctx: &Ctx) -> Vec<ChoiceView> {
    choices(ctx, "category", Category::ALL.iter().map(|category| category.as_str()))
}

/// The departments, in the reader's language.
pub(crate) fn department_choices(ctx: &Ctx) -> Vec<ChoiceView> {
    choices(ctx, "department", Department::ALL.iter().map(|one| one.as_str()))
}

/// What can lie behind a complaint, in the reader's language.
pub(crate) fn causes(ctx: &Ctx) -> Vec<ChoiceView> {
    choices(ctx, "cause", Cause::ALL.iter().map(|one| one.as_str()))
}

/// The form with who calls in it, where their page led here.
pub(crate) async fn with_caller(ctx: &Ctx, form: Form, caller: Option<PersonId>) -> Result<Form> {
    let Some(caller) = caller else { return Ok(form) };
    let community = ctx.community()?.id;
    let page = ctx.read(move |db, actor, now| people::open(db, actor, now, community, caller)).await?;
    Ok(form.with("reporter", caller).with("caller_name", page.person.name))
}

/// The home of a code that the desk typed; the error stands beside the field.
pub(crate) fn home_of(
    db: &mut Db,
    (actor, now): (&access::Actor, domain::Instant),
    community: domain::CommunityId,
    code: Option<&String>,
) -> Result<Option<domain::HomeId>> {
    let found = code.map(|code| homes::find(db, actor, now, community, code)).transpose();
    found.map_err(|error| match error {
        Error::NotFound => Error::field("home", "unknown_home"),
        other => other,
    })
}
