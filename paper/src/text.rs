//! Text set into lines: parley breaks and shapes it, here it becomes glyphs at their places.

use std::sync::Arc;

use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::layout::{Alignment, AlignmentOptions, Layout, PositionedLayoutItem};
use parley::style::{FontFamily, LineHeight, OverflowWrap, StyleProperty};
use parley::{FontContext, LayoutContext};

use crate::Error;

/// 思源黑体, regular: Latin and Chinese in one.
pub(crate) const FONT: &[u8] = include_bytes!("../../static/vendor/noto-sans-sc.ttf");
const FAMILY: &str = "Noto Sans SC";

/// Where a text stands between its margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Middle,
    Right,
}

/// A glyph of a line.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    pub(crate) id: u32,
    pub(crate) advance: f32,
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) range: std::ops::Range<usize>,
}

/// A line of a text, with the text it is from: what is copied out of the PDF.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) text: Arc<str>,
    pub(crate) size: f32,
    /// From the left margin of the text.
    pub(crate) x: f32,
    pub(crate) height: f32,
    /// From the top of the line.
    pub(crate) baseline: f32,
    pub(crate) glyphs: Vec<Glyph>,
}

/// Sets text in the font that comes with the program.
pub(crate) struct Setter {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    language: String,
}

impl Setter {
    pub(crate) fn new(language: &str) -> Result<Self, Error> {
        let options = CollectionOptions { shared: false, system_fonts: false };
        let mut collection = Collection::new(options);
        if collection.register_fonts(Blob::new(Arc::new(FONT)), None).is_empty() {
            return Err(Error::Font);
        }
        let fonts = FontContext { collection, source_cache: SourceCache::default() };
        Ok(Self { fonts, layouts: LayoutContext::new(), language: language.to_owned() })
    }

    /// The lines of a text of a size in points, at most so wide.
    pub(crate) fn lines(&mut self, text: &str, size: f32, width: f32, side: Side) -> Vec<Line> {
        let text: Arc<str> = clean(text).into();
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, &text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::named(FAMILY)));
        builder.push_default(StyleProperty::FontSize(size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(1.55)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        builder.push_default(StyleProperty::Locale(self.language.parse().ok()));
        let mut layout: Layout<()> = builder.build(&*text);
        layout.break_all_lines(Some(width));
        let alignment = match side {
            Side::Left => Alignment::Left,
            Side::Middle => Alignment::Center,
            Side::Right => Alignment::Right,
        };
        layout.align(alignment, AlignmentOptions::default());
        layout.lines().map(|line| set(&line, &text, size)).collect()
    }
}

/// No control characters but the end of a line: they have no glyph.
fn clean(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

fn set(line: &parley::layout::Line<'_, ()>, text: &Arc<str>, size: f32) -> Line {
    let metrics = line.metrics();
    let mut glyphs = Vec::new();
    let mut first = None;
    for item in line.items() {
        let PositionedLayoutItem::GlyphRun(run) = item else { continue };
        first.get_or_insert(run.offset());
        for cluster in run.run().visual_clusters() {
            for glyph in cluster.glyphs() {
                glyphs.push(Glyph {
                    id: glyph.id,
                    advance: glyph.advance,
                    x: glyph.x,
                    y: glyph.y,
                    range: cluster.text_range(),
                });
            }
        }
    }
    Line {
        text: Arc::clone(text),
        size,
        x: first.unwrap_or(0.0),
        height: metrics.line_height,
        baseline: metrics.baseline - metrics.block_min_coord,
        glyphs,
    }
}
