//! Alipay 支付宝, face to face: the payer scans the code of `alipay.trade.precreate`. Requests are signed over their
//! sorted parameters (RSA2), answers over the very text of their `…_response`, notifications over their sorted
//! parameters; a notification has to be for our app and seller.

mod sums;
mod wire;

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use reqwest::{Client, Url};
use serde_json::{Value, json};

use crate::http;
use crate::keys::{Signer, Verifier};
use crate::{Answer, Channel, Fault, Notice, Order, Paid, Standing, Told};
use wire::Said;

/// What a merchant of Alipay is given.
#[derive(Clone)]
pub struct AlipayKeys {
    /// The app's number.
    pub app: String,
    /// The seller's number: 16 digits that begin with 2088.
    pub seller: String,
    /// The app's private key.
    pub key: String,
    /// Alipay's public key.
    pub platform: String,
    /// Where the gateway is.
    pub url: String,
}

/// Alipay.
pub struct Alipay {
    app: String,
    seller: String,
    signer: Signer,
    platform: Verifier,
    url: Url,
    notify: String,
    client: Client,
}

impl Alipay {
    /// The channel of a merchant, which is notified at `notify`.
    ///
    /// # Errors
    /// Names the setting whose value cannot be used.
    pub fn new(keys: &AlipayKeys, notify: &str) -> Result<Self, Fault> {
        let mut platform = Verifier::all(&keys.platform, "alipay", "LINLI_ALIPAY_PLATFORM")?;
        Ok(Self {
            app: keys.app.clone(),
            seller: keys.seller.clone(),
            signer: Signer::of(&keys.key, "LINLI_ALIPAY_KEY")?,
            platform: platform.pop().ok_or(Fault::Unusable("LINLI_ALIPAY_PLATFORM"))?,
            url: http::address(&keys.url, "LINLI_ALIPAY_URL")?,
            notify: notify.to_owned(),
            client: http::client("LINLI_ALIPAY_URL")?,
        })
    }

    /// One signed request; of the answer only what is signed is read.
    async fn call(&self, method: &str, content: &Value, notify: bool) -> Result<Said, Fault> {
        let mut asked: BTreeMap<&str, String> = [
            ("app_id", self.app.clone()),
            ("method", method.to_owned()),
            ("format", "JSON".to_owned()),
            ("charset", "utf-8".to_owned()),
            ("sign_type", "RSA2".to_owned()),
            ("timestamp", beijing(now())),
            ("version", "1.0".to_owned()),
            ("biz_content", content.to_string()),
        ]
        .into();
        if notify {
            asked.insert("notify_url", self.notify.clone());
        }
        let signature =
            self.signer.sign(joined(asked.iter().map(|(name, value)| (*name, value.as_str()))).as_bytes())?;
        asked.insert("sign", signature);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&asked).finish();
        let request = self
            .client
            .post(self.url.clone())
            .header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
            .body(body);
        let got = http::exchange(request).await?;
        if got.status != 200 {
            return Err(Fault::Away(format!("status {}", got.status)));
        }
        let text = String::from_utf8(got.body).map_err(|_| Fault::Away("not in UTF-8".to_owned()))?;
        self.signed(method, &text)
    }

    /// What an answer says, where Alipay signed it.
    fn signed(&self, method: &str, text: &str) -> Result<Said, Fault> {
        let name = format!("{}_response", method.replace('.', "_"));
        let Some(raw) = wire::raw(text, &name) else {
            let problem = wire::raw(text, "error_response").unwrap_or_default();
            let said: Option<Said> = serde_json::from_str(problem).ok();
            return Err(Fault::Away(said.map_or_else(|| "unreadable".to_owned(), |said| said.reason())));
        };
        let said: Said =
            serde_json::from_str(raw).map_err(|error| Fault::Away(format!("unreadable: {error}")))?;
        match wire::signature(text) {
            Some(signature) if self.platform.signed(raw.as_bytes(), &signature) => Ok(said),
            Some(_) => Err(Fault::Forged("the signature is wrong")),
            // A request that the gateway itself turns away is answered without a signature.
            None => Err(Fault::Away(format!("without a signature: {}", said.reason()))),
        }
    }

    async fn precreate(&self, order: &Order) -> Result<String, Fault> {
        let minutes = (order.until - now()).num_minutes().max(1);
        let content = json!({
            "out_trade_no": order.number,
            "total_amount": sums::yuan(order.fen),
            "subject": order.subject,
            "timeout_express": format!("{minutes}m"),
            "qr_code_timeout_express": format!("{minutes}m"),
        });
        let said = self.call("alipay.trade.precreate", &content, true).await?.ok()?;
        said.qr_code.ok_or_else(|| Fault::Away("no code in the answer".to_owned()))
    }

    async fn query(&self, number: &str) -> Result<Standing, Fault> {
        let said =
            match self.call("alipay.trade.query", &json!({ "out_trade_no": number }), false).await?.ok() {
                Ok(said) => said,
                Err(Fault::Refused(code)) if code == "ACQ.TRADE_NOT_EXIST" => return Ok(Standing::Unknown),
                Err(fault) => return Err(fault),
            };
        if said.out_trade_no.as_deref() != Some(number) {
            return Err(Fault::Forged("another order's"));
        }
        standing(&said.trade_status.unwrap_or_default(), number, said.trade_no, said.total_amount)
    }

    async fn shut(&self, number: &str) -> Result<(), Fault> {
        match self.call("alipay.trade.close", &json!({ "out_trade_no": number }), false).await?.ok() {
            Ok(_) => Ok(()),
            Err(Fault::Refused(code)) if code == "ACQ.TRADE_NOT_EXIST" => Ok(()),
            Err(fault) => Err(fault),
        }
    }
}

fn standing(
    status: &str,
    number: &str,
    transaction: Option<String>,
    amount: Option<String>,
) -> Result<Standing, Fault> {
    match status {
        "TRADE_SUCCESS" | "TRADE_FINISHED" => {}
        "WAIT_BUYER_PAY" => return Ok(Standing::Open),
        "TRADE_CLOSED" => return Ok(Standing::Closed),
        _ => return Err(Fault::Away("a state that is not known".to_owned())),
    }
    let transaction =
        transaction.filter(|text| !text.is_empty()).ok_or(Fault::Forged("paid, without a number"))?;
    let fen = amount.as_deref().and_then(sums::fen).ok_or(Fault::Forged("paid, but not how much"))?;
    Ok(Standing::Paid(Paid { number: number.to_owned(), transaction, fen }))
}

/// `name=value` joined by `&`, in the order they come.
fn joined<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Real time: a request's moment is the provider's.
#[expect(clippy::disallowed_methods, reason = "the provider's clock is real time")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

fn beijing(at: DateTime<Utc>) -> String {
    let zone = FixedOffset::east_opt(8 * 3600);
    let text = |at: chrono::NaiveDateTime| at.format("%Y-%m-%d %H:%M:%S").to_string();
    zone.map_or_else(|| text(at.naive_utc()), |zone| text(at.with_timezone(&zone).naive_local()))
}

impl Channel for Alipay {
    fn code(&self) -> &'static str {
        "alipay"
    }

    fn ask<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<String, Fault>> {
        self.precreate(order).boxed()
    }

    fn look<'a>(&'a self, number: &'a str) -> BoxFuture<'a, Result<Standing, Fault>> {
        self.query(number).boxed()
    }

    fn close<'a>(&'a self, number: &'a str) -> BoxFuture<'a, Result<(), Fault>> {
        self.shut(number).boxed()
    }

    fn read(&self, notice: &Notice<'_>) -> Result<Told, Fault> {
        let mut said = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(notice.body) {
            if said.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(Fault::Forged("a parameter stands twice"));
            }
        }
        let signature = said.remove("sign").ok_or(Fault::Forged("a signature is missing"))?;
        if said.remove("sign_type").as_deref() != Some("RSA2") {
            return Err(Fault::Forged("signed in another way"));
        }
        let text = joined(said.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        if !self.platform.signed(text.as_bytes(), &signature) {
            return Err(Fault::Forged("the signature is wrong"));
        }
        let get = |name: &str| said.get(name).map(String::as_str).unwrap_or_default();
        if get("app_id") != self.app || get("seller_id") != self.seller {
            return Err(Fault::Forged("another merchant's"));
        }
        let (transaction, amount) = (said.get("trade_no").cloned(), said.get("total_amount").cloned());
        Ok(match standing(get("trade_status"), get("out_trade_no"), transaction, amount)? {
            Standing::Paid(paid) => Told::Paid(paid),
            _ => Told::Nothing,
        })
    }

    fn thanks(&self) -> Answer {
        Answer { status: 200, media: "text/plain", body: "success" }
    }

    fn again(&self) -> Answer {
        Answer { status: 200, media: "text/plain", body: "fail" }
    }
}
