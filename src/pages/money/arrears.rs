//! `/arrears`: who owes, how far reminding has come and when they were last spoken to; as a page and as a file.

use actix_web::web::Query;
use domain::access::{Action, Object, may};
use domain::collection::{self, Arrears, DebtorOrder, Reached, Wanted};
use domain::{BuildingId, Error, PersonId};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::tables::{self, money};
use crate::views::cases::ChoiceView;
use crate::views::money::arrears::{ArrearsRow, ArrearsView};

/// How many of those who owe a page has.
const PAGE: i64 = 50;

/// Which of them, in which order, from where on.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    building: String,
    #[serde(default)]
    steward: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    sort: String,
    offset: Option<i64>,
}

impl Asked {
    fn wanted(&self) -> domain::Result<Wanted> {
        let id = |name, text: &str| match text {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Error::field(name, "choice")),
        };
        let stage = Some(&self.stage).filter(|stage| !stage.is_empty());
        let sort = if self.sort.is_empty() { DebtorOrder::Overdue.as_str() } else { &self.sort };
        Ok(Wanted {
            building: id("building", &self.building)?.map(BuildingId),
            steward: id("steward", &self.steward)?.map(PersonId),
            stage: stage
                .map(|stage| stage.parse())
                .transpose()
                .map_err(|_| Error::field("stage", "choice"))?,
            order: sort.parse().map_err(|_| Error::field("sort", "choice"))?,
        })
    }

    /// What it is narrowed to, for an address.
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let parts = [("building", &self.building), ("steward", &self.steward), ("stage", &self.stage)];
        for (name, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        query.finish()
    }
}

/// `GET /arrears`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (asked, community) = (asked.into_inner(), ctx.community()?.id);
    let (wanted, offset) = (asked.wanted()?, asked.offset.unwrap_or(0).max(0));
    let (rows, keeps, takes, (buildings, stewards)) = ctx
        .read(move |db, actor, now| {
            let place = Object::Community(community);
            let keeps = may(db, actor, now, Action::KeepDebts, place)?;
            let takes = may(db, actor, now, Action::Export, place)?;
            let choices = collection::choices(db, actor, now, community)?;
            Ok((
                collection::arrears(db, actor, now, community, &wanted, (offset, PAGE))?,
                keeps,
                takes,
                choices,
            ))
        })
        .await?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE);
    let (sort, query) = (wanted.order.as_str(), asked.query());
    let narrowed = if query.is_empty() { String::new() } else { format!("{query}&") };
    let base = format!("/arrears?{narrowed}sort={sort}");
    let next = offset.saturating_add(PAGE);
    ctx.page(&ArrearsView {
        keeps,
        takes,
        buildings: choices(buildings),
        building: asked.building,
        stewards: choices(stewards),
        steward: asked.steward,
        stages: Reached::ALL.iter().map(|stage| stage.as_str()).collect(),
        stage: wanted.stage.map_or("", Reached::as_str),
        ways: DebtorOrder::ALL.iter().map(|order| order.as_str()).collect(),
        sort,
        sorting: format!("/arrears?{narrowed}sort="),
        query: format!("?{narrowed}sort={sort}"),
        narrowed: !query.is_empty(),
        more: if full { format!("{base}&offset={next}") } else { String::new() },
        first: if offset > 0 { base } else { String::new() },
        rows: rows.into_iter().map(row).collect(),
    })
}

fn choices(named: collection::Named) -> Vec<ChoiceView> {
    let choice = |(id, text): (i64, String)| ChoiceView { value: id.to_string(), text, hint: None };
    named.into_iter().map(choice).collect()
}

fn row(one: Arrears) -> ArrearsRow {
    let (contact, contact_on) = one.contact.unzip();
    ArrearsRow {
        account: one.account_id,
        home: one.home,
        payer: one.payer,
        charges: one.charges,
        open: one.open,
        overdue: one.overdue,
        oldest_period: one.oldest_period,
        oldest_due_on: one.oldest_due_on,
        stage: one.stage.as_str(),
        reached_on: one.reached_on,
        contact: contact.map(collection::Contact::as_str),
        contact_on,
        disputed: one.disputed,
        in_plan: one.in_plan,
    }
}

/// `GET /arrears.csv`, `GET /arrears.xlsx`: all of them as they are narrowed and ordered.
pub(crate) async fn file(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (wanted, community) = (asked.wanted()?, ctx.community()?.id);
    let today = ctx.community()?.today(ctx.now)?;
    let rows = ctx
        .read(move |db, actor, now| {
            let mut rows = Vec::new();
            money::arrears(db, (actor, now), community, &wanted, &mut |row| {
                rows.push(row);
                Ok(())
            })?;
            Ok(rows)
        })
        .await?;
    tables::deliver(&ctx, money::ARREARS, &today.to_string(), rows).await
}
