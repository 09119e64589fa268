//! Five hundred people report one burst pipe within a minute.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};

use diesel::connection::SimpleConnection;
use test_support::both;

use super::world::*;
use super::*;
use crate::access::Actor;
use crate::cases::{self, Case};
use crate::categories::Shipped;
use crate::notifications::{self, Notification};
use crate::{Db, Error, HomeId, PersonId, Result};

const FIRST: i64 = 1_000;

/// So many more homes in building 1, each with an owner.
fn neighbours(world: &World, count: i64) {
    let mut sql = String::new();
    for id in FIRST..FIRST + count {
        sql.push_str(&format!(
            "INSERT INTO people (id, community_id, name, phone, created_at)
                 VALUES ({id}, 1, '住户{id}', '138{id:08}', '2026-01-01 00:00:00');
             INSERT INTO homes (id, community_id, building_id, code, entrance, floor, room, use_kind, area, register_order,
                 register_status, delivered_on) VALUES ({id}, 1, 1, '1-1-{id}', '1', 1, '{id}', 'residential', 9000, {id},
                 'occupied', '2016-05-01');
             INSERT INTO households (id, community_id, home_id, started_on) VALUES ({id}, 1, {id}, '2026-01-01');
             INSERT INTO occupancies (community_id, home_id, person_id, household_id, kind, lives_there, pays, starts_on)
                 VALUES (1, {id}, {id}, {id}, 'owner', TRUE, TRUE, '2026-01-01');"
        ));
    }
    let fill = |tx: &mut Db| match tx {
        Db::Sqlite(lite) => Ok(lite.batch_execute(&sql)?),
        Db::Pg(pg) => Ok(pg.batch_execute(&sql)?),
    };
    world.write(fill).unwrap();
}

fn burst(id: i64) -> NewRepair {
    NewRepair {
        home: Some(HomeId(id)),
        category: Shipped::WaterLeak.into(),
        text: "楼道水管爆了".into(),
        ..leak()
    }
}

fn told(world: &World, person: i64, code: &str) -> Vec<Notification> {
    let all = world.store.read_now(|db| notifications::of_person(db, PersonId(person), None, 100)).unwrap();
    all.into_iter().filter(|one| one.code == code).collect()
}

fn made(world: &World, into: &str, numbers: &[String], notice: &str) -> Result<Case> {
    let desk = world.actor(DESK);
    world.write(|tx| make_incident(tx, &desk, at("2026-11-22T09:01"), COMMUNITY, (into, numbers, notice)))
}

fn found(world: &World) -> Vec<Cluster> {
    let desk = world.actor(DESK);
    world.store.read_now(|db| clusters(db, &desk, at("2026-11-22T09:01"), COMMUNITY)).unwrap()
}

fn numbers(cluster: &Cluster) -> Vec<String> {
    cluster.cases.iter().map(|case| case.number().to_owned()).collect()
}

both! {
    fn five_hundred_reports_in_a_minute_become_one_incident_with_one_notice_to_each(world: World) {
        const ALL: i64 = 500;
        neighbours(&world, ALL);
        let (now, next) = (at("2026-11-22T09:00"), AtomicI64::new(FIRST));
        let started = std::time::Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| loop {
                    let id = next.fetch_add(1, Ordering::SeqCst);
                    if id >= FIRST + ALL {
                        break;
                    }
                    world.report(PersonId(id), now, &burst(id)).unwrap();
                });
            }
        });
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
        let clusters = found(&world);
        assert_eq!((clusters.len(), clusters[0].cases.len()), (1, 500));
        let all = numbers(&clusters[0]);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 500);
        assert_eq!(all.iter().max().map(String::as_str), Some("WX20261122-0500"));

        let survivor = made(&world, &all[0], &all, "主管爆裂，正在抢修，约 11 点恢复。").unwrap();
        assert!(found(&world).is_empty());
        for id in FIRST..FIRST + ALL {
            let news = told(&world, id, "incident.opened");
            assert_eq!(news.len(), 1, "{id}");
            assert_eq!(news[0].args().unwrap()["place"], format!("1-1-{id}"));
        }

        let mut case = survivor;
        for (by, act) in [(DESK, Act::Accept), (PLUMBER, Act::Take), (PLUMBER, Act::Arrive), (PLUMBER, world.finish(PLUMBER))] {
            case = world.act(by, at("2026-11-22T10:00"), &case, &act).unwrap();
        }
        for id in FIRST..FIRST + ALL {
            let news = told(&world, id, "incident.over");
            assert_eq!(news.len(), 1, "{id}");
            let args = news[0].args().unwrap();
            assert_eq!((args["place"].as_str(), args["text"].as_str()), (Some(format!("1-1-{id}").as_str()), Some("疏通")));
            assert!(told(&world, id, "repair.done").is_empty());
        }
        let kept = world.store.read_now(|db| incidents_of(db, COMMUNITY)).unwrap();
        assert_eq!((kept.len(), kept[0].0.ended_at), (1, Some(at("2026-11-22T10:00"))));
        assert_eq!(world.store.read_now(|db| reports_in(db, case.id)).unwrap(), 500);
        world.check();
    }

    fn orders_that_were_only_sent_out_are_called_back_and_later_reports_are_added(world: World) {
        neighbours(&world, 4);
        let emergency = |id| NewRepair { urgency: Some(cases::Urgency::Emergency), ..burst(id) };
        let first = world.report(PersonId(FIRST), at("2026-11-22T09:00"), &emergency(FIRST)).unwrap();
        assert_eq!(first.state, "dispatched");
        for id in [FIRST + 1, FIRST + 2] {
            let again = world.report(PersonId(id), at("2026-11-22T09:00"), &emergency(id)).unwrap();
            let send = Act::Dispatch { technician: ELECTRICIAN };
            world.act(DESK, at("2026-11-22T09:00"), &again, &send).unwrap();
        }
        let all = numbers(&found(&world)[0]);
        let nobodys = world.told(DESK, "repair.nobodys");
        made(&world, &all[0], &all, "正在抢修").unwrap();
        assert_eq!(world.told(DESK, "repair.nobodys"), nobodys, "the desk is not told what it has just done");
        let states: Vec<String> = all.iter().map(|number| {
            let portal = Actor::system("test");
            world.store.read_now(|db| cases::read(db, &portal, at("2026-11-22T09:01"), COMMUNITY, number)).unwrap().state
        }).collect();
        assert_eq!(states, ["dispatched", "merged", "merged"]);
        let later = world.report(PersonId(FIRST + 3), at("2026-11-22T09:05"), &burst(FIRST + 3)).unwrap();
        made(&world, &all[0], &[later.number().to_owned()], "11 点恢复").unwrap();
        assert_eq!(told(&world, FIRST + 3, "incident.opened").len(), 1);
        assert_eq!(told(&world, FIRST, "incident.opened").len(), 1);
        assert_eq!(world.store.read_now(|db| incidents_of(db, COMMUNITY)).unwrap().len(), 1);
        world.check();
    }

    fn what_cannot_be_one_incident_is_said_by_field(world: World) {
        neighbours(&world, 2);
        for id in [FIRST, FIRST + 1] {
            world.report(PersonId(id), at("2026-11-22T09:00"), &burst(id)).unwrap();
        }
        let all = numbers(&found(&world)[0]);
        let in_hand = world.in_state("taken", at("2026-11-22T09:00"));
        let wrong = |outcome: Result<Case>| match outcome {
            Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].code),
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong(made(&world, &all[0], &all, " ")), ("notice".into(), "required"));
        assert_eq!(wrong(made(&world, "WX1", &all, "抢修")), ("into".into(), "unknown_case"));
        assert_eq!(wrong(made(&world, &all[0], &all[..1], "抢修")), ("cases".into(), "nothing_chosen"));
        let taken = [all[1].clone(), in_hand.number().to_owned()];
        assert_eq!(wrong(made(&world, &all[0], &taken, "抢修")), ("cases".into(), "in_hand"));
        assert_eq!(found(&world)[0].cases.len(), 2, "nothing of it was done");
        let steward = world.actor(STEWARD);
        let refused = world.write(|tx| {
            make_incident(tx, &steward, at("2026-11-22T09:01"), COMMUNITY, (&all[0], &all, "抢修"))
        });
        assert_eq!(word(&refused), "not_allowed");
    }

    fn an_emergency_that_repeats_a_known_one_stands_by(world: World) {
        neighbours(&world, 4);
        let urgent = |id| NewRepair { urgency: Some(cases::Urgency::Emergency), ..burst(id) };
        let report = |id: i64, when: &str, new: &NewRepair| world.report(PersonId(id), at(when), new).unwrap();
        let first = report(FIRST, "2026-11-22T09:00", &urgent(FIRST));
        assert_eq!((first.state.as_str(), world.told(SUPERVISOR, "repair.emergency")), ("dispatched", 1));
        for (n, when) in [(1, "2026-11-22T09:05"), (2, "2026-11-22T09:06")] {
            let again = report(FIRST + n, when, &urgent(FIRST + n));
            assert_eq!((again.state.as_str(), again.accountable_id), ("accepted", first.accountable_id), "{when}");
            assert_eq!(told(&world, FIRST + n, "repair.known").len(), 1);
        }
        assert_eq!(world.told(SUPERVISOR, "repair.emergency"), 1, "the supervisor knows already");
        assert_eq!(world.told(PLUMBER, "repair.repeated"), 1, "who goes there hears of both at once");
        assert_eq!(world.told(first.accountable_id.unwrap(), "repair.repeated"), 1);
        let case = world.act(PLUMBER, at("2026-11-22T09:07"), &first, &Act::Take).unwrap();
        let proposed = found(&world);
        assert_eq!(proposed[0].known.as_ref().map(Case::number), Some(case.number()), "into what somebody is at");
        assert_eq!(proposed[0].cases.len(), 2);
        // What nobody merges is late for all to see.
        world.write(|tx| cases::record_breaches(tx, COMMUNITY, at("2026-11-22T09:21"))).unwrap();
        assert_eq!(world.told(SUPERVISOR, "case.respond_late"), 1);
        // After an hour, of another kind, or where each may be a life, it goes out.
        let later = report(FIRST + 3, "2026-11-22T10:01", &urgent(FIRST + 3));
        assert_eq!(later.state, "dispatched");
        let stuck = |id: i64| NewRepair { category: Shipped::LiftStuck.into(), ..urgent(id) };
        for id in [FIRST, FIRST + 1] {
            assert_eq!(report(id, "2026-11-22T10:02", &stuck(id)).state, "dispatched");
        }
        world.check();
    }

    fn an_incident_whose_repair_is_called_off_ends_and_everybody_is_told(world: World) {
        neighbours(&world, 2);
        for id in [FIRST, FIRST + 1] {
            world.report(PersonId(id), at("2026-11-22T09:00"), &burst(id)).unwrap();
        }
        let all = numbers(&found(&world)[0]);
        let survivor = made(&world, &all[0], &all, "正在查").unwrap();
        world.act(DESK, at("2026-11-22T09:05"), &survivor, &Act::Cancel { reason: "是自来水公司停水".into() }).unwrap();
        let (incident, case) = world.store.read_now(|db| incidents_of(db, COMMUNITY)).unwrap().remove(0);
        assert_eq!((incident.ended_at, case.state.as_str()), (Some(at("2026-11-22T09:05")), "cancelled"));
        for id in [FIRST, FIRST + 1] {
            let news = told(&world, id, "incident.called_off");
            assert_eq!(news.len(), 1);
            let args = news[0].args().unwrap();
            assert_eq!((args["place"].as_str(), args["text"].as_str()), (Some(format!("1-1-{id}").as_str()), Some("是自来水公司停水")));
            assert!(told(&world, id, "repair.cancelled").is_empty(), "once, not twice");
        }
        world.check();
    }
}
