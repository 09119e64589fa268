//! `linli import homes|staff|fee-items|holidays|shared-bills|meters|books|bank FILE --community C [--period P] [--sheet NAME]`

use std::path::PathBuf;

use domain::access::Actor;
use domain::imports::{self, Kind, Options, Outcome, RowError};
use domain::{Error, Fen, Month, Result, bank};
use serde_json::json;

use super::Out;
use crate::app;
use crate::config::Config;

/// Read a register from a file.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// What the file is: homes, staff, fee-items, holidays, shared-bills, meters, books, bank.
    kind: Kind,
    /// The file: XLSX, or CSV in UTF-8 or GB18030.
    file: PathBuf,
    /// The community's code.
    #[arg(long)]
    community: String,
    /// The month that shared bills, readings, books or a statement are of: rows of another are bad.
    #[arg(long)]
    period: Option<Month>,
    /// The sheet of a workbook; without it the first visible one with the register's heading.
    #[arg(long)]
    sheet: Option<String>,
    /// Look only: say what would come in.
    #[arg(long)]
    dry_run: bool,
    /// Take the good rows in though others are bad.
    #[arg(long)]
    skip_bad: bool,
}

impl Import {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let bytes = std::fs::read(&self.file).map_err(|error| {
            let reason = vec![("file", self.file.display().to_string()), ("why", error.to_string())];
            Error::refused("import.unreadable", reason)
        })?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let sheet = imports::read_sheet(self.kind, &name, (&bytes, self.sheet.as_deref()))?;
        let store = app::open_store(config)?;
        store.migrate()?;
        let now = app::clock(config, &store)?.now();
        let options = Options { dry_run: self.dry_run, skip_bad: self.skip_bad, month: self.period };
        let place = store.read_now(|db| super::community_of(db, &self.community))?.id;
        let import = store
            .write_now(|tx| imports::run(tx, &Actor::system("command line"), now, place, &sheet, options))?;
        while self.kind == Kind::Bank && store.write_now(|tx| bank::book_next(tx, now, place))? {}
        say(&import, out);
        match import.outcome {
            Outcome::Imported => Ok(()),
            Outcome::DryRun if self.skip_bad || import.report.errors.is_empty() => Ok(()),
            _ => Err(bad_rows(import.report.rejected)),
        }
    }
}

fn bad_rows(count: i32) -> Error {
    Error::refused("import.bad_rows", vec![("count", count.to_string())])
}

fn say(import: &imports::Import, out: &Out) {
    let report = &import.report;
    let (rows, added, changed) =
        (report.rows.to_string(), report.added.to_string(), report.changed.to_string());
    let (same, rejected) = (report.unchanged.to_string(), report.rejected.to_string());
    let counts = [
        ("rows", rows.as_str()),
        ("added", &added),
        ("changed", &changed),
        ("unchanged", &same),
        ("rejected", &rejected),
    ];
    let mut lines: Vec<String> = report.errors.iter().map(|error| line(error, out)).collect();
    lines.push(out.text(&format!("register.outcome.{}", import.outcome), &counts));
    let errors: Vec<_> = report
        .errors
        .iter()
        .map(|error| {
            json!({"line": error.line, "column": error.column, "value": error.value, "code": error.code,
                "reason": reason(error, out)})
        })
        .collect();
    let mut answer = json!({
        "id": import.id, "kind": import.kind, "outcome": import.outcome, "rows": report.rows,
        "added": report.added, "changed": report.changed, "unchanged": report.unchanged,
        "rejected": report.rejected, "ignored": report.ignored, "errors": errors,
    });
    if let Some(bank) = &report.bank {
        let tally = &bank.tally;
        let (booked, queued) = (tally.booked.to_string(), tally.queued.to_string());
        let (debits, repeated) = (tally.debits.to_string(), tally.repeated.to_string());
        let (booked_sum, queued_sum) = (Fen(tally.booked_fen).to_string(), Fen(tally.queued_fen).to_string());
        let told = [
            ("booked", booked.as_str()),
            ("booked_sum", &booked_sum),
            ("queued", &queued),
            ("queued_sum", &queued_sum),
            ("debits", &debits),
            ("repeated", &repeated),
        ];
        lines.push(out.text("bank.tally", &told));
        if let Some(fields) = answer.as_object_mut() {
            fields.insert("bank".to_owned(), json!(bank));
        }
    }
    out.answer(&answer, &lines);
}

fn reason(error: &RowError, out: &Out) -> String {
    let args: Vec<(&str, &str)> = error.args.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    out.text(&format!("fields.{}", error.code), &args)
}

fn line(error: &RowError, out: &Out) -> String {
    let number = error.line.to_string();
    let reason = reason(error, out);
    let args =
        [("line", number.as_str()), ("column", &error.column), ("value", &error.value), ("reason", &reason)];
    out.text("register.row", &args)
}
