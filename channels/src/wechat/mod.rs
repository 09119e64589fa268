//! WeChat Pay 微信支付, API v3, Native: the payer scans a code that holds `code_url`. Requests are signed with the
//! merchant's key; answers and notifications are believed only with the platform's signature over their raw bytes and
//! within five minutes; what a notification is about is sealed with the APIv3 key.

mod seal;
mod wire;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use reqwest::{Client, Method, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http::{self, Got};
use crate::keys::{Signer, Verifier};
use crate::random::nonce;
use crate::{Answer, Channel, Fault, Notice, Order, Paid, Standing, Told};
use seal::Seal;
use wire::{Event, Problem, Shown, Transaction};

/// How far a signature's moment may be from ours, in seconds.
const TOLERANCE: i64 = 300;

/// What a merchant of WeChat Pay is given.
#[derive(Clone)]
pub struct WeChatKeys {
    /// The merchant's number 商户号.
    pub merchant: String,
    /// The app that it is bound to.
    pub app: String,
    /// The merchant's private key, PEM.
    pub key: String,
    /// The serial of the certificate that belongs to it.
    pub serial: String,
    /// The APIv3 key: 32 characters.
    pub api_key: String,
    /// The platform's public key or certificates, PEM.
    pub platform: String,
    /// The id of the public key (`PUB_KEY_ID_…`); empty with certificates.
    pub platform_id: String,
    /// Where the provider is.
    pub url: String,
}

/// WeChat Pay.
pub struct WeChat {
    merchant: String,
    app: String,
    serial: String,
    signer: Signer,
    platform: Vec<Verifier>,
    seal: Seal,
    url: Url,
    notify: String,
    client: Client,
}

impl WeChat {
    /// The channel of a merchant, which is notified at `notify`.
    ///
    /// # Errors
    /// Names the setting whose value cannot be used.
    pub fn new(keys: &WeChatKeys, notify: &str) -> Result<Self, Fault> {
        Ok(Self {
            merchant: keys.merchant.clone(),
            app: keys.app.clone(),
            serial: keys.serial.clone(),
            signer: Signer::of(&keys.key, "LINLI_WECHAT_KEY")?,
            platform: Verifier::all(&keys.platform, &keys.platform_id, "LINLI_WECHAT_PLATFORM")?,
            seal: Seal::of(&keys.api_key, "LINLI_WECHAT_APIV3_KEY")?,
            url: http::address(&keys.url, "LINLI_WECHAT_URL")?,
            notify: notify.to_owned(),
            client: http::client("LINLI_WECHAT_URL")?,
        })
    }

    /// One signed request; the answer is looked at by its signature before anything of it is read.
    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Option<Vec<u8>>, Fault> {
        let url = self.url.join(path).map_err(|_| Fault::Unusable("LINLI_WECHAT_URL"))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let target =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let header = self.authorization(method.as_str(), &target, &body)?;
        let mut request = self
            .client
            .request(method, url)
            .header("Authorization", header)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json");
        if let Some(key) = self.platform.first() {
            // Which of the platform's keys is to sign the answer.
            request = request.header("Wechatpay-Serial", &key.name);
        }
        let got = http::exchange(request.body(body)).await?;
        let signed = self.believe(&|name| got.header(name), &got.body, now());
        match got.status {
            200..=299 => signed.map(|()| Some(got.body)),
            500.. => Err(Fault::Away(format!("status {}", got.status))),
            // A refusal is acted upon only where it is theirs; else it is asked again later.
            _ => signed
                .map_err(|fault| Fault::Away(format!("status {}: {fault}", got.status)))
                .and_then(|()| refused(&got)),
        }
    }

    fn authorization(&self, method: &str, target: &str, body: &str) -> Result<String, Fault> {
        let (nonce, moment) = (nonce()?, now().timestamp());
        let signature =
            self.signer.sign(format!("{method}\n{target}\n{moment}\n{nonce}\n{body}\n").as_bytes())?;
        Ok(format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{nonce}\",signature=\"{signature}\",\
             timestamp=\"{moment}\",serial_no=\"{}\"",
            self.merchant, self.serial
        ))
    }

    /// Whether the platform signed these bytes, and just now.
    fn believe(
        &self,
        header: &dyn Fn(&str) -> Option<String>,
        body: &[u8],
        at: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let named = |name| header(name).ok_or(Fault::Forged("a signature is missing"));
        let (moment, nonce) = (named("Wechatpay-Timestamp")?, named("Wechatpay-Nonce")?);
        let (serial, signature) = (named("Wechatpay-Serial")?, named("Wechatpay-Signature")?);
        let seconds: i64 = moment.parse().map_err(|_| Fault::Forged("no moment"))?;
        if seconds.abs_diff(at.timestamp()) > TOLERANCE.unsigned_abs() {
            return Err(Fault::Forged("too old, or ahead of its time"));
        }
        let key = self.platform.iter().find(|key| key.name.eq_ignore_ascii_case(&serial));
        let key = key.ok_or(Fault::Forged("signed with a key that is not known"))?;
        let text = [moment.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat();
        if key.signed(&text, &signature) { Ok(()) } else { Err(Fault::Forged("the signature is wrong")) }
    }

    async fn native(&self, order: &Order) -> Result<String, Fault> {
        let body = json!({
            "appid": self.app,
            "mchid": self.merchant,
            "description": shortened(&order.subject),
            "out_trade_no": order.number,
            "time_expire": beijing(order.until),
            "notify_url": self.notify,
            "amount": { "total": order.fen, "currency": "CNY" },
        });
        let got = self.call(Method::POST, "/v3/pay/transactions/native", Some(&body)).await?;
        let shown: Shown = parsed(got)?;
        Ok(shown.code_url)
    }

    async fn query(&self, number: &str) -> Result<Standing, Fault> {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}?mchid={}", self.merchant);
        match self.call(Method::GET, &path, None).await {
            Ok(body) => self.standing(parsed(body)?),
            Err(Fault::Refused(code)) if wire::is_unknown(&code) => Ok(Standing::Unknown),
            Err(fault) => Err(fault),
        }
    }

    async fn shut(&self, number: &str) -> Result<(), Fault> {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}/close");
        match self.call(Method::POST, &path, Some(&json!({ "mchid": self.merchant }))).await {
            Ok(_) => Ok(()),
            Err(Fault::Refused(code)) if wire::is_gone(&code) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    /// A transaction of ours as it stands.
    fn standing(&self, transaction: Transaction) -> Result<Standing, Fault> {
        if transaction.mchid != self.merchant || transaction.appid.is_some_and(|app| app != self.app) {
            return Err(Fault::Forged("another merchant's"));
        }
        match transaction.trade_state.as_str() {
            "SUCCESS" => {}
            "NOTPAY" | "USERPAYING" | "ACCEPT" => return Ok(Standing::Open),
            // Given back at the merchant's desk, or never paid: nothing of it is ours to book.
            _ => return Ok(Standing::Closed),
        }
        let amount = transaction.amount.ok_or(Fault::Forged("paid, but not how much"))?;
        if amount.currency.is_some_and(|currency| currency != "CNY") {
            return Err(Fault::Forged("not in yuan"));
        }
        let transaction_id = transaction.transaction_id.ok_or(Fault::Forged("paid, without a number"))?;
        Ok(Standing::Paid(Paid {
            number: transaction.out_trade_no,
            transaction: transaction_id,
            fen: amount.total,
        }))
    }
}

/// The answer to what was asked with success.
fn parsed<T: DeserializeOwned>(body: Option<Vec<u8>>) -> Result<T, Fault> {
    let body = body.ok_or(Fault::Forged("an answer without a body"))?;
    serde_json::from_slice(&body).map_err(|error| Fault::Away(format!("unreadable: {error}")))
}

/// What the provider says against it; its own troubles pass.
fn refused(got: &Got) -> Result<Option<Vec<u8>>, Fault> {
    let problem: Option<Problem> = serde_json::from_slice(&got.body).ok();
    let code = problem.map_or_else(|| format!("status {}", got.status), |problem| problem.code);
    match code.as_str() {
        "SYSTEM_ERROR" | "FREQUENCY_LIMITED" | "RATELIMIT_EXCEEDED" => Err(Fault::Away(code)),
        _ => Err(Fault::Refused(code)),
    }
}

/// Real time: a signature's moment is the provider's.
#[expect(clippy::disallowed_methods, reason = "the provider's clock is real time")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A moment as the provider writes it.
fn beijing(at: DateTime<Utc>) -> String {
    let zone = FixedOffset::east_opt(8 * 3600);
    zone.map_or_else(
        || at.to_rfc3339(),
        |zone| at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false),
    )
}

/// At most 127 bytes, as the provider takes, and no half letter.
fn shortened(text: &str) -> String {
    let ends = text.char_indices().map(|(start, letter)| start + letter.len_utf8());
    let end = ends.take_while(|end| *end <= 127).last().unwrap_or(0);
    text.get(..end).unwrap_or_default().to_owned()
}

impl Channel for WeChat {
    fn code(&self) -> &'static str {
        "wechat"
    }

    fn ask<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<String, Fault>> {
        self.native(order).boxed()
    }

    fn look<'a>(&'a self, number: &'a str) -> BoxFuture<'a, Result<Standing, Fault>> {
        self.query(number).boxed()
    }

    fn close<'a>(&'a self, number: &'a str) -> BoxFuture<'a, Result<(), Fault>> {
        self.shut(number).boxed()
    }

    fn read(&self, notice: &Notice<'_>) -> Result<Told, Fault> {
        self.believe(notice.header, notice.body, notice.at)?;
        let event: Event =
            serde_json::from_slice(notice.body).map_err(|_| Fault::Forged("no notification"))?;
        if event.event_type != "TRANSACTION.SUCCESS" {
            return Ok(Told::Nothing);
        }
        let opened = self.seal.open(&event.resource)?;
        let transaction: Transaction =
            serde_json::from_slice(&opened).map_err(|_| Fault::Forged("no transaction"))?;
        Ok(match self.standing(transaction)? {
            Standing::Paid(paid) => Told::Paid(paid),
            _ => Told::Nothing,
        })
    }

    fn thanks(&self) -> Answer {
        Answer { status: 204, media: "", body: "" }
    }

    fn again(&self) -> Answer {
        let body = r#"{"code":"FAIL","message":"稍后再试"}"#;
        Answer { status: 500, media: "application/json", body }
    }
}

/// What a resource says of itself.
#[derive(Deserialize)]
struct Resource {
    algorithm: String,
    ciphertext: String,
    nonce: String,
    #[serde(default)]
    associated_data: String,
}
