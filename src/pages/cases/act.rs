//! `POST /cases/{number}/{action}`: one step of a case, from its page.

use actix_web::web::Path;
use domain::repairs::{self, Act, WaitFor};
use domain::{AttachmentId, Error};

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
    let read = read(&mut form, &action, photos.clone());
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
        .await;
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
fn read(form: &mut Form, action: &str, photos: Vec<AttachmentId>) -> Option<Option<Act>> {
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
        "finish" => finish(form, photos),
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

fn finish(form: &mut Form, attachments: Vec<AttachmentId>) -> Option<Act> {
    let (work, cause) = (form.text("work", 2_000), form.text("cause", 2_000));
    let minutes = form.number("minutes", 1, 10_000).and_then(|minutes| i32::try_from(minutes).ok());
    Some(Act::Finish { work: work?, cause: cause?, minutes: minutes?, attachments })
}
