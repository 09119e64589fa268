//! The archive itself: parts written one after the other with their sums, and read back.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tar::{Archive, Builder, Entry, Header};

use super::manifest::{FORMAT, Manifest, Part};
use super::{damaged, unavailable};
use crate::{Error, Result};

/// Where rows lie in the archive.
pub(super) const ROWS: &str = "rows/";
/// Where attachments lie in the archive.
pub(super) const FILES: &str = "files/";
const MANIFEST: &str = "manifest.json";
const SUM: &str = "manifest.sha256";

/// Counts and sums what passes through.
struct Summed<T> {
    inner: T,
    sha: Sha256,
    bytes: u64,
}

impl<T> Summed<T> {
    fn new(inner: T) -> Self {
        Self { inner, sha: Sha256::new(), bytes: 0 }
    }

    fn saw(&mut self, bytes: &[u8]) {
        self.sha.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    fn part(self, name: &str) -> (Part, T) {
        let sha256 = hex::encode(self.sha.finalize());
        (Part { name: name.to_owned(), bytes: self.bytes, sha256 }, self.inner)
    }
}

impl<T: Write> Write for Summed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.saw(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Summed<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        self.saw(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// The sum of rows, by their lines.
#[derive(Default)]
pub(super) struct Lines {
    sha: Sha256,
    /// How many there were.
    pub(super) rows: u64,
}

impl Lines {
    pub(super) fn saw(&mut self, line: &str) {
        self.sha.update(line);
        self.sha.update("\n");
        self.rows += 1;
    }

    pub(super) fn sha256(self) -> String {
        hex::encode(self.sha.finalize())
    }
}

/// An archive that is being written.
pub(super) struct Writer {
    tar: Builder<File>,
    parts: Vec<Part>,
}

impl Writer {
    /// A new file that only its owner reads.
    pub(super) fn create(file: &Path) -> Result<Self> {
        let made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file);
        Ok(Self { tar: Builder::new(made.map_err(unavailable)?), parts: Vec::new() })
    }

    /// A part of lines: `fill` is given what takes them.
    pub(super) fn rows(
        &mut self,
        table: &str,
        fill: impl FnOnce(&mut dyn FnMut(&str) -> Result<()>) -> Result<()>,
    ) -> Result<()> {
        let name = format!("{ROWS}{table}.jsonl.gz");
        let mut header = header(0);
        let entry = self.tar.append_writer(&mut header, &name).map_err(unavailable)?;
        let mut packed = GzEncoder::new(Summed::new(entry), Compression::fast());
        fill(&mut |line| {
            packed.write_all(line.as_bytes()).and_then(|()| packed.write_all(b"\n")).map_err(unavailable)
        })?;
        let (part, entry) = packed.finish().map_err(unavailable)?.part(&name);
        entry.finish().map_err(unavailable)?;
        self.parts.push(part);
        Ok(())
    }

    /// A part of bytes.
    pub(super) fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut header = header(bytes.len() as u64);
        self.tar.append_data(&mut header, name, bytes).map_err(unavailable)?;
        let sha256 = hex::encode(Sha256::digest(bytes));
        self.parts.push(Part { name: name.to_owned(), bytes: bytes.len() as u64, sha256 });
        Ok(())
    }

    /// The manifest, and the end; all of it is on the disk then.
    pub(super) fn end(mut self, mut manifest: Manifest) -> Result<()> {
        manifest.parts = std::mem::take(&mut self.parts);
        let text = serde_json::to_vec_pretty(&manifest).map_err(Error::internal)?;
        self.bytes(MANIFEST, &text)?;
        self.bytes(SUM, hex::encode(Sha256::digest(&text)).as_bytes())?;
        self.tar.into_inner().and_then(|file| file.sync_all()).map_err(unavailable)
    }
}

fn header(bytes: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header
}

/// Opens an archive and gives each part to `look`, in order; `look` need not read it.
pub(super) fn parts(
    file: &Path,
    mut look: impl FnMut(&str, &mut Entry<'_, File>) -> Result<()>,
) -> Result<()> {
    let opened = File::open(file).map_err(|error| {
        Error::refused(
            "backup.unreadable",
            vec![("file", file.display().to_string()), ("why", error.to_string())],
        )
    })?;
    let mut tar = Archive::new(opened);
    let mut last = "tar".to_owned();
    let entries = tar.entries_with_seek().map_err(|_| damaged(&last))?;
    for entry in entries {
        let mut entry = entry.map_err(|_| damaged(&format!("… {last}")))?;
        last = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        look(&last, &mut entry)?;
    }
    Ok(())
}

/// Gives every line of a part of rows to `take`.
pub(super) fn lines(name: &str, part: impl Read, mut take: impl FnMut(&str) -> Result<()>) -> Result<()> {
    let mut unpacked = BufReader::new(GzDecoder::new(part));
    let mut line = String::new();
    while unpacked.read_line(&mut line).map_err(|_| damaged(name))? > 0 {
        take(line.trim_end_matches('\n'))?;
        line.clear();
    }
    Ok(())
}

/// The manifest of an archive.
pub(super) fn manifest(file: &Path) -> Result<Manifest> {
    let (mut text, mut sum) = (Vec::new(), String::new());
    parts(file, |name, part| match name {
        MANIFEST => part.read_to_end(&mut text).map_err(|_| damaged(name)).map(drop),
        SUM => part.read_to_string(&mut sum).map_err(|_| damaged(name)).map(drop),
        _ => Ok(()),
    })?;
    if sum.is_empty() || hex::encode(Sha256::digest(&text)) != sum {
        return Err(damaged(MANIFEST));
    }
    let format = serde_json::from_slice::<serde_json::Value>(&text).map_err(|_| damaged(MANIFEST))?;
    if format.get("format").and_then(serde_json::Value::as_u64) != Some(FORMAT.into()) {
        return Err(Error::refused("backup.newer", vec![]));
    }
    serde_json::from_slice(&text).map_err(|_| damaged(MANIFEST))
}

/// Reads every part and holds it against the manifest.
pub(super) fn verify(file: &Path) -> Result<Manifest> {
    let manifest = manifest(file)?;
    let mut expected = manifest.parts.iter();
    let mut tables = manifest.tables.iter();
    parts(file, |name, part| {
        if name == MANIFEST || name == SUM {
            return Ok(());
        }
        let mut summed = Summed::new(part);
        if name.starts_with(ROWS) {
            let mut sum = Lines::default();
            lines(name, &mut summed, |line| {
                sum.saw(line);
                Ok(())
            })?;
            let table = tables.next().ok_or_else(|| damaged(name))?;
            if sum.rows != table.rows || sum.sha256() != table.sha256 {
                return Err(damaged(name));
            }
        }
        io::copy(&mut summed, &mut io::sink()).map_err(|_| damaged(name))?;
        let found = summed.part(name).0;
        if expected.next() == Some(&found) { Ok(()) } else { Err(damaged(name)) }
    })?;
    match expected.next() {
        None => Ok(manifest),
        Some(part) => Err(damaged(&part.name)),
    }
}
