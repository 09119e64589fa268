//! The tables that leave the house, each with the columns that are promised (interfaces.md): for pages, where a person
//! takes one away, and for `linli export`.

pub(crate) mod books;
pub(crate) mod money;
pub(crate) mod work;

use std::io::Read;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use domain::sheets::{self, Cell, Format, Head, Reader, Shape, Writer};
use domain::{Error, Instant, Result, Zone};

use crate::ctx::{Ctx, Reply};

/// Takes the rows of a table, one after the other.
pub(crate) type Rows<'r> = &'r mut dyn FnMut(Vec<Cell>) -> Result<()>;

/// What is bad in a file that was sent.
pub(crate) const IMPORT: Shape = Shape { name: "import", columns: &["line", "column", "value", "reason"] };

/// Every table that there is.
#[cfg(test)]
pub(crate) const ALL: &[Shape] = &[
    IMPORT,
    domain::homes::TABLE,
    domain::visits::TABLE,
    money::CHARGES,
    money::ARREARS,
    money::COLLECTION,
    money::ENTRIES,
    work::CASES,
    work::DUTIES,
    work::QUOTA,
    work::COMPLAINTS,
    work::STOCK,
    books::BOOKS,
    books::PUBLICATION,
];

/// When something was taken, for its watermark.
pub(crate) fn taken_at(zone: Zone, now: Instant) -> String {
    zone.local(now).format("%Y-%m-%d %H:%M").to_string()
}

/// A table as the file that the address asks for, `….csv` or `….xlsx`, with who takes it and when; on the audit trail.
/// `about` says of when it is.
pub(crate) async fn deliver(ctx: &Ctx, shape: Shape, about: &str, rows: Vec<Vec<Cell>>) -> Reply {
    let community = ctx.community()?;
    let (id, zone, format) = (community.id, community.zone()?, format(&ctx.path));
    ctx.write(move |tx, actor, now| sheets::note(tx, actor, now, id, (shape, format))).await?;
    let file = file_name(shape, about);
    let about = format!("{} {about}", community.name).trim().to_owned();
    let headings = shape.columns.iter().map(|name| ctx.say(&format!("sheets.column.{name}"), &[])).collect();
    let title = ctx.say(&format!("sheets.title.{}", shape.name), &[]);
    let (who, at) = (ctx.actor.name.as_str(), taken_at(zone, ctx.now));
    let mark = ctx.say("sheets.mark", &[("who", who), ("at", &at)]);
    let head = Head { shape, reader: Reader::Person { headings, title, about }, mark, zone };
    let write = move || {
        let mut writer = Writer::new(format, head)?;
        rows.iter().try_for_each(|row| writer.row(row))?;
        // The first bytes of a CSV file tell spreadsheets that it is UTF-8.
        let mut bytes = if format == Format::Csv { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        writer.finish()?.read_to_end(&mut bytes).map_err(Error::internal)?;
        Ok::<_, Error>(bytes)
    };
    let bytes = tokio::task::spawn_blocking(write).await.map_err(Error::internal)??;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type(format)))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file}.{format}\"")))
        .body(bytes))
}

/// What the file is called: the table's name in English, with its month or days.
fn file_name(shape: Shape, about: &str) -> String {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '-' | ' ');
    let about = Some(about).filter(|about| !about.is_empty() && about.chars().all(plain));
    about.map_or_else(|| shape.name.to_owned(), |about| format!("{}-{}", shape.name, about.replace(' ', "_")))
}

fn content_type(format: Format) -> &'static str {
    match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

/// How the address wants it.
fn format(path: &str) -> Format {
    let path = path.split('?').next().unwrap_or_default();
    if path.ends_with(".xlsx") { Format::Xlsx } else { Format::Csv }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::views::Texts;

    #[test]
    fn every_column_has_a_heading_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            let texts = Texts::load(lang).unwrap();
            let missing = |key: String| texts.get(&key).is_none().then_some(key);
            let keys = ALL.iter().flat_map(|shape| {
                let columns = shape.columns.iter().map(|name| format!("sheets.column.{name}"));
                columns.chain(std::iter::once(format!("sheets.title.{}", shape.name)))
            });
            let missing: Vec<String> = keys.filter_map(missing).collect();
            assert!(missing.is_empty(), "{lang:?}: {missing:?}");
        }
    }

    #[test]
    fn a_sheet_can_be_called_by_each_title() {
        for lang in [Lang::Zh, Lang::En] {
            let texts = Texts::load(lang).unwrap();
            for shape in ALL {
                let title = texts.say(&format!("sheets.title.{}", shape.name), &[]);
                assert!(
                    title.chars().count() <= 28 && !title.contains(['[', ']', ':', '*', '?', '/', '\\']),
                    "{title}"
                );
            }
        }
    }

    #[test]
    fn the_address_says_how_it_is_written() {
        assert_eq!(format("/arrears.xlsx?sort=open"), Format::Xlsx);
        assert_eq!(format("/arrears.csv?x=.xlsx"), Format::Csv);
    }
}
