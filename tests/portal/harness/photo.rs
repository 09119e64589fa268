//! A photo as a phone would send it.

use image::{ImageFormat, RgbImage};

/// A small JPEG.
pub(crate) fn photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::new(64, 48).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}
