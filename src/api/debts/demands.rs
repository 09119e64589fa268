//! `GET /demands`, `GET /demands/{id}`, `POST /demands/{id}/proofs`, `GET /demands/{id}/letter.pdf`: formal demands
//! 催告函, what they say and how they were delivered.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use domain::access::Actor;
use domain::attachments::{self, Subject};
use domain::demands::{self, Demand, Line, NewProof, Proof};
use domain::{AttachmentId, Db, DemandId, Error, Instant, LedgerAccountId, LocalDate, Month, debts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::json::at_most;
use crate::api::list::Part;
use crate::api::{Body, Day, List};
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::pages::money::demands::sheet::Sheet;

/// A demand.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DemandJson {
    id: i64,
    batch: i64,
    /// Whose account: what `/debtors/{id}` is asked with.
    account: i64,
    number: String,
    home: String,
    addressee: String,
    #[schemars(with = "String")]
    day: LocalDate,
    /// Until when to pay.
    #[schemars(with = "String")]
    term_on: LocalDate,
    total_fen: i64,
    /// Whether it is proved that it arrived.
    delivered: bool,
    /// One more with each proof: what `POST /demands/{id}/proofs` may name.
    version: i32,
}

impl DemandJson {
    /// Letters with their homes and whether they arrived.
    pub(super) fn all(db: &mut Db, all: Vec<Demand>) -> domain::Result<Vec<Self>> {
        let accounts: Vec<LedgerAccountId> = all.iter().map(|one| one.account_id).collect();
        let ids: Vec<DemandId> = all.iter().map(|one| one.id).collect();
        let owners = debts::debtors(db, &accounts)?;
        let homes: BTreeMap<_, _> = owners.into_iter().map(|one| (one.account, one.home)).collect();
        let mut proofs: BTreeMap<DemandId, Vec<Proof>> = BTreeMap::new();
        for proof in demands::proofs_of(db, &ids)? {
            proofs.entry(proof.demand_id).or_default().push(proof);
        }
        let json = |one: Demand| {
            let proofs = proofs.get(&one.id).map_or(&[][..], Vec::as_slice);
            Self {
                id: one.id.0,
                batch: one.batch_id.0,
                account: one.account_id.0,
                home: homes.get(&one.account_id).cloned().unwrap_or_default(),
                delivered: proofs.iter().any(|proof| proof.kind.delivers()),
                version: demands::version(proofs),
                number: one.number,
                addressee: one.addressee,
                day: one.day,
                term_on: one.term_on,
                total_fen: one.total.0,
            }
        };
        Ok(all.into_iter().map(json).collect())
    }
}

/// A demand with what it says and how it was delivered.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DemandWhole {
    demand: DemandJson,
    /// What it says, in the language of who it is for.
    text: String,
    /// The charges that it names, oldest first.
    charges: Vec<DemandedJson>,
    /// In the order in which they were recorded.
    proofs: Vec<ProofJson>,
    /// Photos and scans of the delivery.
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
}

/// A charge that a demand names.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DemandedJson {
    /// What bills call the item.
    item: String,
    subject: String,
    #[schemars(with = "String")]
    period: Month,
    #[schemars(with = "String")]
    due_on: LocalDate,
    /// What was open of it then.
    open_fen: i64,
}

impl From<Line> for DemandedJson {
    fn from(line: Line) -> Self {
        let Line { item, subject, period, due_on, open } = line;
        Self { item, subject, period, due_on, open_fen: open.0 }
    }
}

/// How a letter arrived, or that it came back.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ProofJson {
    /// `handed_over`, `registered`, `refused`, `returned`.
    kind: &'static str,
    #[schemars(with = "String")]
    day: LocalDate,
    /// The number of the registered mail.
    reference: String,
    note: String,
    #[schemars(with = "String")]
    recorded_at: Instant,
}

impl From<Proof> for ProofJson {
    fn from(one: Proof) -> Self {
        let Proof { kind, day, reference, note, recorded_at, .. } = one;
        Self { kind: kind.as_str(), day, reference, note, recorded_at }
    }
}

fn whole(db: &mut Db, actor: &Actor, now: Instant, id: DemandId) -> domain::Result<DemandWhole> {
    let one = demands::demand(db, actor, now, id)?;
    let papers = attachments::of(db, Subject::Demand(id))?;
    Ok(DemandWhole {
        text: one.body.clone(),
        demand: DemandJson::all(db, vec![one])?.pop().ok_or(Error::NotFound)?,
        charges: demands::lines(db, id)?.into_iter().map(DemandedJson::from).collect(),
        proofs: demands::proofs_of(db, &[id])?.into_iter().map(ProofJson::from).collect(),
        attachments: papers.into_iter().map(|paper| paper.id).collect(),
    })
}

/// `GET /demands`: newest first.
pub(crate) async fn list(ctx: Ctx, asked: Query<List>) -> Reply {
    let find = |db: &mut Db, actor: &Actor, now, community, (before, limit): Part| {
        let found = demands::list(db, actor, now, community, (before.map(DemandId), limit))?;
        DemandJson::all(db, found)
    };
    asked.into_inner().answer(&ctx, find, |row| row.id).await
}

/// `GET /demands/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = DemandId(*id);
    let one = ctx.read(move |db, actor, now| whole(db, actor, now, id)).await?;
    ctx.json(200, &one)
}

/// `GET /demands/{id}/letter.pdf`: for whoever sees the account.
pub(crate) async fn letter(ctx: Ctx, id: Path<i64>) -> Reply {
    let id = DemandId(*id);
    let (number, sheet) = ctx
        .read(move |db, actor, now| {
            let one = demands::seen(db, actor, now, id)?;
            Ok((one.number.clone(), Sheet::of(db, one)?))
        })
        .await?;
    files::pdf(&ctx, &format!("{number}.pdf"), vec![sheet.document(&ctx)]).await
}

/// How a letter arrived, or that it came back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prove {
    /// `handed_over`, `registered`, `refused`, `returned`.
    kind: String,
    #[schemars(with = "String")]
    day: Day,
    /// The number of the registered mail.
    #[serde(default)]
    reference: String,
    /// Who took it, who was there.
    #[serde(default)]
    note: String,
    /// Photos and scans: ids of `POST /attachments`.
    #[serde(default)]
    #[schemars(with = "Vec<i64>")]
    attachments: Vec<AttachmentId>,
    /// The letter's as it was seen: where somebody else has recorded a proof meanwhile, nothing is recorded.
    version: Option<i32>,
}

/// `POST /demands/{id}/proofs`
pub(crate) async fn prove(ctx: Ctx, id: Path<i64>, body: Body<Prove>) -> Reply {
    let id = DemandId(*id);
    body.once(&ctx, 201, move |tx, actor, now, asked| {
        demands::demand(tx, actor, now, id)?;
        let new = NewProof {
            kind: asked.kind.parse().map_err(|_| Error::field("kind", "choice"))?,
            day: asked.day.0,
            reference: at_most("reference", &asked.reference, 60)?,
            note: at_most("note", &asked.note, 300)?,
            papers: asked.attachments.clone(),
            version: asked.version,
        };
        demands::prove(tx, actor, now, id, &new)?;
        whole(tx, actor, now, id)
    })
    .await
}
