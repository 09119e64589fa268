//! `GET /pay-orders`: the cashier sees every order, and those that a person has to look at first.

use actix_web::web::Query;
use domain::pay_orders::{self, State};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::views::money::online::{OrderRow, OrdersView};

/// The most rows of a page.
const ROWS: usize = 50;

/// Which orders.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    state: Option<String>,
    before: Option<i64>,
}

/// `GET /pay-orders`
pub(crate) async fn show(ctx: Ctx, asked: Query<Which>) -> Reply {
    let asked = asked.into_inner();
    let state: Option<State> = asked.state.as_deref().and_then(|word| word.parse().ok());
    let (community, before) = (ctx.community()?.id, asked.before.unwrap_or(i64::MAX));
    let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    let mut found = ctx
        .read(move |db, actor, now| pay_orders::list(db, actor, now, (community, state), (before, limit)))
        .await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(|last| last.order.id);
    let states = State::ALL.iter().map(|state| state.as_str()).collect();
    ctx.page(&OrdersView {
        state: state.map(State::as_str),
        states,
        rows: found.into_iter().map(OrderRow::from).collect(),
        next,
    })
}
