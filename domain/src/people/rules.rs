//! How people are reached: phones are kept as digits, mails in lower case, of an identity number the last
//! four. Phones are masked for who does not need them (domain.md §2).

/// A phone's digits, or why it is none: `13900000001`, `139-0000-0001`, `+86 139 0000 0001`,
/// `010-88886666`, `00852…`.
pub fn phone(text: &str) -> Result<String, &'static str> {
    let noise = |c: char| c.is_whitespace() || matches!(c, '-' | '(' | ')' | '.' | '·' | '\'');
    let plain: String = text.chars().map(half_width).filter(|c| !noise(*c)).collect();
    let plain = plain.strip_prefix("+86").or_else(|| plain.strip_prefix("0086")).unwrap_or(&plain).to_owned();
    let plain = plain.strip_prefix('+').map_or(plain.clone(), |rest| format!("00{rest}"));
    if !plain.bytes().all(|b| b.is_ascii_digit()) {
        return Err("not_a_phone");
    }
    let (least, most) = match plain.as_bytes() {
        [b'0', b'0', ..] => (8, 17),
        [b'0', ..] => (10, 12),
        _ => (11, 11),
    };
    match plain.len() {
        0 => Err("not_a_phone"),
        n if n < least => Err("phone_too_short"),
        n if n > most => Err("phone_too_long"),
        _ if plain.starts_with('0') || is_mobile(&plain) => Ok(plain),
        _ => Err("not_a_phone"),
    }
}

fn is_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '‐' | '‑' | '–' | '—' | '−' => '-',
        c => c,
    }
}

/// A mail address in lower case, or why it is none.
pub fn email(text: &str) -> Result<String, &'static str> {
    let mail: String = text.trim().chars().map(half_width).collect::<String>().to_lowercase();
    let Some((name, host)) = mail.split_once('@') else { return Err("not_an_email") };
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let good = !name.is_empty() && name.len() <= 64 && name.chars().all(plain) && is_host(host);
    if good { Ok(mail) } else { Err("not_an_email") }
}

fn is_host(host: &str) -> bool {
    let label = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && part.len() <= 63
    };
    host.len() <= 190 && host.contains('.') && host.split('.').all(label)
}

/// The last four of an identity number: more than those are not kept.
pub fn id_last4(text: &str) -> Result<String, &'static str> {
    let id: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let id = id.to_uppercase();
    let (digits, check) = id.split_at_checked(id.len().saturating_sub(1)).unwrap_or(("", ""));
    let shaped = digits.bytes().all(|b| b.is_ascii_digit())
        && check.bytes().all(|b| b.is_ascii_digit() || b == b'X')
        && matches!(id.len(), 4 | 15 | 18);
    let last4 = id.get(id.len().saturating_sub(4)..).filter(|_| shaped);
    last4.map(str::to_owned).ok_or("not_id_last4")
}

/// A phone for those who don't need it: `138****1234`.
pub fn masked(phone: &str) -> String {
    let chars: Vec<char> = phone.chars().collect();
    let shown = if chars.len() >= 11 { 3 } else { 0 };
    let hidden = chars.len().saturating_sub(shown + 4);
    let head: String = chars.iter().take(shown).collect();
    let tail: String = chars.iter().skip(shown + hidden).collect();
    format!("{head}{}{tail}", "*".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_read_as_people_write_them() {
        for (text, expected) in [
            ("13900000001", Ok("13900000001")),
            (" 139-0000-0027 ", Ok("13900000027")),
            ("+86 139 0000 0027", Ok("13900000027")),
            ("１３９００００００２７", Ok("13900000027")),
            ("(010) 8888-6666", Ok("01088886666")),
            ("+852 9123 4567", Ok("0085291234567")),
            ("1390000", Err("phone_too_short")),
            ("139000000271", Err("phone_too_long")),
            ("13900000001/13900000002", Err("not_a_phone")),
            ("12900000001", Err("not_a_phone")),
            ("一三九", Err("not_a_phone")),
            ("", Err("not_a_phone")),
        ] {
            assert_eq!(phone(text), expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn phones_are_masked_in_the_middle() {
        assert_eq!(masked("13812341234"), "138****1234");
        assert_eq!(masked("0085291234567"), "008******4567");
        assert_eq!(masked("0108888"), "***8888");
        assert_eq!(masked("123"), "123");
        assert_eq!(masked(""), "");
    }

    #[test]
    fn mails_are_kept_in_lower_case() {
        assert_eq!(email(" Li.Na@Example.com").as_deref(), Ok("li.na@example.com"));
        for bad in ["li", "@example.com", "li@", "li@host", "a b@example.com", "李@example.com", "a@b@c.d"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn of_an_identity_number_the_last_four_are_kept() {
        for (text, expected) in [
            ("1537", Ok("1537")),
            ("123x", Ok("123X")),
            ("11010519491231002X", Ok("002X")),
            ("537", Err("not_id_last4")),
            ("12AB", Err("not_id_last4")),
            ("", Err("not_id_last4")),
        ] {
            assert_eq!(id_last4(text), expected.map(str::to_owned), "{text}");
        }
    }
}
