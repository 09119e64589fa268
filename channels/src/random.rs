//! Nonces.

use crate::Fault;

/// 32 hexadecimal digits that nobody guesses.
pub(crate) fn nonce() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Fault::Away("no randomness".to_owned()))?;
    Ok(hex::encode(bytes))
}
