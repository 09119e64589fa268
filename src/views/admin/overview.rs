//! The admin's first page: how the portal is, its communities, its backups.

use domain::Instant;
use domain::backup::Kept;
use domain::community::Standing;
use serde::Serialize;

use super::health::FindingRow;
use super::sample_moment;
use crate::form::Form;
use crate::views::View;

/// The admin's first page.
#[derive(Debug, Serialize)]
pub(crate) struct OverviewView {
    /// What was seen by looking.
    pub(crate) findings: Vec<FindingRow>,
    /// How many of that are not well.
    pub(crate) ill: usize,
    /// How many jobs wait, and for how many seconds the oldest that is due.
    pub(crate) waiting: i64,
    pub(crate) waiting_secs: i64,
    /// How many jobs failed.
    pub(crate) failed: i64,
    /// Every community.
    pub(crate) communities: Vec<StandingRow>,
    /// The backups, the newest first.
    pub(crate) backups: Vec<KeptRow>,
    /// Where they lie, and how many nightly ones are kept; none: the worker makes none.
    pub(crate) folder: String,
    pub(crate) keep: usize,
    /// Asks for a backup.
    pub(crate) form: Form,
}

/// A community in numbers.
#[derive(Debug, Serialize)]
pub(crate) struct StandingRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) timezone: String,
    pub(crate) homes: i64,
    pub(crate) staff: i64,
    pub(crate) accounts: i64,
    pub(crate) imported_at: Option<Instant>,
}

impl From<Standing> for StandingRow {
    fn from(standing: Standing) -> Self {
        let Standing { community, homes, staff, accounts, imported_at } = standing;
        let (code, name, timezone) = (community.code, community.name, community.timezone);
        Self { code, name, timezone, homes, staff, accounts, imported_at }
    }
}

impl StandingRow {
    pub(super) fn sample(imported_at: Option<Instant>) -> Self {
        Self {
            code: "JXHY".to_owned(),
            name: "锦绣花园".to_owned(),
            timezone: "Asia/Shanghai".to_owned(),
            homes: 1_200,
            staff: 18,
            accounts: 900,
            imported_at,
        }
    }
}

/// A backup that is kept.
#[derive(Debug, Serialize)]
pub(crate) struct KeptRow {
    pub(crate) name: String,
    /// Its size in MiB, with one decimal.
    pub(crate) size: String,
    pub(crate) at: Instant,
}

impl From<Kept> for KeptRow {
    fn from(kept: Kept) -> Self {
        // In tenths of a MiB, rounded up: no backup is of nothing.
        let tenths = kept.bytes.saturating_mul(10).div_ceil(1 << 20);
        Self { name: kept.name, size: format!("{}.{}", tenths / 10, tenths % 10), at: kept.at }
    }
}

impl View for OverviewView {
    const TEMPLATE: &'static str = "admin/overview.html";

    fn samples() -> Vec<Self> {
        let backup =
            || Kept { name: "linli-2026-11-22.tar".to_owned(), bytes: 12_345_678, at: sample_moment() };
        let one = |communities, backups: Vec<Kept>, keep, ill| Self {
            findings: FindingRow::samples(),
            ill,
            waiting: 3,
            waiting_secs: 12,
            failed: i64::from(keep > 0),
            communities,
            backups: backups.into_iter().map(KeptRow::from).collect(),
            folder: "/srv/linli/backups".to_owned(),
            keep,
            form: Form::new("admin.form"),
        };
        let communities = || vec![StandingRow::sample(Some(sample_moment())), StandingRow::sample(None)];
        vec![one(communities(), vec![backup()], 14, 1), one(vec![], vec![], 14, 0), one(vec![], vec![], 0, 0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_mebibytes_and_never_nothing() {
        for (bytes, size) in [(1, "0.1"), (1 << 20, "1.0"), ((1 << 20) + 1, "1.1"), (15 << 20, "15.0")] {
            let kept = Kept { name: String::new(), bytes, at: sample_moment() };
            assert_eq!(KeptRow::from(kept).size, size);
        }
    }
}
