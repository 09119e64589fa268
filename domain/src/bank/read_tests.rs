//! Tables as banks write them, and those that they do not.

use encoding_rs::GB18030;

use super::mapping::{Mapping, PRESETS, Sign};
use super::read::{RawLine, Read, read};
use crate::{Error, Fen, Result};

fn presets() -> Vec<(String, Mapping)> {
    PRESETS.iter().map(|preset| (preset.name.to_owned(), preset.mapping())).collect()
}

fn table(text: &str) -> Result<Read> {
    read(text.as_bytes(), &presets())
}

fn line(text: &str) -> RawLine {
    let read = table(text).unwrap();
    assert_eq!((read.lines.len(), read.errors.len()), (1, 0), "{text}: {:?}", read.errors);
    read.lines.into_iter().next().unwrap()
}

#[test]
fn each_banks_export_is_recognised_by_its_headings() {
    for (bank, text) in [
        (
            "通用（借方、贷方两列）",
            "账户明细查询,,\n户名：锦绣花园,,\n交易日期,交易时间,对方户名,对方账号,借方金额,贷方金额,余额,摘要,流水号\n2026-11-01,10:30:31,冯萍思,6222****0314,,344.75,1.00,6-2-0101 物业费,20261101000032\n",
        ),
        (
            "中国工商银行",
            "[HISTORYDETAIL]\n凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息\n20261101000032,1,6222****0314,2026-11-01 10:30:31,贷,0.00,344.75,1,6-2-0101,物业费,冯萍思,1.00,\n",
        ),
        (
            "中国建设银行",
            "账号,账户名称,交易时间,借方发生额（支取）,贷方发生额（收入）,余额,币种,对方户名,对方账号,对方开户机构,记账日期,摘要,备注,账户明细编号-交易流水号,企业流水号,凭证种类,凭证号\n1,x,20261101 10:30:31,0.00,344.75,1.00,人民币,冯萍思,6222****0314,x,20261101,6-2-0101,物业费,20261101000032,,,\n",
        ),
        (
            "中国农业银行",
            "账户明细\n交易时间,收入金额,支出金额,账户余额,交易行名,对方省市,对方账号,对方户名,交易用途,日志号\n2026-11-01 10:30:31,344.75,,1.00,x,x,6222****0314,冯萍思,6-2-0101 物业费,20261101000032\n",
        ),
        (
            "中国银行",
            "交易类型,付款人账号,付款人名称,收款人名称,交易日期,交易时间,交易货币,交易金额,交易后余额,交易流水号,用途,交易附言\n来账,6222****0314,冯萍思,x,20261101,10:30:31,CNY,344.75,1.00,20261101000032,6-2-0101,物业费\n",
        ),
        (
            "招商银行",
            "交易日,交易时间,起息日,交易类型,借方金额,贷方金额,余额,摘要,流水号,用途,收(付)方名称,收(付)方账号,收/付方名称,收/付方账号\n20261101,10:30:31,20261101,x,,344.75,1.00,6-2-0101,20261101000032,物业费,,,冯萍思,6222****0314\n",
        ),
        (
            "交通银行",
            "交易日期,摘要,币种,借贷标志,发生额,余额,对方账号,对方户名,核心流水号,备注\n2026-11-01 10:30:31,6-2-0101,CNY,贷,344.75,1.00,6222****0314,冯萍思,20261101000032,物业费\n",
        ),
        (
            "中国邮政储蓄银行",
            "交易日期,交易时间,对方账户名称,对方账户,收入,支出,账户余额,摘要,附言,交易流水号\n20261101,10:30:31,冯萍思,6222****0314,344.75,,1.00,6-2-0101,物业费,20261101000032\n",
        ),
    ] {
        let read = table(text).unwrap();
        let one = line(text);
        let said = (
            one.day.to_string(),
            one.time.as_str(),
            one.payer.as_str(),
            one.account.as_str(),
            one.amount,
            one.out,
        );
        assert_eq!(
            said,
            ("2026-11-01".to_owned(), "10:30:31", "冯萍思", "6222****0314", Fen(34_475), false),
            "{bank}"
        );
        assert_eq!((one.text.as_str(), one.serial.as_str()), ("6-2-0101 物业费", "20261101000032"), "{bank}");
        let general = PRESETS.last().map(|preset| preset.name);
        assert!(
            read.profile == bank || Some(read.profile.as_str()) == general,
            "{bank} read as {}",
            read.profile
        );
    }
}

const HEAD: &str = "交易日期,对方户名,借方金额,贷方金额,摘要,流水号\n";

#[test]
fn sums_are_read_as_banks_write_them() {
    for (credit, fen) in [
        ("344.75", 34_475),
        ("\"1,275.93\"", 127_593),
        ("３４４．７５", 34_475),
        ("¥344.75", 34_475),
        ("+344.75", 34_475),
        ("344.750", 34_475),
        ("344", 34_400),
        ("'344.75", 34_475),
        ("0.01", 1),
        ("\"1,234,567.00\"", 123_456_700),
    ] {
        let one = line(&format!("{HEAD}2026-11-01,王芳,,{credit},x,1\n"));
        assert_eq!((one.amount, one.out), (Fen(fen), false), "{credit}");
    }
    let out = line(&format!("{HEAD}2026-11-01,,15.00,0.00,手续费,1\n"));
    assert_eq!((out.amount, out.out), (Fen(1_500), true));
}

#[test]
fn a_bad_cell_is_named_with_its_line_and_column() {
    for (row, column, code) in [
        ("2026-11-01,王芳,,0.001,x,1", "贷方金额", "too_many_decimals"),
        ("2026-11-01,王芳,,-5.00,x,1", "贷方金额", "not_positive"),
        ("2026-11-01,王芳,-5.00,,x,1", "借方金额", "not_positive"),
        ("2026-11-01,王芳,,,x,1", "贷方金额", "required"),
        ("2026-11-01,王芳,,0.00,x,1", "贷方金额", "required"),
        ("2026-11-01,王芳,1.00,1.00,x,1", "贷方金额", "both_sides"),
        ("2026-11-01,王芳,,八十九,x,1", "贷方金额", "not_a_number"),
        ("2026-11-01,王芳,,\"12,5\",x,1", "贷方金额", "not_a_number"),
        ("2026-11-01,王芳,,1e5,x,1", "贷方金额", "not_a_number"),
        ("2026-13-01,王芳,,1.00,x,1", "交易日期", "no_such_date"),
        (",王芳,,1.00,x,1", "交易日期", "required"),
        ("2026-11-01,王\u{fffd}芳,,1.00,x,1", "对方户名", "damaged"),
        ("2026-11-01,王芳,,1.00,x,2.02611E+13", "流水号", "serial_rounded"),
        ("2026-11-01,王芳,,1.00,x,1,2", "交易日期", "too_many_cells"),
    ] {
        let read = table(&format!("{HEAD}2026-11-01,李雷,,1.00,x,9\n{row}\n")).unwrap();
        let faults: Vec<_> =
            read.errors.iter().map(|e| (e.line, e.column.as_str(), e.code.as_str())).collect();
        assert_eq!(faults, [(3, column, code)], "{row}");
        assert_eq!(read.lines.len(), 1, "{row}");
    }
}

#[test]
fn one_signed_column_says_what_came_in_by_the_profiles_sign() {
    let text = "日期,户名,金额,标志\n2026-11-01,王芳,-5.00,贷\n";
    for (sign, expected) in [(Sign::Signed, Some(true)), (Sign::Reversed, Some(false)), (Sign::Marked, None)]
    {
        let columns = [("day", "日期"), ("payer", "户名"), ("amount", "金额"), ("mark", "标志")];
        let columns = columns.map(|(part, name)| (part.parse().unwrap(), vec![name.to_owned()])).to_vec();
        let mapping = Mapping { encoding: "auto".parse().unwrap(), title_lines: None, sign, columns };
        let read = read(text.as_bytes(), &[("own".to_owned(), mapping)]).unwrap();
        assert_eq!(read.lines.first().map(|line| line.out), expected, "{sign}");
    }
}

#[test]
fn a_number_that_stands_twice_is_told_and_sums_at_the_end_are_no_lines() {
    let text = format!(
        "{HEAD}2026-11-01,王芳,,1.00,x,1\n2026-11-02,李雷,,2.00,x,1\n2026-11-02,李雷,,2.00,x,\n2026-11-02,李雷,,2.00,x,\n合计,,,5.00,,\n"
    );
    let read = table(&text).unwrap();
    let told: Vec<_> = read.lines.iter().map(|line| (line.again, line.key.clone())).collect();
    assert_eq!((told[0].clone(), told[1].clone()), ((false, "1".to_owned()), (true, "1#2".to_owned())));
    assert!(!told[2].0 && told[3].0, "two lines without a number that say the same");
    assert_eq!((read.rows, read.errors.len()), (4, 0));
}

#[test]
fn what_is_no_statement_is_refused_with_the_reason() {
    let (gb, _, _) = GB18030.encode(HEAD);
    let row = "2026-11-01,王芳,,1.00,x,1\n";
    for (bytes, expected) in [
        ("楼栋,房号\n1,0101\n".as_bytes().to_vec(), "bank.no_profile"),
        (b"hello\n".to_vec(), "bank.no_profile"),
        (HEAD.as_bytes().to_vec(), "import.no_rows"),
        (format!("{HEAD}{row}2026-11-02,李").into_bytes(), "import.cut_at"),
        (format!("{HEAD}{row}\"2026-11-02,李").into_bytes(), "import.quote"),
        (gb[..gb.len() - 6].to_vec(), "import.cut"),
        ([&gb, b"\xFF\xFF\xFF\xFF\xFFc,d\n".as_slice()].concat(), "import.encoding"),
        (b"".to_vec(), "import.empty"),
        (b"%PDF-1.7".to_vec(), "import.not_text"),
    ] {
        match read(&bytes, &presets()) {
            Err(Error::Refused(refusal)) => assert_eq!(refusal.rule, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}
