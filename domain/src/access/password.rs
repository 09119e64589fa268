//! Passwords: 8 to 128 characters, no composition rules, refused when common or made of the community's
//! name or the login (quality.md §2). Hashing takes tens of milliseconds: never inside a transaction.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::{Error, Result, random};

/// Passwords that are tried first, one a line.
const COMMON: &str = include_str!("common_passwords.txt");

/// The fewest letters that have to be left once names are taken out of a password.
const OWN_LETTERS: usize = 5;

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Why a password is refused, as the name of a text under `fields`; `names` are those of the community
/// and the login, which a password must not be made of.
pub fn weakness(password: &str, names: &[&str]) -> Option<&'static str> {
    let length = password.chars().count();
    if length < 8 {
        return Some("password_short");
    }
    if length > 128 {
        return Some("password_long");
    }
    let folded = password.to_lowercase();
    if COMMON.lines().any(|common| common == folded) || is_one_letter(&folded) {
        return Some("password_common");
    }
    let made_of = names.iter().any(|name| is_made_of(&folded, name));
    made_of.then_some("password_names")
}

fn is_one_letter(folded: &str) -> bool {
    let mut letters = folded.chars();
    let first = letters.next();
    letters.all(|letter| Some(letter) == first)
}

fn is_made_of(folded: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    name.chars().count() >= 2
        && folded.contains(&name)
        && folded.replace(&name, "").chars().count() < OWN_LETTERS
}

/// The hash that is kept, in PHC form.
///
/// # Errors
/// Internal: no randomness.
pub fn hash(password: &str) -> Result<String> {
    let mut salt = [0; 16];
    random::fill(&mut salt)?;
    let hashed: PasswordHash = argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(hashed.to_string())
}

/// Whether a password is the one that was hashed. Without a hash (no such account, not yet activated)
/// it takes as long and says no.
pub fn is_right(password: &str, hash: Option<&str>) -> bool {
    let known = hash.is_some();
    let Some(hash) = hash.or_else(decoy) else { return false };
    let matches = PasswordHash::new(hash)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    matches && known
}

/// A hash of nobody's password, made once.
fn decoy<'a>() -> Option<&'a str> {
    static DECOY: OnceLock<Option<String>> = OnceLock::new();
    DECOY.get_or_init(|| hash(&random::hex(16).ok()?).ok()).as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_named_as_such() {
        for (password, weakness_found) in [
            ("short", Some("password_short")),
            ("password1", Some("password_common")),
            ("88888888", Some("password_common")),
            ("jxhy2026", Some("password_names")),
            ("Zhou.Min1", Some("password_names")),
            ("correct horse", None),
            ("锦绣花园我的家在三栋", None),
            ("锦绣花园2026", Some("password_names")),
        ] {
            assert_eq!(weakness(password, &["JXHY", "锦绣花园", "zhou.min"]), weakness_found, "{password}");
        }
        assert_eq!(weakness(&"ab".repeat(65), &[]), Some("password_long"));
    }

    #[test]
    fn a_hash_knows_its_password_and_nobodys_is_never_right() {
        let kept = hash("correct horse").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(is_right("correct horse", Some(&kept)));
        assert!(!is_right("wrong horse", Some(&kept)));
        assert!(!is_right("correct horse", None));
    }
}
