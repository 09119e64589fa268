//! `/audit`: the trail of who did what, newest first, by person, by kind of thing, by days.

use std::collections::BTreeMap;

use actix_web::web::Query;
use domain::access::{Action, Object, allow};
use domain::audit::{self, Which};
use domain::{Error, LocalDate, PersonId, Result, people};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::views::audit::{AuditRow, AuditView, KindChoice};

/// How many stand on a page.
const PAGE: i64 = 50;

/// The lines that are asked for, and where the page begins; what is left empty narrows nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    who: String,
    kind: String,
    from: String,
    to: String,
    before: Option<i64>,
}

impl Asked {
    fn which(&self, ctx: &Ctx) -> Result<Which> {
        let zone = ctx.community()?.zone()?;
        let day = |name: &'static str, text: &str| match text {
            "" => Ok(None),
            text => domain::clock::day(text).map(Some).ok_or_else(|| Error::field(name, "date")),
        };
        let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let next = |day: LocalDate| day.succ_opt().unwrap_or(day);
        Ok(Which {
            who: said(&self.who),
            kind: said(&self.kind),
            from: day("from", &self.from)?.map(|day| zone.start_of(day)),
            until: day("to", &self.to)?.map(|day| zone.start_of(next(day))),
            before: self.before,
        })
    }

    /// The address of the same lines.
    fn address(&self) -> String {
        let parts = [("who", &self.who), ("kind", &self.kind), ("from", &self.from), ("to", &self.to)];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parts.into_iter().filter(|(_, text)| !text.trim().is_empty()));
        let query = query.finish();
        if query.is_empty() { "/audit".to_owned() } else { format!("/audit?{query}") }
    }
}

/// `GET /audit`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (community, asked) = (ctx.community()?.id, asked.into_inner());
    let which = asked.which(&ctx)?;
    let (mut lines, names, staff) = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ReadAudit, Object::Community(community))?;
            let lines = audit::list(db, community, &which, PAGE + 1)?;
            let ids: Vec<PersonId> = lines.iter().filter_map(|line| line.actor_id).collect();
            Ok((lines, audit::names(db, &ids)?, people::staff_names(db, community)?))
        })
        .await?;
    let more = lines.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    lines.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let here = asked.address();
    let next = lines
        .last()
        .filter(|_| more)
        .map(|line| format!("{here}{}before={}", if here.contains('?') { '&' } else { '?' }, line.seq));
    ctx.page(&AuditView {
        rows: lines.into_iter().map(|line| row(line, &names)).collect(),
        next,
        first: asked.before.map(|_| here.clone()),
        narrowed: here.contains('?'),
        kinds: kinds(&ctx),
        staff,
        who: asked.who,
        kind: asked.kind,
        from: asked.from,
        to: asked.to,
    })
}

fn row(line: audit::Row, names: &BTreeMap<PersonId, String>) -> AuditRow {
    AuditRow {
        seq: line.seq,
        at: line.at,
        who: line.actor_id.and_then(|id| names.get(&id).cloned()).unwrap_or(line.cause),
        action: line.action,
        subject: line.subject_kind,
        id: line.subject_id,
        fields: line.fields,
    }
}

/// The kinds of things that there are words for.
fn kinds(ctx: &Ctx) -> Vec<KindChoice> {
    let texts = ctx.app.views.texts(ctx.lang);
    let words = texts.keys().filter_map(|key| key.strip_prefix("words.audit_subject."));
    words
        .map(|word| KindChoice {
            value: word.to_owned(),
            text: ctx.say(&format!("words.audit_subject.{word}"), &[]),
        })
        .collect()
}
