//! The papers of an application: brought as scans or shown at the desk, seen by who reviews them.

use super::rules::Paper;
use super::{seen, writing};
use crate::access::Actor;
use crate::attachments::{self, Attachment, Subject};
use crate::{AttachmentId, CaseId, Db, Error, Instant, Result};

/// Adds scans that the actor uploaded before.
///
/// # Errors
/// Refused where it was sent; by field where an upload is not the actor's or there are too many.
pub fn add_papers(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    id: CaseId,
    (paper, scans): (Paper, &[AttachmentId]),
) -> Result<()> {
    let (_, case) = seen(tx, actor, now, id)?;
    writing::writable(actor, &case)?;
    attachments::attach_papers(tx, actor, Subject::Case(id), paper.as_str(), scans)
}

/// Takes a scan back.
///
/// # Errors
/// Refused where it was sent; not found where it is no paper of this application.
pub fn remove_paper(tx: &mut Db, actor: &Actor, now: Instant, id: CaseId, scan: AttachmentId) -> Result<()> {
    let (_, case) = seen(tx, actor, now, id)?;
    writing::writable(actor, &case)?;
    if !papers(tx, id)?.iter().any(|(_, one)| one.id == scan) {
        return Err(Error::NotFound);
    }
    attachments::detach(tx, Subject::Case(id), scan)
}

/// The scans of an application, the first one first.
pub fn papers(db: &mut Db, id: CaseId) -> Result<Vec<(Paper, Attachment)>> {
    let all = attachments::of(db, Subject::Case(id))?;
    Ok(all.into_iter().filter_map(|one| Some((one.purpose.parse().ok()?, one))).collect())
}
