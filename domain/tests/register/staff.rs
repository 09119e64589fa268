//! Staff come in with their posts, roles and areas, and change.

use domain::imports::{Kind, Outcome};

use crate::estate::{ALL, Estate, HOMES, STAFF};

fn staff_with(from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(STAFF).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

fn roles(estate: &Estate, name: &str) -> Vec<String> {
    estate.texts(&format!(
        "SELECT g.role || ' ' || CAST(g.starts_on AS TEXT) || '..' || COALESCE(CAST(g.ends_on AS TEXT), '') AS t \
         FROM role_grants g JOIN people p ON p.id = g.person_id WHERE p.name = '{name}' ORDER BY g.id"
    ))
}

fn stewards(estate: &Estate, home: &str) -> Vec<String> {
    estate.texts(&format!(
        "SELECT p.name || ' ' || CAST(s.starts_on AS TEXT) || '..' || COALESCE(CAST(s.ends_on AS TEXT), '') AS t \
         FROM home_stewards s JOIN people p ON p.id = s.steward_id JOIN homes h ON h.id = s.home_id \
         WHERE h.code = '{home}' ORDER BY s.starts_on"
    ))
}

test_support::both! {
    fn posts_become_roles_and_buildings_areas(estate: Estate) {
        let estate = estate.imported();
        assert_eq!(estate.count("staff"), 21);
        assert_eq!(estate.count("role_grants"), 21);
        assert_eq!(roles(&estate, "黄欣"), ["manager 2021-06-15.."]);
        assert_eq!(roles(&estate, "宋桂琪"), ["steward 2023-04-15..2026-11-11"]);
        assert_eq!(stewards(&estate, "4-1-0101"), [
            "宋桂琪 2023-04-15..2026-11-11",
            "尹曦红 2026-11-12..",
        ]);
        assert_eq!(stewards(&estate, "S-01"), ["尹强兰 2024-03-15.."]);
        assert_eq!(estate.count("homes h WHERE NOT EXISTS (SELECT 1 FROM home_stewards s \
            WHERE s.home_id = h.id AND s.ends_on IS NULL)"), 0);
        let again = estate.import(Kind::Staff, STAFF, ALL).unwrap();
        assert_eq!((again.report.added, again.report.changed, again.report.unchanged), (0, 0, 21));
        assert_eq!((estate.count("role_grants"), estate.count("people")), (21, 876 + 21));
    }

    fn a_steward_leaves_and_another_takes_over(estate: Estate) {
        let estate = estate.imported();
        let text = staff_with("管家,2 6,,13900000878,e002@example.com,2022-07-15,",
            "管家,2 6,,13900000878,e002@example.com,2022-07-15,2026-11-30");
        let mut text = String::from_utf8(text).unwrap();
        text.push_str("E022,新管家,管家,2 6,,13900000999,e022@example.com,2026-12-01,\n");
        let import = estate.import(Kind::Staff, text.as_bytes(), ALL).unwrap();
        assert_eq!((import.report.added, import.report.changed), (1, 1));
        assert_eq!(stewards(&estate, "2-1-0101"), [
            "杜琪 2022-07-15..2026-11-30",
            "新管家 2026-12-01..",
        ]);
        assert_eq!(roles(&estate, "杜琪"), ["steward 2022-07-15..2026-11-30"]);
    }

    fn another_post_gives_another_role_from_today(estate: Estate) {
        let estate = estate.imported();
        let text = staff_with("E005,黄勇,前台,", "E005,黄勇,客服主管,");
        assert_eq!(estate.import(Kind::Staff, &text, ALL).unwrap().report.changed, 1);
        assert_eq!(roles(&estate, "黄勇"), ["desk 2022-05-15..2026-11-21", "supervisor 2026-11-22.."]);
    }

    fn what_cannot_be_is_a_bad_row(estate: Estate) {
        estate.import(Kind::Homes, HOMES, ALL).unwrap();
        let rows = "工号,姓名,岗位,负责楼栋,技能,手机号,邮箱,入职日期,离职日期\n\
            A1,甲,总裁,,,,,2024-01-01,\n\
            A2,乙,管家,99,,,,2024-01-01,\n\
            A3,丙,保安,1,,,,2024-01-01,\n\
            A4,丁,管家,1,,,,2024-01-01,2023-01-01\n\
            A5,戊,管家,1,,,,2024-01-01,\n\
            A6,己,管家,1 2,,,,2025-01-01,\n\
            A5,庚,前台,,,,,2024-01-01,\n";
        let import = estate.import(Kind::Staff, rows.as_bytes(), ALL).unwrap();
        let told: Vec<_> = import.report.errors.iter().map(|e| (e.line, e.code.as_str())).collect();
        assert_eq!(import.outcome, Outcome::Refused);
        assert_eq!(told, [
            (2, "unknown_post"),
            (3, "unknown_building"),
            (4, "area_without_steward"),
            (5, "left_before_joined"),
            (7, "area_overlap"),
            (8, "repeated"),
        ]);
        assert_eq!(estate.count("staff"), 0);
    }
}
