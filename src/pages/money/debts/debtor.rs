//! `GET /debtors/{account}`: what one payer owes for one home, and what was said and agreed about it.

use actix_web::web::Path;
use domain::access::Actor;
use domain::attachments::{self, Subject};
use domain::debts::{self, Owed};
use domain::limitation::{self, Acknowledgement};
use domain::{Db, Instant, LedgerAccountId, reminders};

use super::dispute_rows;
use crate::ctx::{Ctx, Reply};
use crate::views::money::debts::{DebtorView, OpenRow, ReminderRow};
use crate::views::money::demands::DemandRow;
use crate::views::money::limitation::{AcknowledgedRow, CourseRow};
use crate::views::money::plans::PlanRow;

/// `GET /debtors/{account}`
pub(crate) async fn show(ctx: Ctx, account: Path<i64>) -> Reply {
    let (account, community) = (LedgerAccountId(*account), ctx.community()?.clone());
    let view = ctx
        .read(move |db, actor, now| {
            let owner = debts::debtor(db, actor, now, account)?;
            let today = community.today(now)?;
            let plans = debts::plans_of(db, &[account])?;
            let disputes = debts::disputes_of(db, &[account])?;
            let people = [owner.clone()];
            Ok(DebtorView {
                charges: open(db, actor, now, account)?,
                plans: plans.into_iter().map(|plan| PlanRow::of(plan, &people, today)).collect(),
                reminders: reminders::of_account(db, account)?.into_iter().map(ReminderRow::from).collect(),
                demands: DemandRow::of(db, &[account])?,
                acknowledged: acknowledged(db, account)?,
                own: actor.person == Some(owner.payer),
                account,
                home: owner.home,
                name: owner.name,
                balance: owner.balance,
                disputes: dispute_rows(db, disputes)?,
            })
        })
        .await?;
    ctx.page(&view)
}

fn acknowledged(db: &mut Db, account: LedgerAccountId) -> domain::Result<Vec<AcknowledgedRow>> {
    let all = limitation::acknowledgements_of(db, account)?;
    let subjects: Vec<_> = all.iter().map(|one| Subject::Acknowledgement(one.id)).collect();
    let mut papers = attachments::of_each(db, &subjects)?;
    let row = |one: Acknowledgement| {
        let papers = papers.remove(&Subject::Acknowledgement(one.id)).unwrap_or_default();
        AcknowledgedRow::of(one, papers)
    };
    Ok(all.into_iter().map(row).collect())
}

/// What is open on an account, oldest first, each with why nobody is reminded of it and until when it can be demanded.
pub(super) fn open(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    account: LedgerAccountId,
) -> domain::Result<Vec<OpenRow>> {
    let row = |one: Owed| OpenRow {
        state: one.speech.as_str(),
        course: Some(CourseRow::of(one.course, one.standing)),
        ..OpenRow::of(one.line)
    };
    Ok(debts::owed(db, actor, now, account)?.into_iter().map(row).collect())
}
