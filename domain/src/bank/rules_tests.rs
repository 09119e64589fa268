//! Whose a line is, as a table of examples.

use std::collections::HashMap;

use super::mentions::Mentions;
use super::rules::{Home, Register, Said, Tie, Why};
use crate::{Fen, HomeId, PersonId};

const HOMES: &[(i64, &str, &str, &str, &str)] = &[
    (1, "7-1-1503", "7", "1", "1503"),
    (2, "7-1-0101", "7", "1", "0101"),
    (3, "7-2-1503", "7", "2", "1503"),
    (4, "S-23", "S", "", "23"),
    (5, "2-1-0101", "2", "1", "0101"),
];

/// Home, person, name.
const TIES: &[(i64, i64, &str)] = &[
    (1, 10, "王芳"),
    (1, 11, "王小明"),
    (2, 12, "崔思"),
    (3, 13, "崔思远"),
    (4, 14, "锦绣便利店有限公司"),
    (5, 10, "王芳"),
    (5, 15, "李雷"),
    (3, 16, "李雷"),
];

fn register() -> Register {
    let homes: Vec<Home> = HOMES
        .iter()
        .map(|(id, code, building, entrance, room)| Home {
            id: HomeId(*id),
            code: (*code).to_owned(),
            building: (*building).to_owned(),
            entrance: (*entrance).to_owned(),
            room: (*room).to_owned(),
        })
        .collect();
    let tie = |(home, person, name): &(i64, i64, &str)| Tie {
        home: HomeId(*home),
        person: Some(PersonId(*person)),
        name: (*name).to_owned(),
    };
    Register::new(&homes, TIES.iter().map(tie).collect())
}

/// What the payers' homes owe: 7-1-1503 and 2-1-0101 different sums, 7-2-1503 and 2-1-0101 one in common.
fn amounts() -> HashMap<HomeId, Vec<Fen>> {
    HashMap::from([
        (HomeId(1), vec![Fen(25_060), Fen(30_000)]),
        (HomeId(3), vec![Fen(11_111)]),
        (HomeId(5), vec![Fen(19_900), Fen(11_111)]),
    ])
}

#[test]
fn a_line_is_certain_only_where_nothing_else_could_be_meant() {
    let (register, amounts) = (register(), amounts());
    for (payer, text, fen, certain, why, homes) in [
        // One home is named, and who pays belongs to it, whatever the sum.
        ("王芳", "7-1-1503 物业费", 1, true, Why::NamedByPayer, vec![1]),
        ("王芳", "７－１－１５０３物业费", 1, true, Why::NamedByPayer, vec![1]),
        ("王 芳", "物业费7栋1单元1503室", 1, true, Why::NamedByPayer, vec![1]),
        ("王芳", "７栋１单元１５０３", 1, true, Why::NamedByPayer, vec![1]),
        ("王芳", "7号楼1单元1503", 1, true, Why::NamedByPayer, vec![1]),
        ("崔思", "7-1-101 11月", 1, true, Why::NamedByPayer, vec![2]),
        ("锦绣便利店有限公司", "S栋23 物业费", 1, true, Why::NamedByPayer, vec![4]),
        ("锦绣便利店有限公司", "s-23", 1, true, Why::NamedByPayer, vec![4]),
        // A relative pays, and names who belongs to the home.
        ("王建国", "代王小明交 7栋1单元1503", 1, true, Why::NamedPerson, vec![1]),
        ("支付宝（中国）网络技术有限公司", "李雷 2-1-0101", 1, true, Why::NamedPerson, vec![5]),
        // Twice the same home is one home.
        ("王芳", "7-1-1503 7栋1单元1503", 1, true, Why::NamedByPayer, vec![1]),
        // A named home wins over the payer's own, whatever those owe.
        ("王芳", "2-1-0101", 25_060, true, Why::NamedByPayer, vec![5]),
        ("崔思", "2-1-0101", 25_060, false, Why::Stranger, vec![5]),
        ("王建国", "7-1-1503", 25_060, false, Why::Stranger, vec![1]),
        // Who writes 崔思远 does not speak of 崔思.
        ("王建国", "代崔思远交7-1-0101", 1, false, Why::Stranger, vec![2]),
        ("王建国", "代崔思交7-1-0101", 1, true, Why::NamedPerson, vec![2]),
        // Several homes, or one that may be either.
        ("王芳", "7-1-1503、2-1-0101", 1, false, Why::SeveralHomes, vec![1, 5]),
        ("王芳", "7-1-1503/2-1-0101", 1, false, Why::SeveralHomes, vec![1, 5]),
        ("王芳", "7栋1503", 1, false, Why::SeveralHomes, vec![1, 3]),
        // What looks like a home of ours and is none is not passed over for the payer's own.
        ("王芳", "7-1-9999", 25_060, false, Why::UnknownHome, vec![1, 5]),
        ("王芳", "7栋9单元1503", 25_060, false, Why::UnknownHome, vec![1, 5]),
        // No home is named: the payer's homes, by what they owe.
        ("王芳", "物业费", 25_060, true, Why::PayerAmount, vec![1]),
        ("王芳", "2026-11 物业费", 30_000, true, Why::PayerAmount, vec![1]),
        ("王芳", "2026-11-05", 19_900, true, Why::PayerAmount, vec![5]),
        ("王芳", "物业费", 12, false, Why::OtherAmount, vec![1, 5]),
        ("崔思", "物业费", 25_060, false, Why::OtherAmount, vec![2]),
        ("李雷", "物业费", 11_111, false, Why::SeveralFit, vec![3, 5]),
        ("李雷", "物业费", 19_900, true, Why::PayerAmount, vec![5]),
        // Nobody knows who pays.
        ("支付宝（中国）网络技术有限公司", "代收", 25_060, false, Why::UnknownPayer, vec![]),
        ("王建国", "代王小明交", 25_060, false, Why::UnknownPayer, vec![1]),
        ("王*", "物业费", 25_060, false, Why::UnknownPayer, vec![]),
        ("", "", 25_060, false, Why::UnknownPayer, vec![]),
    ] {
        let verdict = register.judge(Said { payer, text, amount: Fen(fen) }, &amounts);
        let found: Vec<i64> = verdict.homes.iter().map(|home| home.0).collect();
        assert_eq!((verdict.certain, verdict.why, found), (certain, why, homes), "{payer} {text} {fen}");
    }
}

#[test]
fn the_person_who_was_recognised_is_told() {
    let (register, amounts) = (register(), amounts());
    for (payer, text, fen, person) in [
        ("王芳", "2-1-0101", 1, Some(10)),
        ("王建国", "代王小明交 7栋1单元1503", 1, Some(11)),
        ("李雷", "", 19_900, Some(15)),
        ("王建国", "7-1-1503", 1, None),
    ] {
        let verdict = register.judge(Said { payer, text, amount: Fen(fen) }, &amounts);
        assert_eq!(verdict.person.map(|person| person.0), person, "{payer} {text}");
    }
}

#[test]
fn dates_sums_and_phones_name_no_home() {
    let register = register();
    for text in [
        "2026-11-05",
        "20261105",
        "1503",
        "101",
        "13900001503",
        "0571-8888-1503",
        "转账 250.60",
        "7",
        "7-1",
        "7月1日",
        "订单7-1-1503-99",
        "A7-1-1503",
        "17-1-1503",
        "第7栋",
        "7栋",
        "11/2026",
    ] {
        assert_eq!(register.homes.named_in(text), Mentions::Homes(vec![]), "{text}");
    }
    for text in
        ["7-1-1503", "房号7-1-1503。", "(7-1-1503)", "7-1-1503.", "7栋 1单元 1503", "物业费7栋1单元1503号"]
    {
        assert_eq!(register.homes.named_in(text), Mentions::Homes(vec![HomeId(1)]), "{text}");
    }
}
