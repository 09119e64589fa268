//! `/publications`: what the community took in and spent, quarter by quarter 收支公示: for everybody who lives here, and
//! for who drafts, approves and publishes it.

use std::collections::BTreeMap;

use actix_web::web::Path;
use domain::access::{Action, Object, allow, may};
use domain::duties::{self, Filter};
use domain::publications::{self, Line, Publication, Section, State};
use domain::{CommunityId, Db, PersonId, PublicationId, Result, audit};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::tables::{self, books};
use crate::views::publications::{
    DutyLine, LineRow, PaperView, PublicationRow, PublicationView, PublicationsView, SectionTable,
};

const WORDS: &str = "publications.form";

/// `GET /publications`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let view = view(&ctx, Form::new(WORDS)).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form) -> Result<PublicationsView> {
    let community = ctx.community()?.id;
    ctx.read(move |db, actor, now| {
        let rows = publications::list(db, actor, now, community)?;
        let keeps = may(db, actor, now, Action::KeepBooks, Object::Community(community))?;
        let drafted = rows.iter().any(|one| one.state == State::Draft);
        let next = if keeps { publications::next_span(db, community, now)? } else { None };
        let form = match rows.iter().find(|one| one.state == State::Draft) {
            Some(draft) => form.with("note", &draft.note),
            None => form,
        };
        Ok(PublicationsView {
            duties: if keeps { owed(db, community)? } else { Vec::new() },
            rows: rows.iter().map(row).collect(),
            keeps,
            drafted,
            next_from: next.map(|span| span.0),
            next_to: next.map(|span| span.1),
            form,
        })
    })
    .await
}

/// What is owed and was missed: the newest first.
fn owed(db: &mut Db, community: CommunityId) -> Result<Vec<DutyLine>> {
    let filter = Filter { kind: Some(duties::Kind::Publication), ..Filter::default() };
    let mut found = duties::list(db, community, &filter, 100)?;
    found.retain(|duty| {
        matches!(duty.state, duties::State::Open | duties::State::Missed) && duty.record_id.is_none()
    });
    let line = |duty: duties::Duty| DutyLine {
        from: duty.occurrence.parse().ok(),
        due_at: duty.due_at,
        missed: duty.state == duties::State::Missed,
    };
    Ok(found.into_iter().rev().map(line).collect())
}

fn row(one: &Publication) -> PublicationRow {
    PublicationRow {
        id: one.id.0,
        first_day: one.first_day,
        last_day: one.last_day,
        state: one.state.as_str(),
        published_at: one.published_at,
    }
}

/// `POST /publications`: drafts the next one, or the present draft anew.
pub(crate) async fn draft(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let note = form.maybe("note", publications::MOST);
    let done = ctx
        .submit(&mut form, note, move |tx, actor, now, note| {
            let id = publications::draft(tx, actor, now, community, note.as_deref().unwrap_or_default())?;
            Ok(format!("/publications/{id}?done=publication_drafted"))
        })
        .await;
    let page = view(&ctx, Form::new(WORDS)).await?;
    ctx.outcome(done, form, |form| PublicationsView { form, ..page })
}

/// `GET /publications/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<PublicationId>) -> Reply {
    let view = one(&ctx, *id, Form::new(WORDS)).await?;
    ctx.page(&view)
}

/// `GET /publications/{id}/paper`
pub(crate) async fn paper(ctx: Ctx, id: Path<PublicationId>) -> Reply {
    let publication = one(&ctx, *id, Form::new(WORDS)).await?;
    ctx.page(&PaperView { publication })
}

async fn one(ctx: &Ctx, id: PublicationId, form: Form) -> Result<PublicationView> {
    let community = ctx.community()?.id;
    let (found, lines, names, keeps, approves) = ctx
        .read(move |db, actor, now| {
            let (found, lines) = publications::read(db, actor, now, community, id)?;
            let people = [found.drafted_by, found.approved_by, found.published_by];
            let people: Vec<PersonId> = people.into_iter().flatten().collect();
            let place = Object::Community(community);
            let keeps = may(db, actor, now, Action::KeepBooks, place)?;
            let approves = may(db, actor, now, Action::ApprovePublication, place)?;
            Ok((found, lines, audit::names(db, &people)?, keeps, approves))
        })
        .await?;
    let name = |person: Option<PersonId>, names: &BTreeMap<PersonId, String>| {
        person.and_then(|person| names.get(&person).cloned()).unwrap_or_default()
    };
    let of =
        |section: Section| lines.iter().filter(|line| line.section == section).map(|line| line.amount).sum();
    let [fees, costs, earned, spent]: [domain::Fen; 4] =
        [Section::Fees, Section::ServiceCost, Section::CommonIncome, Section::CommonCost].map(of);
    Ok(PublicationView {
        row: row(&found),
        keeps,
        drafted_by: name(found.drafted_by, &names),
        drafted_at: found.drafted_at,
        approved_by: name(found.approved_by, &names),
        approved_at: found.approved_at,
        published_by: name(found.published_by, &names),
        own: found.drafted_by == ctx.actor.person,
        approves: approves && found.state == State::Draft,
        publishes: approves && found.state == State::Approved,
        sections: Section::ALL.iter().filter_map(|section| table(ctx, *section, &lines)).collect(),
        fees,
        costs,
        balance: fees - costs,
        earned,
        spent,
        common: earned - spent,
        note: found.note,
        form,
    })
}

/// A section's lines; none where it has none, but for those that a reader looks for.
fn table(ctx: &Ctx, section: Section, lines: &[Line]) -> Option<SectionTable> {
    let own = || lines.iter().filter(|line| line.section == section);
    let rows: Vec<LineRow> = own()
        .map(|line| LineRow {
            name: name(ctx, line),
            entries: line.entries,
            billed: line.billed,
            amount: line.amount,
        })
        .collect();
    let shown = section != Section::Collected || !rows.is_empty();
    shown.then(|| SectionTable {
        section: section.as_str(),
        by_item: matches!(section, Section::Fees | Section::Collected),
        billed: own().map(|line| line.billed).sum(),
        amount: own().map(|line| line.amount).sum(),
        rows,
    })
}

/// What a line is called in the language of who reads.
fn name(ctx: &Ctx, line: &Line) -> String {
    match (line.section, line.item.as_str()) {
        (Section::Fees | Section::Collected, "") => ctx.say("publications.ahead", &[]),
        (Section::Fees | Section::Collected, _) => line.name.clone(),
        (section, item) => ctx.say(&format!("words.{section}.{item}"), &[]),
    }
}

/// `POST /publications/{id}/approve`
pub(crate) async fn approve(ctx: Ctx, id: Path<PublicationId>, posted: Posted) -> Reply {
    let (community, id) = (ctx.community()?.id, *id);
    let mut form = posted.form(WORDS);
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            publications::approve(tx, actor, now, community, id)?;
            Ok(format!("/publications/{id}?done=publication_approved"))
        })
        .await;
    decided(ctx, id, form, done).await
}

/// `POST /publications/{id}/publish`
pub(crate) async fn publish(ctx: Ctx, id: Path<PublicationId>, posted: Posted) -> Reply {
    let (community, id, real_now) = (ctx.community()?.id, *id, ctx.real_now());
    let mut form = posted.form(WORDS);
    let done = ctx
        .submit(&mut form, Some(()), move |tx, actor, now, ()| {
            publications::publish(tx, actor, now, real_now, (community, id))?;
            Ok(format!("/publications/{id}?done=publication_published"))
        })
        .await;
    decided(ctx, id, form, done).await
}

async fn decided(ctx: Ctx, id: PublicationId, form: Form, done: Result<actix_web::HttpResponse>) -> Reply {
    let page = one(&ctx, id, Form::new(WORDS)).await?;
    ctx.outcome(done, form, |form| PublicationView { form, ..page })
}

/// `GET /publications/{id}/figures.csv`, `….xlsx`: what everybody may read, everybody may take.
pub(crate) async fn file(ctx: Ctx, id: Path<PublicationId>) -> Reply {
    let (community, id) = (ctx.community()?.id, *id);
    let (found, lines) = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ReadPublications, Object::Community(community))?;
            publications::read(db, actor, now, community, id)
        })
        .await?;
    let rows = lines.iter().map(|line| books::line(line, name(&ctx, line))).collect();
    tables::deliver(&ctx, books::PUBLICATION, &format!("{} {}", found.first_day, found.last_day), rows).await
}
