//! The manager's figures of cases.

use diesel::prelude::*;
use domain::access::Actor;
use domain::db::schema::cases as rows;
use domain::{cases, figures};

use crate::house::{House, instant};
use crate::spines::{NOW, report};

test_support::both! {
    fn a_case_is_counted_in_the_month_of_its_end(house: House) {
        let actor = Actor::system("test");
        let new = report(&house);
        for _ in 0..3 {
            house.store.write_now(|tx| cases::open(tx, &actor, instant(NOW), &new)).unwrap();
        }
        let finish = |id: i64, at: &str| house.store.write_now(|tx| {
            let set = rows::resolved_at.eq(instant(at));
            Ok(diesel::update(rows::table.find(id)).set(set).execute(tx)?)
        }).unwrap();
        finish(1, "2026-11-22T03:00:00Z");
        finish(2, "2026-11-25T03:00:00Z");
        let span = (instant("2026-11-01T00:00:00Z"), instant("2026-12-01T00:00:00Z"));
        let figures = house.store.read_now(|db| figures::cases(db, &actor, instant(NOW), house.community, span));
        let figures = figures.unwrap();
        assert_eq!((figures.opened, figures.finished, figures.finished_late, figures.open), (3, 2, 1, 1));
        assert_eq!((figures.on_time_rate(), figures.mean_rating()), (Some(5_000), None));
    }
}
