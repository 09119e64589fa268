//! What comes out is a PDF with these pages; the same content gives the same bytes.

use super::*;

fn table(rows: usize) -> Table {
    let column = |name: &str, share, number| Column { name: name.into(), share, number };
    Table {
        columns: vec![column("费用", 3.0, false), column("金额", 1.0, true)],
        rows: (0..rows).map(|n| vec![format!("物业管理费（住宅）{n}"), "¥250.60".into()]).collect(),
        total: vec!["合计".into(), "¥250.60".into()],
    }
}

fn document(rows: usize) -> Document {
    let long = "根据《中华人民共和国民法典》第九百四十四条的规定，业主应当按照约定向物业服务人支付物业费。"
        .repeat(6);
    let blocks = vec![
        Block::Title("催告函".into()),
        Block::Facts(vec![("编号".into(), "CG20261122-0001".into()), ("房屋".into(), "3-2-1501".into())]),
        Block::Text(long),
        Block::Heading("欠费明细".into()),
        Block::Table(table(rows)),
        Block::Right("锦绣花园物业服务中心".into()),
    ];
    Document { blocks, foot: "第 {page} 页，共 {pages} 页".into() }
}

fn pages(documents: &[Document]) -> usize {
    let mut setter = text::Setter::new("zh-CN").unwrap();
    documents.iter().map(|one| sheet::lay_out(&mut setter, one).len()).sum()
}

#[test]
fn a_letter_is_one_page_and_a_long_table_goes_on_with_its_head() {
    for (rows, expected) in [(1, 1), (3, 1), (60, 3), (400, 15)] {
        let found = pages(&[document(rows)]);
        assert!(found.abs_diff(expected) <= usize::from(rows > 3) * 2, "{rows} rows on {found} pages");
    }
    assert_eq!(pages(&[document(1), document(1)]), 2);
}

#[test]
fn the_same_content_gives_the_same_bytes_with_little_of_the_font() {
    let made = || pdf(&[document(3)], "催告函", "zh-CN").unwrap();
    let (one, other) = (made(), made());
    assert!(one.starts_with(b"%PDF-"));
    assert_eq!(one, other);
    assert!(one.len() < 200_000, "{} bytes", one.len());
}

#[test]
fn whatever_people_type_is_set() {
    for text in ["", "\n\n", "\u{0}\u{7}", "𠮷野家 😀 é ﷺ", &"a".repeat(5_000), "㎡ ¥ × ÷ —— …… 「」"]
    {
        let blocks =
            vec![Block::Text(text.to_owned()), Block::Facts(vec![(text.to_owned(), text.to_owned())])];
        pdf(&[Document { blocks, foot: text.to_owned() }], text, "en").unwrap();
    }
}

#[test]
fn no_line_is_wider_than_its_place_and_every_glyph_is_known() {
    let mut setter = text::Setter::new("zh-CN").unwrap();
    let text = "欠费 ¥1,234.50（大写：壹仟贰佰叁拾肆元伍角整），89.50 ㎡ × ¥2.80 × 13/30 = ¥88.34，请于 2026-12-07 前缴清。".repeat(3);
    let lines = setter.lines(&text, 10.5, 200.0, text::Side::Left);
    assert!(lines.len() > 5);
    for line in &lines {
        let width: f32 = line.glyphs.iter().map(|glyph| glyph.advance).sum();
        assert!(width <= 200.0 + 6.0, "{width}");
        assert!(line.glyphs.iter().all(|glyph| glyph.id != 0), "a glyph is missing");
    }
}
