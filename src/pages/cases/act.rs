//! `POST /cases/{number}/{action}`: one step of a case, from its page.

use actix_web::web::Path;
use domain::repairs::pays::Quoted;
use domain::repairs::{self, Act, WaitFor};
use domain::stock::Used;
use domain::{AttachmentId, Error, Quantity};

use super::show;
use crate::ctx::{Ctx, Reply};
use crate::files;
use crate::form::{Form, Posted};

/// `POST /cases/{number}/{action}`
pub(crate) async fn submit(ctx: Ctx, path: Path<(String, String)>, posted: Posted) -> Reply {
    let (number, action) = path.into_inner();
    let community = ctx.community()?.id;
    let mut form = posted.form("cases.form");
    let version = form.number("version", 1, i64::from(i32::MAX));
    let photos = files::gather(&ctx, &mut form, ("kept", "attachments")).await?;
    let rows = rows_of(&mut form);
    let read = read(&mut form, &action, (photos.clone(), &rows));
    let Some(known) = read else { return Err(Error::NotFound.into()) };
    let input = known.and_then(|act| Some((act, i32::try_from(version?).ok()?)));
    let address = number.clone();
    let done = ctx
        .submit(&mut form, input, move |tx, actor, now, (act, version)| {
            repairs::act(tx, actor, now, (community, &address), *version, act)?;
            // Who gave it away may no longer see it.
            let sees = domain::cases::read(tx, actor, now, community, &address).is_ok();
            Ok(if sees { format!("/cases/{address}?done=step") } else { "/cases?done=step".to_owned() })
        })
        .await
        .map_err(|error| in_rows(error, &rows));
    form.keep("kept", photos.iter());
    let mut page = show::view(&ctx, number).await?;
    ctx.outcome(done, form, |form| {
        page.form = form.summary();
        if let Some(tried) = page.actions.iter_mut().find(|one| one.name == action) {
            tried.open = true;
            tried.form = form;
        }
        page
    })
}

/// What the form asks for; none where there is no such action, `Some(None)` where a field is wrong.
fn read(form: &mut Form, action: &str, (photos, rows): (Vec<AttachmentId>, &Rows)) -> Option<Option<Act>> {
    Some(match action {
        "accept" => Some(Act::Accept),
        "decline" => Some(Act::Decline),
        "take" => Some(Act::Take),
        "release" => Some(Act::Release),
        "arrive" => Some(Act::Arrive),
        "resume" => Some(Act::Resume),
        "no_access" => Some(Act::NoAccess),
        "dispatch" => form.parsed("technician", "choice").map(|technician| Act::Dispatch { technician }),
        "hand_over" => form.parsed("technician", "choice").map(|technician| Act::HandOver { technician }),
        "wait" => {
            let (wait_for, note) = (form.choice::<WaitFor>("for"), form.text("note", 2_000));
            wait_for.zip(note).map(|(wait_for, note)| Act::Wait { wait_for, note })
        }
        "quote" => {
            let caused_by_people = form.ticked("caused_by_people");
            let quoted =
                |(item, quantity): &(String, Quantity)| Quoted { item: item.clone(), quantity: *quantity };
            let lines = rows.lines.as_ref().map(|lines| lines.iter().map(quoted).collect());
            lines.map(|lines| Act::Quote { lines, caused_by_people })
        }
        "agree" => Some(Act::Agree { signature: photos.first().copied() }),
        "disagree" => Some(Act::Disagree),
        "refuse" => form.text("reason", 2_000).map(|reason| Act::Refuse { reason }),
        "finish" => finish(form, photos, rows),
        "rate" => {
            let (score, word) = (form.number("score", 1, 5), form.maybe("word", 200));
            let score = score.and_then(|score| i32::try_from(score).ok());
            score.zip(word).map(|(score, word)| Act::Rate { score, word: word.unwrap_or_default() })
        }
        "reopen" => form.text("reason", 2_000).map(|reason| Act::Reopen { reason }),
        "cancel" => form.text("reason", 2_000).map(|reason| Act::Cancel { reason }),
        "merge" => form.text("into", 40).map(|into| Act::Merge { into }),
        _ => return None,
    })
}

fn finish(form: &mut Form, attachments: Vec<AttachmentId>, rows: &Rows) -> Option<Act> {
    let (work, cause) = (form.text("work", 2_000), form.text("cause", 2_000));
    let minutes = form.number("minutes", 1, 10_000).and_then(|minutes| i32::try_from(minutes).ok());
    let used = |(item, quantity): &(String, Quantity)| Used { item: item.clone(), quantity: *quantity };
    let materials = rows.lines.as_ref()?.iter().map(used).collect();
    Some(Act::Finish { work: work?, cause: cause?, minutes: minutes?, materials, attachments })
}

/// How many rows of the price list a form has.
const ROWS: usize = 6;

/// The rows of the price list that were filled in, and which of the form's they are.
struct Rows {
    lines: Option<Vec<(String, Quantity)>>,
    places: Vec<usize>,
}

/// Reads `item_1`, `quantity_1` and so on; rows that were left empty are none.
fn rows_of(form: &mut Form) -> Rows {
    let (mut lines, mut places, mut whole) = (Vec::new(), Vec::new(), true);
    for n in 1..=ROWS {
        let (of, quantity) = (format!("item_{n}"), format!("quantity_{n}"));
        let (item, typed) = (form.maybe(&of, 30).flatten(), form.maybe(&quantity, 20).flatten());
        let (Some(item), Some(typed)) = (&item, &typed) else {
            if item.is_some() || typed.is_some() {
                form.wrong(if typed.is_some() { &of } else { &quantity }, "required");
                whole = false;
            }
            continue;
        };
        match Quantity::parse(typed) {
            Some(parsed) => {
                lines.push((item.clone(), parsed));
                places.push(n);
            }
            None => {
                form.wrong(&quantity, "number");
                whole = false;
            }
        }
    }
    Rows { lines: whole.then_some(lines), places }
}

/// What the domain says of the n-th line, beside the row in which it was typed.
fn in_rows(error: Error, rows: &Rows) -> Error {
    let Error::Invalid(fields) = error else { return error };
    let place = |name: &str| {
        let mut parts = name.split('.').skip(1);
        let n: usize = parts.next()?.parse().ok()?;
        Some(format!("{}_{}", parts.next()?, rows.places.get(n)?))
    };
    let renamed = fields.into_iter().map(|mut one| {
        if let Some(name) = place(&one.field) {
            one.field = name;
        } else if one.field == "lines" {
            "item_1".clone_into(&mut one.field);
        }
        one
    });
    Error::Invalid(renamed.collect())
}
