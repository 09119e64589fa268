//! With whom people can pay by themselves: the providers that are set up, and where they tell of payments. Where none
//! is, a rehearsal has one of its own, with which no money moves.

use channels::{Alipay, Channel, Channels, Fault, Practice, WeChat};
use domain::{Error, Result, Store, installation};

use crate::config::Config;

/// Where WeChat Pay tells of payments.
pub(crate) const WECHAT: &str = "/channels/wechat/notifications";
/// Where Alipay does.
pub(crate) const ALIPAY: &str = "/channels/alipay/notifications";

/// The channels of an installation.
///
/// # Errors
/// Names the setting whose value cannot be used.
pub(crate) fn channels(config: &Config, store: &Store) -> Result<Channels> {
    let set_up = providers(config)?;
    if set_up.is_empty() && store.read_now(installation::is_sandbox)? {
        return Ok(Channels::of(vec![Box::new(practice(config))]));
    }
    Ok(Channels::of(set_up))
}

/// The providers whose keys are set.
pub(crate) fn providers(config: &Config) -> Result<Vec<Box<dyn Channel>>> {
    let base = &config.web.base_url;
    let mut set_up: Vec<Box<dyn Channel>> = Vec::new();
    if let Some(keys) = &config.pay.wechat {
        set_up.push(Box::new(WeChat::new(keys, &format!("{base}{WECHAT}")).map_err(named)?));
    }
    if let Some(keys) = &config.pay.alipay {
        set_up.push(Box::new(Alipay::new(keys, &format!("{base}{ALIPAY}")).map_err(named)?));
    }
    Ok(set_up)
}

/// The provider for rehearsals, whose orders lie in the data folder.
pub(crate) fn practice(config: &Config) -> Practice {
    Practice::new(config.files.data_dir.join("practice"), &format!("{}/practice", config.web.base_url))
}

fn named(fault: Fault) -> Error {
    match fault {
        Fault::Unusable(name) => Error::field(name, "setting"),
        other => Error::internal(other),
    }
}
