//! With whom people can pay by themselves. A provider is set up with all that it gives a merchant, or not at all.

use std::fmt;

use channels::{AlipayKeys, WeChatKeys};
use domain::{Error, Result};

use super::{Source, settings};

/// With whom people can pay by themselves.
#[derive(Clone, Default)]
pub(crate) struct Pay {
    /// WeChat Pay 微信支付; none: not offered.
    pub(crate) wechat: Option<WeChatKeys>,
    /// Alipay 支付宝; none: not offered.
    pub(crate) alipay: Option<AlipayKeys>,
}

/// Keys are never shown, not even in a log.
impl fmt::Debug for Pay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pay")
            .field("wechat", &self.wechat.as_ref().map(|keys| &keys.merchant))
            .field("alipay", &self.alipay.as_ref().map(|keys| &keys.app))
            .finish()
    }
}

impl Pay {
    pub(super) fn read(source: &Source<'_>) -> Result<Self> {
        Ok(Self { wechat: wechat(source)?, alipay: alipay(source)? })
    }
}

fn wechat(source: &Source<'_>) -> Result<Option<WeChatKeys>> {
    if !is_set_up(source, "LINLI_WECHAT_")? {
        return Ok(None);
    }
    Ok(Some(WeChatKeys {
        merchant: needed(source, "LINLI_WECHAT_MERCHANT")?,
        app: needed(source, "LINLI_WECHAT_APP")?,
        key: needed(source, "LINLI_WECHAT_KEY")?,
        serial: needed(source, "LINLI_WECHAT_SERIAL")?,
        api_key: needed(source, "LINLI_WECHAT_APIV3_KEY")?,
        platform: needed(source, "LINLI_WECHAT_PLATFORM")?,
        platform_id: source.get("LINLI_WECHAT_PLATFORM_ID")?.unwrap_or_default(),
        url: source.or("LINLI_WECHAT_URL", settings::WECHAT_URL)?,
    }))
}

fn alipay(source: &Source<'_>) -> Result<Option<AlipayKeys>> {
    if !is_set_up(source, "LINLI_ALIPAY_")? {
        return Ok(None);
    }
    Ok(Some(AlipayKeys {
        app: needed(source, "LINLI_ALIPAY_APP")?,
        seller: needed(source, "LINLI_ALIPAY_SELLER")?,
        key: needed(source, "LINLI_ALIPAY_KEY")?,
        platform: needed(source, "LINLI_ALIPAY_PLATFORM")?,
        url: source.or("LINLI_ALIPAY_URL", settings::ALIPAY_URL)?,
    }))
}

/// Whether anything of a provider is set: then all of it has to be.
fn is_set_up(source: &Source<'_>, prefix: &str) -> Result<bool> {
    let names = settings::SETTINGS.iter().map(|setting| setting.name).filter(|name| name.starts_with(prefix));
    for name in names {
        if source.get(name)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn needed(source: &Source<'_>, name: &'static str) -> Result<String> {
    source.get(name)?.ok_or_else(|| Error::field(name, "required"))
}
