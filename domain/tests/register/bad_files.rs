//! A file that is none, is cut, is huge or is in another encoding never imports by half.

use domain::Error;
use domain::imports::{self, Kind};

use crate::estate::{ALL, Estate, HOMES, homes};

fn refusal(estate: &Estate, bytes: &[u8]) -> &'static str {
    match estate.import(Kind::Homes, bytes, ALL) {
        Err(Error::Refused(refusal)) => refusal.rule,
        other => panic!("{other:?}"),
    }
}

test_support::both! {
    fn a_file_that_is_no_register_is_refused_and_leaves_nothing(estate: Estate) {
        let huge = vec![b'x'; imports::MOST_BYTES + 1];
        let wide = format!("楼栋,房号,用途,面积,收楼日期,状态,姓名{}\n1,1\n", ",x".repeat(300));
        let heading = "楼栋,房号,用途,面积,收楼日期,状态,姓名";
        let long = format!("{heading}\n{}", "1,0101,住宅,8,,未交付,\n".repeat(50_001));
        for (bytes, rule) in [
            (&b""[..], "import.empty"),
            (b"PK\x03\x04xlsx", "import.broken_workbook"),
            (b"\x89PNG\r\n\x1a\n", "import.not_text"),
            (b"GET / HTTP/1.1\n", "import.no_heading"),
            (&huge, "import.too_large"),
            (wide.as_bytes(), "import.too_many_columns"),
            (long.as_bytes(), "import.too_many_rows"),
            (&HOMES[..HOMES.len() - 30], "import.cut_at"),
            ("楼栋,房号,面积\n1,0101,8\n".as_bytes(), "import.heading_missing"),
        ] {
            assert_eq!(refusal(&estate, bytes), rule);
        }
        // A register of something else has other headings.
        let staff = estate.import(Kind::Staff, HOMES, ALL);
        assert!(matches!(staff, Err(Error::Refused(refusal)) if refusal.rule == "import.heading_missing"));
        assert_eq!(estate.count("homes") + estate.count("imports") + estate.count("people"), 0);
    }

    fn a_row_says_everything_that_is_bad_about_it(estate: Estate) {
        let bad = homes(&[
            "1,1,0101,1-1-0101,x,城堡,,2024-01-01,已入住,,139,@,12,B1,自家,1",
            "1,1,0102,1-1-0102,1,住宅,80,,已入住,甲,,,,B1、B2、B3,产权、租赁,1",
            "1,1,0103,1-1-0103,1,住宅,80,2024-01-01,未交付,,,,,,,1,多",
            "1,1,0104,1-1-0104,1,住宅,80,2024-01-01,已入住,甲\u{fffd},,,,,,1",
        ]);
        let report = estate.import(Kind::Homes, &bad, ALL).unwrap().report;
        let told: Vec<_> =
            report.errors.iter().map(|e| (e.line, e.column.as_str(), e.code.as_str())).collect();
        assert_eq!(told, [
            (2, "楼层", "not_a_number"),
            (2, "用途", "unknown_use"),
            (2, "建筑面积", "required"),
            (2, "业主姓名", "required"),
            (2, "手机号", "phone_too_short"),
            (2, "邮箱", "not_an_email"),
            (2, "证件后四位", "not_id_last4"),
            (2, "车位类型", "unknown_bay_kind"),
            (3, "交付日期", "required"),
            (3, "车位类型", "bay_kinds_differ"),
            (4, "", "too_many_cells"),
            (4, "状态", "delivered_already"),
            (5, "业主姓名", "damaged"),
        ]);
        assert_eq!((report.rows, report.rejected), (4, 4));
    }
}
