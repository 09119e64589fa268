//! `GET /debtors/{account}`: what one payer owes for one home, and what was said and agreed about it.

use actix_web::web::Path;
use domain::attachments::{self, Subject};
use domain::debts::{self, State};
use domain::ledger::{self, ChargeFilter, Page};
use domain::{Db, LedgerAccountId, LocalDate, limitation, reminders, settings};

use super::dispute_row;
use crate::ctx::{Ctx, Reply};
use crate::views::money::debts::{DebtorView, OpenRow, PlanRow, ReminderRow};
use crate::views::money::demands::DemandRow;
use crate::views::money::limitation::{AcknowledgedRow, CourseRow};

/// The most charges that the page shows.
const ROWS: i64 = 2_000;

/// `GET /debtors/{account}`
pub(crate) async fn show(ctx: Ctx, account: Path<i64>) -> Reply {
    let (account, community) = (LedgerAccountId(*account), ctx.community()?.clone());
    let view = ctx
        .read(move |db, actor, now| {
            let owner = debts::debtor(db, actor, now, account)?;
            let today = community.today(now)?;
            let plans = debts::plans_of(db, &[account])?;
            let mut disputes = Vec::new();
            for one in debts::disputes_of(db, &[account])? {
                disputes.push(dispute_row(db, one)?);
            }
            let people = [owner.clone()];
            Ok(DebtorView {
                charges: open(db, account, today)?,
                plans: plans.into_iter().map(|plan| PlanRow::of(plan, &people, today)).collect(),
                reminders: reminders::of_account(db, account)?.into_iter().map(ReminderRow::from).collect(),
                demands: DemandRow::of(db, &[account])?,
                acknowledged: acknowledged(db, account)?,
                own: actor.person == Some(owner.payer),
                account,
                home: owner.home,
                name: owner.name,
                balance: owner.balance,
                disputes,
            })
        })
        .await?;
    ctx.page(&view)
}

fn acknowledged(db: &mut Db, account: LedgerAccountId) -> domain::Result<Vec<AcknowledgedRow>> {
    let mut rows = Vec::new();
    for one in limitation::acknowledgements_of(db, account)? {
        let papers = attachments::of(db, Subject::Acknowledgement(one.id))?;
        rows.push(AcknowledgedRow::of(one, papers));
    }
    Ok(rows)
}

/// What is open on an account, oldest first, each with why nobody is reminded of it and until when it can be demanded.
pub(super) fn open(db: &mut Db, account: LedgerAccountId, today: LocalDate) -> domain::Result<Vec<OpenRow>> {
    let filter = ChargeFilter { accounts: Some(vec![account]), open_only: true, ..ChargeFilter::default() };
    let community = debts::debtors(db, &[account])?.pop().ok_or(domain::Error::NotFound)?.community;
    let mut lines = ledger::list(db, community, &filter, Page { after: 0, limit: ROWS })?;
    lines.sort_by_key(|line| (line.charge.due_on, line.charge.period, line.charge.id));
    let disputes = debts::disputes_of(db, &[account])?;
    let plans = debts::plans_of(db, &[account])?;
    let quiet = |id| {
        let disputed = disputes.iter().any(|one| one.charge_id == id && one.ended_at.is_none());
        let planned = plans.iter().any(|one| one.state == State::Running && one.charges.contains(&id));
        if disputed {
            "disputed"
        } else if planned {
            "planned"
        } else {
            "reminded"
        }
    };
    let charges: Vec<_> = lines.iter().map(|line| line.charge.clone()).collect();
    let mut courses = limitation::courses(db, community, &charges)?;
    let days = settings::get(db, community, settings::LIMITATION_WATCH_DAYS)?;
    let mut row = |line: ledger::ChargeLine| {
        let course = courses.remove(&line.charge.id).map(|course| {
            let standing = course.standing(today, days);
            CourseRow::of(course, standing)
        });
        OpenRow { state: quiet(line.charge.id), course, ..OpenRow::of(line) }
    };
    Ok(lines.into_iter().map(&mut row).collect())
}
