use test_support::both;

use super::*;
use crate::error::FieldError;
use crate::repairs::world::*;
use crate::repairs::{NewRepair, candidates};
use crate::{Instant, PersonId};

fn pump() -> Change {
    Change {
        code: "pool.pump".into(),
        kind: Kind::Repair,
        names: Names { zh: "泳池水泵".into(), en: "Pool pump".into() },
        skill: "电".into(),
        urgency: Urgency::Urgent,
        part: Part::Public,
        warranty: Warranty::Installation,
        price_item: String::new(),
        papers: String::new(),
        retired: false,
    }
}

fn now() -> Instant {
    at("2026-11-22T09:00")
}

fn saved(world: &World, by: PersonId, change: &Change) -> Result<()> {
    let actor = world.actor(by);
    world.write(|tx| save(tx, &actor, now(), COMMUNITY, change))
}

fn removed(world: &World, code: &str) -> bool {
    let (actor, names) = (world.actor(MANAGER), Names { zh: "漏水".into(), en: "Leak".into() });
    world.write(|tx| remove(tx, &actor, now(), COMMUNITY, code, &names)).unwrap()
}

fn codes(world: &World) -> Vec<String> {
    let groups = world.store.read_now(|db| open(db, COMMUNITY)).unwrap();
    groups.into_iter().flat_map(|(_, members)| members).map(|one| one.code).collect()
}

fn of_code(code: &str) -> NewRepair {
    NewRepair { category: Code(code.into()), ..leak() }
}

fn fields(outcome: Result<crate::cases::Case>) -> Vec<FieldError> {
    match outcome {
        Err(Error::Invalid(fields)) => fields,
        other => panic!("{other:?}"),
    }
}

both! {
    fn what_ships_is_there_in_a_tree_of_two_levels(world: World) {
        let groups = world.store.read_now(|db| open(db, COMMUNITY)).unwrap();
        let names: Vec<_> = groups.iter().map(|(group, _)| group.as_str()).collect();
        assert_eq!(names, ["water", "power", "door", "lift", "wall", "heating", "gas", "public", "other", "service"]);
        let requests = |one: &Category| one.kind == Kind::Request;
        let requests: Vec<_> = groups.iter().flat_map(|(_, all)| all).filter(|one| requests(one)).collect();
        assert_eq!(requests.len(), 2);
        assert!(!requests[0].papers.is_empty());
    }

    fn a_category_of_ones_own_is_reported_dispatched_and_named(world: World) {
        assert_eq!(word(&saved(&world, DESK, &pump())), "not_allowed");
        saved(&world, MANAGER, &pump()).unwrap();
        assert!(codes(&world).contains(&"pool.pump".to_owned()));
        let case = world.report(OWNER, now(), &of_code("pool.pump")).unwrap();
        assert_eq!((case.category.as_str(), case.urgency), ("pool.pump", Urgency::Urgent));
        let category = world.store.read_now(|db| of(db, COMMUNITY, &case.category)).unwrap();
        let first = world.store.read_now(|db| candidates(db, COMMUNITY, &category, now())).unwrap();
        assert_eq!(first[0].load.person, ELECTRICIAN);
        let said = world.store.read_now(|db| said(db, COMMUNITY, "pool.pump")).unwrap();
        assert_eq!(said["en"], "Pool pump");
        let told = world.store.read_now(|db| crate::notifications::of_person(db, DESK, None, 9)).unwrap();
        assert_eq!(told[0].args().unwrap()["category"]["zh"], "泳池水泵");
    }

    fn what_is_used_or_ships_is_retired_and_what_is_not_is_removed(world: World) {
        saved(&world, MANAGER, &pump()).unwrap();
        assert!(removed(&world, "pool.pump"));
        saved(&world, MANAGER, &pump()).unwrap();
        let case = world.report(OWNER, now(), &of_code("pool.pump")).unwrap();
        assert!(!removed(&world, "pool.pump"));
        assert!(!removed(&world, "water.leak"));
        assert!(!codes(&world).iter().any(|code| code == "pool.pump" || code == "water.leak"));
        for (code, why) in [("pool.pump", "retired_category"), ("water.leak", "retired_category"), ("pool.slide", "unknown_category"), ("water", "unknown_category")] {
            let wrong = fields(world.report(OWNER, now(), &of_code(code)));
            assert_eq!((wrong[0].field.as_str(), wrong[0].code), ("category", why), "{code}");
        }
        // What was asked for keeps its name and goes on.
        let names = world.store.read_now(|db| own_names(db, COMMUNITY)).unwrap();
        assert_eq!(names["pool.pump"].zh, "泳池水泵");
        world.act(DESK, now(), &case, &crate::repairs::Act::Accept).unwrap();
        saved(&world, MANAGER, &pump()).unwrap();
        world.report(OWNER, now(), &of_code("pool.pump")).unwrap();
        world.check();
    }

    fn what_ships_can_be_changed(world: World) {
        let change = Change { code: "door.window".into(), urgency: Urgency::Urgent, skill: "水".into(), ..pump() };
        saved(&world, MANAGER, &change).unwrap();
        let case = world.report(OWNER, now(), &of_code("door.window")).unwrap();
        assert_eq!(case.urgency, Urgency::Urgent);
        assert_eq!(codes(&world).iter().filter(|code| *code == "door.window").count(), 1);
    }

    fn what_is_wrong_with_a_category_is_said_by_field(world: World) {
        let bad = Change {
            code: "Pool Pump".into(),
            names: Names { zh: " ".into(), en: "x".repeat(41) },
            skill: String::new(),
            price_item: "gold".into(),
            ..pump()
        };
        let Err(Error::Invalid(wrong)) = saved(&world, MANAGER, &bad) else { panic!("taken") };
        let wrong: Vec<_> = wrong.iter().map(|one| (one.field.as_str(), one.code)).collect();
        assert_eq!(wrong, [("code", "category_code"), ("zh", "required"), ("en", "too_long"), ("price_item", "unknown_price_item")]);
    }
}
