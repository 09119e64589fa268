//! `/debts`: what is disputed, and who pays by instalments; [`debtor`] is the page of one account, [`dispute`] and
//! [`plan`] what can be done there. [`raise`] and [`seen`] are the resident's side of a dispute.

pub(crate) mod debtor;
pub(crate) mod dispute;
pub(crate) mod file;
pub(crate) mod limitation;
pub(crate) mod plan;
pub(crate) mod raise;
pub(crate) mod seen;

use domain::debts::{self, Dispute, Plan, State};
use domain::{Db, Error, LedgerAccountId};

use crate::ctx::{Ctx, Reply};
use crate::views::money::debts::DebtsView;
use crate::views::money::disputes::DisputeRow;
use crate::views::money::plans::PlanRow;

/// Where the words of the forms are.
const FORM: &str = "debts.form";

/// How many plans of a state the page shows.
const MOST: i64 = 200;

/// `GET /debts`
pub(crate) async fn list(ctx: Ctx) -> Reply {
    let community = ctx.community()?.clone();
    let view = ctx
        .read(move |db, actor, now| {
            let today = community.today(now)?;
            let plans = |db: &mut Db, state| -> domain::Result<Vec<PlanRow>> {
                let plans = debts::plans_in(db, actor, now, community.id, state, (None, MOST))?;
                let people = debts::debtors(db, &accounts(&plans))?;
                Ok(plans.into_iter().map(|plan| PlanRow::of(plan, &people, today)).collect())
            };
            let open = debts::open_disputes(db, actor, now, community.id, (None, i64::MAX))?;
            Ok(DebtsView {
                running: plans(db, State::Running)?,
                broken: plans(db, State::Broken)?,
                disputes: dispute_rows(db, open)?,
            })
        })
        .await?;
    ctx.page(&view)
}

fn accounts(plans: &[Plan]) -> Vec<LedgerAccountId> {
    plans.iter().map(|plan| plan.account_id).collect()
}

/// Disputes with the names that people know.
fn dispute_rows(db: &mut Db, all: Vec<Dispute>) -> domain::Result<Vec<DisputeRow>> {
    Ok(debts::dispute_lines(db, all)?.into_iter().map(DisputeRow::from).collect())
}

/// The same of one.
fn dispute_row(db: &mut Db, one: Dispute) -> domain::Result<DisputeRow> {
    dispute_rows(db, vec![one])?.pop().ok_or(Error::NotFound)
}
