//! `/books`: what the community spends, and what its common parts earn 收支登记: entered by who keeps the books, never
//! changed, taken back by a counter entry.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use domain::publications::{self, Entry, Kind, NewEntry};
use domain::{CommunityEntryId, Error, LocalDate, Month, Result, audit};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::tables::{self, books};
use crate::views::books::{BooksView, CounterView, EntryRow, Group};
use crate::views::cases::ChoiceView;

const WORDS: &str = "books.form";
const COUNTER: &str = "books.counter";

/// Which days: from the first to the last, both counted.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Span {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl Span {
    /// The days that are asked for, else those of the present quarter up to today.
    fn days(&self, ctx: &Ctx) -> Result<(LocalDate, LocalDate)> {
        let today = ctx.community()?.today(ctx.now)?;
        let day = |name: &'static str, text: &str, usual| match text {
            "" => Ok(usual),
            text => domain::clock::day(text).ok_or_else(|| Error::field(name, "date")),
        };
        let usual = Month::of(today).prev().prev().first_day();
        Ok((day("from", &self.from, usual)?, day("to", &self.to, today)?))
    }
}

/// `GET /books`
pub(crate) async fn show(ctx: Ctx, span: Query<Span>) -> Reply {
    let days = span.days(&ctx)?;
    let view = view(&ctx, days, blank(&ctx)?).await?;
    ctx.page(&view)
}

/// The form as it is found: today.
fn blank(ctx: &Ctx) -> Result<Form> {
    Ok(Form::new(WORDS).with("day", ctx.community()?.today(ctx.now)?))
}

async fn view(ctx: &Ctx, (from, to): (LocalDate, LocalDate), form: Form) -> Result<BooksView> {
    let community = ctx.community()?.id;
    let (entries, names) = ctx
        .read(move |db, actor, now| {
            let entries = publications::entries(db, actor, now, community, (from, to))?;
            let people: Vec<_> = entries.iter().filter_map(|one| one.entered_by).collect();
            Ok((entries, audit::names(db, &people)?))
        })
        .await?;
    let sum = |kind: Kind| entries.iter().filter(|one| one.kind == kind).map(|one| one.amount).sum();
    let [service_cost, common_income, common_cost] =
        [Kind::ServiceCost, Kind::CommonIncome, Kind::CommonCost].map(sum);
    Ok(BooksView {
        service_cost,
        common_income,
        common_cost,
        rows: rows(ctx, &entries, &names),
        query: format!("?from={from}&to={to}"),
        from,
        to,
        groups: groups(ctx),
        form,
    })
}

fn rows(ctx: &Ctx, entries: &[Entry], names: &BTreeMap<domain::PersonId, String>) -> Vec<EntryRow> {
    let taken_back: Vec<CommunityEntryId> = entries.iter().filter_map(|one| one.corrects).collect();
    let row = |one: &Entry| EntryRow {
        id: one.id.0,
        kind: one.kind.as_str(),
        category: ctx.say(&format!("words.{}.{}", one.kind, one.category), &[]),
        day: one.day,
        amount: one.amount,
        party: one.party.clone(),
        document: one.document.clone(),
        note: one.note.clone(),
        who: one.entered_by.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        counter: one.corrects.is_some(),
        taken_back: taken_back.contains(&one.id),
    };
    entries.iter().map(row).collect()
}

/// What an entry can be about, by kind: `service_cost.cleaning`.
fn groups(ctx: &Ctx) -> Vec<Group> {
    let option = |kind: Kind, category: &str| ChoiceView {
        value: format!("{kind}.{category}"),
        text: ctx.say(&format!("words.{kind}.{category}"), &[]),
        hint: None,
    };
    let group = |kind: &Kind| Group {
        text: ctx.say(&format!("words.section.{kind}"), &[]),
        options: kind.categories().iter().map(|category| option(*kind, category)).collect(),
    };
    Kind::ALL.iter().map(group).collect()
}

/// `POST /books`
pub(crate) async fn enter(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let new = read(&mut form);
    let done = ctx
        .submit(&mut form, new, move |tx, actor, now, new| {
            publications::enter(tx, actor, now, community, new)?;
            Ok("/books?done=entry_made".to_owned())
        })
        .await;
    let days = Span::default().days(&ctx)?;
    let page = view(&ctx, days, Form::new(WORDS)).await?;
    ctx.outcome(done, form, |form| BooksView { form, ..page })
}

fn read(form: &mut Form) -> Option<NewEntry> {
    let about = form.text("about", 60);
    let (day, amount) = (form.date("day"), form.money("amount"));
    let (party, document) = (form.text("party", 100), form.text("document", 60));
    let note = form.maybe("note", 500);
    let about = about.and_then(|about| {
        let parts = about.split_once('.').and_then(|(kind, category)| {
            let kind: Kind = kind.parse().ok()?;
            kind.categories().contains(&category).then(|| (kind, category.to_owned()))
        });
        if parts.is_none() {
            form.wrong("about", "choice");
        }
        parts
    });
    let (kind, category) = about?;
    Some(NewEntry {
        kind,
        category,
        day: day?,
        amount: amount?,
        party: party?,
        document: document?,
        note: note?.unwrap_or_default(),
    })
}

/// `GET /books/{id}/counter`: what taking it back means.
pub(crate) async fn ask_counter(ctx: Ctx, id: Path<CommunityEntryId>) -> Reply {
    let view = counter_view(&ctx, *id, Form::new(COUNTER)).await?;
    ctx.page(&view)
}

async fn counter_view(ctx: &Ctx, id: CommunityEntryId, form: Form) -> Result<CounterView> {
    let community = ctx.community()?.id;
    let (entry, names) = ctx
        .read(move |db, actor, now| {
            let entry = publications::entry(db, actor, now, community, id)?;
            let people: Vec<_> = entry.entered_by.into_iter().collect();
            Ok((entry, audit::names(db, &people)?))
        })
        .await?;
    let row = rows(ctx, std::slice::from_ref(&entry), &names).pop().ok_or(Error::NotFound)?;
    Ok(CounterView { row, form })
}

/// `POST /books/{id}/counter`
pub(crate) async fn counter(ctx: Ctx, id: Path<CommunityEntryId>, posted: Posted) -> Reply {
    let (community, id) = (ctx.community()?.id, *id);
    let mut form = posted.form(COUNTER);
    let reason = form.text("reason", 500);
    let done = ctx
        .submit(&mut form, reason, move |tx, actor, now, reason| {
            publications::correct(tx, actor, now, (community, id), reason)?;
            Ok("/books?done=entry_taken_back".to_owned())
        })
        .await;
    let page = counter_view(&ctx, id, Form::new(COUNTER)).await?;
    ctx.outcome(done, form, |form| CounterView { form, ..page })
}

/// `GET /books.csv`, `GET /books.xlsx`
pub(crate) async fn file(ctx: Ctx, span: Query<Span>) -> Reply {
    let (community, (from, to)) = (ctx.community()?.id, span.days(&ctx)?);
    let found =
        ctx.read(move |db, actor, now| publications::entries(db, actor, now, community, (from, to))).await?;
    let rows = found.into_iter().map(books::entry).collect();
    tables::deliver(&ctx, books::BOOKS, &format!("{from} {to}"), rows).await
}
