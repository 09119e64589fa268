//! `/bank/profiles`: how the banks' tables are read. A preset can be changed; the community's own way holds then.

use actix_web::web::Query;
use domain::Error;
use domain::bank::mapping::{Mapping, Part, Sign};
use domain::bank::{self, Profile};
use domain::imports::Encoding;
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::form::{Form, Posted};
use crate::pages::repairs::choices;
use crate::views::money::bank::{ProfileRow, ProfileView, ProfilesView};

const FORM: &str = "bank.profile";

/// `GET /bank/profiles`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let all = ctx.read(move |db, actor, now| bank::profiles(db, actor, now, community)).await?;
    let row = |one: Profile| ProfileRow {
        own: one.id.is_some(),
        sign: one.mapping.sign.as_str(),
        href: format!("/bank/profile?{}", query(&one.name)),
        name: one.name,
    };
    ctx.page(&ProfilesView { profiles: all.into_iter().map(row).collect() })
}

fn query(name: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish()
}

/// Which profile; a new one where none is named.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    name: Option<String>,
}

/// `GET /bank/profile`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let community = ctx.community()?.id;
    let Some(name) = asked.into_inner().name else {
        let form = Form::new(FORM).with("encoding", Encoding::Auto).with("sign", Sign::TwoColumns);
        return ctx.page(&view(&ctx, form.with("version", 0), false));
    };
    let found = ctx.read(move |db, actor, now| bank::profile(db, actor, now, community, &name)).await?;
    let own = found.id.is_some();
    ctx.page(&view(&ctx, filled(&found), own))
}

fn filled(profile: &Profile) -> Form {
    let mapping = &profile.mapping;
    let above = mapping.title_lines.map(|n| n.to_string()).unwrap_or_default();
    let form = Form::new(FORM)
        .with("name", &profile.name)
        .with("encoding", mapping.encoding)
        .with("sign", mapping.sign)
        .with("title_lines", above)
        .with("version", profile.version);
    let part = |form: Form, part: &Part| form.with(part.as_str(), mapping.names(*part).join("、"));
    Part::ALL.iter().fold(form, part)
}

fn view(ctx: &Ctx, form: Form, own: bool) -> ProfileView {
    ProfileView {
        encodings: choices(ctx, "encoding", Encoding::ALL.iter().map(|one| one.as_str())),
        signs: choices(ctx, "bank_sign", Sign::ALL.iter().map(|one| one.as_str())),
        parts: Part::ALL.iter().map(|part| part.as_str()).collect(),
        own,
        form,
    }
}

fn read(form: &mut Form) -> Option<(String, Mapping, i32)> {
    let (name, encoding, sign) = (form.text("name", 60), form.choice("encoding"), form.choice("sign"));
    let title_lines = form.maybe_parsed::<u8>("title_lines", "number");
    let version = form.parsed("version", "number");
    let mut columns = Vec::new();
    for part in Part::ALL {
        let text = form.maybe(part.as_str(), 200)?.unwrap_or_default();
        let names = text.split(['、', ',', '，', ';']).map(str::trim).filter(|name| !name.is_empty());
        columns.push((*part, names.map(str::to_owned).collect::<Vec<_>>()));
    }
    columns.retain(|(_, names)| !names.is_empty());
    let mapping = Mapping { encoding: encoding?, title_lines: title_lines?, sign: sign?, columns };
    Some((name?, mapping, version?))
}

/// `POST /bank/profile`
pub(crate) async fn save(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let typed = read(&mut form);
    let done = ctx
        .submit(&mut form, typed, move |tx, actor, now, (name, mapping, version)| {
            bank::save_profile(tx, actor, now, community, (name, mapping, *version))?;
            Ok("/bank/profiles?done=saved".to_owned())
        })
        .await;
    let own = form.value("version").is_some_and(|version| version != "0");
    let page = view(&ctx, Form::new(FORM), own);
    ctx.outcome(done, form, |form| ProfileView { form, ..page })
}

/// `POST /bank/profile/remove`
pub(crate) async fn remove(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(FORM);
    let name = form.text("name", 60);
    let name = form.done(name)?;
    let gone = ctx.write(move |tx, actor, now| bank::remove_profile(tx, actor, now, community, &name)).await;
    match gone {
        Ok(()) | Err(Error::NotFound) => Ok(see_other("/bank/profiles?done=bank_profile_removed")),
        Err(error) => Err(error.into()),
    }
}
