use std::io::Cursor;

use image::{DynamicImage, GenericImageView, ImageFormat, RgbImage};
use object_store::local::LocalFileSystem;
use test_support::both;

use super::*;
use crate::cases;
use crate::repairs::NewRepair;
use crate::repairs::world::*;

const MOST: i64 = 10_000_000;

fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let image =
        RgbImage::from_fn(width, height, |x, y| image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90]));
    DynamicImage::from(image).write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A JPEG whose metadata say that it lies on its side and where it was taken.
fn photo_with_metadata() -> Vec<u8> {
    let plain = picture(ImageFormat::Jpeg, 40, 20);
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend(b"GPS 31.2304 N 121.4737 E");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat()
}

/// A PNG of a few bytes that claims `side` × `side` pixels.
fn bomb(side: u32) -> Vec<u8> {
    let mut bytes = picture(ImageFormat::Png, 1, 1);
    bytes[16..20].copy_from_slice(&side.to_be_bytes());
    bytes[20..24].copy_from_slice(&side.to_be_bytes());
    let crc = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8)
            .fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (0_u32.wrapping_sub(crc & 1))))
    })
}

fn refusal(bytes: Vec<u8>) -> &'static str {
    match prepare("photo.jpg", bytes, MOST) {
        Err(Error::Invalid(fields)) => fields[0].code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_photo_that_is_none_is_refused_by_what_is_in_it() {
    let jpeg = picture(ImageFormat::Jpeg, 60, 60);
    for (bytes, code) in [
        (b"<html>hello</html>".to_vec(), "file_type"),
        (b"MZ\x90\0".to_vec(), "file_type"),
        (b"GIF89a......".to_vec(), "file_type"),
        (vec![], "file_empty"),
        (vec![0xff, 0xd8, 0xff, 0xe0, 1, 2, 3], "file_damaged"),
        (jpeg[..30].to_vec(), "file_damaged"),
        (b"%PDF-1.7 cut off".to_vec(), "file_damaged"),
        (vec![b'x'; 10_000_001], "file_too_large"),
    ] {
        assert_eq!(refusal(bytes), code);
    }
}

#[test]
fn a_decompression_bomb_is_refused_before_it_unfolds() {
    assert_eq!(refusal(bomb(60_000)), "too_many_pixels");
    assert_eq!(refusal(bomb(9_000)), "too_many_pixels");
}

#[test]
fn pictures_are_written_anew_upright_and_without_metadata() {
    let kept = prepare("IMG_1.JPG", photo_with_metadata(), MOST).unwrap();
    let image = image::load_from_memory(&kept.bytes).unwrap();
    assert_eq!(image.dimensions(), (20, 40));
    assert!(!kept.bytes.windows(4).any(|part| part == b"Exif" || part == b"GPS "));
}

#[test]
fn each_type_stays_what_it_is_and_gets_a_thumbnail() {
    for (format, kind) in [
        (ImageFormat::Jpeg, ContentType::Jpeg),
        (ImageFormat::Png, ContentType::Png),
        (ImageFormat::WebP, ContentType::Webp),
    ] {
        let kept = prepare("x", picture(format, 800, 600), MOST).unwrap();
        assert_eq!((kept.content_type, ContentType::of(&kept.bytes)), (kind, Some(kind)));
        let small = image::load_from_memory(&kept.thumbnail.unwrap()).unwrap();
        assert_eq!(small.dimensions(), (320, 240));
    }
    let paper = prepare("合同.pdf", b"%PDF-1.7\n...\n%%EOF\n".to_vec(), MOST).unwrap();
    assert_eq!((paper.content_type, paper.thumbnail), (ContentType::Pdf, None));
}

#[test]
fn a_name_is_only_a_name() {
    for (name, clean) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\漏水.jpg", "漏水.jpg"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
        ("\"<b>\"", "b"),
        ("", "file"),
    ] {
        assert_eq!(clean_name(name), clean);
    }
}

both! {
    async fn a_photo_is_seen_by_who_may_see_the_case(world: World) {
        let folder = tempfile::tempdir().unwrap();
        let files = LocalFileSystem::new_with_prefix(folder.path()).unwrap();
        let now = at("2026-11-22T09:00");
        let mut ids = vec![];
        for _ in 0..2 {
            let prepared = prepare("漏水.jpg", picture(ImageFormat::Jpeg, 30, 30), MOST).unwrap();
            let stored = keep(&files, prepared).await.unwrap();
            let owner = world.actor(OWNER);
            ids.push(world.write(|tx| add(tx, &owner, now, COMMUNITY, &stored)).unwrap());
        }
        let new = NewRepair { attachments: vec![ids[0]], ..leak() };
        world.report(OWNER, now, &new).unwrap();
        for (person, attached, loose) in [
            (OWNER, "ok", "ok"),
            (DESK, "ok", "not_found"),
            (STEWARD, "ok", "not_found"),
            (NEIGHBOUR, "not_found", "not_found"),
            (CASHIER, "not_found", "not_found"),
            (PLUMBER, "not_found", "not_found"),
        ] {
            let actor = world.actor(person);
            let seen = |id| word(&world.store.read_now(|db| read(db, &actor, now, id)));
            assert_eq!((seen(ids[0]), seen(ids[1])), (attached, loose), "{person}");
        }
        assert_eq!(word(&world.report(OWNER, now, &new)), "invalid");
        assert_eq!(missing_files(&world.store, &files, COMMUNITY).await.unwrap(), Vec::<String>::new());
        let kept = world.store.read_now(|db| {
            let case = cases::list(db, COMMUNITY, &cases::Filter::default(), 1)?.remove(0);
            of(db, Subject::Case(case.id))
        }).unwrap();
        assert!(!content(&files, &kept[0], true).await.unwrap().is_empty());
        world.check();
    }
}
