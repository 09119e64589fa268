//! `linli export`: registers and figures as a file, with stable column names in English. A cell that a
//! spreadsheet would take for a formula is made a text.

use std::io::Write;
use std::path::{Path, PathBuf};

use domain::access::Actor;
use domain::billing::explain::explain_stored;
use domain::collection::{self, By, DebtorOrder};
use domain::ledger::{self, ChargeFilter, Page};
use domain::{Clock, CommunityId, Db, Error, Instant, Month, Result, homes};

use super::Out;
use crate::app;
use crate::config::Config;

/// What can be taken out.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum What {
    /// Every home with its owner.
    Homes,
    /// What is charged.
    Charges,
    /// Who owes what.
    Arrears,
    /// What came in of what was due, by building and item.
    Collection,
    /// The ledger, line by line.
    Entries,
}

/// How it is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// Comma-separated values, UTF-8.
    Csv,
}

/// Take registers and figures out as a file.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// What to take out.
    what: What,
    /// The community's code.
    #[arg(long)]
    community: String,
    /// Only this month, such as 2026-11; the collection needs one.
    #[arg(long)]
    period: Option<Month>,
    /// How to write it.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// The file; stdout where none is named.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// A table: its heading, then its rows.
type Table = Vec<Vec<String>>;

impl Export {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let Format::Csv = self.format;
        let store = app::open_store(config)?;
        let clock: Clock = app::clock(config, &store)?;
        let (now, actor) = (clock.now(), Actor::system("command line"));
        let table = store.write_now(|tx| {
            let community = super::community_of(tx, &self.community)?.id;
            table(tx, &actor, now, community, self.what, self.period)
        })?;
        match &self.out {
            None if out.is_json() => rows_as_json(out, &table),
            None => {
                // Nobody reads any more: there is nothing left to say.
                let _closed = std::io::stdout().write_all(&csv_text(&table)?);
                Ok(())
            }
            Some(file) => write_file(out, file, &table),
        }
    }
}

fn write_file(out: &Out, file: &Path, table: &Table) -> Result<()> {
    let shown = file.display().to_string();
    std::fs::write(file, csv_text(table)?).map_err(|error| {
        Error::refused("export.unwritable", vec![("file", shown.clone()), ("why", error.to_string())])
    })?;
    out.say("exported", &serde_json::json!({"rows": table.len().saturating_sub(1), "file": shown}));
    Ok(())
}

fn rows_as_json(out: &Out, table: &Table) -> Result<()> {
    let Some((head, rows)) = table.split_first() else { return Ok(()) };
    for row in rows {
        let pairs = head.iter().cloned().zip(row.iter().cloned().map(serde_json::Value::String));
        let row: serde_json::Map<String, serde_json::Value> = pairs.collect();
        out.line(&serde_json::to_string(&row).map_err(Error::internal)?);
    }
    Ok(())
}

/// Neutralises what begins like a formula; numbers stay numbers.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<i64>().is_err();
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

fn csv_text(table: &Table) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in table {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

fn table(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    id: CommunityId,
    what: What,
    period: Option<Month>,
) -> Result<Table> {
    match what {
        What::Homes => from_csv(&homes::export(db, actor, now, id)?),
        What::Charges => charges(db, id, period),
        What::Arrears => arrears(db, actor, now, id),
        What::Collection => {
            let period = period.ok_or_else(|| Error::field("period", "required"))?;
            collected(db, actor, now, id, period)
        }
        What::Entries => entries(db, id, period),
    }
}

/// The rows of a text that is CSV already.
fn from_csv(text: &str) -> Result<Table> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.map(|row| row.iter().map(str::to_owned).collect()));
    rows.collect::<Result<_, _>>().map_err(Error::internal)
}

fn head(columns: &str) -> Vec<String> {
    columns.split(',').map(str::to_owned).collect()
}

fn charges(db: &mut Db, community: CommunityId, period: Option<Month>) -> Result<Table> {
    let mut table =
        vec![head("home,item,subject,period,revision,amount_fen,paid_fen,due_on,payer,explanation")];
    let filter = ChargeFilter { period, ..ChargeFilter::default() };
    let mut page = Page { after: 0, limit: 5_000 };
    loop {
        let lines = ledger::list(db, community, &filter, page)?;
        let Some(last) = lines.last() else { return Ok(table) };
        page.after = last.charge.id.0;
        table.extend(lines.into_iter().map(|line| {
            let charge = line.charge;
            vec![
                line.home,
                line.item,
                charge.subject,
                charge.period.to_string(),
                charge.revision.to_string(),
                charge.amount.0.to_string(),
                charge.paid.0.to_string(),
                charge.due_on.to_string(),
                line.payer,
                explain_stored(&charge.basis, "en"),
            ]
        }));
    }
}

fn arrears(db: &mut Db, actor: &Actor, now: Instant, community: CommunityId) -> Result<Table> {
    let mut table = vec![head("home,payer,charges,open_fen,overdue_fen,oldest_period,oldest_due_on")];
    let rows = collection::arrears(db, actor, now, community, DebtorOrder::Overdue, (0, i64::MAX))?;
    table.extend(rows.into_iter().map(|row| {
        vec![
            row.home,
            row.payer,
            row.charges.to_string(),
            row.open.0.to_string(),
            row.overdue.0.to_string(),
            row.oldest_period,
            row.oldest_due_on.to_string(),
        ]
    }));
    Ok(table)
}

fn collected(
    db: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    period: Month,
) -> Result<Table> {
    let mut table = vec![head("period,by,key,name,charges,due_fen,collected_fen,rate")];
    for by in [By::Building, By::Item] {
        let figures = collection::figures(db, actor, now, community, (period, by), None)?;
        table.extend(figures.into_iter().map(|figure| {
            let rate =
                figure.rate().map_or(String::new(), |rate| format!("{}.{:02}%", rate / 100, rate % 100));
            vec![
                period.to_string(),
                by.to_string(),
                figure.key,
                figure.name,
                figure.charges.to_string(),
                figure.due.0.to_string(),
                figure.collected.0.to_string(),
                rate,
            ]
        }));
    }
    Ok(table)
}

fn entries(db: &mut Db, community: CommunityId, period: Option<Month>) -> Result<Table> {
    let mut table = vec![head("id,at,home,payer,book,kind,amount_fen,charge,receipt,note")];
    let rows = ledger::export_entries(db, community, period)?;
    table.extend(rows.into_iter().map(|row| {
        vec![
            row.id.to_string(),
            row.at.to_string(),
            row.home,
            row.payer,
            row.book,
            row.kind,
            row.amount_fen.to_string(),
            row.charge_id.map_or(String::new(), |id| id.to_string()),
            row.receipt.unwrap_or_default(),
            row.note,
        ]
    }));
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, written) in
            [("=1+1", "'=1+1"), ("@x", "'@x"), ("-500", "-500"), ("-x", "'-x"), ("1-1-0101", "1-1-0101")]
        {
            assert_eq!(harmless(cell), written);
        }
    }
}
