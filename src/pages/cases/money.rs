//! What a repair costs, on its page: who pays and why, the quote, what was used, the price list to choose from.

use domain::billing::explain::yuan;
use domain::billing::service::Service;
use domain::repairs::pays::{Dates, Decision, Quote};
use domain::stock::{Item, Kind};
use domain::{LocalDate, Quantity};

use crate::ctx::Ctx;
use crate::views::cases::{ChoiceView, PaysView, Prices, QuoteLineView, QuoteView, UsedView};

/// Who pays, with the line of the table that applied and both dates.
pub(super) fn pays(ctx: &Ctx, decided: &Decision, dates: &Dates) -> PaysView {
    let day =
        |day: Option<LocalDate>| day.map_or_else(|| ctx.say("pays.unknown_day", &[]), |day| day.to_string());
    let (until, delivered, completed) =
        (day(decided.until), day(dates.delivered_on), day(dates.completed_on));
    let args = [("until", until.as_str()), ("delivered", &delivered), ("completed", &completed)];
    PaysView {
        payer: ctx.say(&format!("pays.payer.{}", decided.payer), &[]),
        rule: ctx.say(&format!("pays.rule.{}", decided.rule), &args),
    }
}

/// A quote with its lines.
pub(super) fn quote(ctx: &Ctx, quote: &Quote, service: &Service) -> QuoteView {
    let line = |line: &domain::billing::service::ServiceLine| QuoteLineView {
        name: ctx.lang.of_two(&line.zh, &line.en).to_owned(),
        quantity: line.quantity.to_string(),
        unit: line.unit.clone(),
        price: line.price,
    };
    QuoteView {
        state: quote.state.as_str(),
        lines: service.lines.iter().map(line).collect(),
        total: quote.total,
        agreed_at: quote.agreed_at,
        refusal: quote.refusal.clone(),
    }
}

/// A material that was taken from the store.
pub(super) fn used(ctx: &Ctx, item: &Item, quantity: Quantity) -> UsedView {
    UsedView {
        name: ctx.lang.of_two(&item.zh, &item.en).to_owned(),
        quantity: quantity.to_string(),
        unit: item.unit.clone(),
    }
}

/// What can be chosen: for a quote everything, for a finish what lies in the store.
pub(super) fn prices(ctx: &Ctx, items: &[Item]) -> Prices {
    let name = |item: &Item| ctx.lang.of_two(&item.zh, &item.en).to_owned();
    let priced = |item: &Item| ChoiceView {
        value: item.code.clone(),
        text: name(item),
        hint: Some(format!("{} / {}", yuan(item.price), item.unit)),
    };
    let stored = |item: &Item| ChoiceView {
        value: item.code.clone(),
        text: name(item),
        hint: Some(ctx.say("pays.in_store", &[("n", &item.stock.to_string()), ("unit", &item.unit)])),
    };
    let open = || items.iter().filter(|item| !item.retired);
    let there = open().filter(|item| item.kind == Kind::Material && item.stock.0 > 0);
    Prices { all: open().map(priced).collect(), materials: there.map(stored).collect() }
}
