use std::io::Read;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};

use super::{Cell, Format, Head, Reader, Shape, Writer, neutral};
use crate::{Area, Fen, Instant, Zone};

const COLUMNS: &[&str] = &["home", "payer", "area", "open_fen", "due_on", "at", "rate"];

fn head(reader: Reader) -> Head {
    let (shape, mark) =
        (Shape { name: "arrears", columns: COLUMNS }, "导出人 陈 & 王 · 2026-11-22 10:00".to_owned());
    Head { shape, reader, mark, zone: Zone(chrono_tz::Asia::Shanghai) }
}

fn written(format: Format, reader: Reader, rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut writer = Writer::new(format, head(reader)).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    let mut bytes = Vec::new();
    writer.finish().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn person() -> Reader {
    let headings = ["房屋", "付款人", "面积", "未付", "期限", "时间", "收缴率"].map(str::to_owned).to_vec();
    Reader::Person { headings, title: "欠费".to_owned(), about: "锦绣花园".to_owned() }
}

fn rows() -> Vec<Vec<Cell>> {
    let at: Instant = "2026-11-22T02:05:00Z".parse().unwrap();
    let day = "2026-11-25".parse::<crate::LocalDate>().unwrap();
    vec![
        row!["7-1-1503", "=HYPERLINK(\"x\")", Area(8950), Fen(25_060), day, at, Cell::Percent(9_730)],
        row!["13800000001", Option::<String>::None, Area(1), Fen(-1), day, at, Cell::Percent(9_730)],
        row!["1-1-0101", "", Area(1), Fen(9_007_199_254_740_991), day, at, Cell::Percent(9_730)],
    ]
}

fn cells(bytes: Vec<u8>) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn a_workbook_for_people_has_typed_cells_and_says_who_took_it() {
    let rows = cells(written(Format::Xlsx, person(), &rows()));
    assert_eq!(rows[0][0], Data::String("欠费 · 锦绣花园 · 导出人 陈 & 王 · 2026-11-22 10:00".to_owned()));
    assert_eq!(rows[1][3], Data::String("未付".to_owned()));
    assert_eq!(rows[2][0], Data::String("7-1-1503".to_owned()));
    assert_eq!(rows[2][1], Data::String("'=HYPERLINK(\"x\")".to_owned()));
    assert_eq!((&rows[2][2], &rows[2][3]), (&Data::Float(89.5), &Data::Float(250.6)));
    let Data::DateTime(due) = &rows[2][4] else { panic!("{:?}", rows[2][4]) };
    assert_eq!(due.to_ymd_hms_milli(), (2026, 11, 25, 0, 0, 0, 0));
    let Data::DateTime(at) = &rows[2][5] else { panic!("{:?}", rows[2][5]) };
    assert_eq!(at.to_ymd_hms_milli(), (2026, 11, 22, 10, 5, 0, 0), "by the community's clock");
    assert_eq!(rows[2][6], Data::Float(0.973));
    assert_eq!(rows[3][0], Data::String("13800000001".to_owned()), "a phone is a text");
    assert_eq!(rows[3][3], Data::Float(-0.01));
}

#[test]
fn a_workbook_for_programs_has_the_promised_names_and_fen() {
    let rows = cells(written(Format::Xlsx, Reader::Program, &rows()));
    let names: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    assert_eq!(names, COLUMNS);
    assert_eq!(rows[1][3], Data::Float(25_060.0));
    assert_eq!(rows[3][3], Data::Float(9_007_199_254_740_991.0));
}

#[test]
fn csv_has_the_promised_names_fen_and_no_formula() {
    let text = String::from_utf8(written(Format::Csv, person(), &rows())).unwrap();
    assert_eq!(
        text.lines().take(3).collect::<Vec<_>>(),
        [
            "home,payer,area,open_fen,due_on,at,rate",
            "7-1-1503,\"'=HYPERLINK(\"\"x\"\")\",89.50,25060,2026-11-25,2026-11-22T02:05:00Z,97.30%",
            "13800000001,,0.01,-1,2026-11-25,2026-11-22T02:05:00Z,97.30%",
        ]
    );
}

#[test]
fn the_mark_is_printed_on_every_page() {
    let mut archive =
        zip::ZipArchive::new(std::io::Cursor::new(written(Format::Xlsx, person(), &rows()))).unwrap();
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert!(
        sheet.contains("<oddHeader>&amp;L导出人 陈 &amp;&amp; 王 · 2026-11-22 10:00</oddHeader>"),
        "{sheet}"
    );
    assert!(sheet.contains("state=\"frozen\""), "{sheet}");
}

#[test]
fn a_long_table_waits_in_a_file() {
    let long: Vec<Vec<Cell>> = (0..20_000_i64).map(|n| row!["7-1-1503", "刘", Area(1), Fen(n)]).collect();
    assert_eq!(cells(written(Format::Xlsx, Reader::Program, &long)).len(), 20_001);
}

#[test]
fn what_begins_like_a_formula_is_text() {
    for (cell, expected) in [
        ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("黎琪艳", "黎琪艳"),
        ("3-2-1501", "3-2-1501"),
        ("", ""),
    ] {
        assert_eq!(neutral(cell), expected);
    }
}
