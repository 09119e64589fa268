//! Where everything stands: blocks broken over pages of A4. A row of a table is never broken, its head stands on each
//! page, and a heading stays with what follows it.

use crate::text::{Line, Setter, Side};
use crate::{Block, Document};

/// A4, in points.
pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 62.0;
const TOP: f32 = 64.0;
const BOTTOM: f32 = 72.0;
const BODY: f32 = 10.5;
const SMALL: f32 = 9.0;
const CELL: f32 = 9.0;
/// Between the text of a cell and its rule.
const PAD: f32 = 3.5;

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its share of the width.
    pub share: f32,
    /// Whether it holds numbers, which stand at the right.
    pub number: bool,
}

/// Rows below a head that each page repeats.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// A text for each column.
    pub rows: Vec<Vec<String>>,
    /// The last row, set off from the others; none where it is empty.
    pub total: Vec<String>,
}

/// A line at its place, or a rule from one place to another.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    Text { line: Line, x: f32, y: f32 },
    Rule { y: f32, strong: bool },
}

/// A page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    pub(crate) marks: Vec<Mark>,
}

/// What a page has from the left to the right.
pub(crate) const RULE: (f32, f32) = (MARGIN, WIDTH - MARGIN);
const INNER: f32 = WIDTH - 2.0 * MARGIN;

/// The pages of a document, with their feet.
pub(crate) fn lay_out(setter: &mut Setter, document: &Document) -> Vec<Page> {
    let mut sheet = Sheet { setter, pages: vec![Page::default()], y: TOP };
    for block in &document.blocks {
        sheet.block(block);
    }
    sheet.feet(&document.foot);
    sheet.pages
}

struct Sheet<'s> {
    setter: &'s mut Setter,
    pages: Vec<Page>,
    y: f32,
}

impl Sheet<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(text) => self.text(text, 18.0, Side::Middle, (0.0, 12.0)),
            Block::Heading(text) => {
                self.room(60.0);
                self.text(text, 12.5, Side::Left, (8.0, 4.0));
            }
            Block::Text(text) => self.text(text, BODY, Side::Left, (0.0, 6.0)),
            Block::Small(text) => self.text(text, SMALL, Side::Left, (0.0, 4.0)),
            Block::Right(text) => self.text(text, BODY, Side::Right, (0.0, 2.0)),
            Block::Facts(facts) => {
                facts.iter().for_each(|(name, value)| self.fact(name, value));
                self.y += 6.0;
            }
            Block::Table(table) => self.table(table),
            Block::Page => {
                self.room(HEIGHT);
            }
        }
    }

    /// Begins a page where less than this is left of the present one.
    fn room(&mut self, height: f32) -> bool {
        let fits = self.y + height <= HEIGHT - BOTTOM;
        if !fits && self.y > TOP {
            self.pages.push(Page::default());
            self.y = TOP;
        }
        fits
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.marks.push(mark);
        }
    }

    fn text(&mut self, text: &str, size: f32, side: Side, (before, after): (f32, f32)) {
        self.y += before;
        for line in self.setter.lines(text, size, INNER, side) {
            self.room(line.height);
            let (height, y) = (line.height, self.y);
            self.mark(Mark::Text { line, x: MARGIN, y });
            self.y += height;
        }
        self.y += after;
    }

    fn fact(&mut self, name: &str, value: &str) {
        let width = INNER * 0.22;
        let names = self.setter.lines(name, BODY, width, Side::Left);
        let values = self.setter.lines(value, BODY, INNER - width, Side::Left);
        let height = tall(&names).max(tall(&values));
        self.room(height);
        self.stack(names, MARGIN);
        self.stack(values, MARGIN + width);
        self.y += height + 1.0;
    }

    /// Lines below each other from the present height on, which stays.
    fn stack(&mut self, lines: Vec<Line>, x: f32) {
        let mut y = self.y;
        for line in lines {
            let height = line.height;
            self.mark(Mark::Text { line, x, y });
            y += height;
        }
    }

    fn table(&mut self, table: &Table) {
        self.y += 2.0;
        let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        let head = self.cells(table, &names);
        let mut rows: Vec<(Vec<Vec<Line>>, bool)> = Vec::new();
        for row in &table.rows {
            rows.push((self.cells(table, row), false));
        }
        if !table.total.is_empty() {
            rows.push((self.cells(table, &table.total), true));
        }
        let first = rows.first().map_or(0.0, |(cells, _)| high(cells));
        self.room(high(&head) + first);
        self.rule(true);
        self.row(table, head.clone());
        self.rule(true);
        for (cells, total) in rows {
            if !self.room(high(&cells)) {
                self.rule(true);
                self.row(table, head.clone());
                self.rule(true);
            } else if total {
                self.rule(true);
            }
            self.row(table, cells);
            self.rule(total);
        }
        self.y += 10.0;
    }

    fn cells(&mut self, table: &Table, texts: &[String]) -> Vec<Vec<Line>> {
        let mut cells = Vec::new();
        for (column, text) in table.columns.iter().zip(texts) {
            let side = if column.number { Side::Right } else { Side::Left };
            cells.push(self.setter.lines(text, CELL, width(table, column) - 2.0 * PAD, side));
        }
        cells
    }

    fn row(&mut self, table: &Table, cells: Vec<Vec<Line>>) {
        let (top, height) = (self.y, high(&cells));
        self.y += PAD;
        let mut x = MARGIN;
        for (column, lines) in table.columns.iter().zip(cells) {
            self.stack(lines, x + PAD);
            x += width(table, column);
        }
        self.y = top + height;
    }

    fn rule(&mut self, strong: bool) {
        let y = self.y;
        self.mark(Mark::Rule { y, strong });
    }

    fn feet(&mut self, foot: &str) {
        let count = self.pages.len();
        for (n, page) in (1..).zip(&mut self.pages) {
            let text = foot.replace("{page}", &n.to_string()).replace("{pages}", &count.to_string());
            let mut y = HEIGHT - BOTTOM + 20.0;
            for line in self.setter.lines(&text, SMALL, INNER, Side::Middle) {
                let height = line.height;
                page.marks.push(Mark::Text { line, x: MARGIN, y });
                y += height;
            }
        }
    }
}

/// How wide a column is.
fn width(table: &Table, column: &Column) -> f32 {
    let shares: f32 = table.columns.iter().map(|column| column.share).sum();
    INNER * column.share / shares.max(f32::EPSILON)
}

fn tall(lines: &[Line]) -> f32 {
    lines.iter().map(|line| line.height).sum()
}

/// How high a row is: its highest cell with the space around it.
fn high(cells: &[Vec<Line>]) -> f32 {
    cells.iter().map(|lines| tall(lines)).fold(0.0, f32::max) + 2.0 * PAD
}
