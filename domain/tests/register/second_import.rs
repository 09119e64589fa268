//! Importing again changes what changed and doubles nothing.

use domain::homes;
use domain::homes::Status;
use domain::imports::{Kind, Outcome};

use crate::estate::{ALL, Estate, GOOD, HOMES, NOW, homes as register, homes_with, instant, portal};

const TABLES: [&str; 7] =
    ["people", "homes", "buildings", "households", "occupancies", "bays", "home_stewards"];

fn counts(estate: &Estate) -> Vec<i64> {
    TABLES.iter().map(|table| estate.count(table)).collect()
}

fn ties(estate: &Estate, home: &str) -> Vec<String> {
    estate.texts(&format!(
        "SELECT p.name || ' ' || CAST(o.starts_on AS TEXT) || '..' || COALESCE(CAST(o.ends_on AS TEXT), '') \
         || CASE WHEN o.lives_there THEN ' lives' ELSE '' END AS t FROM occupancies o \
         JOIN people p ON p.id = o.person_id JOIN homes h ON h.id = o.home_id \
         WHERE h.code = '{home}' ORDER BY o.starts_on, o.id"
    ))
}

fn status(estate: &Estate, home: &str) -> Status {
    let page = |db: &mut domain::Db| homes::open(db, &portal(), instant(NOW), estate.community, home);
    estate.store.read_now(page).unwrap().home.status
}

test_support::both! {
    fn the_same_register_again_changes_nothing(estate: Estate) {
        let estate = estate.imported();
        let before = counts(&estate);
        for _ in 0..2 {
            let again = estate.import(Kind::Homes, HOMES, ALL).unwrap();
            assert_eq!((again.report.added, again.report.changed, again.report.unchanged), (0, 0, 888));
        }
        assert_eq!(counts(&estate), before);
        assert_eq!(estate.count("homes WHERE version <> 1"), 0);
    }

    fn a_new_owner_follows_the_one_before(estate: Estate) {
        estate.import(Kind::Homes, HOMES, ALL).unwrap();
        let sold = homes_with("黎琪艳,13900000001,110101@example.com,1537", "周新,13911112222,,0001");
        let import = estate.import(Kind::Homes, &sold, ALL).unwrap();
        assert_eq!((import.report.added, import.report.changed), (0, 1));
        assert_eq!(ties(&estate, "1-1-0101"), [
            "黎琪艳 2024-01-24..2026-11-21 lives",
            "周新 2026-11-22.. lives",
        ]);
        assert_eq!(estate.count("households WHERE ended_on = '2026-11-21'"), 1);
        assert_eq!(estate.count("households WHERE ended_on IS NULL"), 795);
        let again = estate.import(Kind::Homes, &sold, ALL).unwrap();
        assert_eq!((again.report.added, again.report.changed), (0, 0));
        // Corrected on the same day: who never held it leaves no tie.
        let corrected = homes_with("黎琪艳,13900000001,110101@example.com,1537", "吴新,13911113333,,0002");
        estate.import(Kind::Homes, &corrected, ALL).unwrap();
        assert_eq!(ties(&estate, "1-1-0101"), [
            "黎琪艳 2024-01-24..2026-11-21 lives",
            "吴新 2026-11-22.. lives",
        ]);
    }

    fn a_new_phone_is_the_same_person(estate: Estate) {
        estate.import(Kind::Homes, HOMES, ALL).unwrap();
        let moved = homes_with("黎琪艳,13900000001", "黎琪艳,13977778888");
        assert_eq!(estate.import(Kind::Homes, &moved, ALL).unwrap().report.changed, 1);
        assert_eq!(estate.texts("SELECT phone AS t FROM people WHERE name = '黎琪艳'"), ["13977778888"]);
        assert_eq!(estate.count("people"), 876);
        assert_eq!(ties(&estate, "1-1-0101"), ["黎琪艳 2024-01-24.. lives"]);
    }

    fn who_moves_into_a_vacant_home_makes_a_household_from_today(estate: Estate) {
        estate.import(Kind::Homes, HOMES, ALL).unwrap();
        assert_eq!(status(&estate, "1-1-0103"), Status::Vacant);
        let lived_in = homes_with("2021-07-23,空置,黎伟曦", "2021-07-23,已入住,黎伟曦");
        assert_eq!(estate.import(Kind::Homes, &lived_in, ALL).unwrap().report.changed, 1);
        assert_eq!(status(&estate, "1-1-0103"), Status::Occupied);
        assert_eq!(ties(&estate, "1-1-0103"), [
            "黎伟曦 2021-07-23..2026-11-21",
            "黎伟曦 2026-11-22.. lives",
        ]);
        let left = estate.import_at("2026-12-05T02:00:00Z", Kind::Homes, HOMES, ALL).unwrap();
        assert_eq!(left.report.changed, 1);
        assert_eq!(estate.count("households WHERE ended_on = '2026-12-04'"), 1);
    }

    fn an_undelivered_home_is_handed_over(estate: Estate) {
        estate.import(Kind::Homes, HOMES, ALL).unwrap();
        assert_eq!(status(&estate, "1-2-0801"), Status::Undelivered);
        let handed = homes_with("89.86,,未交付,,,,", "89.86,2026-11-20,已入住,周新,13911112222,,0001");
        assert_eq!(estate.import(Kind::Homes, &handed, ALL).unwrap().report.changed, 1);
        assert_eq!(status(&estate, "1-2-0801"), Status::Occupied);
        assert_eq!(ties(&estate, "1-2-0801"), ["周新 2026-11-20.. lives"]);
        // A register that has not heard of it takes nothing back.
        let old = estate.import(Kind::Homes, HOMES, ALL).unwrap();
        assert_eq!(old.report.changed, 0);
        assert_eq!(status(&estate, "1-2-0801"), Status::Occupied);
    }

    fn a_home_that_is_delivered_next_week_is_not_delivered_today(estate: Estate) {
        estate.import(Kind::Homes, HOMES, ALL).unwrap();
        assert_eq!(status(&estate, "1-2-1301"), Status::Undelivered);
        assert_eq!(status(&estate, "1-1-1302"), Status::Renovating);
    }

    fn bays_come_go_and_change_hands(estate: Estate) {
        let before = register(&[
            "1,1,0101,1-1-0101,1,住宅,80,2024-01-01,已入住,甲,13900000001,,,B1、B2,产权、租赁,1",
            "1,1,0102,1-1-0102,1,住宅,80,2024-01-01,已入住,乙,13900000002,,,,,1",
        ]);
        estate.import(Kind::Homes, &before, ALL).unwrap();
        let after = register(&[
            "1,1,0101,1-1-0101,1,住宅,80,2024-01-01,已入住,甲,13900000001,,,B1,租赁,1",
            "1,1,0102,1-1-0102,1,住宅,80,2024-01-01,已入住,乙,13900000002,,,B2,租赁,1",
        ]);
        assert_eq!(estate.import(Kind::Homes, &after, ALL).unwrap().report.changed, 2);
        let bays = "SELECT h.code || ' ' || b.code || ' ' || b.kind || ' ' \
            || COALESCE(CAST(b.starts_on AS TEXT), '') || '..' || COALESCE(CAST(b.ends_on AS TEXT), '') AS t \
            FROM bays b JOIN homes h ON h.id = b.home_id ORDER BY b.id";
        assert_eq!(estate.texts(bays), [
            "1-1-0101 B1 owned ..2026-11-21",
            "1-1-0101 B2 leased ..2026-11-21",
            "1-1-0101 B1 leased 2026-11-22..",
            "1-1-0102 B2 leased 2026-11-22..",
        ]);
        let taken = register(&[
            "1,1,0103,1-1-0103,1,住宅,80,2024-01-01,已入住,丙,13900000003,,,B2,租赁,1",
        ]);
        let import = estate.import(Kind::Homes, &taken, ALL).unwrap();
        assert_eq!((import.outcome, import.report.errors[0].code.as_str()), (Outcome::Refused, "bay_taken"));
        let import = estate.import(Kind::Homes, &taken, GOOD).unwrap();
        assert_eq!((import.outcome, import.report.added), (Outcome::Imported, 0));
    }

    fn homes_that_come_later_stand_behind_and_join_the_stewards_area(estate: Estate) {
        let estate = estate.imported();
        let more = register(&["1,3,0101,1-3-0101,1,住宅,80,,未交付,,,,,,,0"]);
        estate.import(Kind::Homes, &more, ALL).unwrap();
        let last = estate.texts("SELECT code AS t FROM homes ORDER BY register_order DESC LIMIT 1");
        assert_eq!(last, ["1-3-0101"]);
        let area = "SELECT p.name || ' ' || CAST(s.starts_on AS TEXT) AS t FROM home_stewards s \
            JOIN people p ON p.id = s.steward_id JOIN homes h ON h.id = s.home_id WHERE h.code = '1-3-0101'";
        assert_eq!(estate.texts(area), ["尹强兰 2026-11-22"]);
    }
}
