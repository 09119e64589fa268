//! `/desk`: who calls. A telephone system opens `/desk/call?phone=…`; who is known is shown with everything that
//! a call may be about, and whatever they say is registered from there by keyboard alone.

use actix_web::web::{Path, Query};
use domain::access::{Action, Object, allow, may};
use domain::cases::{self, Case, Filter, Reach};
use domain::people::{self, PersonPage};
use domain::visits::{self, Doorstep};
use domain::{Error, PersonId, homes};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply, see_other};
use crate::pages::cases::row;
use crate::views::desk::{CallView, CallerHome, CallerView, Contact};
use crate::views::register::FoundRow;

/// How many of a caller's cases are shown.
const CASES: i64 = 12;

/// Whose phone it is.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Call {
    #[serde(default)]
    phone: String,
}

/// `GET /desk/call?phone=…`: the caller's page; of a phone that several share or nobody has, what to do.
pub(crate) async fn call(ctx: Ctx, call: Query<Call>) -> Reply {
    let community = ctx.community()?.id;
    let phone: String =
        call.into_inner().phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').take(20).collect();
    let asked = phone.clone();
    let found = ctx.read(move |db, actor, now| people::of_phone(db, actor, now, community, &asked)).await?;
    if let [(only, _)] = found.as_slice() {
        return Ok(see_other(&format!("/desk/callers/{}", only.id)));
    }
    let found = found.into_iter().map(|(person, homes)| FoundRow { person, homes }).collect();
    ctx.page(&CallView { phone, found })
}

/// What a caller's page is made of.
struct Found {
    page: PersonPage,
    doors: Vec<(Doorstep, Option<String>)>,
    own: Vec<(Case, Option<String>)>,
    registers: bool,
}

/// `GET /desk/callers/{id}`
pub(crate) async fn caller(ctx: Ctx, id: Path<PersonId>) -> Reply {
    let (community, id) = (ctx.community()?.clone(), *id);
    let today = community.today(ctx.now)?;
    let found = ctx
        .read(move |db, actor, now| {
            let whole = Object::Community(community.id);
            allow(db, actor, now, Action::RegisterCase, whole)?;
            let page = people::open(db, actor, now, community.id, id)?;
            let mut doors = Vec::new();
            for tie in page.homes.iter().filter(|tie| !tie.past) {
                let home = homes::find(db, actor, now, community.id, &tie.code)?;
                let steward = homes::steward(db, home, today)?.map(|(_, name, _)| name);
                doors.push((visits::doorstep(db, actor, now, community.id, home)?, steward));
            }
            let reach = Some(Reach { person: id, homes: vec![], ids: vec![] });
            let mut own = cases::list(db, community.id, &Filter { reach, ..Filter::default() }, CASES)?;
            own.retain(|case| case.reporter_id == Some(id));
            let codes = homes::codes(db, &own.iter().filter_map(|case| case.home_id).collect::<Vec<_>>())?;
            let own = own.into_iter().map(|case| {
                let code = case.home_id.and_then(|home| codes.get(&home).cloned());
                (case, code)
            });
            Ok(Found {
                own: own.collect(),
                doors,
                page,
                registers: may(db, actor, now, Action::RegisterCase, whole)?,
            })
        })
        .await?;
    ctx.page(&view(&ctx, found))
}

fn view(ctx: &Ctx, found: Found) -> CallerView {
    let (running, over): (Vec<_>, Vec<_>) =
        found.own.iter().partition(|(case, _)| case.closed_at.is_none() && case.resolved_at.is_none());
    let shown = |all: Vec<&(Case, Option<String>)>| {
        all.into_iter().map(|(case, code)| row(ctx, case, code.clone())).collect()
    };
    CallerView {
        id: found.page.person.id.0,
        name: found.page.person.name.clone(),
        phone: found.page.person.phone.clone(),
        homes: found.doors.into_iter().map(|(door, steward)| home(door, steward)).collect(),
        registers: found.registers,
        running: shown(running),
        over: shown(over),
    }
}

fn home(door: Doorstep, steward: Option<String>) -> CallerHome {
    CallerHome {
        code: door.code,
        steward,
        key_household: door.key_household,
        balance: door.balance.0,
        others: door.people.into_iter().map(|one| one.name).collect(),
        promises: door.promises.into_iter().map(|(duty, words)| Contact { at: duty.due_at, words }).collect(),
        contacts: door
            .visits
            .into_iter()
            .take(3)
            .map(|one| Contact { at: one.row.started_at, words: one.row.said })
            .collect(),
    }
}

/// Where a search that asks for one thing only leads: the case of a number, the only caller of a phone.
pub(crate) async fn straight_to(ctx: &Ctx, words: &str) -> domain::Result<Option<String>> {
    let (community, number) = (ctx.community()?.id, words.trim().to_uppercase());
    if !is_number(&number) {
        return Ok(None);
    }
    let asked = number.clone();
    let found = ctx.read(move |db, actor, now| cases::read(db, actor, now, community, &asked)).await;
    match found {
        Ok(_) => Ok(Some(format!("/cases/{number}"))),
        Err(Error::NotFound | Error::NotAllowed) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Two letters, a day, a running number: `WX20261122-0007`.
fn is_number(words: &str) -> bool {
    let Some((front, running)) = words.split_once('-') else { return false };
    let Some((letters, day)) = front.split_at_checked(2) else { return false };
    let digits =
        |text: &str, least: usize| text.len() >= least && text.bytes().all(|byte| byte.is_ascii_digit());
    letters.len() == 2
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && day.len() == 8
        && digits(day, 8)
        && digits(running, 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_from_a_home_and_a_name() {
        for (words, number) in [
            ("WX20261122-0007", true),
            ("TS20261122-12345", true),
            ("WX2026112-0007", false),
            ("3-2-1501", false),
            ("黎琪艳", false),
            ("王-0007", false),
            ("", false),
        ] {
            assert_eq!(is_number(words), number, "{words}");
        }
    }
}
