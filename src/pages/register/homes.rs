//! `/homes`, `/homes/{code}`, `/buildings/{code}`: what the asker may see of the register.

use actix_web::web::{Path, Query};
use domain::access::{Action, Relation, Role, policy};
use domain::homes::{self, Filter, Status};
use serde::Deserialize;

use crate::ctx::{Ctx, Reply};
use crate::views::register::{BuildingView, FloorRow, HomeView, HomesView};

/// How many stand on a page.
const PAGE: i64 = 50;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    building: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    q: String,
    after: Option<i64>,
}

impl Wanted {
    fn filter(&self) -> Filter {
        Filter {
            building: Some(self.building.trim().to_uppercase()).filter(|code| !code.is_empty()),
            status: self.status.parse().ok(),
            words: Some(self.q.clone()).filter(|words| !words.trim().is_empty()),
            after: self.after.unwrap_or(0),
        }
    }

    fn next(&self, after: i64) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("building", &self.building)
            .append_pair("status", &self.status)
            .append_pair("q", &self.q)
            .append_pair("after", &after.to_string())
            .finish();
        format!("/homes?{query}")
    }
}

/// Whether the asker sees the whole community, not only single homes.
pub(super) fn sees_all(ctx: &Ctx) -> bool {
    let whole = |role| policy::relations(Action::ReadHomes, role).any(|r| r == Relation::Community);
    ctx.roles().into_iter().any(whole)
}

/// `GET /homes`
pub(crate) async fn list(ctx: Ctx, wanted: Query<Wanted>) -> Reply {
    let (community, filter, whole) = (ctx.community()?.id, wanted.filter(), sees_all(&ctx));
    let (mut homes, buildings) = ctx
        .read(move |db, actor, now| {
            let buildings = if whole { homes::buildings(db, actor, now, community)? } else { Vec::new() };
            Ok((homes::list(db, actor, now, community, &filter, PAGE + 1)?, buildings))
        })
        .await?;
    let more = homes.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    if more {
        homes.pop();
    }
    let next = homes.last().filter(|_| more).map(|home| wanted.next(home.register_order));
    let Wanted { building, status, q, .. } = wanted.into_inner();
    let statuses = Status::ALL.iter().map(|status| status.as_str()).collect();
    ctx.page(&HomesView { buildings, statuses, building, status, words: q, homes, next })
}

/// `GET /homes/{code}`
pub(crate) async fn show(ctx: Ctx, code: Path<String>) -> Reply {
    let community = ctx.community()?.id;
    let code = code.into_inner();
    let page = ctx.read(move |db, actor, now| homes::open(db, actor, now, community, &code)).await?;
    ctx.page(&HomeView {
        home: page.home,
        people: page.people.into_iter().map(Into::into).collect(),
        former: page.former.into_iter().map(Into::into).collect(),
        bays: page.bays.into_iter().map(|bay| (bay.code, bay.kind.as_str())).collect(),
        opens_people: ctx.roles().into_iter().any(Role::is_staff),
        ways: ways(&ctx.roles()),
    })
}

/// Where the page of a home leads those who may open it.
fn ways(roles: &[Role]) -> Vec<&'static str> {
    let all = [("bills", Action::ReadLedger), ("pay", Action::TakePayment), ("repair", Action::RegisterCase)];
    let may = |action| roles.iter().any(|role| policy::ever(action, *role));
    let door = roles.contains(&Role::Steward).then_some("door");
    door.into_iter().chain(all.into_iter().filter(|(_, action)| may(*action)).map(|(way, _)| way)).collect()
}

/// `GET /buildings/{code}`
pub(crate) async fn building(ctx: Ctx, code: Path<String>) -> Reply {
    let community = ctx.community()?.id;
    let building = code.into_inner().to_uppercase();
    let asked = building.clone();
    let floors = ctx.read(move |db, actor, now| homes::grid(db, actor, now, community, &asked)).await?;
    let all = || floors.iter().flat_map(|(_, homes)| homes);
    let count = |status: &Status| (status.as_str(), all().filter(|home| home.status == *status).count());
    let counts = Status::ALL.iter().map(count).collect();
    let floors = floors.into_iter().map(|(floor, homes)| FloorRow { floor, homes }).collect();
    ctx.page(&BuildingView { building, counts, floors })
}
