//! A community's registers come in for the first time.

use domain::imports::{Kind, Outcome};

use crate::estate::{ALL, DIRTY, EXPECTED_DIRTY, Estate, FEE_ITEMS, GOOD, HOLIDAYS, HOMES, LOOK};

test_support::both! {
    fn the_register_of_homes_comes_in_as_it_is(estate: Estate) {
        let import = estate.import(Kind::Homes, HOMES, ALL).unwrap();
        let report = &import.report;
        assert_eq!((import.outcome, report.rows, report.added), (Outcome::Imported, 888, 888));
        assert_eq!((report.changed, report.rejected, &report.errors), (0, 0, &vec![]));
        assert_eq!(report.ignored, ["常住人口"]);
        assert_eq!(estate.count("homes"), 888);
        assert_eq!(estate.count("buildings"), 9);
        assert_eq!(estate.count("homes WHERE delivered_on IS NULL"), 12);
        assert_eq!(estate.count("occupancies WHERE kind = 'owner' AND pays"), 876);
        assert_eq!(estate.count("households"), 795);
        assert_eq!(estate.count("occupancies WHERE lives_there"), 795);
        assert_eq!(estate.count("bays"), 412);
        assert_eq!(estate.count("people"), 876);
        let first = estate.texts("SELECT code AS t FROM homes ORDER BY register_order LIMIT 2");
        assert_eq!(first, ["1-1-0101", "1-1-0102"]);
        let buildings = estate.texts("SELECT code AS t FROM buildings ORDER BY register_order");
        assert_eq!(buildings, ["1", "2", "3", "4", "5", "6", "7", "8", "S"]);
    }

    fn a_dirty_register_is_reported_row_by_row_and_nothing_comes_in(estate: Estate) {
        let import = estate.import(Kind::Homes, DIRTY, ALL).unwrap();
        assert_eq!((import.outcome, import.report.rows), (Outcome::Refused, 60));
        assert_eq!(estate.count("homes"), 0);
        assert_eq!(estate.count("people"), 0);
        let rejected: Vec<String> =
            EXPECTED_DIRTY.lines().filter(|line| line.contains(",rejected,"))
                .map(|line| line.split(',').next().unwrap().to_owned()).collect();
        let errors = &import.report.errors;
        let lines: Vec<String> = errors.iter().map(|error| error.line.to_string()).collect();
        let mut expected = rejected;
        expected.sort_by_key(|line| line.parse::<usize>().unwrap());
        assert_eq!(lines, expected);
        let told: Vec<_> =
            errors.iter().map(|e| (e.line, e.column.as_str(), e.value.as_str(), e.code.as_str())).collect();
        assert_eq!(told, [
            (6, "面积(㎡)", "八十九", "not_a_number"),
            (10, "联系电话", "1390000", "phone_too_short"),
            (12, "房屋编码", "1-1-0303", "repeated"),
            (16, "收楼日期", "2026/13/40", "no_such_date"),
            (19, "用途", "别墅？", "unknown_use"),
            (22, "面积(㎡)", "-5", "not_positive"),
            (38, "室号", "", "no_home"),
        ]);
    }

    fn of_a_dirty_register_the_good_rows_come_in_when_asked(estate: Estate) {
        let look = estate.import(Kind::Homes, DIRTY, LOOK).unwrap();
        assert_eq!((look.outcome, look.report.added, look.report.rejected), (Outcome::DryRun, 53, 7));
        assert_eq!(estate.count("homes"), 0);
        let import = estate.import(Kind::Homes, DIRTY, GOOD).unwrap();
        assert_eq!((import.outcome, &import.report), (Outcome::Imported, &look.report));
        assert_eq!(estate.count("homes"), 53);
        let name = estate.texts("SELECT name AS t FROM people WHERE name LIKE '=%'");
        assert_eq!(name, ["=HYPERLINK(\"http://example.com\")"]);
        let phone = estate.texts("SELECT phone AS t FROM people WHERE name = '胡玉琪'");
        assert_eq!(phone, ["13900000027"]);
        let sql = "SELECT CAST(area AS TEXT) AS t FROM homes WHERE code = '1-1-1101'";
        assert_eq!(estate.texts(sql), ["8950"]);
        let sql = "SELECT CAST(delivered_on AS TEXT) AS t FROM homes WHERE code = '1-1-0901'";
        assert_eq!(estate.texts(sql), ["2024-03-05"]);
    }

    fn fee_items_and_holidays_come_in(estate: Estate) {
        let import = estate.import(Kind::FeeItems, FEE_ITEMS, ALL).unwrap();
        assert_eq!((import.outcome, import.report.added), (Outcome::Imported, 5));
        let sql = "SELECT i.code || ' ' || i.basis || ' ' || i.applies_to || ' ' || CAST(t.rate AS TEXT) AS t \
                   FROM fee_items i JOIN tariffs t ON t.fee_item_id = i.id ORDER BY i.register_order";
        assert_eq!(estate.texts(sql), [
            "property_residential area residential 28000",
            "property_shop area shop 65000",
            "parking_owned bay owned 800000",
            "parking_leased bay leased 3000000",
            "garbage home residential 120000",
        ]);
        assert_eq!(estate.count("holidays WHERE kind = 'work'"), 6);
        let shipped = estate.import(Kind::Holidays, HOLIDAYS, ALL).unwrap();
        assert_eq!((shipped.report.added, shipped.report.changed, shipped.report.unchanged), (0, 0, 39));
        let next = "日期,类型,名称\n2027-01-01,放假,元旦\n2027-01-02,补班,元旦调休\n".as_bytes();
        let import = estate.import(Kind::Holidays, next, ALL).unwrap();
        assert_eq!(import.report.added, 2);
        let again = estate.import(Kind::Holidays, next, ALL).unwrap();
        assert_eq!((again.report.added, again.report.changed, again.report.unchanged), (0, 0, 2));
    }
}
