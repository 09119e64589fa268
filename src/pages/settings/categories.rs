//! `/settings/categories`: the tree of what can be asked for, and the form of one category or group.

use actix_web::web::Path;
use domain::cases::Urgency;
use domain::categories::{self, Category, Change, Kind, Names, Part, Shipped, Warranty};
use domain::{CommunityId, Db, Error, stock};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::lang::Lang;
use crate::pages::repairs::choices;
use crate::views::cases::ChoiceView;
use crate::views::settings::categories::{CategoriesView, CategoryRow, CategoryView, GroupRows};

/// `GET /settings/categories`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.id;
    let all = ctx.read(move |db, _, _| categories::all(db, community)).await?;
    let mut groups: Vec<GroupRows> = Vec::new();
    for one in all {
        let code = one.group().to_owned();
        let row = row(&ctx, one);
        match groups.iter_mut().find(|group| group.code == code) {
            Some(group) => group.rows.push(row),
            None => groups.push(GroupRows { text: ctx.category(&code), code, rows: vec![row] }),
        }
    }
    ctx.page(&CategoriesView { groups })
}

fn row(ctx: &Ctx, one: Category) -> CategoryRow {
    CategoryRow {
        text: ctx.category(&one.code),
        kind: one.kind.as_str(),
        skill: one.skill,
        urgency: one.urgency.as_str(),
        part: one.part.as_str(),
        warranty: one.warranty.as_str(),
        price_item: one.price_item,
        retired: one.retired,
        code: one.code,
    }
}

/// `GET /settings/categories/new`
pub(crate) async fn new(ctx: Ctx) -> Reply {
    let form = Form::new("categories.form");
    let form = form.with("kind", Kind::Repair).with("urgency", Urgency::Normal);
    let view = view(&ctx, form.with("part", Part::Private).with("warranty", Warranty::None), None).await?;
    ctx.page(&view)
}

/// `GET /settings/categories/{code}`: a category, or a group by its code without a stop.
pub(crate) async fn show(ctx: Ctx, code: Path<String>) -> Reply {
    let (code, community) = (code.into_inner(), ctx.community()?.id);
    let asked = code.clone();
    let known = ctx.read(move |db, _, _| known(db, community, &asked)).await?;
    let names = names(&ctx, &known);
    let form = Form::new("categories.form")
        .with("zh", names.zh)
        .with("en", names.en)
        .with("kind", known.kind)
        .with("skill", &known.skill)
        .with("urgency", known.urgency)
        .with("part", known.part)
        .with("warranty", known.warranty)
        .with("price_item", &known.price_item)
        .with("papers", &known.papers)
        .with("retired", if known.retired { "on" } else { "" });
    let view = view(&ctx, form, Some(code)).await?;
    ctx.page(&view)
}

/// A category; for a group what its first member is, so that it has a name to be changed.
fn known(db: &mut Db, community: CommunityId, code: &str) -> domain::Result<Category> {
    if let Some(found) = categories::find(db, community, code)? {
        return Ok(found);
    }
    let member = categories::all(db, community)?.into_iter().find(|one| one.group() == code);
    let member = member.ok_or(Error::NotFound)?;
    Ok(Category { code: code.to_owned(), names: None, retired: false, ..member })
}

/// What it is called in both languages: by the community, or as it ships.
fn names(ctx: &Ctx, known: &Category) -> Names {
    let list = if known.code.contains('.') { "category" } else { "category_group" };
    let text = |lang| {
        let key = format!("words.{list}.{}", known.code);
        ctx.app.views.texts(lang).get(&key).unwrap_or(&known.code).to_owned()
    };
    known.names.clone().unwrap_or_else(|| Names { zh: text(Lang::Zh), en: text(Lang::En) })
}

async fn view(ctx: &Ctx, form: Form, code: Option<String>) -> domain::Result<CategoryView> {
    let community = ctx.community()?.id;
    let items = ctx.read(move |db, _, _| stock::all(db, community)).await?;
    let item = |item: stock::Item| ChoiceView {
        text: ctx.lang.of_two(&item.zh, &item.en).to_owned(),
        value: item.code,
        hint: None,
    };
    let ships = code.as_deref().is_some_and(|code| code.parse::<Shipped>().is_ok());
    Ok(CategoryView {
        is_group: code.as_deref().is_some_and(|code| !code.contains('.')),
        title: code.as_deref().map(|code| ctx.category(code)),
        ships,
        code,
        kinds: choices(ctx, "category_kind", Kind::ALL.iter().map(|one| one.as_str())),
        urgencies: choices(ctx, "urgency", Urgency::ALL.iter().map(|one| one.as_str())),
        parts: choices(ctx, "part", Part::ALL.iter().map(|one| one.as_str())),
        warranties: choices(ctx, "warranty", Warranty::ALL.iter().map(|one| one.as_str())),
        items: items.into_iter().filter(|item| !item.retired).map(item).collect(),
        form,
    })
}

/// `POST /settings/categories`: a new one.
pub(crate) async fn create(ctx: Ctx, posted: Posted) -> Reply {
    let mut form = posted.form("categories.form");
    let code = form.text("code", 41);
    save(ctx, form, code, None).await
}

/// `POST /settings/categories/{code}`
pub(crate) async fn change(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let (code, community) = (code.into_inner(), ctx.community()?.id);
    let asked = code.clone();
    ctx.read(move |db, _, _| known(db, community, &asked)).await?;
    save(ctx, posted.form("categories.form"), Some(code.clone()), Some(code)).await
}

async fn save(ctx: Ctx, mut form: Form, code: Option<String>, known: Option<String>) -> Reply {
    let community = ctx.community()?.id;
    let read = read(&mut form, code);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, change| {
            categories::save(tx, actor, now, community, change)?;
            Ok("/settings/categories?done=saved".to_owned())
        })
        .await;
    let page = view(&ctx, Form::new("categories.form"), known).await?;
    ctx.outcome(done, form, |form| CategoryView { form, ..page })
}

fn read(form: &mut Form, code: Option<String>) -> Option<Change> {
    let (zh, en) = (form.text("zh", 40), form.text("en", 40));
    let (kind, urgency) = (form.choice("kind"), form.choice("urgency"));
    let (part, warranty) = (form.choice("part"), form.choice("warranty"));
    let (skill, papers) = (form.maybe("skill", 20), form.maybe("papers", 200));
    let (price_item, retired) = (form.maybe("price_item", 30), form.ticked("retired"));
    Some(Change {
        code: code?,
        kind: kind?,
        names: Names { zh: zh?, en: en? },
        skill: skill?.unwrap_or_default(),
        urgency: urgency?,
        part: part?,
        warranty: warranty?,
        price_item: price_item?.unwrap_or_default(),
        papers: papers?.unwrap_or_default(),
        retired,
    })
}

/// `POST /settings/categories/{code}/remove`: gone where nothing names it, retired else.
pub(crate) async fn remove(ctx: Ctx, code: Path<String>, posted: Posted) -> Reply {
    let (code, community) = (code.into_inner(), ctx.community()?.id);
    let mut form = posted.form("categories.form");
    let asked = code.clone();
    let known = ctx.read(move |db, _, _| categories::find(db, community, &asked)).await?;
    let names = names(&ctx, &known.ok_or(Error::NotFound)?);
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            let gone = categories::remove(tx, actor, now, community, &code, &names)?;
            let done = if gone { "category_removed" } else { "category_retired" };
            Ok(format!("/settings/categories?done={done}"))
        })
        .await;
    Ok(done?)
}
