//! Pages written as a PDF.

use krilla::Document;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use crate::Error;
use crate::sheet::{HEIGHT, Mark, Page, RULE, WIDTH};
use crate::text::{FONT, Line};

/// The bytes of the file.
pub(crate) fn write(pages: &[Page], title: &str, language: &str) -> Result<Vec<u8>, Error> {
    let font = Font::new(FONT.into(), 0).ok_or(Error::Font)?;
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).language(language.to_owned()));
    for page in pages {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Error::Pdf("page".to_owned()))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for mark in &page.marks {
            match mark {
                Mark::Text { line, x, y } => text(&mut surface, &font, line, *x, *y),
                Mark::Rule { y, strong } => rule(&mut surface, *y, *strong),
            }
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|error| Error::Pdf(format!("{error:?}")))
}

fn text(surface: &mut Surface<'_>, font: &Font, line: &Line, x: f32, y: f32) {
    let glyph = |glyph: &crate::text::Glyph| {
        KrillaGlyph::new(
            GlyphId::new(glyph.id),
            glyph.advance / line.size,
            glyph.x / line.size,
            glyph.y / line.size,
            0.0,
            glyph.range.clone(),
            None,
        )
    };
    let glyphs: Vec<KrillaGlyph> = line.glyphs.iter().map(glyph).collect();
    if glyphs.is_empty() {
        return;
    }
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: luma::Color::black().into(), ..Fill::default() }));
    let start = Point::from_xy(x + line.x, y + line.baseline);
    surface.draw_glyphs(start, &glyphs, font.clone(), &line.text, line.size, false);
}

fn rule(surface: &mut Surface<'_>, y: f32, strong: bool) {
    let mut path = PathBuilder::new();
    path.move_to(RULE.0, y);
    path.line_to(RULE.1, y);
    let Some(path) = path.finish() else { return };
    surface.set_fill(None);
    let grey = if strong { luma::Color::black() } else { luma::Color::new(190) };
    let width = if strong { 0.8 } else { 0.4 };
    surface.set_stroke(Some(Stroke { paint: grey.into(), width, ..Stroke::default() }));
    surface.draw_path(&path);
}
