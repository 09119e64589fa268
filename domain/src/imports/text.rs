//! From a file's bytes to its text. Registers come as UTF-8, with or without a mark, as GB18030 (what
//! spreadsheets on Chinese desktops save) or as UTF-16; what is none of these is refused with the reason.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use crate::{Error, Result};

/// The largest file that is read: 10 MB, some 100,000 homes.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;

crate::words! {
    /// How a text file is read.
    Encoding {
        /// Found out from the file.
        Auto = "auto",
        /// UTF-8
        Utf8 = "utf-8",
        /// 国标
        Gb18030 = "gb18030",
    }
}

/// First bytes of files that people take for a table.
const OTHERS: &[(&[u8], &str)] = &[
    (b"%PDF", "import.not_text"),
    (b"\x89PNG", "import.not_text"),
    (b"\xFF\xD8\xFF", "import.not_text"),
    (b"GIF8", "import.not_text"),
    (b"\x1F\x8B", "import.not_text"),
];

/// The text of a file.
///
/// # Errors
/// Refuses what is empty, too large, no text, cut inside a character, or in an encoding that is not known.
pub(super) fn text_of(bytes: &[u8], encoding: Encoding) -> Result<String> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    if let Some((_, rule)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(refused(rule));
    }
    let text = match encoding {
        Encoding::Auto => decode(bytes)?,
        Encoding::Utf8 => strict(bytes, encoding_rs::UTF_8)?,
        Encoding::Gb18030 => strict(bytes, GB18030)?,
    };
    if text.trim().is_empty() {
        return Err(refused("import.empty"));
    }
    let strange = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    if text.contains(strange) { Err(refused("import.not_text")) } else { Ok(text) }
}

pub(super) fn too_large() -> Error {
    let most = (MOST_BYTES / 1024 / 1024).to_string();
    Error::refused("import.too_large", vec![("most", most)])
}

fn refused(rule: &'static str) -> Error {
    Error::refused(rule, vec![])
}

fn strict(bytes: &[u8], encoding: &'static encoding_rs::Encoding) -> Result<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(Into::into).ok_or_else(|| refused("import.encoding"))
}

fn decode(bytes: &[u8]) -> Result<String> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8_or_gb(rest);
    }
    for (mark, encoding) in [(b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let whole = encoding.decode_without_bom_handling_and_without_replacement(rest);
            return whole.map(Into::into).ok_or_else(|| refused("import.cut"));
        }
    }
    utf8_or_gb(bytes)
}

fn utf8_or_gb(bytes: &[u8]) -> Result<String> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    // Only the last character is broken, and there were others before it: UTF-8 that was cut.
    let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
    if error.error_len().is_none() && !good.is_ascii() {
        return Err(refused("import.cut"));
    }
    gb(bytes)
}

fn gb(bytes: &[u8]) -> Result<String> {
    if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    let reads = |bytes: &[u8]| GB18030.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    let cut = (1..=3).any(|less| {
        let end = bytes.len().saturating_sub(less);
        bytes.get(..end).is_some_and(reads)
    });
    Err(refused(if cut { "import.cut" } else { "import.encoding" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(bytes: &[u8]) -> &'static str {
        match text_of(bytes, Encoding::Auto) {
            Err(Error::Refused(refusal)) => refusal.rule,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_same_words_come_out_of_every_encoding() {
        let text = "楼栋,房号\n1,0101\n";
        let (gb, _, _) = GB18030.encode(text);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            gb.into_owned(),
            [b"\xFF\xFE".to_vec(), utf16].concat(),
        ] {
            assert_eq!(text_of(&bytes, Encoding::Auto).unwrap(), text);
        }
    }

    #[test]
    fn an_encoding_that_is_named_is_held_to() {
        let (gb, _, _) = GB18030.encode("户名,贷方\n");
        assert_eq!(text_of(&gb, Encoding::Gb18030).unwrap(), "户名,贷方\n");
        assert!(text_of(&gb, Encoding::Utf8).is_err());
        assert_eq!(text_of("\u{feff}户名".as_bytes(), Encoding::Utf8).unwrap(), "户名");
    }

    #[test]
    fn what_is_no_text_is_refused_with_the_reason() {
        let (gb, _, _) = GB18030.encode("楼栋");
        for (bytes, expected) in [
            (b"".to_vec(), "import.empty"),
            (b"\xEF\xBB\xBF \n".to_vec(), "import.empty"),
            (b"%PDF-1.7".to_vec(), "import.not_text"),
            (b"a,b\0c".to_vec(), "import.not_text"),
            ("楼栋".as_bytes()[..5].to_vec(), "import.cut"),
            (gb[..3].to_vec(), "import.cut"),
            (b"a,b\n\xFF\xFF\xFF\xFF\xFFc,d\n".to_vec(), "import.encoding"),
            (vec![b'a'; MOST_BYTES + 1], "import.too_large"),
        ] {
            assert_eq!(rule(&bytes), expected);
        }
    }
}
