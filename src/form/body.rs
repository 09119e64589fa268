//! The body of a form: URL-encoded, or multipart with files, each within its bounds.

use std::collections::BTreeMap;

use actix_multipart::Multipart;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::BytesMut;
use actix_web::{HttpRequest, dev::Payload};
use domain::{Error, FieldError};
use futures::StreamExt;

use crate::fail::Fail;

/// The most fields of a form.
const MOST_FIELDS: usize = 2_000;
/// The most bytes of all fields that are no files.
const MOST_TEXT: usize = 1024 * 1024;
/// The most bytes of one file.
const MOST_FILE: usize = 20 * 1024 * 1024;
/// The most bytes of all files.
const MOST_FILES: usize = 64 * 1024 * 1024;

/// A file that was sent.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Its name on the sender's machine: for people, never for a path.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// The fields of a form in their order.
pub(crate) type Fields = Vec<(String, String)>;
/// The files of a form by field.
pub(crate) type Files = BTreeMap<String, Vec<File>>;

/// Reads the body of a form.
pub(crate) async fn read(req: &HttpRequest, payload: Payload) -> Result<(Fields, Files), Fail> {
    let kind = req.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let (fields, files) = multipart(Multipart::new(req.headers(), payload)).await?;
        return Ok((without_nul(fields)?, files));
    }
    let bytes = limited(payload, MOST_TEXT).await?;
    let fields: Fields = form_urlencoded::parse(&bytes).into_owned().collect();
    if fields.len() > MOST_FIELDS { Err(too_large("form")) } else { Ok((without_nul(fields)?, Files::new())) }
}

/// The fields, where none holds a NUL: no database keeps one in a text.
fn without_nul(fields: Fields) -> domain::Result<Fields> {
    match fields.iter().find(|(_, value)| value.contains('\0')) {
        Some((name, _)) => Err(Error::field(name.clone(), "invalid")),
        None => Ok(fields),
    }
}

/// A body of at most `most` bytes.
pub(crate) async fn limited(mut payload: Payload, most: usize) -> Result<Vec<u8>, Fail> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::field("form", "cut"))?;
        if bytes.len() + chunk.len() > most {
            return Err(Fail::too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.to_vec())
}

async fn multipart(mut parts: Multipart) -> Result<(Fields, Files), Fail> {
    let (mut fields, mut files) = (Fields::new(), Files::new());
    let (mut text_size, mut file_size) = (0, 0);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| Error::field("form", "cut"))?;
        let name = part.name().unwrap_or_default().to_owned();
        let filename = part.content_disposition().and_then(|d| d.get_filename()).map(str::to_owned);
        let mut bytes = BytesMut::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|_| Error::field(name.clone(), "cut"))?;
            bytes.extend_from_slice(&chunk);
            let (size, most) =
                if filename.is_some() { (file_size, MOST_FILES) } else { (text_size, MOST_TEXT) };
            if bytes.len() > MOST_FILE || size + bytes.len() > most {
                return Err(too_large(&name));
            }
        }
        let bytes = bytes.to_vec();
        match filename {
            Some(file) => {
                file_size += bytes.len();
                // A browser sends an empty part where no file was chosen.
                if !(file.is_empty() && bytes.is_empty()) {
                    files.entry(name).or_default().push(File { name: file, bytes });
                }
            }
            None => {
                text_size += bytes.len();
                let value = String::from_utf8(bytes).map_err(|_| Error::field(name.clone(), "invalid"))?;
                fields.push((name, value));
            }
        }
        if fields.len() + files.len() > MOST_FIELDS {
            return Err(too_large("form"));
        }
    }
    Ok((fields, files))
}

fn too_large(name: &str) -> Fail {
    let megabytes = MOST_FILE / (1024 * 1024);
    Error::Invalid(vec![FieldError::new(name, "too_large").with("most", format!("{megabytes} MB"))]).into()
}
