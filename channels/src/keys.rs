//! RSA keys as the providers hand them out, and signatures made and looked at with them: SHA-256 with PKCS #1 v1.5,
//! which WeChat calls `WECHATPAY2-SHA256-RSA2048` and Alipay `RSA2`.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Fault;

/// A key of ours that signs; it shows itself nowhere.
pub(crate) struct Signer(RsaKeyPair);

impl Signer {
    /// A private key in PEM (PKCS #8, or PKCS #1 as older tools write it), or the bare Base64 of PKCS #8 that Alipay's
    /// tool gives.
    pub(crate) fn of(text: &str, name: &'static str) -> Result<Self, Fault> {
        let unusable = || Fault::Unusable(name);
        let blocks = pem(text);
        let pair = match blocks.first() {
            Some((label, der)) if label == "PRIVATE KEY" => RsaKeyPair::from_pkcs8(der),
            Some((label, der)) if label == "RSA PRIVATE KEY" => RsaKeyPair::from_der(der),
            Some(_) => return Err(unusable()),
            None => RsaKeyPair::from_pkcs8(&base64_of(text).ok_or_else(unusable)?),
        };
        let pair = pair.map_err(|_| unusable())?;
        if pair.public_modulus_len() < 256 { Err(unusable()) } else { Ok(Self(pair)) }
    }

    /// The signature of a text, in Base64.
    pub(crate) fn sign(&self, text: &[u8]) -> Result<String, Fault> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature);
        signed.map_err(|_| Fault::Unusable("the private key"))?;
        Ok(STANDARD.encode(signature))
    }
}

/// A provider's key: it says whether a signature is theirs.
#[derive(Debug)]
pub(crate) struct Verifier {
    /// By which the provider names it: an id, or a certificate's serial.
    pub(crate) name: String,
    der: Vec<u8>,
}

impl Verifier {
    /// The keys of a text with PEM blocks: certificates, named by their serial, and a public key, named `id`; or the
    /// bare Base64 of a public key.
    pub(crate) fn all(text: &str, id: &str, setting: &'static str) -> Result<Vec<Self>, Fault> {
        let unusable = || Fault::Unusable(setting);
        let blocks = pem(text);
        let found: Option<Vec<Self>> = if blocks.is_empty() {
            base64_of(text).map(|der| vec![Self { name: id.to_owned(), der }])
        } else {
            blocks.into_iter().map(|(label, der)| Self::of(&label, der, id)).collect()
        };
        let found = found.ok_or_else(unusable)?;
        if found.iter().all(Self::is_a_key) { Ok(found) } else { Err(unusable()) }
    }

    fn of(label: &str, der: Vec<u8>, id: &str) -> Option<Self> {
        match label {
            "PUBLIC KEY" if !id.is_empty() => Some(Self { name: id.to_owned(), der }),
            "CERTIFICATE" => {
                let (serial, key) = certificate(&der)?;
                Some(Self { name: hex::encode_upper(serial), der: key.to_vec() })
            }
            _ => None,
        }
    }

    fn is_a_key(&self) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.der).parse().is_ok()
    }

    /// Whether `signature` (Base64) over `text` was made with this key.
    pub(crate) fn signed(&self, text: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.der).verify(text, &signature).is_ok()
    }
}

/// The blocks of a PEM file, each with its label.
fn pem(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines().map(str::trim) {
        if let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
            open = Some((label.to_owned(), String::new()));
        } else if line.starts_with("-----END ") {
            let closed = open.take().and_then(|(label, body)| Some((label, STANDARD.decode(body).ok()?)));
            blocks.extend(closed);
        } else if let Some((_, body)) = open.as_mut() {
            body.push_str(line);
        }
    }
    blocks
}

fn base64_of(text: &str) -> Option<Vec<u8>> {
    let bare: String = text.split_whitespace().collect();
    STANDARD.decode(bare).ok().filter(|der| !der.is_empty())
}

/// The serial and the public key (SubjectPublicKeyInfo) of an X.509 certificate.
fn certificate(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_, whole, _) = element(der)?;
    let (_, mut rest, _) = element(whole)?;
    // The version is only there where it is not the first one.
    if rest.first() == Some(&0xA0) {
        rest = element(rest)?.2;
    }
    let (_, serial, mut rest) = element(rest)?;
    for _signature_issuer_validity_subject in 0..4 {
        rest = element(rest)?.2;
    }
    let after = element(rest)?.2;
    let key = rest.get(..rest.len() - after.len())?;
    Some((serial.strip_prefix(&[0]).unwrap_or(serial), key))
}

/// An element of DER: its tag, what is in it, what comes after it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short @ 0..=0x7F => (usize::from(short), rest),
        long @ 0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7F))?;
            (bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (inside, after) = rest.split_at_checked(length)?;
    Some((*tag, inside, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made for this test: a certificate like the platform's, and what its key signed.
    const CERTIFICATE: &str = include_str!("../tests/data/platform_certificate.pem");
    const SIGNATURE: &str = include_str!("../tests/data/three_words.signature");
    const MERCHANT: &str = include_str!("../tests/data/merchant_pkcs1.pem");
    const WEAK: &str = include_str!("../tests/data/weak_pkcs1.pem");

    #[test]
    fn a_certificate_is_known_by_its_serial_and_says_whose_a_signature_is() {
        let keys = Verifier::all(&format!("{CERTIFICATE}\n{CERTIFICATE}"), "", "x").unwrap();
        assert_eq!(keys.len(), 2);
        assert_eq!(keys[0].name, "E1576CF5ABCDEF0123456789ABCDEF0123456789");
        assert!(keys[0].signed(b"three words", SIGNATURE));
        assert!(!keys[0].signed(b"three words ", SIGNATURE));
        assert!(!keys[0].signed(b"three words", &SIGNATURE[4..]));
        assert!(!keys[0].signed(b"three words", "no Base64"));
    }

    #[test]
    fn keys_of_older_tools_sign_too_and_weak_or_cut_ones_are_refused() {
        assert_eq!(Signer::of(MERCHANT, "x").unwrap().sign(b"a").unwrap().len(), 344);
        for text in ["", "hush", WEAK, CERTIFICATE, &MERCHANT[..MERCHANT.len() / 2]] {
            assert!(matches!(Signer::of(text, "x"), Err(Fault::Unusable("x"))), "{text}");
        }
        for (text, id) in [("", "id"), ("hush", "id"), (MERCHANT, "id"), (&CERTIFICATE[..400], "id")] {
            assert!(matches!(Verifier::all(text, id, "x"), Err(Fault::Unusable("x"))), "{text}");
        }
    }
}
