//! Randomness for tokens, codes and secrets, from the operating system.

use crate::error::{Error, Result};

/// So many random bytes, as hexadecimal digits.
pub fn hex(bytes: usize) -> Result<String> {
    let mut buffer = vec![0; bytes];
    fill(&mut buffer)?;
    Ok(hex::encode(buffer))
}

/// A code that people can read aloud and type: letters and digits that look alike are left out.
pub fn spoken_code(length: usize) -> Result<String> {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut buffer = vec![0; length];
    fill(&mut buffer)?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map_or('A', char::from);
    Ok(buffer.iter().map(letter).collect())
}

/// So many decimal digits, each as likely as the others.
pub fn digits(length: usize) -> Result<String> {
    let mut digits = String::with_capacity(length);
    while digits.len() < length {
        let mut buffer = vec![0; length];
        fill(&mut buffer)?;
        // 250 is the last multiple of ten that a byte holds: what lies above would favour the low digits.
        let fair = buffer.iter().filter(|byte| **byte < 250).map(|byte| char::from(b'0' + byte % 10));
        digits.extend(fair.take(length - digits.len()));
    }
    Ok(digits)
}

/// Fills a buffer with random bytes.
#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for randomness")]
pub fn fill(buffer: &mut [u8]) -> Result<()> {
    getrandom::fill(buffer).map_err(|error| Error::internal(error.to_string()))
}
