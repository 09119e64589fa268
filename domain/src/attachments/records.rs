//! The rows of attachments.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{Stored, Subject};
use crate::access::Actor;
use crate::db::schema::attachments;
use crate::{AttachmentId, CommunityId, Db, Instant, PersonId, Result};

/// An attachment as the table has it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attachments)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The community.
    pub community_id: CommunityId,
    /// Who uploaded it.
    pub uploader_id: Option<PersonId>,
    /// What kind of thing it belongs to.
    pub subject_kind: Option<String>,
    /// Which.
    pub subject_id: Option<i64>,
    /// What for: `report`, `finish`.
    pub purpose: String,
    /// What its uploader calls it.
    pub name: String,
    /// What it is.
    pub content_type: super::ContentType,
    /// Its size.
    pub bytes: i64,
    /// Its file.
    pub file: String,
    /// Its thumbnail's file.
    pub thumbnail: Option<String>,
    /// Whether the resident sees it.
    pub visible: bool,
    /// When it was uploaded.
    pub created_at: Instant,
}

pub(super) fn insert(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    stored: &Stored,
) -> Result<AttachmentId> {
    let row = (
        attachments::community_id.eq(community),
        attachments::uploader_id.eq(actor.person),
        attachments::purpose.eq("upload"),
        attachments::name.eq(&stored.name),
        attachments::content_type.eq(stored.content_type),
        attachments::bytes.eq(stored.bytes),
        attachments::file.eq(&stored.file),
        attachments::thumbnail.eq(&stored.thumbnail),
        attachments::created_at.eq(now),
    );
    Ok(diesel::insert_into(attachments::table).values(row).returning(attachments::id).get_result(tx)?)
}

pub(super) fn by_id(db: &mut Db, id: AttachmentId) -> Result<Attachment> {
    Ok(attachments::table.find(id.0).select(Attachment::as_select()).first(db)?)
}

pub(super) fn of(db: &mut Db, kind: &'static str, ids: Vec<i64>) -> Result<Vec<Attachment>> {
    Ok(attachments::table
        .filter(attachments::subject_kind.eq(kind).and(attachments::subject_id.eq_any(ids)))
        .order(attachments::id)
        .select(Attachment::as_select())
        .load(db)?)
}

pub(super) fn count(db: &mut Db, subject: Subject) -> Result<i64> {
    let (kind, id) = subject.parts();
    Ok(attachments::table
        .filter(attachments::subject_kind.eq(kind).and(attachments::subject_id.eq(id)))
        .count()
        .get_result(db)?)
}

/// Attaches one, if it is the actor's and belongs to nothing yet.
pub(super) fn attach(
    tx: &mut Db,
    actor: &Actor,
    (community, subject): (CommunityId, Subject),
    purpose: &'static str,
    id: AttachmentId,
) -> Result<bool> {
    let Some(person) = actor.person else { return Ok(false) };
    let (kind, subject) = subject.parts();
    let free = attachments::table
        .filter(attachments::id.eq(id.0).and(attachments::community_id.eq(community.0)))
        .filter(attachments::uploader_id.eq(person.0).and(attachments::subject_id.is_null()));
    let set = (
        attachments::subject_kind.eq(kind),
        attachments::subject_id.eq(subject),
        attachments::purpose.eq(purpose),
    );
    Ok(diesel::update(free).set(set).execute(tx)? == 1)
}

/// Keeps some from the other residents of a home.
pub(super) fn hide(tx: &mut Db, ids: &[AttachmentId]) -> Result<()> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = attachments::table.filter(attachments::id.eq_any(ids));
    diesel::update(rows).set(attachments::visible.eq(false)).execute(tx)?;
    Ok(())
}

/// Frees one that belongs to the subject; says whether it did.
pub(super) fn detach(tx: &mut Db, subject: Subject, id: AttachmentId) -> Result<bool> {
    let (kind, subject) = subject.parts();
    let row = attachments::table
        .filter(attachments::id.eq(id.0))
        .filter(attachments::subject_kind.eq(kind).and(attachments::subject_id.eq(subject)));
    let free = (attachments::subject_kind.eq(None::<String>), attachments::subject_id.eq(None::<i64>));
    Ok(diesel::update(row).set(free).execute(tx)? == 1)
}

/// Every file that a community's rows name.
pub(super) fn named(db: &mut Db, community: CommunityId) -> Result<Vec<(AttachmentId, String)>> {
    let rows: Vec<(AttachmentId, String, Option<String>)> = attachments::table
        .filter(attachments::community_id.eq(community.0))
        .order(attachments::id)
        .select((attachments::id, attachments::file, attachments::thumbnail))
        .load(db)?;
    let both = |(id, file, small): (_, _, Option<String>)| {
        std::iter::once((id, file)).chain(small.map(|small| (id, small)))
    };
    Ok(rows.into_iter().flat_map(both).collect())
}

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    what: String,
}

/// What is wrong with the attachments of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let sql = "SELECT 'attachment ' || a.id || ': its case is gone' AS what FROM attachments a \
               LEFT JOIN cases c ON c.id = a.subject_id AND c.community_id = a.community_id \
               WHERE a.community_id = $1 AND a.subject_kind = 'case' AND c.id IS NULL";
    let rows: Vec<Fault> = diesel::sql_query(sql).bind::<BigInt, _>(community.0).load(db)?;
    Ok(rows.into_iter().map(|fault| fault.what).collect())
}
