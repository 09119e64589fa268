//! Payment orders 支付单 and their providers: an order is brought to its provider as soon as it was asked for, and
//! looked at until it is paid or over. Notifications come to the web; this is the net for those that don't.

use channels::{Channel, Fault, Order as Asked, Paid, Standing};
use chrono::{DateTime, Utc};
use domain::pay_orders::{self, Heard, Kept, Order, State, Why, rules};
use domain::{CommunityId, Error, Fen, Instant, PayOrderId, Result, community, homes};
use futures::{StreamExt, stream};
use serde::Deserialize;

use crate::handler::{Failure, Outcome, Report};
use crate::{App, Leased};

/// How many orders a tick looks at, and how many of them at the same time.
const MOST: i64 = 200;
const AT_ONCE: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    order: PayOrderId,
}

/// What a provider vouches for, as the domain takes it.
pub fn heard(channel: rules::Channel, paid: Paid) -> Heard {
    Heard { channel, trade_no: paid.number, transaction: paid.transaction, amount: Fen(paid.fen) }
}

/// The job of an order that was asked for, or given up: the provider is brought to the same.
pub(crate) async fn bring(app: &App, job: &Leased) -> Outcome {
    let Which { order } = job.read()?;
    let order = app.store.read(move |db| pay_orders::by_id(db, order)).await?;
    let Some(channel) = app.channels.get(order.channel.as_str()) else {
        return Err(Failure::Never(format!("{} is not set up", order.channel)));
    };
    match order.state {
        State::Asked => ask(app, channel, &order).await?,
        State::Closed => shut(app, channel, &order).await?,
        _ => return Ok(Report::nothing()),
    }
    Ok(Report::of("payment orders", 1))
}

/// Looks at the orders of a community that are due.
pub(crate) async fn look(app: &App, community: CommunityId) -> Result<Report> {
    let now = app.clock.now();
    let due = app.store.read(move |db| pay_orders::due(db, community, now, MOST)).await?;
    let looks = stream::iter(due).map(|order| one(app, order)).buffer_unordered(AT_ONCE);
    let booked = looks.collect::<Vec<Result<bool>>>().await.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(Report::of("payments", booked.into_iter().filter(|booked| *booked).count()))
}

/// What came of a look.
enum Seen {
    Booked,
    Over,
    Waits,
}

/// One look; whether a payment was booked. A provider that is away is looked for later.
async fn one(app: &App, order: Order) -> Result<bool> {
    let (id, now) = (order.id, app.clock.now());
    let seen = match app.channels.get(order.channel.as_str()) {
        Some(channel) => seen(app, channel, &order).await,
        None => Err(Trouble::Provider(Fault::Unusable("a channel that is not set up"))),
    };
    match seen {
        Ok(Seen::Booked) => return Ok(true),
        Ok(Seen::Over) => return Ok(false),
        Ok(Seen::Waits) => {}
        Err(Trouble::Ours(error)) => return Err(error),
        Err(Trouble::Provider(fault)) => {
            tracing::warn!(order = order.number, %fault, "a payment order could not be looked at");
        }
    }
    app.store.write(move |tx| pay_orders::looked(tx, now, id)).await?;
    Ok(false)
}

/// Why something did not come to its end: the provider passes, a fault of ours is one.
#[derive(Debug)]
enum Trouble {
    Provider(Fault),
    Ours(Error),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Provider(fault)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Provider(fault) => Self::Again(Error::Unavailable(fault.into())),
            Trouble::Ours(error) => Self::Again(error),
        }
    }
}

async fn seen(app: &App, channel: &dyn Channel, order: &Order) -> Result<Seen, Trouble> {
    let over = app.clock.now() >= order.expires_at;
    match channel.look(&order.trade_no).await? {
        Standing::Paid(paid) => keep(app, order, paid).await,
        Standing::Closed => {
            end(app, order, (State::Closed, Why::ByProvider)).await?;
            Ok(Seen::Over)
        }
        Standing::Open | Standing::Unknown if over => {
            channel.close(&order.trade_no).await?;
            end(app, order, (State::Expired, Why::None)).await?;
            Ok(Seen::Over)
        }
        Standing::Unknown if order.state == State::Asked => {
            ask(app, channel, order).await?;
            Ok(Seen::Over)
        }
        Standing::Open | Standing::Unknown => Ok(Seen::Waits),
    }
}

async fn keep(app: &App, order: &Order, paid: Paid) -> Result<Seen, Trouble> {
    let (now, said) = (app.clock.now(), heard(order.channel, paid));
    if said.trade_no != order.trade_no {
        return Err(Fault::Forged("another order's").into());
    }
    let kept = app.store.write(move |tx| pay_orders::heard(tx, now, &said)).await?;
    Ok(if matches!(kept, Kept::Booked(_)) { Seen::Booked } else { Seen::Over })
}

async fn end(app: &App, order: &Order, how: (State, Why)) -> Result<()> {
    let (id, now) = (order.id, app.clock.now());
    app.store.write(move |tx| pay_orders::ended(tx, now, id, how)).await
}

/// Asks the provider for the order's code; what it refuses for good has failed.
async fn ask(app: &App, channel: &dyn Channel, order: &Order) -> Result<(), Trouble> {
    let (id, now) = (order.id, app.clock.now());
    let asked = asked(app, order).await?;
    match channel.ask(&asked).await {
        Ok(code) => app.store.write(move |tx| pay_orders::shown(tx, now, id, &code)).await?,
        Err(Fault::Refused(code)) => {
            tracing::warn!(order = order.number, code, "a provider refused a payment order");
            end(app, order, (State::Failed, Why::Refused)).await?;
        }
        Err(fault) => return Err(fault.into()),
    }
    Ok(())
}

/// The order as the provider is to have it: its time left runs in real time.
async fn asked(app: &App, order: &Order) -> Result<Asked> {
    let (community, home) = (order.community_id, order.home_id);
    let names =
        app.store.read(move |db| Ok((community::by_id(db, community)?.name, homes::codes(db, &[home])?)));
    let (community, codes) = names.await?;
    let home = codes.into_values().next().unwrap_or_default();
    let until = app.clock.real_now().plus(order.expires_at.since(app.clock.now()));
    Ok(Asked {
        number: order.trade_no.clone(),
        subject: format!("{community} {home}"),
        fen: order.amount.0,
        until: moment(until)?,
    })
}

fn moment(at: Instant) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(at.micros()).ok_or_else(|| Error::internal("a moment out of range"))
}

/// Closes with the provider what was given up here. Where it was paid in the last moment, that counts.
async fn shut(app: &App, channel: &dyn Channel, order: &Order) -> Result<(), Trouble> {
    match channel.close(&order.trade_no).await {
        Ok(()) => Ok(()),
        Err(Fault::Refused(code)) => match channel.look(&order.trade_no).await? {
            Standing::Paid(paid) => keep(app, order, paid).await.map(|_| ()),
            Standing::Closed | Standing::Unknown => Ok(()),
            Standing::Open => Err(Fault::Away(code).into()),
        },
        Err(fault) => Err(fault.into()),
    }
}
