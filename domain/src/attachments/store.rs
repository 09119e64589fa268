//! The files of attachments: under random names, written before the row that names them.

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use super::{ContentType, Prepared};
use crate::{Error, Result, random};

/// What was written, to be named by a row.
#[derive(Debug, Clone)]
pub struct Stored {
    /// What its uploader calls it.
    pub name: String,
    /// What it is.
    pub content_type: ContentType,
    /// Its size.
    pub bytes: i64,
    /// Its file.
    pub file: String,
    /// Its thumbnail's file.
    pub thumbnail: Option<String>,
}

/// Writes the files.
pub(super) async fn keep(files: &dyn ObjectStore, prepared: Prepared) -> Result<Stored> {
    let stem = random::hex(16)?;
    let folder = stem.get(..2).unwrap_or("00");
    let file = format!("attachments/{folder}/{stem}.{}", prepared.content_type.ending());
    let bytes = i64::try_from(prepared.bytes.len()).map_err(Error::internal)?;
    put(files, &file, prepared.bytes).await?;
    let thumbnail = match prepared.thumbnail {
        Some(small) => {
            let name = format!("attachments/{folder}/{stem}.small.jpg");
            put(files, &name, small).await?;
            Some(name)
        }
        None => None,
    };
    Ok(Stored { name: prepared.name, content_type: prepared.content_type, bytes, file, thumbnail })
}

async fn put(files: &dyn ObjectStore, name: &str, bytes: Vec<u8>) -> Result<()> {
    files.put(&Path::from(name), bytes.into()).await.map_err(unavailable)?;
    Ok(())
}

/// Reads a file.
pub(super) async fn get(files: &dyn ObjectStore, name: &str) -> Result<Vec<u8>> {
    let found = files.get(&Path::from(name)).await.map_err(unavailable)?;
    Ok(found.bytes().await.map_err(unavailable)?.to_vec())
}

/// Whether a file is there.
pub(super) async fn exists(files: &dyn ObjectStore, name: &str) -> Result<bool> {
    match files.head(&Path::from(name)).await {
        Ok(_) => Ok(true),
        Err(object_store::Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(unavailable(error)),
    }
}

/// Writes a small file, reads it back and deletes it.
pub(super) async fn try_out(files: &dyn ObjectStore) -> Result<()> {
    // Where the attachments are, so that one that was left behind by a crash is swept like any without a row.
    let name = format!("attachments/00/{}.try", random::hex(16)?);
    let written = random::hex(32)?.into_bytes();
    put(files, &name, written.clone()).await?;
    let read = get(files, &name).await;
    files.delete(&Path::from(name)).await.map_err(unavailable)?;
    if read? == written {
        Ok(())
    } else {
        Err(Error::Unavailable("what was read is not what was written".into()))
    }
}

fn unavailable(error: object_store::Error) -> Error {
    Error::Unavailable(error.into())
}
