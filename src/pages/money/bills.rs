//! `GET /bills` leads to one's own home; `GET /homes/{code}/bills` shows what is owed there and why.

use actix_web::web::Path;
use domain::access::{Action, Object, Role, homes, may};
use domain::billing::given_back;
use domain::debts::{self, Plan, State};
use domain::ledger::{self, Book, ChargeFilter, Page};
use domain::payments::{self, Payment};
use domain::{Fen, billing, corrections, deposits, pay_orders};

use crate::ctx::{Ctx, Reply, see_other};
use crate::views::money::bills::{
    BillLine, BillsView, CorrectedRow, PayerRow, PaymentRow, by_month, by_year, contest, offer, offer_split,
    recall, silence,
};
use crate::views::money::demands::DemandRow;
use crate::views::money::deposits::DepositRow;
use crate::views::money::plans::PlanRow;

/// `GET /bills`
pub(crate) async fn own(ctx: Ctx) -> Reply {
    let Some(person) = ctx.actor.person else { return Ok(see_other("/login")) };
    let ties = ctx.read(move |db, _, now| homes::of(db, person, now)).await?;
    let staff = ctx.actor.has(Role::Cashier);
    let first = ties.first().map(|tie| format!("/homes/{}/bills", tie.code));
    let otherwise = if staff { "/cashier" } else { "/" };
    Ok(see_other(first.as_deref().unwrap_or(otherwise)))
}

/// The most charges that a page shows.
const ROWS: i64 = 2_000;

/// How many months are shown at once; those before are folded by year.
const LATEST: usize = 3;

/// `GET /homes/{code}/bills`
pub(crate) async fn show(ctx: Ctx, code: Path<String>) -> Reply {
    let (code, community, language) = (code.into_inner(), ctx.community()?.clone(), ctx.lang.code());
    let offered = !ctx.app.channels.codes().is_empty();
    let view = ctx
        .read(move |db, actor, now| {
            let home = ledger::home(db, actor, now, community.id, &code)?;
            let seen = ledger::visible(db, actor, home, Book::Fees)?;
            let ids: Vec<_> = seen.iter().map(|account| account.id).collect();
            let filter =
                ChargeFilter { accounts: Some(ids.clone()), with_reversed: true, ..ChargeFilter::default() };
            let charges = ledger::list(db, community.id, &filter, Page { after: 0, limit: ROWS })?;
            let place = Object::Community(community.id);
            let corrects = may(db, actor, now, Action::Bill, place)?;
            let (said, plans) = (debts::disputes_of(db, &ids)?, debts::plans_of(db, &ids)?);
            let known: Vec<_> = charges.iter().map(|line| line.charge.clone()).collect();
            let here = (community.id, home);
            let each = ledger::prepaid_of_each(db, &ids)?;
            let payers = PayerRow::of(&seen, &known.iter().collect::<Vec<_>>(), &each);
            let disputable = debts::disputable(db, actor, now, here, &known, (&said, &plans))?;
            let mut lines: Vec<_> = charges.into_iter().map(|line| BillLine::of(line, language)).collect();
            if corrects {
                let waiting = corrections::of_accounts(db, &ids)?;
                offer(&mut lines, &waiting);
                offer_split(&mut lines, &billing::payer_changes(db, home)?);
            }
            recall(&mut lines, &given_back::of_accounts(db, &ids)?, language);
            silence(&mut lines, &said, &plans);
            contest(&mut lines, &said, &disputable);
            let shown = |plan: &Plan| {
                plan.state == State::Running || plan.open > Fen::ZERO && plan.state == State::Broken
            };
            let people = debts::debtors(db, &ids)?;
            let open = || lines.iter().filter(|line| line.open > Fen::ZERO);
            let owed = open().map(|line| line.open).sum();
            let due_on = open().map(|line| line.due_on).min();
            let today = community.today(now)?;
            let homes = match actor.person {
                Some(person) => homes::of(db, person, now)?.into_iter().map(|tie| tie.code).collect(),
                None => Vec::new(),
            };
            let pays_online =
                offered && may(db, actor, now, Action::PayOnline, Object::Home(community.id, home))?;
            let waiting = pay_orders::open_of(db, &ids)?.into_iter().find(|order| order.expires_at > now);
            let taken = payments::of_accounts(db, &ids, 200)?;
            let paid = payments::months(db, &taken.iter().map(|payment| payment.id).collect::<Vec<_>>())?;
            let payment = |payment: Payment| {
                let months = paid.get(&payment.id).copied();
                PaymentRow::of(payment, months)
            };
            let mut months = by_month(lines);
            let earlier = months.split_off(months.len().min(LATEST));
            Ok(BillsView {
                home: code,
                homes,
                owed,
                due_on,
                overdue: due_on.is_some_and(|due| due < today),
                prepaid: each.into_values().sum(),
                payers,
                months,
                years: by_year(earlier),
                plans: plans
                    .into_iter()
                    .filter(shown)
                    .map(|plan| PlanRow::of(plan, &people, today))
                    .collect(),
                deposits: deposits::of_home(db, actor, home)?.into_iter().map(DepositRow::from).collect(),
                demands: DemandRow::of(db, &ids)?,
                payments: taken.into_iter().map(payment).collect(),
                corrected: ledger::corrected(db, &ids, 50)?.into_iter().map(CorrectedRow::from).collect(),
                pays_online,
                waiting: waiting.map(|order| order.number),
                corrects,
                cashier: may(db, actor, now, Action::TakePayment, place)?,
            })
        })
        .await?;
    ctx.page(&view)
}
