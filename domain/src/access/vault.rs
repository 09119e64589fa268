//! What has to be read again, but not by who holds a copy of the database: the secret of a second factor,
//! a code on its way to a mail. Sealed with XChaCha20-Poly1305 under a key that is derived from the
//! installation's own (`LINLI_SECRET_KEY`); without that key it stays shut for good.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{Error, Result, random};

/// How a sealed text begins; no base 32 secret and no digits do.
const MARK: &str = "sealed.1.";
const NONCE: usize = 24;

/// Seals and opens under the installation's key.
#[derive(Clone)]
pub struct Vault(XChaCha20Poly1305);

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// The vault of an installation's key.
    ///
    /// # Errors
    /// Internal only: keys of any length are taken.
    pub fn of(installation_key: &[u8]) -> Result<Self> {
        let mut mac = Hmac::<Sha256>::new_from_slice(installation_key).map_err(Error::internal)?;
        mac.update(b"linli vault 1");
        Ok(Self(XChaCha20Poly1305::new(&mac.finalize().into_bytes())))
    }

    /// Seals a text for a purpose, which has to be named again to open it.
    ///
    /// # Errors
    /// Internal: no randomness.
    pub fn seal(&self, purpose: &str, text: &str) -> Result<String> {
        let mut nonce = [0; NONCE];
        random::fill(&mut nonce)?;
        let payload = Payload { msg: text.as_bytes(), aad: purpose.as_bytes() };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|error| Error::internal(error.to_string()))?;
        Ok(format!("{MARK}{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// The text of a seal; none where it was sealed under another key, for another purpose, or changed since.
    pub fn open(&self, purpose: &str, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed.strip_prefix(MARK)?).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        String::from_utf8(self.0.decrypt(&XNonce::from(*nonce), payload).ok()?).ok()
    }
}

/// Whether a kept text is a sealed one.
pub(super) fn is_sealed(text: &str) -> bool {
    text.starts_with(MARK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_and_for_its_purpose_only() {
        let vault = Vault::of(b"the key of this installation").unwrap();
        let sealed = vault.seal("second factor 7", "GEZDGNBVGY3TQOJQ").unwrap();
        assert!(is_sealed(&sealed) && !sealed.contains("GEZD"));
        assert_ne!(sealed, vault.seal("second factor 7", "GEZDGNBVGY3TQOJQ").unwrap());
        assert_eq!(vault.open("second factor 7", &sealed).as_deref(), Some("GEZDGNBVGY3TQOJQ"));
        assert_eq!(vault.open("second factor 8", &sealed), None, "somebody else's");
        assert_eq!(Vault::of(b"another key").unwrap().open("second factor 7", &sealed), None);
        for spoilt in ["", "sealed.1.", "sealed.1.AAAA", "GEZDGNBVGY3TQOJQ", &sealed[..sealed.len() - 2]] {
            assert_eq!(vault.open("second factor 7", spoilt), None, "{spoilt}");
        }
    }
}
