//! Tables of money: what is charged, who owes, what came in, the ledger line by line.

use domain::access::{Action, Actor, Object, allow};
use domain::billing::explain::explain_stored;
use domain::billing::subject::in_words;
use domain::collection::{self, By, Wanted};
use domain::ledger::{self, ChargeFilter, Page};
use domain::sheets::Shape;
use domain::{CommunityId, Db, Instant, Month, Result, row};

use super::Rows;

/// How many rows are read at once.
const PAGE: i64 = 5_000;

pub(crate) const CHARGES: Shape = Shape {
    name: "charges",
    columns: &[
        "home",
        "item",
        "subject",
        "period",
        "revision",
        "amount_fen",
        "paid_fen",
        "due_on",
        "payer",
        "explanation",
    ],
};

/// What is charged, explained in a language.
pub(crate) fn charges(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    period: Option<Month>,
    rows: Rows<'_>,
) -> Result<()> {
    allow(db, actor, now, Action::Export, Object::Community(community))?;
    let filter = ChargeFilter { period, ..ChargeFilter::default() };
    let mut page = Page { after: 0, limit: PAGE };
    loop {
        let lines = ledger::list(db, community, &filter, page)?;
        let Some(last) = lines.last() else { return Ok(()) };
        page.after = last.charge.id.0;
        for line in lines {
            let (charge, explained) = (&line.charge, explain_stored(&line.charge.basis, "en"));
            rows(row![
                line.home,
                line.item,
                in_words(&charge.subject, "en"),
                charge.period,
                charge.revision,
                charge.amount,
                charge.paid,
                charge.due_on,
                line.payer,
                explained,
            ])?;
        }
    }
}

pub(crate) const ARREARS: Shape = Shape {
    name: "arrears",
    columns: &[
        "home",
        "payer",
        "charges",
        "open_fen",
        "overdue_fen",
        "oldest_period",
        "oldest_due_on",
        "stage",
        "reached_on",
        "contact",
        "contact_on",
        "disputed",
        "in_plan",
        "taken_by",
        "taken_at",
    ],
};

/// Who owes what, and how far reminding has come. Each row says who took it and when, so that it still does where rows are cut out.
pub(crate) fn arrears(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    wanted: &Wanted,
    rows: Rows<'_>,
) -> Result<()> {
    allow(db, actor, now, Action::Export, Object::Community(community))?;
    for one in collection::arrears(db, actor, now, community, wanted, (0, i64::MAX))? {
        let (contact, contact_on) = one.contact.unzip();
        rows(row![
            one.home,
            one.payer,
            one.charges,
            one.open,
            one.overdue,
            one.oldest_period,
            one.oldest_due_on,
            one.stage.as_str(),
            one.reached_on,
            contact.map(collection::Contact::as_str),
            contact_on,
            one.disputed.to_string(),
            one.in_plan.to_string(),
            actor.name.as_str(),
            now,
        ])?;
    }
    Ok(())
}

pub(crate) const COLLECTION: Shape = Shape {
    name: "collection",
    columns: &["period", "by", "key", "name", "charges", "due_fen", "collected_fen", "rate"],
};

/// What came in of what was due in a month: by building, item and steward.
pub(crate) fn collected(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    period: Month,
    rows: Rows<'_>,
) -> Result<()> {
    allow(db, actor, now, Action::Export, Object::Community(community))?;
    for by in [By::Building, By::Item, By::Steward] {
        for one in collection::figures(db, actor, now, community, (period, by), None)? {
            let rate = one.rate().map(domain::sheets::Cell::Percent);
            rows(row![period, by.as_str(), one.key, one.name, one.charges, one.due, one.collected, rate])?;
        }
    }
    Ok(())
}

pub(crate) const ENTRIES: Shape = Shape {
    name: "entries",
    columns: &["id", "at", "home", "payer", "book", "kind", "amount_fen", "charge", "receipt", "note"],
};

/// The ledger, line by line.
pub(crate) fn entries(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: CommunityId,
    month: Option<Month>,
    rows: Rows<'_>,
) -> Result<()> {
    allow(db, actor, now, Action::Export, Object::Community(community))?;
    let mut after = 0;
    loop {
        let lines = ledger::export_entries(db, community, month, (after, PAGE))?;
        let Some(last) = lines.last() else { return Ok(()) };
        after = last.id;
        for one in lines {
            let amount = domain::Fen(one.amount_fen);
            rows(row![
                one.id,
                one.at,
                one.home,
                one.payer,
                one.book,
                one.kind,
                amount,
                one.charge_id,
                one.receipt,
                one.note,
            ])?;
        }
    }
}
