//! What the pages of homes and people show, and to whom.

use domain::access::Role;
use domain::homes::{self, Filter, Status};
use domain::imports::{self, Kind};
use domain::{Error, PersonId, people, sheets, staff};

use crate::estate::{ALL, Estate, HOMES, NOW, add_community, instant, portal, with_role};

test_support::both! {
    fn a_home_is_seen_by_who_may_and_is_not_there_for_others(estate: Estate) {
        let estate = estate.imported();
        let stranger = add_community(&estate.store, "OTHER");
        let open = |actor: &domain::access::Actor, community, code: &str| {
            estate.store.read_now(|db| homes::open(db, actor, instant(NOW), community, code))
        };
        let owner = estate.actor("黎琪艳", Role::Resident);
        assert_eq!(open(&owner, estate.community, "1-1-0101").unwrap().home.code, "1-1-0101");
        let steward = estate.actor("尹强兰", Role::Steward);
        let gone = estate.actor("宋桂琪", Role::Steward);
        let desk = estate.actor("黄勇", Role::Desk);
        let technician = estate.actor("李琪", Role::Technician);
        let elsewhere = with_role(desk.person.unwrap(), stranger, Role::Desk);
        for (actor, code, seen) in [
            (&owner, "1-1-0102", false),
            (&owner, "9-9-9999", false),
            (&steward, "1-1-0102", true),
            (&steward, "2-1-0101", false),
            (&gone, "4-1-0101", false),
            (&desk, "4-1-0101", true),
            (&technician, "4-1-0101", false),
            (&elsewhere, "4-1-0101", false),
        ] {
            match open(actor, estate.community, code) {
                Ok(_) => assert!(seen, "{code}"),
                Err(Error::NotFound) => assert!(!seen, "{code}"),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert!(matches!(open(&elsewhere, stranger, "4-1-0101"), Err(Error::NotFound)));
    }

    fn a_homes_page_tells_who_lives_there_their_bays_and_the_steward(estate: Estate) {
        let estate = estate.imported();
        let page = estate
            .store
            .read_now(|db| homes::open(db, &portal(), instant(NOW), estate.community, "1-1-0603"))
            .unwrap();
        assert_eq!(page.home.status, Status::Occupied);
        assert_eq!(page.home.steward.as_deref(), Some("尹强兰"));
        assert_eq!(page.people.len(), 1);
        assert_eq!(page.people[0].name, page.home.owner.clone().unwrap());
        let bays: Vec<_> = page.bays.iter().map(|bay| (bay.code.as_str(), bay.kind.as_str())).collect();
        assert_eq!(bays, [("B1-0006", "owned"), ("B1-0007", "leased")]);
    }

    fn lists_go_by_register_order_and_show_what_one_may_see(estate: Estate) {
        let estate = estate.imported();
        let list = |actor: &domain::access::Actor, filter: &Filter, limit| {
            estate.store.read_now(|db| {
                homes::list(db, actor, instant(NOW), estate.community, filter, limit)
            })
        };
        let all = list(&portal(), &Filter::default(), 1_000).unwrap();
        assert_eq!(all.len(), 888);
        assert_eq!(all.last().unwrap().code, "S-24");
        let page = list(&portal(), &Filter { after: all[9].register_order, ..Filter::default() }, 5).unwrap();
        assert_eq!(page.iter().map(|h| &h.code).collect::<Vec<_>>(),
            all[10..15].iter().map(|h| &h.code).collect::<Vec<_>>());
        let status = |status| Filter { status: Some(status), ..Filter::default() };
        let count = |filter: &Filter| list(&portal(), filter, 1_000).unwrap().len();
        let sum: usize = Status::ALL.iter().map(|one| count(&status(*one))).sum();
        assert_eq!(sum, 888);
        let shops = Filter { building: Some("S".into()), ..Filter::default() };
        assert_eq!(count(&shops), 24);
        let words = Filter { words: Some("黎琪".into()), ..Filter::default() };
        assert_eq!(list(&portal(), &words, 10).unwrap()[0].code, "1-1-0101");
        assert_eq!(count(&Filter { words: Some("100%".into()), ..Filter::default() }), 0);
        let owner = estate.actor("黎琪艳", Role::Resident);
        assert_eq!(list(&owner, &Filter::default(), 1_000).unwrap().len(), 1);
        let steward = estate.actor("尹强兰", Role::Steward);
        let theirs = list(&steward, &Filter::default(), 1_000).unwrap();
        assert!(theirs.iter().all(|home| ["1", "5", "S"].contains(&home.building.as_str())));
        assert_eq!(theirs.len(), all.iter().filter(|h| ["1", "5", "S"].contains(&h.building.as_str())).count());
        let technician = estate.actor("李琪", Role::Technician);
        assert!(matches!(list(&technician, &Filter::default(), 10), Err(Error::NotAllowed)));
    }

    fn a_building_is_a_grid_from_the_top(estate: Estate) {
        let estate = estate.imported();
        let (lines, grid) = estate.store.read_now(|db| {
            let now = instant(NOW);
            Ok((
                homes::buildings(db, &portal(), now, estate.community)?,
                homes::grid(db, &portal(), now, estate.community, "1")?,
            ))
        }).unwrap();
        assert_eq!(lines.iter().map(|line| line.homes).sum::<i64>(), 888);
        let parts = |b: &homes::BuildingLine| b.occupied + b.vacant + b.renovating + b.undelivered;
        assert!(lines.iter().all(|line| parts(line) == line.homes));
        assert_eq!((grid[0].0, grid[0].1[0].code.as_str()), (18, "1-1-1801"));
        assert_eq!(grid.last().unwrap().0, 1);
    }

    fn people_are_found_by_phone_name_and_home_with_the_phone_masked(estate: Estate) {
        let estate = estate.imported();
        let desk = estate.actor("黄勇", Role::Desk);
        let find = |words: &str| {
            estate.store.read_now(|db| people::find(db, &desk, instant(NOW), estate.community, words)).unwrap()
        };
        for words in ["13900000001", "139-0000-0001", "黎琪艳", "1-1-0101", "110101@example.com"] {
            let found = find(words);
            assert_eq!(found.len(), 1, "{words}");
            assert_eq!(found[0].0.name, "黎琪艳");
            assert_eq!(found[0].0.phone.as_deref(), Some("139****0001"));
            assert_eq!(found[0].1[0].code, "1-1-0101");
        }
        assert!(find("%").is_empty() && find("").is_empty() && find("没有这个人").is_empty());
        assert_eq!(find("0001").len(), 1);
        let steward = estate.actor("尹强兰", Role::Steward);
        let refused = estate.store.read_now(|db| {
            people::find(db, &steward, instant(NOW), estate.community, "黎")
        });
        assert!(matches!(refused, Err(Error::NotAllowed)));
    }

    fn a_phone_is_unmasked_for_who_needs_it_and_the_trail_says_so(estate: Estate) {
        let estate = estate.imported();
        let person = estate.actor("黎琪艳", Role::Resident).person.unwrap();
        let unmask = |actor: &domain::access::Actor, person: PersonId| {
            let now = instant(NOW);
            estate.store.write_now(|tx| people::unmask_phone(tx, actor, now, estate.community, person))
        };
        assert_eq!(unmask(&estate.actor("黄勇", Role::Desk), person).unwrap(), "13900000001");
        assert_eq!(unmask(&estate.actor("尹强兰", Role::Steward), person).unwrap(), "13900000001");
        assert_eq!(estate.count("audit_lines WHERE action = 'person.unmask_phone'"), 2);
        let other = estate.actor("杜琪", Role::Steward);
        assert!(matches!(unmask(&other, person), Err(Error::NotFound)));
        let neighbour = estate.actor("邵明桐", Role::Resident);
        assert!(unmask(&neighbour, person).is_err());
        assert!(unmask(&neighbour, other.person.unwrap()).is_err());
        assert!(matches!(unmask(&estate.actor("黄勇", Role::Desk), PersonId(999_999)), Err(Error::NotFound)));
        assert_eq!(estate.count("audit_lines WHERE action = 'person.unmask_phone'"), 2);
        assert_eq!(estate.count("audit_lines WHERE fields LIKE '%139%'"), 0);
    }

    fn the_register_goes_out_with_no_formula_in_it(estate: Estate) {
        estate.import(Kind::Homes, crate::estate::DIRTY, crate::estate::GOOD).unwrap();
        let rows = estate.store.read_now(|db| homes::export(db, &portal(), instant(NOW), estate.community)).unwrap();
        let csv = csv(homes::TABLE, &rows);
        let mut lines = csv.lines();
        assert_eq!(lines.next(), Some("home,building,entrance,use,area,delivered_on,status,owner,phone"));
        let first = "1-1-0101,1,1,residential,89.86,2024-01-24,occupied,黎琪艳,13900000001";
        assert_eq!(lines.next(), Some(first));
        assert!(csv.contains("\"'=HYPERLINK(\"\"http://example.com\"\")\""));
        // What went out comes in again and changes nothing.
        let again = estate.import(Kind::Homes, csv.as_bytes(), ALL).unwrap();
        assert_eq!((again.report.rejected, again.report.added), (0, 0));
    }

    fn imports_are_for_managers_and_kept_for_their_community(estate: Estate) {
        let estate = estate.imported();
        let manager = estate.actor("黄欣", Role::Manager);
        let desk = estate.actor("黄勇", Role::Desk);
        let other = add_community(&estate.store, "OTHER");
        let sheet = imports::read(Kind::Homes, "homes.csv", HOMES).unwrap();
        let run = |actor, community| {
            estate.store.write_now(|tx| imports::run(tx, actor, instant(NOW), community, &sheet, ALL))
        };
        assert!(matches!(run(&desk, estate.community), Err(Error::NotAllowed)));
        assert!(matches!(run(&manager, other), Err(Error::NotFound)));
        let kept = run(&manager, estate.community).unwrap();
        assert_eq!(kept.by.as_deref(), Some("黄欣"));
        let elsewhere = with_role(manager.person.unwrap(), other, Role::Manager);
        let get = |actor: &domain::access::Actor| {
            estate.store.read_now(|db| imports::get(db, actor, instant(NOW), kept.id))
        };
        assert_eq!(get(&manager).unwrap().report, kept.report);
        assert!(matches!(get(&elsewhere), Err(Error::NotFound)));
        assert!(matches!(get(&desk), Err(Error::NotFound)));
        let list = estate.store.read_now(|db| {
            imports::list(db, &manager, instant(NOW), estate.community, None, 50)
        }).unwrap();
        assert_eq!(list.len(), 5);
        let staff = estate.store.read_now(|db| staff::list(db, &desk, instant(NOW), estate.community)).unwrap();
        assert_eq!((staff.len(), staff[0].phone.as_deref()), (21, Some("139****0877")));
    }
}

fn csv(shape: sheets::Shape, rows: &[Vec<sheets::Cell>]) -> String {
    let (reader, mark, zone) =
        (sheets::Reader::Program, String::new(), domain::Zone(chrono_tz::Asia::Shanghai));
    let head = sheets::Head { shape, reader, mark, zone };
    let mut writer = sheets::Writer::new(sheets::Format::Csv, head).unwrap();
    rows.iter().for_each(|row| writer.row(row).unwrap());
    let mut text = String::new();
    std::io::Read::read_to_string(&mut writer.finish().unwrap(), &mut text).unwrap();
    text
}
