//! What an upload really is, and a picture made safe: decoded within a pixel limit and written anew, so that
//! where and with what it was taken stays with who took it.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::Prepared;
use crate::{Error, Result};

/// More pixels than any phone's camera makes; a file that claims more is a bomb or a map.
const MOST_PIXELS: u64 = 60_000_000;
/// A kept picture's longer side; a leak is seen well on it.
const LONGEST: u32 = 2_560;
/// A thumbnail's longer side.
const THUMBNAIL: u32 = 320;

crate::words! {
    /// What can be attached.
    ContentType {
        /// A photo.
        Jpeg = "image/jpeg",
        /// A drawing, a screenshot.
        Png = "image/png",
        /// A photo of a newer phone.
        Webp = "image/webp",
        /// A paper.
        Pdf = "application/pdf",
    }
}

impl ContentType {
    /// The type that the first bytes tell, whatever the name says.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let riff = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ if riff => Some(Self::Webp),
            _ => None,
        }
    }

    /// The ending of its file.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    fn format(self) -> Option<ImageFormat> {
        match self {
            Self::Jpeg => Some(ImageFormat::Jpeg),
            Self::Png => Some(ImageFormat::Png),
            Self::Webp => Some(ImageFormat::WebP),
            Self::Pdf => None,
        }
    }
}

/// Makes an upload fit to be kept. Slow: never inside a transaction, nor on an async thread.
///
/// # Errors
/// On the field `file`: of no type that is taken, damaged, cut off, or with too many pixels.
pub(super) fn prepare(name: String, bytes: Vec<u8>) -> Result<Prepared> {
    let Some(kind) = ContentType::of(&bytes) else { return Err(Error::field("file", "file_type")) };
    let Some(format) = kind.format() else { return paper(name, bytes) };
    let picture = decode(&bytes, format)?;
    let shrunk = if picture.width().max(picture.height()) > LONGEST {
        picture.resize(LONGEST, LONGEST, FilterType::Triangle)
    } else {
        picture
    };
    let small = shrunk.thumbnail(THUMBNAIL, THUMBNAIL);
    Ok(Prepared {
        name,
        content_type: kind,
        bytes: encode(&shrunk, kind)?,
        thumbnail: Some(encode(&small, ContentType::Jpeg)?),
    })
}

/// A paper is kept as it is; one without its end was cut off on the way.
fn paper(name: String, bytes: Vec<u8>) -> Result<Prepared> {
    let tail = bytes.get(bytes.len().saturating_sub(2_048)..).unwrap_or_default();
    if !tail.windows(5).any(|part| part == b"%%EOF") {
        return Err(Error::field("file", "file_damaged"));
    }
    Ok(Prepared { name, content_type: ContentType::Pdf, bytes, thumbnail: None })
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage> {
    let damaged = |_| Error::field("file", "file_damaged");
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Error::field("file", "too_many_pixels"));
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_PIXELS * 8);
    decoder.set_limits(limits).map_err(|_| Error::field("file", "too_many_pixels"))?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn encode(picture: &DynamicImage, kind: ContentType) -> Result<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    let written = match kind {
        ContentType::Jpeg => {
            picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut out, 85))
        }
        ContentType::Webp => DynamicImage::from(picture.to_rgba8()).write_to(&mut out, ImageFormat::WebP),
        ContentType::Png | ContentType::Pdf => picture.write_to(&mut out, ImageFormat::Png),
    };
    written.map_err(Error::internal)?;
    Ok(out.into_inner())
}
