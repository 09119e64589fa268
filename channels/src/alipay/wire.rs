//! What Alipay's answers hold, as far as we read them; and where in an answer its signed text lies.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::Fault;

/// What an answer says.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    code: String,
    #[serde(default)]
    msg: String,
    sub_code: Option<String>,
    pub(super) qr_code: Option<String>,
    pub(super) out_trade_no: Option<String>,
    pub(super) trade_no: Option<String>,
    pub(super) trade_status: Option<String>,
    pub(super) total_amount: Option<String>,
}

impl Said {
    /// The same, where it was done.
    pub(super) fn ok(self) -> Result<Self, Fault> {
        let passes = self.sub_code.as_deref().is_some_and(|code| code.ends_with("SYSTEM_ERROR"));
        match self.code.as_str() {
            "10000" => Ok(self),
            "20000" => Err(Fault::Away(self.reason())),
            _ if passes => Err(Fault::Away(self.reason())),
            _ => Err(Fault::Refused(self.reason())),
        }
    }

    /// Why not, in the provider's own code.
    pub(super) fn reason(self) -> String {
        self.sub_code.unwrap_or_else(|| format!("{} {}", self.code, self.msg))
    }
}

/// The very text of a member of the answer: what the signature is over.
pub(super) fn raw<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let key = format!("\"{name}\"");
    let after = text.get(text.find(&key)? + key.len()..)?;
    let value = after.trim_start().strip_prefix(':')?.trim_start();
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    value.get(..values.byte_offset())
}

/// The answer's signature.
pub(super) fn signature(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Signed {
        sign: Option<String>,
    }
    serde_json::from_str::<Signed>(text).ok()?.sign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_text_is_found_byte_by_byte() {
        let inner = r#"{ "code":"10000","qr_code":"https:\/\/qr.alipay.com\/a}b" ,"sign":"no"}"#;
        for text in [
            format!(r#"{{"alipay_trade_precreate_response":{inner},"sign":"S="}}"#),
            format!(r#"{{"sign":"S=", "alipay_trade_precreate_response" : {inner}}}"#),
        ] {
            assert_eq!(raw(&text, "alipay_trade_precreate_response"), Some(inner));
            assert_eq!(signature(&text).as_deref(), Some("S="));
        }
        assert_eq!(raw("{\"a\":", "a"), None);
        assert_eq!(raw("<html>", "a"), None);
    }
}
