//! Both channels against a server that signs and seals as their providers do, and fails as they do.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it says no")]

use std::collections::BTreeMap;

use channels::{
    Alipay, AlipayKeys, Channel, Fault, Notice, Order, Paid, Practice, Standing, Told, WeChat, WeChatKeys,
};
use chrono::{DateTime, TimeDelta, Utc};
use test_support::{Provider, Trouble};

const NUMBER: &str = "ZF2026112200015f3a9c01";

fn wechat(provider: &Provider) -> WeChat {
    WeChat::new(&wechat_keys(provider), "http://127.0.0.1/told").unwrap()
}

fn wechat_keys(provider: &Provider) -> WeChatKeys {
    let set: BTreeMap<_, _> = provider.wechat().into_iter().collect();
    let get = |name: &str| set[name].clone();
    WeChatKeys {
        merchant: get("LINLI_WECHAT_MERCHANT"),
        app: get("LINLI_WECHAT_APP"),
        key: get("LINLI_WECHAT_KEY"),
        serial: get("LINLI_WECHAT_SERIAL"),
        api_key: get("LINLI_WECHAT_APIV3_KEY"),
        platform: get("LINLI_WECHAT_PLATFORM"),
        platform_id: get("LINLI_WECHAT_PLATFORM_ID"),
        url: get("LINLI_WECHAT_URL"),
    }
}

fn alipay_keys(provider: &Provider) -> AlipayKeys {
    let set: BTreeMap<_, _> = provider.alipay().into_iter().collect();
    let get = |name: &str| set[name].clone();
    AlipayKeys {
        app: get("LINLI_ALIPAY_APP"),
        seller: get("LINLI_ALIPAY_SELLER"),
        key: get("LINLI_ALIPAY_KEY"),
        platform: get("LINLI_ALIPAY_PLATFORM"),
        url: get("LINLI_ALIPAY_URL"),
    }
}

fn alipay(provider: &Provider) -> Alipay {
    Alipay::new(&alipay_keys(provider), "http://127.0.0.1/told").unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a provider's clock is real time")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

fn order() -> Order {
    let until = now() + TimeDelta::minutes(15);
    Order { number: NUMBER.to_owned(), subject: "锦绣花园 1-1-0101".repeat(9), fen: 8_834, until }
}

/// What a notification says, read at a moment.
fn read(channel: &dyn Channel, told: &test_support::Told, at: DateTime<Utc>) -> Result<Told, Fault> {
    let header = |name: &str| {
        let found = told.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    };
    channel.read(&Notice { header: &header, body: &told.body, at })
}

fn paid() -> Paid {
    Paid { number: NUMBER.to_owned(), transaction: format!("4200{NUMBER}"), fen: 8_834 }
}

/// The life of an order, the same with every provider.
async fn lives(channel: &dyn Channel, pays: impl Fn(), code: &str) {
    assert_eq!(channel.look(NUMBER).await.unwrap(), Standing::Unknown);
    channel.close(NUMBER).await.unwrap();
    assert_eq!(channel.ask(&order()).await.unwrap(), code);
    assert_eq!(channel.ask(&order()).await.unwrap(), code, "asked again, the same");
    assert_eq!(channel.look(NUMBER).await.unwrap(), Standing::Open);
    pays();
    let Standing::Paid(found) = channel.look(NUMBER).await.unwrap() else { panic!("not paid") };
    assert_eq!((found.number.as_str(), found.fen), (NUMBER, 8_834));
    assert!(matches!(channel.close(NUMBER).await, Err(Fault::Refused(_))), "what is paid is not closed");
}

#[tokio::test]
async fn an_order_of_wechat_lives() {
    let provider = Provider::start();
    let code = format!("weixin://wxpay/bizpayurl?pr={NUMBER}");
    lives(&wechat(&provider), || provider.pays(NUMBER), &code).await;
}

#[tokio::test]
async fn an_order_of_alipay_lives() {
    let provider = Provider::start();
    lives(&alipay(&provider), || provider.pays(NUMBER), &format!("https://qr.alipay.com/{NUMBER}")).await;
}

#[tokio::test]
async fn an_order_of_a_rehearsal_lives_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let practice = || Practice::new(folder.path().join("practice"), "http://127.0.0.1/practice/");
    let pays = || assert_eq!(practice().pay(NUMBER).unwrap().fen, 8_834);
    lives(&practice(), pays, &format!("http://127.0.0.1/practice/{NUMBER}")).await;
    for name in ["", "../x", "a/b"] {
        assert!(practice().pay(name).is_err(), "{name}");
    }
}

#[tokio::test]
async fn what_a_provider_did_not_sign_is_not_believed_and_what_passes_is_told_from_what_stays() {
    let provider = Provider::start();
    let (wechat, alipay) = (wechat(&provider), alipay(&provider));
    for channel in [&wechat as &dyn Channel, &alipay] {
        channel.ask(&order()).await.unwrap();
        provider.pays(NUMBER);
        provider.next([Trouble::WrongSignature]);
        assert!(matches!(channel.look(NUMBER).await, Err(Fault::Forged(_))), "{}", channel.code());
        for passing in [Trouble::Status(500), Trouble::Status(502), Trouble::Close, Trouble::CloseAfter] {
            provider.next([passing]);
            assert!(matches!(channel.look(NUMBER).await, Err(Fault::Away(_))), "{}", channel.code());
        }
        assert!(matches!(channel.look(NUMBER).await, Ok(Standing::Paid(_))));
    }
    provider.next([Trouble::Late]);
    assert!(matches!(wechat.look(NUMBER).await, Err(Fault::Forged(_))));
    // A refusal that nobody signed closes no order.
    provider.next([Trouble::Status(404)]);
    assert!(matches!(wechat.look(NUMBER).await, Err(Fault::Away(_))));
}

#[tokio::test]
async fn with_a_key_of_somebody_else_nothing_is_answered() {
    let provider = Provider::start();
    let other = include_str!("data/merchant_pkcs1.pem");
    let stranger = WeChatKeys { key: other.to_owned(), ..wechat_keys(&provider) };
    let stranger = WeChat::new(&stranger, "http://127.0.0.1/told").unwrap();
    assert!(matches!(stranger.ask(&order()).await, Err(Fault::Refused(code)) if code == "SIGN_ERROR"));
    let stranger = AlipayKeys { key: other.to_owned(), ..alipay_keys(&provider) };
    let stranger = Alipay::new(&stranger, "http://127.0.0.1/told").unwrap();
    let refused = stranger.ask(&order()).await;
    assert!(matches!(refused, Err(Fault::Refused(code)) if code == "isv.invalid-signature"));
    assert!(provider.orders().is_empty());
}

#[tokio::test]
async fn a_notification_of_wechat_is_believed_as_it_was_signed_and_within_five_minutes() {
    let provider = Provider::start();
    let wechat = wechat(&provider);
    wechat.ask(&order()).await.unwrap();
    let open = provider.wechat_tells(NUMBER);
    assert_eq!(read(&wechat, &open, now()).unwrap(), Told::Nothing, "nothing came yet");
    provider.pays(NUMBER);
    let told = provider.wechat_tells(NUMBER);
    assert_eq!(read(&wechat, &told, now()).unwrap(), Told::Paid(paid()));
    for (at, believed) in [(299, true), (-299, true), (301, false), (-301, false)] {
        assert_eq!(read(&wechat, &told, now() + TimeDelta::seconds(at)).is_ok(), believed, "{at}");
    }
    for name in ["Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Serial", "Wechatpay-Signature"] {
        let mut without = told.clone();
        without.headers.retain(|(known, _)| known != name);
        assert!(matches!(read(&wechat, &without, now()), Err(Fault::Forged(_))), "{name}");
        let mut other = told.clone();
        let header = other.headers.iter_mut().find(|(known, _)| known == name).unwrap();
        header.1 = header.1.replace(['0', '1', 'A', 'n'], "2");
        assert!(matches!(read(&wechat, &other, now()), Err(Fault::Forged(_))), "{name}");
    }
    for n in 0..told.body.len() {
        let mut changed = told.clone();
        changed.body[n] ^= 1;
        assert!(matches!(read(&wechat, &changed, now()), Err(Fault::Forged(_))), "byte {n}");
    }
    let other = WeChatKeys { api_key: "x".repeat(32), ..wechat_keys(&provider) };
    let other = WeChat::new(&other, "http://127.0.0.1/told").unwrap();
    assert!(matches!(read(&other, &told, now()), Err(Fault::Forged(_))), "sealed with another key");
    let other = WeChatKeys { merchant: "1".to_owned(), ..wechat_keys(&provider) };
    let other = WeChat::new(&other, "http://127.0.0.1/told").unwrap();
    assert!(matches!(read(&other, &told, now()), Err(Fault::Forged(_))), "another merchant's");
}

#[tokio::test]
async fn a_notification_of_alipay_is_believed_for_our_app_and_seller_only() {
    let provider = Provider::start();
    let (alipay, keys) = (alipay(&provider), alipay_keys(&provider));
    alipay.ask(&order()).await.unwrap();
    let tells = || provider.alipay_tells(NUMBER, &keys.app, &keys.seller);
    assert_eq!(read(&alipay, &tells(), now()).unwrap(), Told::Nothing, "nothing came yet");
    provider.pays(NUMBER);
    let told = tells();
    assert_eq!(read(&alipay, &told, now()).unwrap(), Told::Paid(paid()));
    for (app, seller) in [("2021", keys.seller.as_str()), (keys.app.as_str(), "2088")] {
        let other = provider.alipay_tells(NUMBER, app, seller);
        assert!(matches!(read(&alipay, &other, now()), Err(Fault::Forged(_))), "{app} {seller}");
    }
    let text = String::from_utf8(told.body).unwrap();
    for (from, to) in [("88.34", "88.35"), ("&sign_type=RSA2", ""), ("RSA2", "RSA"), ("&sign=", "&sing=")] {
        assert!(text.contains(from));
        let body = text.replace(from, to).into_bytes();
        let changed = test_support::Told { headers: vec![], body };
        assert!(matches!(read(&alipay, &changed, now()), Err(Fault::Forged(_))), "{from}");
    }
    let body = format!("{text}&total_amount=0.01").into_bytes();
    assert!(read(&alipay, &test_support::Told { headers: vec![], body }, now()).is_err(), "said twice");
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let provider = Provider::start();
    let named = |keys: WeChatKeys| match WeChat::new(&keys, "") {
        Err(Fault::Unusable(name)) => name,
        _ => "",
    };
    let keys = || wechat_keys(&provider);
    assert_eq!(named(WeChatKeys { key: "hush".into(), ..keys() }), "LINLI_WECHAT_KEY");
    assert_eq!(named(WeChatKeys { platform: "hush".into(), ..keys() }), "LINLI_WECHAT_PLATFORM");
    assert_eq!(named(WeChatKeys { platform_id: String::new(), ..keys() }), "LINLI_WECHAT_PLATFORM");
    assert_eq!(named(WeChatKeys { api_key: "hush".into(), ..keys() }), "LINLI_WECHAT_APIV3_KEY");
    for url in ["hush", "http://pay.example.org", "ftp://127.0.0.1"] {
        assert_eq!(named(WeChatKeys { url: url.into(), ..keys() }), "LINLI_WECHAT_URL", "{url}");
    }
    assert_eq!(named(keys()), "");
}
