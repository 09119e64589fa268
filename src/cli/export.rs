//! `linli export`: registers and figures as a file, with stable column names in English. A text that a
//! spreadsheet would take for a formula is made harmless.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use domain::access::Actor;
use domain::collection::{DebtorOrder, Wanted};
use domain::figures::{self, CasesOf, Span};
use domain::sheets::{self, Cell, Format, Head, Reader, Shape, Writer};
use domain::{Clock, CommunityId, Db, Error, Instant, Month, Result, Zone, homes, visits};

use super::Out;
use crate::app;
use crate::config::Config;
use crate::tables::{self, Rows, money, work};

/// What can be taken out.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum What {
    /// Every home with its owner.
    Homes,
    /// What is charged.
    Charges,
    /// Who owes what.
    Arrears,
    /// What came in of what was due, by building, item and steward.
    Collection,
    /// What was asked for, and what became of it.
    Cases,
    /// Stewards' visits.
    Visits,
    /// The ledger, line by line.
    Entries,
}

impl What {
    fn shape(self) -> Shape {
        match self {
            Self::Homes => homes::TABLE,
            Self::Charges => money::CHARGES,
            Self::Arrears => money::ARREARS,
            Self::Collection => money::COLLECTION,
            Self::Cases => work::CASES,
            Self::Visits => visits::TABLE,
            Self::Entries => money::ENTRIES,
        }
    }
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
    /// How to write it: csv or xlsx.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// The file; stdout where none is named.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Where and when it is taken.
struct Place {
    id: CommunityId,
    zone: Zone,
    now: Instant,
}

impl Export {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let store = app::open_store(config)?;
        let clock: Clock = app::clock(config, &store)?;
        let (now, actor) = (clock.now(), Actor::system("command line"));
        let community = store.read_now(|db| super::community_of(db, &self.community))?;
        let place = Place { id: community.id, zone: community.zone()?, now };
        let noted = (self.what.shape(), self.format);
        store.write_now(|tx| sheets::note(tx, &actor, now, place.id, noted))?;
        store.read_now(|db| {
            if self.out.is_none() && out.is_json() {
                return self.lines(db, &actor, &place, out);
            }
            let (file, rows) = self.file(db, &actor, &place, out)?;
            match &self.out {
                None => {
                    let mut file = file;
                    // Nobody reads any more: there is nothing left to say.
                    let _closed = io::copy(&mut file, &mut io::stdout());
                    Ok(())
                }
                Some(path) => keep(out, path, (file, rows)),
            }
        })
    }

    /// A line of JSON for each row.
    fn lines(&self, db: &mut Db, actor: &Actor, place: &Place, out: &Out) -> Result<()> {
        let columns = self.what.shape().columns;
        let mut line = |cells: Vec<Cell>| {
            let pairs = columns.iter().zip(&cells);
            let pairs = pairs.map(|(name, cell)| ((*name).to_owned(), sheets::plain(cell).into()));
            let row: serde_json::Map<String, serde_json::Value> = pairs.collect();
            out.line(&serde_json::to_string(&row).map_err(Error::internal)?);
            Ok(())
        };
        self.rows(db, actor, place, &mut line)
    }

    /// The file, and how many rows it has.
    fn file(&self, db: &mut Db, actor: &Actor, place: &Place, out: &Out) -> Result<(File, usize)> {
        let at = tables::taken_at(place.zone, place.now);
        let mark = out.text("sheets.mark", &[("who", &actor.name), ("at", &at)]);
        let (shape, reader) = (self.what.shape(), Reader::Program);
        let mut writer = Writer::new(self.format, Head { shape, reader, mark, zone: place.zone })?;
        let mut count = 0;
        self.rows(db, actor, place, &mut |cells| {
            count += 1;
            writer.row(&cells)
        })?;
        Ok((writer.finish()?, count))
    }

    fn rows(&self, db: &mut Db, actor: &Actor, place: &Place, rows: Rows<'_>) -> Result<()> {
        let (id, now) = (place.id, place.now);
        match self.what {
            What::Homes => homes::export(db, actor, now, id)?.into_iter().try_for_each(rows),
            What::Charges => money::charges(db, (actor, now), id, self.period, rows),
            What::Arrears => {
                let wanted = Wanted::all(DebtorOrder::Overdue);
                money::arrears(db, (actor, now), id, &wanted, rows)
            }
            What::Collection => {
                let period = self.period.ok_or_else(|| Error::field("period", "required"))?;
                money::collected(db, (actor, now), id, period, rows)
            }
            What::Cases => {
                let which = (CasesOf::Opened, span(place, self.period));
                let found = figures::case_rows(db, actor, now, id, which, (0, i64::MAX))?;
                found.into_iter().map(work::case).try_for_each(rows)
            }
            What::Visits => visits::export(db, actor, now, id, self.period)?.into_iter().try_for_each(rows),
            What::Entries => money::entries(db, (actor, now), id, self.period, rows),
        }
    }
}

/// The month that was asked for, else all time up to now.
fn span(place: &Place, month: Option<Month>) -> Span {
    match month {
        Some(month) => {
            (place.zone.start_of(month.first_day()), place.zone.start_of(month.next().first_day()))
        }
        None => (place.now.minus(TimeDelta::days(36_525)), place.now.plus(TimeDelta::seconds(1))),
    }
}

fn keep(out: &Out, path: &Path, (mut file, rows): (File, usize)) -> Result<()> {
    let shown = path.display().to_string();
    let copied = File::create(path).and_then(|mut to| io::copy(&mut file, &mut to));
    copied.map_err(|error| {
        Error::refused("export.unwritable", vec![("file", shown.clone()), ("why", error.to_string())])
    })?;
    out.say("exported", &serde_json::json!({"rows": rows, "file": shown}));
    Ok(())
}
