//! The rows that figures open to: `GET /figures/cases`, `GET /figures/duties`.

use actix_web::web::Query;
use domain::duties::Kind;
use domain::figures::{self, CaseRow, CasesOf, DutiesOf, DutyRow};
use domain::{Error, Month, Result};
use serde::Deserialize;

use super::{month, span};
use crate::ctx::{Ctx, Reply};
use crate::views::figures::{CaseLine, CasesView, DutiesView};

/// How many rows a page has.
const PAGE: i64 = 200;

/// Which rows: of a figure, of a month, from where on.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Asked {
    kind: Option<String>,
    which: Option<String>,
    month: Option<String>,
    offset: Option<i64>,
}

impl Asked {
    fn offset(&self) -> i64 {
        self.offset.unwrap_or(0).max(0)
    }

    fn cases_of(&self) -> Result<CasesOf> {
        let which = self.which.as_deref().unwrap_or(CasesOf::Opened.as_str());
        which.parse().map_err(|_| Error::field("which", "choice"))
    }

    fn duties_of(&self) -> Result<(Kind, DutiesOf)> {
        let kind = self.kind.as_deref().unwrap_or(Kind::ReturnVisit.as_str());
        let which = self.which.as_deref().unwrap_or(DutiesOf::Due.as_str());
        let kind = kind.parse().map_err(|_| Error::field("kind", "choice"))?;
        Ok((kind, which.parse().map_err(|_| Error::field("which", "choice"))?))
    }
}

/// `GET /figures/cases`
pub(crate) async fn cases(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let asked = asked.into_inner();
    let (which, offset) = (asked.cases_of()?, asked.offset());
    let (month, rows) = case_rows(&ctx, asked, (offset, PAGE)).await?;
    let more = if is_full(rows.len()) {
        format!("/figures/cases?which={which}&month={month}&offset={}", offset + PAGE)
    } else {
        String::new()
    };
    let rows = rows.into_iter().map(|row| CaseLine::new(row, ctx.now)).collect();
    let ways = CasesOf::ALL.iter().map(|which| which.as_str()).collect();
    ctx.page(&CasesView { which: which.as_str(), ways, month, rows, more })
}

/// The month and the cases that were asked for.
pub(super) async fn case_rows(ctx: &Ctx, asked: Asked, page: (i64, i64)) -> Result<(Month, Vec<CaseRow>)> {
    let community = ctx.community()?.clone();
    ctx.read(move |db, actor, now| {
        let month = month(asked.month.as_deref(), &community, now)?;
        let which = (asked.cases_of()?, span(&community, month)?);
        Ok((month, figures::case_rows(db, actor, now, community.id, which, page)?))
    })
    .await
}

/// `GET /figures/duties`
pub(crate) async fn duties(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let asked = asked.into_inner();
    let ((kind, which), offset) = (asked.duties_of()?, asked.offset());
    let (month, rows) = duty_rows(&ctx, asked, (offset, PAGE)).await?;
    let more = if is_full(rows.len()) {
        format!("/figures/duties?kind={kind}&which={which}&month={month}&offset={}", offset + PAGE)
    } else {
        String::new()
    };
    ctx.page(&DutiesView {
        kind: kind.as_str(),
        which: which.as_str(),
        ways: DutiesOf::ALL.iter().map(|which| which.as_str()).collect(),
        month,
        rows: rows.into_iter().map(Into::into).collect(),
        more,
    })
}

/// The month and the duties that were asked for.
pub(super) async fn duty_rows(ctx: &Ctx, asked: Asked, page: (i64, i64)) -> Result<(Month, Vec<DutyRow>)> {
    let community = ctx.community()?.clone();
    ctx.read(move |db, actor, now| {
        let month = month(asked.month.as_deref(), &community, now)?;
        let (kind, which) = asked.duties_of()?;
        let which = (kind, which, span(&community, month)?);
        Ok((month, figures::duty_rows(db, actor, now, community.id, which, page)?))
    })
    .await
}

fn is_full(rows: usize) -> bool {
    i64::try_from(rows).is_ok_and(|rows| rows == PAGE)
}
