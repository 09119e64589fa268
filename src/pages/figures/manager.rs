//! `GET /manager`: a month in figures, for who has ten minutes before a meeting.

use std::collections::BTreeMap;

use actix_web::web::Query;
use chrono::Datelike;
use domain::access::{Action, Actor, Object, allow};
use domain::collection::{self, By, Course, Figure, Pair};
use domain::community::Community;
use domain::duties::{self, Kind};
use domain::{Db, Error, Fen, Instant, LocalDate, Month, Result, corrections, figures, visits};
use serde::Deserialize;

use super::{month, quotas, span};
use crate::ctx::{Ctx, Reply};
use crate::pages::sorting::order;
use crate::views::curve::{Curve, Line};
use crate::views::figures::{Kept, percent, points};
use crate::views::manager::{AgeRow, Approval, Earlier, ManagerView, MoneyRow};
use crate::views::money;

/// How buildings are sorted.
const WAYS: [&str; 3] = ["register", "rate", "open"];

/// Which month, and how its buildings are sorted.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    month: Option<String>,
    sort: Option<String>,
}

/// `GET /manager`
pub(crate) async fn show(ctx: Ctx, asked: Query<Asked>) -> Reply {
    let (asked, community) = (asked.into_inner(), ctx.community()?.clone());
    let words =
        ["day", "month", "this_year", "year_before"].map(|key| ctx.say(&format!("manager.{key}"), &[]));
    let view = ctx
        .read(move |db, actor, now| {
            allow(db, actor, now, Action::ReadFigures, Object::Community(community.id))?;
            let month = month(asked.month.as_deref(), &community, now)?;
            view(db, (actor, now), &community, month, (asked.sort.as_deref(), &words))
        })
        .await?;
    ctx.page(&view)
}

fn view(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: &Community,
    month: Month,
    (sort, words): (Option<&str>, &[String; 4]),
) -> Result<ManagerView> {
    let [day, across, this, before] = words;
    let sort = order(sort, &WAYS)?;
    let span = span(community, month)?;
    let buildings = money(db, (actor, now), community, (month, By::Building))?;
    let (due, collected) = sums(&buildings);
    let today = community.today(now)?;
    let courses = courses(db, (actor, now), community, month)?;
    let ageing = collection::ageing(db, actor, now, community.id)?;
    let cases = figures::cases(db, actor, now, community.id, span)?;
    let items = money(db, (actor, now), community, (month, By::Item))?;
    let kept = |db: &mut Db, kind| {
        Ok::<_, Error>(Kept::new(kind, duties::compliance(db, community.id, kind, span, now)?))
    };
    Ok(ManagerView {
        approvals: approvals(db, (actor, now), community)?,
        month,
        previous: month.prev(),
        next: month.next(),
        as_of: now,
        due,
        collected,
        rate: percent(collection::rate(due, collected)),
        earlier: earlier(db, (actor, now), community, (month, collection::rate(due, collected)), &courses)?,
        curve: curve(&courses, day),
        years: years(&collection::twelve(db, actor, now, community.id, month)?, (across, this, before)),
        prior_years: collection::prior_years(db, community.id, month)?,
        most: ageing.iter().map(|one| one.open).max().unwrap_or(Fen::ZERO),
        ageing: ageing.into_iter().map(|one| age_row(one, today)).collect(),
        sort,
        buildings: sorted(against(db, (actor, now), community, (month, By::Building), buildings)?, sort),
        items: against(db, (actor, now), community, (month, By::Item), items)?,
        on_time: cases.finished - cases.finished_late,
        on_time_rate: percent(cases.on_time_rate()),
        satisfaction: cases.mean_rating().map(|mean| format!("{}.{}", mean / 100, mean % 100 / 10)),
        cases,
        quota: quotas(db, (actor, now), community, month)?,
        return_visits: kept(db, Kind::ReturnVisit)?,
        inspections: kept(db, Kind::RenovationInspection)?,
    })
}

/// What waits for a word of the manager's, who does not decide what they asked for themselves.
fn approvals(db: &mut Db, (actor, now): (&Actor, Instant), community: &Community) -> Result<Vec<Approval>> {
    let corrections = corrections::waiting(db, actor, now, community.id)?;
    let asked =
        |kind| corrections.iter().filter(|one| one.kind == kind && one.asked_by != actor.person).count();
    let shortfalls = visits::shortfalls(db, community.id, None)?;
    let found = [
        ("waiver", asked(corrections::Kind::Waiver), "/corrections"),
        ("refund", asked(corrections::Kind::Refund), "/corrections"),
        ("late_visit", visits::waiting(db, community.id)?.len(), "/visits/team"),
        (
            "short",
            shortfalls.iter().filter(|one| one.reason.is_some() && one.decision.is_none()).count(),
            "/visits/team",
        ),
    ];
    let waiting = found.into_iter().filter(|(_, count, _)| *count > 0);
    Ok(waiting.map(|(what, count, href)| Approval { what, count, href }).collect())
}

fn money(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: &Community,
    which: (Month, By),
) -> Result<Vec<Figure>> {
    collection::figures(db, actor, now, community.id, which, None)
}

fn sums(rows: &[Figure]) -> (Fen, Fen) {
    (rows.iter().map(|row| row.due).sum(), rows.iter().map(|row| row.collected).sum())
}

/// The course of the month, of the one before and of the same one a year ago, where something was due: each
/// with its tone and what it is called beside the month's own.
fn courses(
    db: &mut Db,
    (actor, now): (&Actor, Instant),
    community: &Community,
    month: Month,
) -> Result<Vec<(&'static str, &'static str, Course)>> {
    let year_ago = collection::year_ago(month);
    let mut found = Vec::new();
    for (tone, name, month) in
        [("now", "", month), ("before", "last_month", month.prev()), ("year", "last_year", year_ago)]
    {
        let course = collection::course(db, actor, now, community.id, month)?;
        if course.due > Fen::ZERO {
            found.push((tone, name, course));
        }
    }
    Ok(found)
}

/// The month before and the same one a year ago. A month that still runs is compared with where they stood on
/// the same day.
fn earlier(
    db: &mut Db,
    asker: (&Actor, Instant),
    community: &Community,
    (month, rate): (Month, Option<i64>),
    courses: &[(&'static str, &'static str, Course)],
) -> Result<Vec<Earlier>> {
    let today = community.today(asker.1)?;
    let runs = Month::of(today) == month;
    let mut found = Vec::new();
    for (_, name, course) in courses.iter().filter(|(_, name, _)| !name.is_empty()) {
        let (due, collected) = sums(&money(db, asker, community, (course.month, By::Building))?);
        let then = collection::rate(due, collected);
        let same_day = course.rate_on(today.day()).filter(|_| runs);
        if let (Some(now), Some(compared), Some(text)) = (rate, same_day.or(then), percent(then)) {
            let (same_day, change) = (percent(same_day), points(now - compared));
            found.push(Earlier { name, month: course.month, rate: text, same_day, change });
        }
    }
    Ok(found)
}

/// The courses as curves over the days of the month; none where nothing is due in it.
fn curve(courses: &[(&'static str, &'static str, Course)], day: &str) -> Option<Curve> {
    let (_, _, own) = courses.first().filter(|(tone, ..)| *tone == "now")?;
    let longest = courses.iter().map(|(_, _, course)| course.month.days()).max().unwrap_or(0);
    let days = || 1..=u32::try_from(longest).unwrap_or(0);
    let known =
        |course: &Course, day: u32| usize::try_from(day).is_ok_and(|day| day <= course.collected.len());
    let line = |(tone, _, course): &(&'static str, &'static str, Course)| Line {
        label: course.month.to_string(),
        tone,
        points: days().map(|day| course.rate_on(day).filter(|_| known(course, day))).collect(),
    };
    let places: Vec<String> = days().map(|day| day.to_string()).collect();
    let lines: Vec<Line> = courses.iter().map(line).collect();
    let words = |rate| money::percent(Some(rate));
    (own.due > Fen::ZERO).then(|| Curve::new(day.to_owned(), &places, (10_000, words), &lines))
}

/// The rates of twelve months beside those of the year before; none where nothing was due in all that time.
fn years(pairs: &[Pair], (across, this, before): (&str, &str, &str)) -> Option<Curve> {
    let rates = |of: fn(&Pair) -> Option<&Figure>| -> Vec<Option<i64>> {
        pairs.iter().map(|pair| of(pair).and_then(Figure::rate)).collect()
    };
    let (now, year_ago) = (rates(|pair| pair.now.as_ref()), rates(|pair| pair.year_ago.as_ref()));
    if year_ago.iter().all(Option::is_none) {
        return None;
    }
    let places: Vec<String> = pairs.iter().map(|pair| pair.month.to_string()).collect();
    let line = |label: &str, tone, points| Line { label: label.to_owned(), tone, points };
    let lines = [line(this, "now", now), line(before, "year", year_ago)];
    Some(Curve::new(across.to_owned(), &places, (10_000, |rate| money::percent(Some(rate))), &lines))
}

/// A month's figures as rows, each beside what it was in the same month of the year before.
fn against(
    db: &mut Db,
    asker: (&Actor, Instant),
    community: &Community,
    (month, by): (Month, By),
    figures: Vec<Figure>,
) -> Result<Vec<MoneyRow>> {
    let before = money(db, asker, community, (collection::year_ago(month), by))?;
    let before: BTreeMap<i64, Option<i64>> = before.iter().map(|one| (one.id, one.rate())).collect();
    let row = |figure: Figure| {
        let href = format!("/charges?due_month={month}&{by}={}", figure.id);
        let year_ago = before.get(&figure.id).copied().flatten();
        MoneyRow::new(figure, href, year_ago)
    };
    Ok(figures.into_iter().map(row).collect())
}

/// By the register, or the worst first.
fn sorted(mut rows: Vec<MoneyRow>, by: &str) -> Vec<MoneyRow> {
    match by {
        "rate" => rows.sort_by_key(|row| row.hundredths.unwrap_or(i64::MAX)),
        "open" => rows.sort_by_key(|row| -row.open.0),
        _ => {}
    }
    rows
}

fn age_row(one: collection::Ageing, today: LocalDate) -> AgeRow {
    let (from, to) = one.age.due_days(today);
    let bound =
        |name: &str, day: Option<LocalDate>| day.map_or(String::new(), |day| format!("&{name}={day}"));
    let href = format!("/charges?open=yes{}{}", bound("due_from", from), bound("due_to", to));
    AgeRow { age: one.age.as_str(), charges: one.charges, open: one.open, href }
}
