use test_support::both;

use super::*;
use crate::repairs::world::*;
use crate::{Error, Fen, Instant, PersonId, Quantity, Result};

fn now() -> Instant {
    at("2026-11-22T09:00")
}

fn valve() -> NewItem {
    NewItem {
        code: "valve".into(),
        kind: Kind::Material,
        zh: "角阀".into(),
        en: "Angle valve".into(),
        unit: "个".into(),
        price: Fen(2_500),
        retired: false,
    }
}

fn used(item: &str, hundredths: i64) -> Used {
    Used { item: item.into(), quantity: Quantity(hundredths) }
}

fn saved(world: &World, by: PersonId, new: &NewItem) -> Result<()> {
    let actor = world.actor(by);
    world.write(|tx| save(tx, &actor, now(), COMMUNITY, new))
}

fn received(world: &World, by: PersonId, when: &str, one: &Used) -> Result<()> {
    let actor = world.actor(by);
    world.write(|tx| receive(tx, &actor, at(when), COMMUNITY, (one, "五金店")))
}

fn counted(world: &World, when: &str, one: &Used, note: &str) -> Result<()> {
    let actor = world.actor(DESK);
    world.write(|tx| count(tx, &actor, at(when), COMMUNITY, (one, note)))
}

fn taken(world: &World, when: &str, all: &[Used]) -> Result<()> {
    let (actor, case) = (world.actor(PLUMBER), world.in_state("on_site", at(when)));
    world.write(|tx| take(tx, &actor, at(when), (COMMUNITY, case.id), all))
}

fn lies_there(world: &World) -> i64 {
    world.store.read_now(|db| find(db, COMMUNITY, "valve")).unwrap().unwrap().stock.0
}

fn wrong<T: std::fmt::Debug>(outcome: Result<T>) -> Vec<(String, &'static str)> {
    match outcome {
        Err(Error::Invalid(fields)) => fields.into_iter().map(|one| (one.field, one.code)).collect(),
        other => panic!("{other:?}"),
    }
}

both! {
    fn what_comes_in_is_taken_and_counted(world: World) {
        saved(&world, MANAGER, &valve()).unwrap();
        assert_eq!(word(&saved(&world, DESK, &valve())), "not_allowed");
        assert_eq!(word(&received(&world, PLUMBER, "2026-10-05T09:00", &used("valve", 100))), "not_allowed");
        received(&world, DESK, "2026-10-05T09:00", &used("valve", 1_000)).unwrap();
        taken(&world, "2026-10-31T23:00", &[used("valve", 200)]).unwrap();
        taken(&world, "2026-11-01T00:30", &[used("valve", 150)]).unwrap();
        received(&world, DESK, "2026-11-02T09:00", &used("valve", 500)).unwrap();
        assert_eq!(wrong(counted(&world, "2026-11-20T09:00", &used("valve", 1_100), " ")), [("note".into(), "required")]);
        counted(&world, "2026-11-20T09:00", &used("valve", 1_100), "少一个，破损").unwrap();
        counted(&world, "2026-11-21T09:00", &used("valve", 1_100), "").unwrap();
        assert_eq!(lies_there(&world), 1_100);
        let manager = world.actor(MANAGER);
        let of = |text: &str| {
            let which = text.parse().unwrap();
            let all = world.store.read_now(|db| month(db, &manager, now(), COMMUNITY, which)).unwrap();
            all.into_iter().find(|row| row.item.code == "valve").unwrap()
        };
        let figures = |row: &Month| {
            [row.opening, row.received, row.taken, row.counted, row.closing].map(|one| one.0)
        };
        assert_eq!(figures(&of("2026-10")), [0, 1_000, 200, 0, 800]);
        assert_eq!(figures(&of("2026-11")), [800, 500, 150, -50, 1_100]);
        assert_eq!((of("2026-11").worth, figures(&of("2026-12"))), (Fen(3_750), [1_100, 0, 0, 0, 1_100]));
        let lines = world.store.read_now(|db| taken_in(db, &manager, now(), COMMUNITY, "2026-11".parse().unwrap()));
        assert_eq!(lines.unwrap().iter().map(|line| line.quantity.0).collect::<Vec<_>>(), [150]);
        world.check();
    }

    fn nothing_falls_below_nothing(world: World) {
        saved(&world, MANAGER, &valve()).unwrap();
        received(&world, DESK, "2026-11-22T09:00", &used("valve", 300)).unwrap();
        let too_much = taken(&world, "2026-11-22T10:00", &[used("valve", 400)]);
        assert_eq!(wrong(too_much), [("materials.0.quantity".into(), "not_in_store")]);
        let twice = taken(&world, "2026-11-22T10:00", &[used("valve", 200), used("valve", 200)]);
        assert_eq!(wrong(twice), [("materials.1.quantity".into(), "not_in_store")]);
        let odd = taken(&world, "2026-11-22T10:00", &[used("gold", 100), used("valve", 0)]);
        assert_eq!(wrong(odd), [("materials.0.item".into(), "unknown_material"), ("materials.1.quantity".into(), "not_positive")]);
        assert_eq!(lies_there(&world), 300);
        // Past the rule, the table says no.
        let past = world.write(|tx| {
            use diesel::prelude::*;
            diesel::sql_query("UPDATE price_items SET stock = -1").execute(tx)?;
            Ok(())
        });
        assert!(past.is_err());
        world.check();
    }

    fn two_who_take_the_last_ones_meet_and_one_is_told_what_is_left(world: World) {
        saved(&world, MANAGER, &valve()).unwrap();
        received(&world, DESK, "2026-11-22T09:00", &used("valve", 300)).unwrap();
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let world = &world;
            let all: Vec<_> = (0..6)
                .map(|_| scope.spawn(move || taken(world, "2026-11-22T10:00", &[used("valve", 100)])))
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 3);
        assert_eq!(lies_there(&world), 0);
        world.check();
    }

    fn what_is_wrong_with_a_line_is_said_by_field(world: World) {
        let bad = NewItem { code: "角阀".into(), zh: " ".into(), price: Fen(-1), ..valve() };
        assert_eq!(wrong(saved(&world, MANAGER, &bad)), [("code".into(), "price_code"), ("zh".into(), "required"), ("price".into(), "money")]);
        saved(&world, MANAGER, &valve()).unwrap();
        let turned = NewItem { kind: Kind::Labour, ..valve() };
        assert_eq!(wrong(saved(&world, MANAGER, &turned)), [("kind".into(), "kind_stays")]);
        let dearer = NewItem { price: Fen(3_000), ..valve() };
        saved(&world, MANAGER, &dearer).unwrap();
        assert_eq!(world.store.read_now(|db| find(db, COMMUNITY, "valve")).unwrap().unwrap().price, Fen(3_000));
    }
}
