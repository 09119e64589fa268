//! A resident's first page: what is owed and by when, what is under way, what they can start, who looks
//! after them.

use std::collections::BTreeMap;

use domain::access::homes::{self as ties, Tie};
use domain::access::{Actor, Role};
use domain::cases::{self, Case, Reach};
use domain::community::Community;
use domain::ledger::{self, Book, ChargeFilter, Page};
use domain::{CaseId, Db, Fen, HomeId, Instant, PersonId, Result, audit, homes, meters, repairs};

use crate::ctx::{Ctx, Reply};
use crate::pages::move_ins;
use crate::views::home::{CaseCard, Choice, Owed, ResidentView, StewardCard};

/// How many cases the page shows; the list of cases has them all.
const CASES: i64 = 5;
/// How many open charges are looked at.
const CHARGES: i64 = 2_000;

/// The page of the home with this code, else of the first one.
pub(super) async fn show(ctx: &Ctx, asked: Option<String>) -> Reply {
    let community = ctx.community()?.clone();
    let view = ctx.glance(move |db, actor, now| view(db, (actor, now), &community, asked.as_deref())).await?;
    ctx.page(&view)
}

fn view(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: &Community,
    asked: Option<&str>,
) -> Result<ResidentView> {
    let Some(person) = actor.person else { return Ok(ResidentView::default()) };
    let today = ties::of(db, person, now)?;
    let lives_here = !today.is_empty();
    // Who has left still sees what is open there, and can pay it.
    let mut theirs = if lives_here { today } else { ties::ever(db, person)? };
    theirs.retain(|tie| tie.community == community.code);
    let Some(home) = theirs.iter().find(|tie| Some(tie.code.as_str()) == asked).or(theirs.first()) else {
        return Ok(ResidentView::default());
    };
    let choices = theirs.iter().map(|tie| Choice { code: tie.code.clone(), current: tie.home == home.home });
    let steward = homes::steward(db, home.home, community.today(now)?)?;
    Ok(ResidentView {
        homes: choices.collect(),
        home: Some(home.code.clone()),
        lives_here,
        meters: lives_here && meters::has_meters(db, home.home, community.today(now)?)?,
        owed: Some(owed(db, (actor, now), community, home)?),
        drafts: move_ins::drafts(db, actor, community.id)?,
        cases: running(db, (actor, person), community, home, &theirs)?,
        steward: steward.filter(|_| lives_here).map(|(_, name, phone)| StewardCard { name, phone }),
    })
}

/// What is open in the accounts of who asks; where they have none, in those of their household.
fn owed(db: &mut Db, (actor, now): (&Actor, Instant), community: &Community, home: &Tie) -> Result<Owed> {
    let mut accounts = ledger::visible(db, actor, home.home, Book::Fees)?;
    if accounts.iter().any(|account| Some(account.payer_id) == actor.person) {
        accounts.retain(|account| Some(account.payer_id) == actor.person);
    }
    let ids: Vec<_> = accounts.iter().map(|account| account.id).collect();
    let filter = ChargeFilter { accounts: Some(ids.clone()), open_only: true, ..ChargeFilter::default() };
    let open = ledger::list(db, community.id, &filter, Page { after: 0, limit: CHARGES })?;
    let today = community.today(now)?;
    let late = open.iter().filter(|line| line.charge.due_on < today);
    let due_on = open.iter().map(|line| line.charge.due_on).min();
    Ok(Owed {
        open: open.iter().map(|line| line.charge.open()).sum(),
        overdue: late.map(|line| line.charge.open()).sum(),
        due_on,
        days_late: due_on.map_or(0, |due| today.signed_duration_since(due).num_days().max(0)),
        prepaid: if ids.is_empty() { Fen::ZERO } else { ledger::prepaid(db, &ids)? },
    })
}

/// What is under way in the home, and what they reported elsewhere, newest first.
fn running(
    db: &mut Db,
    (actor, person): (&Actor, PersonId),
    community: &Community,
    home: &Tie,
    theirs: &[Tie],
) -> Result<Vec<CaseCard>> {
    let in_another = |case: &Case| {
        case.home_id.is_some_and(|id| id != home.home && theirs.iter().any(|tie| tie.home == id))
    };
    // What staff answer for by their post is no business of their own home's page.
    let by_post = |case: &Case| case.reporter_id != Some(person) && case.home_id != Some(home.home);
    let is_staff = actor.roles_in(community.id).any(|role| role != Role::Resident);
    let reach = Reach { person, homes: vec![home.home], ids: vec![] };
    let filter = cases::Filter { running: true, reach: Some(reach), ..cases::Filter::default() };
    let mut found = cases::list(db, community.id, &filter, 50)?;
    found.retain(|case| !(in_another(case) || is_staff && by_post(case)));
    found.truncate(usize::try_from(CASES).unwrap_or(usize::MAX));
    let given = technicians(db, &found)?;
    let codes = homes::codes(db, &found.iter().filter_map(|case| case.home_id).collect::<Vec<HomeId>>())?;
    Ok(found.into_iter().map(|case| card(case, &given, &codes)).collect())
}

/// The names of the technicians who have these repairs, by case.
fn technicians(db: &mut Db, found: &[Case]) -> Result<BTreeMap<CaseId, String>> {
    let mut given = Vec::new();
    for case in found.iter().filter(|case| case.kind == cases::Kind::Repair) {
        let technician = repairs::of_case(db, case.id)?.technician_id;
        given.extend(technician.map(|technician| (case.id, technician)));
    }
    let names = audit::names(db, &given.iter().map(|(_, person)| *person).collect::<Vec<_>>())?;
    let named = given.into_iter().filter_map(|(case, person)| Some((case, names.get(&person)?.clone())));
    Ok(named.collect())
}

fn card(case: Case, given: &BTreeMap<CaseId, String>, codes: &BTreeMap<HomeId, String>) -> CaseCard {
    let clock_runs = case.resolved_at.is_none() && case.paused_at.is_none();
    CaseCard {
        technician: given.get(&case.id).cloned(),
        place: case.home_id.and_then(|id| codes.get(&id).cloned()).or(case.place),
        number: case.number.unwrap_or_default(),
        kind: case.kind.as_str(),
        state: case.state,
        category: case.category,
        by: case.resolve_by.filter(|_| clock_runs),
    }
}
