//! Who hears of an order: who pays, once it is booked; the cashiers, where a person has to look.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Heard, Order};
use crate::access::Role;
use crate::db::schema::homes;
use crate::notifications::{self, Tell, Urgency};
use crate::{Db, HomeId, Instant, PaymentId, PersonId, Result, on_duty, payments};

fn code_of(db: &mut Db, home: HomeId) -> Result<String> {
    Ok(homes::table.find(home.0).select(homes::code).first(db)?)
}

/// The payer has their receipt at once.
pub(super) fn payer(
    tx: &mut Db,
    now: Instant,
    order: &Order,
    (person, payment): (PersonId, PaymentId),
) -> Result<()> {
    let receipt = payments::by_id(tx, payment)?.receipt;
    let args = json!({
        "home": code_of(tx, order.home_id)?,
        "amount": order.amount.to_string(),
        "receipt": receipt,
    });
    let one = Tell {
        community: order.community_id,
        event: format!("pay_order:{}:paid", order.id),
        person,
        code: "pay_order.paid",
        args,
        link: Some(format!("/receipts/{receipt}")),
        urgency: Urgency::Now,
    };
    notifications::tell(tx, &one, now)
}

/// The cashiers on duty have to look at what the provider says.
pub(super) fn cashiers(
    tx: &mut Db,
    now: Instant,
    order: &Order,
    said: &Heard,
    code: &'static str,
) -> Result<()> {
    let more = json!({ "told": said.amount.to_string(), "transaction": said.transaction });
    look(tx, now, order, (code, &format!("{code}:{}:{}", order.id, said.transaction)), &more)
}

/// The cashiers on duty have to find out what became of it.
pub(super) fn unanswered(tx: &mut Db, now: Instant, order: &Order) -> Result<()> {
    let code = "pay_order.unanswered";
    look(tx, now, order, (code, &format!("{code}:{}", order.id)), &json!({ "trade_no": order.trade_no }))
}

fn look(
    tx: &mut Db,
    now: Instant,
    order: &Order,
    (code, event): (&'static str, &str),
    more: &Value,
) -> Result<()> {
    let mut args = json!({
        "home": code_of(tx, order.home_id)?,
        "number": order.number,
        "asked": order.amount.to_string(),
    });
    if let (Some(args), Some(more)) = (args.as_object_mut(), more.as_object()) {
        args.extend(more.clone());
    }
    for person in on_duty::holders(tx, order.community_id, Role::Cashier, now)? {
        let one = Tell {
            community: order.community_id,
            event: event.to_owned(),
            person,
            code,
            args: args.clone(),
            link: Some(format!("/pay-orders/{}", order.number)),
            urgency: Urgency::Now,
        };
        notifications::tell(tx, &one, now)?;
    }
    Ok(())
}
