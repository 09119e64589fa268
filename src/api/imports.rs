//! `POST /imports` (multipart), `GET /imports/{id}`: a register with its report per row.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::idempotency::{self, Answer, Key};
use domain::imports::{self, BankReport, Import, Options, Outcome, Sheet};
use domain::{Db, Error, FieldError, ImportId, Instant};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::json;

use crate::ctx::{Ctx, Reply, community_of};
use crate::form::Sent;
use crate::pages::money::bank::book_certain;
use crate::pages::register::imports::sheet;
use crate::views::imports::ErrorRow;

/// An import.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Imported {
    id: i64,
    /// `homes`, `staff`, `fee-items`, `holidays`, `shared-bills`, `meters`, `books`, `bank`.
    kind: &'static str,
    file_name: String,
    #[schemars(with = "String")]
    at: Instant,
    /// `dry_run`, `imported`, `refused`.
    outcome: &'static str,
    rows: i32,
    added: i32,
    changed: i32,
    unchanged: i32,
    rejected: i32,
    /// Columns that were not read.
    ignored: Vec<String>,
    /// What is bad, row by row.
    errors: Vec<BadCell>,
    /// Of a bank's statement: what became of its new lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    bank: Option<BankState>,
}

/// What became of a statement's new lines.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BankState {
    /// The statement; none where nothing was taken in.
    statement: Option<i64>,
    /// How the table was read.
    profile: String,
    /// Booked without a hand.
    booked: i32,
    booked_fen: i64,
    /// Waiting for a cashier.
    queued: i32,
    queued_fen: i64,
    /// Went out.
    debits: i32,
    /// With a number that was there before.
    repeated: i32,
}

impl From<&BankReport> for BankState {
    fn from(report: &BankReport) -> Self {
        let tally = &report.tally;
        Self {
            statement: report.statement.map(|id| id.0),
            profile: report.profile.clone(),
            booked: tally.booked,
            booked_fen: tally.booked_fen,
            queued: tally.queued,
            queued_fen: tally.queued_fen,
            debits: tally.debits,
            repeated: tally.repeated,
        }
    }
}

/// The form of an import.
pub(crate) fn form(_: &mut SchemaGenerator) -> Schema {
    let kinds: Vec<_> = imports::Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let flag = json!({"type": "string", "enum": ["true", "false", "1", "0", "yes", "no", "on", ""]});
    json_schema!({
        "type": "object",
        "required": ["kind", "file"],
        "properties": {
            "kind": {"type": "string", "enum": kinds},
            "file": {"type": "string", "format": "binary"},
            "community": {"type": "string"},
            "sheet": {"type": "string"},
            "period": {"type": "string", "pattern": "^\\d{4}-(0[1-9]|1[0-2])$"},
            "dry_run": flag,
            "skip_bad": flag,
        },
        "additionalProperties": false,
    })
}

/// A bad cell.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BadCell {
    /// The line of the file.
    line: usize,
    /// The column's heading.
    column: String,
    /// What stands there.
    value: String,
    /// Why, as a stable word.
    code: String,
    /// Why, in words.
    reason: String,
}

fn imported(import: &Import, ctx: &Ctx) -> Imported {
    let texts = ctx.app.views.texts(ctx.lang);
    let bad = |row: ErrorRow| BadCell {
        line: row.line,
        column: row.column,
        value: row.value,
        code: row.code,
        reason: row.reason,
    };
    let report = &import.report;
    Imported {
        id: import.id.0,
        kind: import.kind.as_str(),
        file_name: import.file_name.clone(),
        at: import.at,
        outcome: import.outcome.as_str(),
        rows: report.rows,
        added: report.added,
        changed: report.changed,
        unchanged: report.unchanged,
        rejected: report.rejected,
        ignored: report.ignored.clone(),
        errors: report.errors.iter().map(|error| bad(ErrorRow::new(error, texts))).collect(),
        bank: report.bank.as_ref().map(BankState::from),
    }
}

/// `GET /imports/{id}`
pub(crate) async fn show(ctx: Ctx, id: Path<ImportId>) -> Reply {
    let id = *id;
    let import = ctx.read(move |db, actor, now| imports::get(db, actor, now, id)).await?;
    ctx.json(200, &imported(&import, &ctx))
}

/// `POST /imports`: 201 with the report; 422 with it where rows are bad and nothing came in.
pub(crate) async fn create(ctx: Ctx, mut sent: Sent) -> Reply {
    let (sheet, options) = input(&mut sent).await?;
    let key = sent.key.as_ref().map(|key| Key::new(&ctx.actor, &ctx.route, key, &sent.digest));
    let register = Arc::new(Register { community: sent.fields.remove("community"), sheet, options });
    let id = match once(&ctx, key, Arc::clone(&register)).await {
        // Only what was accepted is kept as the key's answer; the refusal's report is kept without it.
        Err(Error::Refused(refusal)) if refusal.rule == BAD_ROWS => once(&ctx, None, register).await?,
        other => other?,
    };
    let import = ctx.read(move |db, actor, now| imports::get(db, actor, now, id)).await?;
    if import.kind == imports::Kind::Bank {
        book_certain(&ctx, import.community).await?;
    }
    if import.outcome == Outcome::Refused {
        refused(&import, &ctx)
    } else {
        ctx.json(201, &imported(&import, &ctx))
    }
}

const BAD_ROWS: &str = "import.bad_rows";

/// What was sent.
struct Register {
    community: Option<String>,
    sheet: Sheet,
    options: Options,
}

/// Imports it, under its key where it has one.
async fn once(ctx: &Ctx, key: Option<Key>, register: Arc<Register>) -> domain::Result<ImportId> {
    ctx.write(move |tx, actor, now| {
        let Register { community, sheet, options } = &*register;
        let community = community_of(tx, actor, community.as_deref())?.id;
        let run = |tx: &mut Db| imports::run(tx, actor, now, community, sheet, *options);
        let Some(key) = &key else { return Ok(run(tx)?.id) };
        let answer = idempotency::once(tx, key, now, |tx| {
            let import = run(tx)?;
            if import.outcome == Outcome::Refused {
                return Err(Error::refused("import.bad_rows", vec![]));
            }
            Ok(Answer { status: 201, body: import.id.to_string() })
        })?;
        answer.body.parse().map_err(Error::internal)
    })
    .await
}

/// A problem document that carries the report.
fn refused(import: &Import, ctx: &Ctx) -> Reply {
    let count = import.report.rejected.to_string();
    let detail = ctx.say("rules.import.bad_rows", &[("count", &count)]);
    let report = imported(import, ctx);
    let error = |bad: &BadCell| json!({"field": format!("{}:{}", bad.line, bad.column), "code": bad.code, "detail": bad.reason});
    let problem = json!({
        "title": ctx.say("errors.refused.title", &[]), "status": 422, "code": "import.bad_rows",
        "detail": detail, "errors": report.errors.iter().map(error).collect::<Vec<_>>(), "import": report,
    });
    Ok(HttpResponse::UnprocessableEntity().content_type("application/problem+json").body(problem.to_string()))
}

async fn input(sent: &mut Sent) -> domain::Result<(Sheet, Options)> {
    const KNOWN: [&str; 6] = ["kind", "community", "period", "sheet", "dry_run", "skip_bad"];
    let unknown = sent
        .fields
        .keys()
        .chain(sent.files.keys())
        .filter(|name| !KNOWN.contains(&name.as_str()) && name.as_str() != "file");
    let mut wrong: Vec<FieldError> = unknown.map(|name| FieldError::new(name, "unknown")).collect();
    let kind = match sent.fields.get("kind") {
        None => Err("required"),
        Some(kind) => kind.parse().map_err(|_| "choice"),
    };
    let month = match sent.fields.get("period").filter(|month| !month.is_empty()) {
        None => Ok(None),
        Some(month) => month.parse().map(Some).map_err(|_| "no_such_month"),
    };
    let (dry_run, skip_bad) = (flag(sent, "dry_run"), flag(sent, "skip_bad"));
    let file = sent.files.remove("file").and_then(|files| files.into_iter().next());
    match (kind, month, dry_run, skip_bad, file) {
        (Ok(kind), Ok(month), Ok(dry_run), Ok(skip_bad), Some(file)) if wrong.is_empty() => {
            let name = sent.fields.remove("sheet").filter(|name| !name.is_empty());
            Ok((sheet(kind, file, name).await?, Options { dry_run, skip_bad, month }))
        }
        (kind, month, dry_run, skip_bad, file) => {
            wrong.extend(kind.err().map(|code| FieldError::new("kind", code)));
            wrong.extend(month.err().map(|code| FieldError::new("period", code)));
            wrong.extend(dry_run.err().map(|code| FieldError::new("dry_run", code)));
            wrong.extend(skip_bad.err().map(|code| FieldError::new("skip_bad", code)));
            wrong.extend(file.is_none().then(|| FieldError::new("file", "required")));
            Err(Error::Invalid(wrong))
        }
    }
}

fn flag(sent: &Sent, name: &str) -> Result<bool, &'static str> {
    match sent.fields.get(name).map(String::as_str) {
        None | Some("" | "false" | "0" | "no") => Ok(false),
        Some("true" | "1" | "yes" | "on") => Ok(true),
        Some(_) => Err("choice"),
    }
}
