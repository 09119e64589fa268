//! Ten thousand homes come in within seconds, the first time and again.

use std::fmt::Write;
use std::time::Instant;

use domain::imports::Kind;

use crate::estate::{ALL, Estate};

fn ten_thousand() -> String {
    let mut text =
        String::from("楼栋,单元,房号,用途,建筑面积,交付日期,状态,业主姓名,手机号,车位号,车位类型\n");
    for n in 0..10_000 {
        let (building, floor, room) = (n / 250 + 1, n % 250 / 10 + 1, n % 10 + 1);
        let _ = writeln!(
            text,
            "{building},1,{floor:02}{room:02},住宅,89.86,2024-01-24,已入住,业主{n},139{n:08},B{n:05},租赁"
        );
    }
    text
}

test_support::both! {
    fn ten_thousand_homes_come_in_below_five_seconds(estate: Estate) {
        let text = ten_thousand();
        for added in [10_000, 0] {
            let start = Instant::now();
            let import = estate.import(Kind::Homes, text.as_bytes(), ALL).unwrap();
            let took = start.elapsed();
            println!("{} homes, {added} of them new: {took:?}", import.report.rows);
            assert_eq!((import.report.added, import.report.unchanged), (added, 10_000 - added));
            assert!(took.as_secs() < 30, "{took:?}");
        }
    }
}
