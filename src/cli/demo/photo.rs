//! Photos for the demo: drawn, encoded and uploaded like any other.

use std::io::Cursor;

use domain::access::Actor;
use domain::{AttachmentId, Error, Instant, Result, attachments};
use image::{ImageFormat, Rgb, RgbImage};

use super::stage::Stage;

/// Uploads a drawn photo as somebody; it is attached by what it is handed to.
pub(super) fn upload(stage: &Stage, who: &Actor, at: Instant, name: &str) -> Result<AttachmentId> {
    let most = stage.read(|db| attachments::most_bytes(db, stage.community.id))?;
    let prepared = attachments::prepare(&format!("{name}.jpg"), draw(name)?, most)?;
    let kept = attachments::keep(stage.worker.files.as_ref(), prepared);
    let stored = stage.runtime.block_on(kept)?;
    stage.write(|tx| attachments::add(tx, who, at, stage.community.id, &stored))
}

/// A wall with a mark on it, in colours that the name decides.
fn draw(name: &str) -> Result<Vec<u8>> {
    let seed = name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let tone = |shift: u32| u8::try_from(110 + ((seed >> shift) & 0x3f)).unwrap_or(150);
    let (wall, mark) = (Rgb([tone(0), tone(6), tone(12)]), Rgb([70, 60, 50]));
    let picture = RgbImage::from_fn(480, 360, |x, y| {
        let (dx, dy) = (x.abs_diff(200 + seed % 120), y.abs_diff(170));
        if dx * dx + dy * dy < 2_500 + (seed % 7) * 300 { mark } else { wall }
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).map_err(Error::internal)?;
    Ok(bytes.into_inner())
}
