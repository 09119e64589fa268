//! `/debts`: what is disputed, and who pays by instalments; [`debtor`] is the page of one account, [`dispute`] and
//! [`plan`] what can be done there. [`raise`] and [`seen`] are the resident's side of a dispute.

pub(crate) mod debtor;
pub(crate) mod dispute;
pub(crate) mod file;
pub(crate) mod limitation;
pub(crate) mod plan;
pub(crate) mod raise;
pub(crate) mod seen;

use domain::attachments::{self, Subject};
use domain::debts::{self, Debtor, Plan, State};
use domain::{Db, LedgerAccountId, audit, ledger};

use crate::ctx::{Ctx, Reply};
use crate::views::money::debts::DebtsView;
use crate::views::money::disputes::{DisputeRow, Shown};
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
            let mut disputes = Vec::new();
            for one in debts::open_disputes(db, actor, now, community.id)? {
                disputes.push(dispute_row(db, one)?);
            }
            Ok(DebtsView { running: plans(db, State::Running)?, broken: plans(db, State::Broken)?, disputes })
        })
        .await?;
    ctx.page(&view)
}

fn accounts(plans: &[Plan]) -> Vec<LedgerAccountId> {
    plans.iter().map(|plan| plan.account_id).collect()
}

/// A dispute with the names that people know.
fn dispute_row(db: &mut Db, one: debts::Dispute) -> domain::Result<DisputeRow> {
    let owner: Debtor = debts::debtors(db, &[one.account_id])?.pop().ok_or(domain::Error::NotFound)?;
    let line = ledger::line_of(db, owner.home_id, one.charge_id)?;
    let by = one.noted_by.map(|person| audit::names(db, &[person])).transpose()?;
    let papers = attachments::of(db, Subject::Dispute(one.id))?;
    let shown = Shown { by: by.and_then(|names| names.into_values().next()), papers };
    Ok(DisputeRow::of(one, owner, line, shown))
}
