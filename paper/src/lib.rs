//! Letters and files as PDF, in Chinese and English: paragraphs, facts and tables on A4, lines broken and shaped by
//! parley, written by krilla. One font with both scripts comes with the program; of it only what is used goes into
//! the file. The same content gives the same bytes.

mod sheet;
mod text;
mod write;

pub use sheet::{Column, Table};

/// What stands on paper, from top to bottom.
#[derive(Debug, Clone)]
pub enum Block {
    /// The name of the whole, large and in the middle.
    Title(String),
    /// The name of a part.
    Heading(String),
    /// A paragraph; `\n` begins a new line.
    Text(String),
    /// A paragraph in smaller type.
    Small(String),
    /// A line at the right, such as a date or who signs.
    Right(String),
    /// Names with what they stand for.
    Facts(Vec<(String, String)>),
    /// Rows below a head that each page repeats.
    Table(Table),
    /// What follows begins on a page of its own.
    Page,
}

/// One document: its pages are counted by themselves, also where several are in one file.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// What stands on it.
    pub blocks: Vec<Block>,
    /// What stands at the foot of each page, with `{page}` and `{pages}`.
    pub foot: String,
}

/// Why no PDF came out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The font that comes with the program cannot be read.
    #[error("the font cannot be read")]
    Font,
    /// The PDF could not be written.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// Several documents in one file, each beginning on a page of its own. `title` and `language` (`zh-CN`, `en`) are what
/// readers call the file.
///
/// # Errors
/// What is wrong with the font or the file; nothing that the content can cause.
pub fn pdf(documents: &[Document], title: &str, language: &str) -> Result<Vec<u8>, Error> {
    let mut setter = text::Setter::new(language)?;
    let pages: Vec<sheet::Page> =
        documents.iter().flat_map(|document| sheet::lay_out(&mut setter, document)).collect();
    write::write(&pages, title, language)
}

#[cfg(test)]
mod tests;
