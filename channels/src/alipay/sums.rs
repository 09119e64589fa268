//! Yuan as Alipay writes them, to the fen and back. No floating point.

/// `88.34`
pub(super) fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// What `88.34`, `88.3` or `88` is in fen; nothing else is a sum.
pub(super) fn fen(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let cents: i64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_and_anything_else_is_none() {
        for (text, expected) in [
            ("88.34", Some(8_834)),
            ("88.3", Some(8_830)),
            ("88", Some(8_800)),
            ("0.01", Some(1)),
            ("9007199254740993.01", Some(900_719_925_474_099_301)),
            ("88.345", None),
            ("-1.00", None),
            ("+1.00", None),
            ("1e3", None),
            ("", None),
            (".5", None),
            ("1.", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(fen(text), expected, "{text}");
        }
        assert_eq!(yuan(5), "0.05");
        assert_eq!(fen(&yuan(1_234_567)), Some(1_234_567));
    }
}
