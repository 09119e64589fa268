//! Amounts in Chinese capitals 大写金额, as receipts carry them so that nobody adds a digit.

use crate::Fen;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "兆", "京"];

/// The amount in capitals: `¥250.60` is 贰佰伍拾元陆角整. A negative one begins with 负.
pub fn capitals(amount: Fen) -> String {
    let fen = amount.0.unsigned_abs();
    let (yuan, jiao, rest) = (fen / 100, fen / 10 % 10, fen % 10);
    let sign = if amount.0 < 0 { "负" } else { "" };
    let whole = if yuan > 0 { format!("{}元", whole(yuan)) } else { String::new() };
    let small = match (yuan, jiao, rest) {
        (0, 0, 0) => "零元整".to_owned(),
        (_, 0, 0) => "整".to_owned(),
        (_, jiao, 0) => format!("{}角整", digit(jiao)),
        (0, 0, fen) => format!("{}分", digit(fen)),
        (_, 0, fen) => format!("零{}分", digit(fen)),
        (_, jiao, fen) => format!("{}角{}分", digit(jiao), digit(fen)),
    };
    format!("{sign}{whole}{small}")
}

/// A whole number by groups of four digits; one 零 stands for any run of zeros inside.
fn whole(number: u64) -> String {
    let mut text = String::new();
    let mut gap = false;
    for n in (0..GROUPS.len()).rev() {
        let scale = 10_u64.pow(u32::try_from(4 * n).unwrap_or(0));
        let group = number / scale % 10_000;
        if group == 0 {
            gap = !text.is_empty();
            continue;
        }
        if !text.is_empty() && (gap || group < 1_000) {
            text.push('零');
        }
        text.push_str(&four(group));
        text.push_str(GROUPS.get(n).copied().unwrap_or_default());
        gap = false;
    }
    text
}

fn four(group: u64) -> String {
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4_u32).rev() {
        let d = group / 10_u64.pow(place) % 10;
        if d == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
        }
        text.push_str(digit(d));
        text.push_str(PLACES.get(usize::try_from(place).unwrap_or(0)).copied().unwrap_or_default());
        gap = false;
    }
    text
}

fn digit(n: u64) -> &'static str {
    usize::try_from(n).ok().and_then(|n| DIGITS.get(n)).copied().unwrap_or("零")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_stand_in_capitals_as_on_a_receipt() {
        for (fen, text) in [
            (25060, "贰佰伍拾元陆角整"),
            (25000, "贰佰伍拾元整"),
            (8834, "捌拾捌元叁角肆分"),
            (5, "伍分"),
            (50, "伍角整"),
            (0, "零元整"),
            (100_005, "壹仟元零伍分"),
            (1_000_500, "壹万零伍元整"),
            (1_050_000, "壹万零伍佰元整"),
            (10_100_000, "壹拾万壹仟元整"),
            (100_000_000_000, "壹拾亿元整"),
            (100_000_000_100, "壹拾亿零壹元整"),
            (34_663_254, "叁拾肆万陆仟陆佰叁拾贰元伍角肆分"),
            (1_000_001_000, "壹仟万零壹拾元整"),
            (20_002_000_010, "贰亿零贰万元壹角整"),
            (-25060, "负贰佰伍拾元陆角整"),
        ] {
            assert_eq!(capitals(Fen(fen)), text);
        }
    }
}
