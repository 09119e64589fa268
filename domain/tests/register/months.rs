//! A file that is said to be of a month.

use domain::imports::{Import, Kind, Options, Outcome};
use domain::{Error, Month};

use crate::estate::{Estate, FEE_ITEMS, GOOD, HOMES};

const NOVEMBER: &str = "2026-11";

fn said(month: &str) -> Options {
    Options { month: Some(month.parse::<Month>().unwrap()), ..Options::default() }
}

/// Line, column, value and code of each bad cell.
fn bad(import: &Import) -> Vec<(usize, String, String, String)> {
    let cells = import.report.errors.iter();
    cells.map(|e| (e.line, e.column.clone(), e.value.clone(), e.code.clone())).collect()
}

fn cell(line: usize, column: &str, value: &str, code: &str) -> (usize, String, String, String) {
    (line, column.to_owned(), value.to_owned(), code.to_owned())
}

test_support::both! {
    fn a_shared_bill_without_a_month_is_of_the_one_that_is_said(estate: Estate) {
        let without = "名称,总金额,分摊方式,适用\n电梯电费,1703.00,面积,住宅\n".as_bytes();
        let refused = estate.import(Kind::SharedBills, without, Options::default()).unwrap();
        assert_eq!((refused.outcome, bad(&refused)), (Outcome::Refused, vec![cell(2, "账期", "", "required")]));
        let made = estate.import(Kind::SharedBills, without, said(NOVEMBER)).unwrap();
        assert_eq!((made.outcome, made.report.added), (Outcome::Imported, 1));
        // The same bill, with its month: nothing new.
        let with = "名称,账期,总金额,分摊方式,适用\n电梯电费,2026-11,1703.00,面积,住宅\n".as_bytes();
        let again = estate.import(Kind::SharedBills, with, said(NOVEMBER)).unwrap();
        assert_eq!((again.report.added, again.report.changed), (0, 0));
        let wrong = estate.import(Kind::SharedBills, with, said("2026-10")).unwrap();
        assert_eq!((wrong.outcome, bad(&wrong)), (Outcome::Refused, vec![cell(2, "账期", "2026-11", "other_month")]));
    }

    fn readings_and_books_of_another_month_are_bad(estate: Estate) {
        estate.import(Kind::Homes, HOMES, GOOD).unwrap();
        let meters = "房屋编码,表类型,表号,安装日期,起始读数,本期读数,抄表日期\n\
            1-1-0101,水,W1,2026-01-01,0,12,2026-10-31\n1-1-0102,水,W2,2026-01-01,0,,\n".as_bytes();
        let read = estate.import(Kind::Meters, meters, said(NOVEMBER)).unwrap();
        assert_eq!(bad(&read), [cell(2, "抄表日期", "2026-10-31", "other_month")]);
        assert_eq!(estate.import(Kind::Meters, meters, said("2026-10")).unwrap().outcome, Outcome::Imported);
        let books = "收支类型,类别,日期,金额,对方,凭证号\n物业服务支出,保洁,2026-11-03,12.00,甲,1\n".as_bytes();
        let of_books = estate.import(Kind::Books, books, said("2026-12")).unwrap();
        assert_eq!(bad(&of_books), [cell(2, "日期", "2026-11-03", "other_month")]);
        assert_eq!(estate.import(Kind::Books, books, said(NOVEMBER)).unwrap().outcome, Outcome::Imported);
    }

    fn a_register_without_months_takes_none(estate: Estate) {
        for (kind, file) in [(Kind::Homes, HOMES), (Kind::FeeItems, FEE_ITEMS)] {
            let Err(Error::Invalid(fields)) = estate.import(kind, file, said(NOVEMBER)) else { panic!("{kind}") };
            assert_eq!((fields[0].field.as_ref(), fields[0].code), ("period", "no_month_in_register"));
        }
    }
}
