//! `/dispatch`: the board for the desk. What waits by clock, each with whom to send and why; technicians by load
//! and skill; one order or many given in one act.

use domain::repairs::{self, Candidate, Order, Waiting, Worker};
use domain::{PersonId, homes};

use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::cases;
use crate::views::cases::ChoiceView;
use crate::views::dispatch::{BoardView, WaitingRow, WorkerRow};

/// `GET /dispatch`
pub(crate) async fn show(ctx: Ctx) -> Reply {
    let view = view(&ctx, Form::new("dispatch.form")).await?;
    ctx.page(&view)
}

async fn view(ctx: &Ctx, form: Form) -> domain::Result<BoardView> {
    let community = ctx.community()?.id;
    let (board, codes) = ctx
        .read(move |db, actor, now| {
            let board = repairs::board(db, actor, now, community)?;
            let held = board.workers.iter().flat_map(|one| one.orders.iter());
            let about: Vec<_> =
                board.pool.iter().map(|one| &one.case).chain(held).filter_map(|c| c.home_id).collect();
            let codes = homes::codes(db, &about)?;
            Ok((board, codes))
        })
        .await?;
    let row = |case: &domain::cases::Case| {
        cases::row(ctx, case, case.home_id.and_then(|home| codes.get(&home).cloned()))
    };
    let waiting = |one: &Waiting| WaitingRow {
        version: one.case.version,
        why: one.candidates.first().map(|first| why(ctx, first)),
        technicians: one.candidates.iter().map(|one| choice(ctx, one)).collect(),
        row: row(&one.case),
    };
    let worker = |one: &Worker| WorkerRow {
        name: one.load.name.clone(),
        skills: one.load.skills.clone(),
        on_duty: one.on_duty,
        open: one.load.open,
        last_at: one.load.last_at,
        orders: one.orders.iter().map(row).collect(),
    };
    Ok(BoardView {
        pool: board.pool.iter().map(waiting).collect(),
        workers: board.workers.iter().map(worker).collect(),
        form,
    })
}

/// Why somebody is proposed: the skill, how much they have, how long since the last order.
pub(crate) fn why(ctx: &Ctx, one: &Candidate) -> String {
    let fit = match one.fit {
        0 => "has_skill",
        1 => "does_all",
        _ => "no_skill",
    };
    let open = one.load.open.to_string();
    let skill = ctx.say(&format!("dispatch.why.{fit}"), &[("skills", &one.load.skills)]);
    let load = ctx.say("dispatch.why.open", &[("n", &open)]);
    let last = one.load.last_at.map_or_else(
        || ctx.say("dispatch.why.none_yet", &[]),
        |at| {
            let hours = ctx.now.since(at).num_hours().max(0);
            let (unit, n) = match hours {
                0 => ("now", 0),
                1..48 => ("hours", hours),
                _ => ("days", hours / 24),
            };
            ctx.say(&format!("dispatch.why.last_{unit}"), &[("n", &n.to_string())])
        },
    );
    [skill, load, last].join(&ctx.say("dispatch.why.and", &[]))
}

pub(crate) fn choice(ctx: &Ctx, one: &Candidate) -> ChoiceView {
    ChoiceView { value: one.load.person.to_string(), text: one.load.name.clone(), hint: Some(why(ctx, one)) }
}

/// `POST /dispatch`: the orders that are ticked, each to whom its row names.
pub(crate) async fn submit(ctx: Ctx, posted: Posted) -> Reply {
    let community = ctx.community()?.id;
    let mut form = posted.form("dispatch.form");
    let read = read(&mut form);
    let done = ctx
        .submit(&mut form, read, move |tx, actor, now, orders| {
            repairs::dispatch_all(tx, actor, now, community, orders)?;
            Ok("/dispatch?done=dispatched".to_owned())
        })
        .await;
    let page = view(&ctx, Form::new("dispatch.form")).await?;
    ctx.outcome(done, form, |form| BoardView { form, ..page })
}

/// Each ticked row is `number:version`, its choice stands in `to.<number>`; an empty one is the portal's proposal.
fn read(form: &mut Form) -> Option<Vec<Order>> {
    let ticked: Vec<String> = form.many("order", "choice")?;
    for name in form.names_beginning("to.") {
        form.maybe_parsed::<PersonId>(&name, "choice")?;
    }
    let order = |text: &String| {
        let (number, version) = text.split_once(':')?;
        let technician = form.value(&format!("to.{number}")).and_then(|id| id.trim().parse().ok());
        Some(Order { number: number.to_owned(), version: version.parse().ok()?, technician })
    };
    let orders: Option<Vec<Order>> = ticked.iter().map(order).collect();
    if orders.is_none() {
        form.wrong("order", "choice");
    }
    orders
}
