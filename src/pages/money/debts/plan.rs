//! `/debtors/{account}/plan` agrees on instalments, in two steps: which charges in how many parts, then the day and
//! sum of each. `/plans/{id}/end` ends a plan.

use actix_web::web::Path;
use chrono::Months;
use domain::debts::rules::{MOST_PARTS, divide};
use domain::debts::{self, NewPlan, Part};
use domain::{ChargeId, Fen, LedgerAccountId, LocalDate, PlanId, clock, settings};

use super::{FORM, debtor};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::views::money::plans::{EndPlanView, PlanRow, PlanView};

/// `GET /debtors/{account}/plan`: the first step; the second where its question was answered.
pub(crate) async fn form(ctx: Ctx, account: Path<i64>) -> Reply {
    let asked = Asked::of(&ctx.path);
    let view = view(&ctx, LedgerAccountId(*account), asked).await?;
    ctx.page(&view)
}

/// What the first step answers.
#[derive(Debug, Clone, Default)]
struct Asked {
    charges: Vec<ChargeId>,
    count: Option<String>,
    first: Option<String>,
}

impl Asked {
    fn of(path: &str) -> Self {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "charges" => asked.charges.extend(value.parse::<ChargeId>().ok()),
                "count" => asked.count = Some(value.into_owned()),
                "first" => asked.first = Some(value.into_owned()),
                _ => {}
            }
        }
        asked
    }

    fn count(&self) -> Option<usize> {
        self.count.as_deref()?.trim().parse().ok().filter(|count| (1..=MOST_PARTS).contains(count))
    }

    fn first(&self) -> Option<LocalDate> {
        clock::day(self.first.as_deref()?.trim())
    }
}

async fn view(ctx: &Ctx, account: LedgerAccountId, asked: Asked) -> domain::Result<PlanView> {
    let community = ctx.community()?.clone();
    ctx.read(move |db, actor, now| {
        let owner = debts::debtor(db, actor, now, account)?;
        let today = community.today(now)?;
        let mut charges = debtor::open(db, actor, now, account)?;
        charges.retain(|row| row.state == "reminded");
        // Nothing chosen yet: what is overdue.
        for row in &mut charges {
            let named = asked.charges.iter().any(|charge| charge.0 == row.id);
            row.chosen = named || (asked.count.is_none() && asked.charges.is_empty() && row.due_on < today);
        }
        let total: Fen = charges.iter().filter(|row| row.chosen).map(|row| row.open).sum();
        let form = Form::new(FORM).with("agreed_by", &owner.name).with("agreed_on", today);
        let (form, parts) = proposal(form, &asked, total, today);
        Ok(PlanView {
            account,
            home: owner.home,
            name: owner.name,
            charges,
            total,
            grace: settings::get(db, community.id, settings::PLAN_GRACE_DAYS)?,
            parts,
            form,
        })
    })
    .await
}

/// The form with equal parts, a month apart, and their number: none while the first step is not answered.
fn proposal(form: Form, asked: &Asked, total: Fen, today: LocalDate) -> (Form, usize) {
    let (Some(count), Some(first)) = (&asked.count, &asked.first) else {
        let next = today.checked_add_months(Months::new(1)).unwrap_or(today);
        return (form.with("count", 3).with("first", next), 0);
    };
    let mut form = form.with("count", count).with("first", first);
    let (Some(count), Some(first)) = (asked.count(), asked.first()) else {
        let (field, code) = if asked.count().is_none() { ("count", "number") } else { ("first", "date") };
        form.wrong(field, code);
        return (form, 0);
    };
    if total <= Fen::ZERO {
        form.wrong("charges", "required");
        return (form, 0);
    }
    let days = (0_u32..).filter_map(|months| first.checked_add_months(Months::new(months)));
    for (n, (day, sum)) in days.zip(divide(total, count)).enumerate() {
        form = form.with(&format!("due.{n}"), day).with(&format!("amount.{n}"), sum);
    }
    (form, count)
}

/// `POST /debtors/{account}/plan`
pub(crate) async fn submit(ctx: Ctx, account: Path<i64>, posted: Posted) -> Reply {
    let account = LedgerAccountId(*account);
    let mut form = posted.form(FORM);
    let charges = form.many::<ChargeId>("charges", "choice");
    let most = i64::try_from(MOST_PARTS).unwrap_or(0);
    let count = form.number("count", 1, most).and_then(|count| usize::try_from(count).ok());
    let parts = read_parts(&mut form, count.unwrap_or(0));
    let (by, on) = (form.text("agreed_by", 100), form.date("agreed_on"));
    let note = form.maybe("note", 500);
    let asked = Asked { charges: charges.clone().unwrap_or_default(), ..Asked::default() };
    let new = match (charges, parts, by, on, note, count) {
        (Some(charges), Some(parts), Some(agreed_by), Some(agreed_on), Some(note), Some(_)) => {
            Some(NewPlan { charges, parts, agreed_by, agreed_on, note: note.unwrap_or_default() })
        }
        _ => None,
    };
    let done = ctx
        .submit(&mut form, new, move |tx, actor, now, new| {
            debts::agree(tx, actor, now, account, new)?;
            Ok(format!("/debtors/{account}?done=plan_agreed"))
        })
        .await;
    let page = view(&ctx, account, asked).await?;
    ctx.outcome(done, form, |form| PlanView { form, parts: count.unwrap_or(0), ..page })
}

/// The instalments as they were typed; every wrong field is noted.
fn read_parts(form: &mut Form, count: usize) -> Option<Vec<Part>> {
    let typed: Vec<Option<Part>> = (0..count)
        .map(|n| {
            let (due_on, amount) = (form.date(&format!("due.{n}")), form.money(&format!("amount.{n}")));
            Some(Part { due_on: due_on?, amount: amount? })
        })
        .collect();
    typed.into_iter().collect()
}

/// `GET /plans/{id}/end`
pub(crate) async fn confirm_end(ctx: Ctx, id: Path<i64>) -> Reply {
    let view = end_view(&ctx, PlanId(*id)).await?;
    ctx.page(&view)
}

async fn end_view(ctx: &Ctx, id: PlanId) -> domain::Result<EndPlanView> {
    let community = ctx.community()?.clone();
    ctx.read(move |db, actor, now| {
        let plan = debts::plan_of(db, actor, now, id)?;
        let people = debts::debtors(db, &[plan.account_id])?;
        Ok(EndPlanView { plan: PlanRow::of(plan, &people, community.today(now)?), form: Form::new(FORM) })
    })
    .await
}

/// `POST /plans/{id}/end`
pub(crate) async fn end(ctx: Ctx, id: Path<i64>, posted: Posted) -> Reply {
    let id = PlanId(*id);
    let mut form = posted.form(FORM);
    let reason = form.text("reason", 500);
    let done = ctx
        .submit(&mut form, reason, move |tx, actor, now, reason| {
            let account = debts::end(tx, actor, now, id, reason)?;
            Ok(format!("/debtors/{account}?done=plan_ended"))
        })
        .await;
    let page = end_view(&ctx, id).await?;
    ctx.outcome(done, form, |form| EndPlanView { form, ..page })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_step_proposes_equal_parts_a_month_apart() {
        let asked = Asked::of("/debtors/7/plan?charges=3&charges=4&count=3&first=2026-12-31");
        assert_eq!(asked.charges, [ChargeId(3), ChargeId(4)]);
        let today = "2026-11-22".parse().unwrap();
        let (form, parts) = proposal(Form::new(FORM), &asked, Fen(1_000), today);
        assert_eq!(parts, 3);
        let told: Vec<_> = ["due.0", "amount.0", "due.1", "amount.1", "due.2", "amount.2"]
            .map(|name| form.value(name).unwrap_or_default().to_owned())
            .to_vec();
        assert_eq!(told, ["2026-12-31", "3.34", "2027-01-31", "3.33", "2027-02-28", "3.33"]);
        for wrong in [
            "count=0&first=2026-12-31",
            "count=37&first=2026-12-31",
            "count=3&first=2026-02-30",
            "count=x&first=x",
        ] {
            let asked = Asked::of(&format!("/debtors/7/plan?charges=3&{wrong}"));
            let (form, parts) = proposal(Form::new(FORM), &asked, Fen(1_000), today);
            assert_eq!(parts, 0, "{wrong}");
            assert!(form.has_faults(), "{wrong}");
        }
    }
}
