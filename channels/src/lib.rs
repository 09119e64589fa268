//! Payment channels 支付渠道: what a provider is asked for, what it tells, and what of that is true. Each speaks its
//! provider's protocol as its documents say, on the raw bytes; nothing here knows of homes, accounts or databases.

mod alipay; // 支付宝: alipay.trade.precreate
mod http; // one exchange with a provider
mod keys; // keys from PEM, signatures
mod order; // what is asked, and what comes of it
mod practice; // for rehearsals: no money moves
mod random; // nonces
mod wechat; // 微信支付: API v3, Native

use std::sync::Arc;

use futures::future::BoxFuture;

pub use alipay::{Alipay, AlipayKeys};
pub use order::{Answer, Fault, Notice, Order, Paid, Standing, Told};
pub use practice::Practice;
pub use wechat::{WeChat, WeChatKeys};

/// A way in which people pay by themselves.
pub trait Channel: Send + Sync {
    /// What it is called in records: `wechat`, `alipay`, `practice`.
    fn code(&self) -> &'static str;

    /// Asks the provider for an order, and gives what its QR code is to hold. Asked again for the same order, the
    /// provider gives the same.
    ///
    /// # Errors
    /// [`Fault::Refused`] where asking again cannot help.
    fn ask<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<String, Fault>>;

    /// How an order stands with the provider, by our number of it.
    ///
    /// # Errors
    /// An answer that cannot be had or believed.
    fn look<'a>(&'a self, number: &'a str) -> BoxFuture<'a, Result<Standing, Fault>>;

    /// Closes an order: nobody can pay it from then on. One that the provider does not know is closed.
    ///
    /// # Errors
    /// [`Fault::Refused`] where it was paid meanwhile.
    fn close<'a>(&'a self, number: &'a str) -> BoxFuture<'a, Result<(), Fault>>;

    /// Reads what a provider sends by itself; only what it has signed and meant for us is believed.
    ///
    /// # Errors
    /// [`Fault::Forged`].
    fn read(&self, notice: &Notice<'_>) -> Result<Told, Fault>;

    /// What the provider is answered once its notification is kept.
    fn thanks(&self) -> Answer;

    /// What the provider is answered where its notification is not taken: it sends it again later.
    fn again(&self) -> Answer;
}

/// The channels that are set up, in the order in which they are offered.
#[derive(Clone, Default)]
pub struct Channels(Arc<Vec<Box<dyn Channel>>>);

impl Channels {
    /// These.
    pub fn of(channels: Vec<Box<dyn Channel>>) -> Self {
        Self(Arc::new(channels))
    }

    /// The one of a code.
    pub fn get(&self, code: &str) -> Option<&dyn Channel> {
        self.0.iter().find(|channel| channel.code() == code).map(AsRef::as_ref)
    }

    /// What they are called.
    pub fn codes(&self) -> Vec<&'static str> {
        self.0.iter().map(|channel| channel.code()).collect()
    }
}
