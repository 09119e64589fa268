//! What an import says of itself: how many rows, and each bad one by line, column, value and reason.

use serde::{Deserialize, Serialize};

use crate::bank::Tally;
use crate::{BankStatementId, CommunityId, FieldError, ImportId, Instant};

crate::words! {
    /// What a file is a register of.
    Kind {
        /// 房屋台账
        Homes = "homes",
        /// 员工名册
        Staff = "staff",
        /// 收费项目
        FeeItems = "fee-items",
        /// 节假日
        Holidays = "holidays",
        /// 公摊账单
        SharedBills = "shared-bills",
        /// 水电气表
        Meters = "meters",
        /// 收支登记
        Books = "books",
        /// 银行对账单
        Bank = "bank",
    }
}

crate::words! {
    /// How an import ended.
    Outcome {
        /// Looked at only.
        DryRun = "dry_run",
        /// The good rows are in.
        Imported = "imported",
        /// Nothing is in, as rows are bad.
        Refused = "refused",
    }
}

/// A bad cell of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The line of the file, from 1.
    pub line: usize,
    /// The column's heading as the file has it.
    pub column: String,
    /// What stands there, at most 80 characters of it.
    pub value: String,
    /// Why it is bad: the text `rows.<code>`.
    pub code: String,
    /// What the text mentions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(String, String)>,
}

impl RowError {
    pub(crate) fn new(line: usize, column: String, value: &str, why: &FieldError) -> Self {
        let value = value.trim().chars().take(80).collect();
        let args = why.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { line, column, value, code: why.code.to_owned(), args }
    }
}

/// What was read, and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Rows under the heading, blank ones not counted.
    pub rows: i32,
    /// Rows that are new.
    pub added: i32,
    /// Rows that changed something.
    pub changed: i32,
    /// Rows that say what is known already.
    pub unchanged: i32,
    /// Rows with something bad in them.
    pub rejected: i32,
    /// Columns that were not read.
    pub ignored: Vec<String>,
    /// What is bad, in the order of the file.
    pub errors: Vec<RowError>,
    /// Of a bank's statement: what became of its lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<BankReport>,
}

/// What became of a statement's new lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankReport {
    /// The statement; none where nothing was taken in.
    pub statement: Option<BankStatementId>,
    /// How the table was read.
    pub profile: String,
    /// How many lines come to what.
    pub tally: Tally,
}

/// An import as it is kept.
#[derive(Debug, Clone, Serialize)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Of which community.
    #[serde(skip)]
    pub community: CommunityId,
    /// Of what.
    pub kind: Kind,
    /// What the file was called.
    pub file_name: String,
    /// Who did it; nobody where the command line did.
    pub by: Option<String>,
    /// When.
    pub at: Instant,
    /// How it ended.
    pub outcome: Outcome,
    /// What it says.
    pub report: Report,
}
