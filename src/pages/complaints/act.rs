//! `POST /complaints/{number}/{action}`: one step of a complaint, from its page.

use actix_web::web::Path;
use domain::complaints::{self, Act};
use domain::{Error, Fen};

use super::{WORDS, show};
use crate::ctx::{Ctx, Reply};
use crate::form::{Form, Posted};
use crate::pages::knowledge::words;

/// `POST /complaints/{number}/{action}`
pub(crate) async fn submit(ctx: Ctx, path: Path<(String, String)>, posted: Posted) -> Reply {
    let (number, action) = path.into_inner();
    let community = ctx.community()?.id;
    let mut form = posted.form(WORDS);
    let version = form.number("version", 1, i64::from(i32::MAX)).and_then(|n| i32::try_from(n).ok());
    let Some(act) = read(&mut form, &action) else { return Err(Error::NotFound.into()) };
    let address = number.clone();
    let done = ctx
        .submit(&mut form, act.zip(version), move |tx, actor, now, (act, version)| {
            show::of_number(tx, (actor, now), community, &address)?;
            complaints::act(tx, actor, now, (community, &address), *version, act)?;
            // Who gave it to another department may no longer see it.
            let sees = show::of_number(tx, (actor, now), community, &address).is_ok();
            Ok(if sees { format!("/complaints/{address}?done=step") } else { "/cases?done=step".to_owned() })
        })
        .await;
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
fn read(form: &mut Form, action: &str) -> Option<Option<Act>> {
    Some(match action {
        "investigate" => Some(Act::Investigate),
        "approve" => Some(Act::Approve),
        "carry_out" => Some(Act::CarryOut),
        "undo" => Some(Act::Undo),
        "founded" => {
            let (department, note) = (form.choice("department"), form.maybe("note", 2_000));
            department
                .zip(note)
                .map(|(department, note)| Act::Founded { department, note: note.unwrap_or_default() })
        }
        "unfounded" => form.text("reason", 2_000).map(|reason| Act::Unfounded { reason }),
        "reassign" => {
            let (department, reason) = (form.choice("department"), form.text("reason", 2_000));
            department.zip(reason).map(|(department, reason)| Act::Reassign { department, reason })
        }
        "propose" => propose(form),
        "send_back" => form.text("reason", 2_000).map(|reason| Act::SendBack { reason }),
        "choose" => form.parsed("option", "choice").map(|option| Act::Choose { option }),
        "reply" => words(form).map(|(text, article)| Act::Reply { text, article }),
        "answer" => answer(form),
        "withdraw" => {
            form.maybe("reason", 2_000).map(|reason| Act::Withdraw { reason: reason.unwrap_or_default() })
        }
        "merge" => form.text("into", 40).map(|into| Act::Merge { into }),
        "reopen" => form.text("reason", 2_000).map(|reason| Act::Reopen { reason }),
        "learn" => form.text("lesson", 2_000).map(|lesson| Act::Learn { lesson }),
        _ => return None,
    })
}

/// A plan: the options that were filled in, in their order.
fn propose(form: &mut Form) -> Option<Act> {
    let (cause, findings) = (form.choice("cause"), form.text("findings", 2_000));
    let mut options = Vec::new();
    for n in 1..=complaints::OPTIONS {
        let text = if n == 1 {
            form.text("option_1", 500).map(Some)
        } else {
            form.maybe(&format!("option_{n}"), 500)
        };
        let money = money(form, &format!("money_{n}"));
        if let Some(text) = text? {
            options.push((text, money?));
        }
    }
    Some(Act::Propose { cause: cause?, findings: findings?, options })
}

/// The money that an option promises; none is nothing.
fn money(form: &mut Form, name: &str) -> Option<Fen> {
    match form.maybe(name, 20)? {
        None => Some(Fen::ZERO),
        Some(_) => form.money(name),
    }
}

fn answer(form: &mut Form) -> Option<Act> {
    let (done, said) = (form.text("done", 2_000), form.maybe("said", 2_000));
    let lesson = form.maybe("lesson", 2_000);
    Some(Act::Answer { done: done?, said: said?.unwrap_or_default(), lesson: lesson?.unwrap_or_default() })
}
