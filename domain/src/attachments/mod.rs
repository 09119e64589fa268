//! Attachments 附件: photos and papers that belong to a case, show what somebody
//! says of their bill or has read on a meter, or prove that a demand arrived. Taken by what is in them, never by their name;
//! pictures are written anew without metadata. The file is written first, under a random name; its row
//! follows in the transaction, and what never got one the worker's housekeeping sweeps (domain.md §3, quality.md §2).

mod picture;
mod records;
mod store;

#[cfg(test)]
mod tests;

pub use picture::ContentType;
pub use records::{Attachment, faults};
pub use store::Stored;

use std::collections::BTreeMap;

use object_store::ObjectStore;

use crate::access::{Action, Actor, Object, Role, allow};
use crate::audit::{self, Line};
use crate::error::FieldError;
use crate::{
    AcknowledgementId, AttachmentId, CaseId, CommunityId, Db, DemandId, DisputeId, Error, InspectionId,
    Instant, MeterReadingId, Result, Store, cases, debts, demands, limitation, meters, settings,
};

/// The purpose of a scan of identity papers: these are seen, not kept (domain.md §2). They open only for who
/// reviews them, each opening is audited, and they are deleted some time after the decision.
pub const IDENTITY: &str = "identity";

/// What an attachment belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A case.
    Case(CaseId),
    /// A look at a renovation site.
    Inspection(InspectionId),
    /// A formal demand: how it was delivered.
    Demand(DemandId),
    /// What a payer acknowledged in writing.
    Acknowledgement(AcknowledgementId),
    /// Why somebody does not accept a charge.
    Dispute(DisputeId),
    /// What a resident has read.
    MeterReading(MeterReadingId),
}

impl Subject {
    /// The case that says who may see it, and its community.
    fn case(self, db: &mut Db) -> Result<(CaseId, CommunityId)> {
        match self {
            Self::Case(id) => Ok((id, cases::by_id(db, id)?.community_id)),
            Self::Inspection(id) => {
                let made = crate::inspections::by_id(db, id)?;
                Ok((made.case_id, made.community_id))
            }
            Self::Demand(_) | Self::Acknowledgement(_) | Self::Dispute(_) | Self::MeterReading(_) => {
                Err(Error::NotFound)
            }
        }
    }

    fn community(self, db: &mut Db) -> Result<CommunityId> {
        match self {
            Self::Demand(id) => demands::community_of(db, id),
            Self::Acknowledgement(id) => Ok(limitation::account_of(db, id)?.1),
            Self::Dispute(id) => debts::community_of(db, id),
            Self::MeterReading(id) => meters::community_of(db, id),
            other => Ok(other.case(db)?.1),
        }
    }

    fn parts(self) -> (&'static str, i64) {
        match self {
            Self::Case(id) => ("case", id.0),
            Self::Inspection(id) => ("inspection", id.0),
            Self::Demand(id) => ("demand", id.0),
            Self::Acknowledgement(id) => ("acknowledgement", id.0),
            Self::Dispute(id) => ("dispute", id.0),
            Self::MeterReading(id) => ("meter_reading", id.0),
        }
    }
}

/// An upload that is fit to be kept.
#[derive(Debug, Clone)]
pub struct Prepared {
    name: String,
    content_type: ContentType,
    bytes: Vec<u8>,
    thumbnail: Option<Vec<u8>>,
}

/// The most bytes that an upload may have.
pub fn most_bytes(db: &mut Db, community: CommunityId) -> Result<i64> {
    Ok(settings::get(db, community, settings::ATTACHMENT_MEGABYTES)? * 1_000_000)
}

/// Looks at an upload and makes it fit to be kept: type by content, pictures decoded and written anew, a
/// thumbnail. Slow: never inside a transaction, nor on an async thread.
///
/// # Errors
/// On the field `file`: empty, too large, of another type, damaged, with too many pixels.
pub fn prepare(name: &str, bytes: Vec<u8>, most_bytes: i64) -> Result<Prepared> {
    if bytes.is_empty() {
        return Err(Error::field("file", "file_empty"));
    }
    if i64::try_from(bytes.len()).unwrap_or(i64::MAX) > most_bytes {
        let error = FieldError::new("file", "file_too_large").with("most", most_bytes / 1_000_000);
        return Err(Error::Invalid(vec![error]));
    }
    picture::prepare(clean_name(name), bytes)
}

/// What people call it: the last part of a path, without what could break a header or a page.
fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control() && !"\"<>;".contains(*c)).take(100).collect();
    if kept.trim().is_empty() { "file".to_owned() } else { kept.trim().to_owned() }
}

/// Writes the files of an upload; the row follows by [`add`].
pub async fn keep(files: &dyn ObjectStore, prepared: Prepared) -> Result<Stored> {
    store::keep(files, prepared).await
}

/// Whether files can be kept: writes a small one, reads it back and deletes it.
///
/// # Errors
/// The step that failed, as the storage says it.
pub async fn try_out(files: &dyn ObjectStore) -> Result<()> {
    store::try_out(files).await
}

/// Gives what was written its row; it belongs to its uploader alone until it is attached.
pub fn add(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    stored: &Stored,
) -> Result<AttachmentId> {
    if actor.roles_in(community).next().is_none() {
        return Err(Error::NotFound);
    }
    records::insert(tx, actor, now, community, stored)
}

/// Attaches uploads of the actor to their subject.
///
/// # Errors
/// On the field `attachments`: an unknown one, somebody else's, one that is attached already, too many.
pub fn attach(
    tx: &mut Db,
    actor: &Actor,
    subject: Subject,
    purpose: &'static str,
    ids: &[AttachmentId],
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let community = subject.community(tx)?;
    let most = settings::get(tx, community, settings::ATTACHMENTS_MOST)?;
    let there = records::count(tx, subject)?;
    if there + i64::try_from(ids.len()).unwrap_or(i64::MAX) > most {
        let error = FieldError::new("attachments", "too_many_files").with("most", most);
        return Err(Error::Invalid(vec![error]));
    }
    for id in ids {
        if !records::attach(tx, actor, (community, subject), purpose, *id)? {
            return Err(Error::field("attachments", "unknown_file"));
        }
    }
    Ok(())
}

/// The same for papers of a person: staff and who brought them see them, others of the home don't.
///
/// # Errors
/// As [`attach`].
pub fn attach_papers(
    tx: &mut Db,
    actor: &Actor,
    subject: Subject,
    purpose: &'static str,
    ids: &[AttachmentId],
) -> Result<()> {
    attach(tx, actor, subject, purpose, ids)?;
    records::hide(tx, ids)
}

/// Takes an attachment away from its subject; its file is swept with what belongs to nothing.
///
/// # Errors
/// Not found where it does not belong to the subject.
pub fn detach(tx: &mut Db, subject: Subject, id: AttachmentId) -> Result<()> {
    if records::detach(tx, subject, id)? { Ok(()) } else { Err(Error::NotFound) }
}

/// An attachment, if the asker may see what it belongs to; one that belongs to nothing yet is its uploader's.
pub fn read(db: &mut Db, actor: &Actor, now: Instant, id: AttachmentId) -> Result<Attachment> {
    let found = records::by_id(db, id)?;
    let uploaded = actor.person.is_some() && found.uploader_id == actor.person;
    let subject = match (found.subject_kind.as_deref(), found.subject_id) {
        (Some("case"), Some(id)) => Subject::Case(CaseId(id)),
        (Some("inspection"), Some(id)) => Subject::Inspection(InspectionId(id)),
        (Some("acknowledgement"), Some(id)) => {
            let account = limitation::account_of(db, AcknowledgementId(id))?.0;
            debts::debtor(db, actor, now, account)?;
            return Ok(found);
        }
        (Some("demand"), Some(id)) => {
            demands::demand(db, actor, now, DemandId(id))?;
            return Ok(found);
        }
        (Some("dispute"), Some(id)) => {
            debts::seen(db, actor, now, DisputeId(id))?;
            return Ok(found);
        }
        (Some("meter_reading"), Some(id)) => {
            meters::seen(db, actor, now, MeterReadingId(id))?;
            return Ok(found);
        }
        _ => return if uploaded { Ok(found) } else { Err(Error::NotFound) },
    };
    let (case, community) = subject.case(db)?;
    let is_draft = cases::by_id(db, case)?.number.is_none();
    let case = Object::Case(community, case);
    match allow(db, actor, now, Action::ReadCase, case) {
        Err(Error::NotAllowed) => return Err(Error::NotFound),
        outcome => outcome?,
    }
    let staff = actor.roles_in(found.community_id).any(found.opens_for());
    if uploaded || !is_draft && (found.visible || staff) { Ok(found) } else { Err(Error::NotFound) }
}

/// Notes on the audit trail that somebody opened a scan of identity papers which is not their own.
pub fn opened(tx: &mut Db, actor: &Actor, now: Instant, found: &Attachment) -> Result<()> {
    let line = Line::new(found.community_id, "attachment.open", "attachment", found.id.0);
    audit::write(tx, actor, now, &line.fields(&found.purpose))
}

impl Attachment {
    /// Whether it is a scan of identity papers.
    pub fn is_identity(&self) -> bool {
        self.purpose == IDENTITY
    }

    /// Whether opening it by this person has to be noted, see [`opened`].
    pub fn is_noted(&self, actor: &Actor) -> bool {
        self.is_identity() && self.uploader_id != actor.person
    }

    /// Which roles of staff it opens for.
    pub fn opens_for(&self) -> fn(Role) -> bool {
        if self.is_identity() { |role| matches!(role, Role::Desk | Role::Supervisor) } else { Role::is_staff }
    }
}

/// What is attached to a subject, the first one first.
pub fn of(db: &mut Db, subject: Subject) -> Result<Vec<Attachment>> {
    Ok(of_each(db, &[subject])?.remove(&subject).unwrap_or_default())
}

/// The same subject by subject, in one statement for each kind of them; nothing for those without any.
pub fn of_each(db: &mut Db, subjects: &[Subject]) -> Result<BTreeMap<Subject, Vec<Attachment>>> {
    let mut kinds: BTreeMap<&'static str, BTreeMap<i64, Subject>> = BTreeMap::new();
    for subject in subjects {
        let (kind, id) = subject.parts();
        kinds.entry(kind).or_default().insert(id, *subject);
    }
    let mut each: BTreeMap<Subject, Vec<Attachment>> = BTreeMap::new();
    for (kind, subjects) in kinds {
        for one in records::of(db, kind, subjects.keys().copied().collect())? {
            if let Some(subject) = one.subject_id.and_then(|id| subjects.get(&id)) {
                each.entry(*subject).or_default().push(one);
            }
        }
    }
    Ok(each)
}

/// The content of an attachment, or of its thumbnail where one is asked for and there.
pub async fn content(files: &dyn ObjectStore, attachment: &Attachment, small: bool) -> Result<Vec<u8>> {
    let name = attachment.thumbnail.as_deref().filter(|_| small).unwrap_or(&attachment.file);
    store::get(files, name).await
}

/// The attachments of a community whose file is gone, a sentence each.
pub async fn missing_files(
    store: &Store,
    files: &dyn ObjectStore,
    community: CommunityId,
) -> Result<Vec<String>> {
    let named = store.read(move |db| records::named(db, community)).await?;
    let mut missing = Vec::new();
    for (id, name) in named {
        if !store::exists(files, &name).await? {
            missing.push(format!("attachment {id}: its file {name} is gone"));
        }
    }
    Ok(missing)
}
