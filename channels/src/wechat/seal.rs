//! What a notification is about, sealed with AES-256-GCM under the APIv3 key.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Resource;
use crate::Fault;

pub(super) struct Seal(LessSafeKey);

impl Seal {
    /// The key is the text's own 32 bytes.
    pub(super) fn of(text: &str, setting: &'static str) -> Result<Self, Fault> {
        let key = UnboundKey::new(&AES_256_GCM, text.as_bytes());
        key.map(|key| Self(LessSafeKey::new(key))).map_err(|_| Fault::Unusable(setting))
    }

    /// What is in it; nothing of one that was touched.
    pub(super) fn open(&self, resource: &Resource) -> Result<Vec<u8>, Fault> {
        if resource.algorithm != "AEAD_AES_256_GCM" {
            return Err(Fault::Forged("sealed in another way"));
        }
        let nonce: [u8; NONCE_LEN] =
            resource.nonce.as_bytes().try_into().map_err(|_| Fault::Forged("sealed with no nonce"))?;
        let mut sealed =
            STANDARD.decode(&resource.ciphertext).map_err(|_| Fault::Forged("sealed, but not in Base64"))?;
        let about = Aad::from(resource.associated_data.as_bytes());
        let opened = self.0.open_in_place(Nonce::assume_unique_for_key(nonce), about, &mut sealed);
        opened.map(|bytes| bytes.to_vec()).map_err(|_| Fault::Forged("sealed with another key"))
    }
}
