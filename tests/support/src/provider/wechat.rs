//! WeChat Pay's side of API v3.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::http::{Request, Response};
use super::{Order, Standing, State, Told, Trouble, keys, noted, now, opened};

const MERCHANT: &str = "1900000109";
const APP: &str = "wx8888888888888888";
const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const PLATFORM: &str = "PUB_KEY_ID_0119000001092026112200000000000001";
const API_KEY: &str = "a key of thirty-two characters..";

pub(super) fn settings(url: &str) -> Vec<(&'static str, String)> {
    vec![
        ("LINLI_WECHAT_MERCHANT", MERCHANT.to_owned()),
        ("LINLI_WECHAT_APP", APP.to_owned()),
        ("LINLI_WECHAT_SERIAL", SERIAL.to_owned()),
        ("LINLI_WECHAT_KEY", keys::private_pem(keys::merchant())),
        ("LINLI_WECHAT_APIV3_KEY", API_KEY.to_owned()),
        ("LINLI_WECHAT_PLATFORM", keys::public_pem(keys::platform())),
        ("LINLI_WECHAT_PLATFORM_ID", PLATFORM.to_owned()),
        ("LINLI_WECHAT_URL", url.to_owned()),
    ]
}

pub(super) fn answer(request: &Request, state: &mut State, trouble: Option<Trouble>) -> Response {
    noted(state, request, "");
    let (status, body) = if is_theirs(request) { act(request, state) } else { problem(401, "SIGN_ERROR") };
    let body = if status == 204 { Vec::new() } else { body.to_string().into_bytes() };
    let moment = now() - if trouble == Some(Trouble::Late) { 600 } else { 0 };
    let mut headers = signed(moment, &body);
    if trouble == Some(Trouble::WrongSignature) {
        headers.retain(|(name, _)| name != "Wechatpay-Signature");
        headers.push(("Wechatpay-Signature".to_owned(), keys::sign(keys::platform(), b"something else")));
    }
    headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    Response { status, headers, body }
}

/// Whether the merchant signed this very request, just now.
fn is_theirs(request: &Request) -> bool {
    let header = request.header("authorization");
    let Some(rest) = header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ") else { return false };
    let get = |name: &str| {
        let start = format!("{name}=\"");
        let value = rest.split(',').find_map(|part| part.trim().strip_prefix(&start)?.strip_suffix('"'));
        value.unwrap_or_default().to_owned()
    };
    let head = format!("{}\n{}\n{}\n{}\n", request.method, request.path, get("timestamp"), get("nonce_str"));
    let text = [head.as_bytes(), &request.body, b"\n"].concat();
    let fresh = get("timestamp").parse().is_ok_and(|moment: i64| moment.abs_diff(now()) < 300);
    let asks_for_key = request.header("wechatpay-serial") == PLATFORM;
    get("mchid") == MERCHANT
        && get("serial_no") == SERIAL
        && fresh
        && asks_for_key
        && keys::is_signed(keys::merchant(), &text, &get("signature"))
}

fn act(request: &Request, state: &mut State) -> (u16, Value) {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    if request.path == "/v3/pay/transactions/native" {
        let (Some(number), Some(fen)) = (body["out_trade_no"].as_str(), body["amount"]["total"].as_i64())
        else {
            return problem(400, "PARAM_ERROR");
        };
        let whole = body["mchid"] == MERCHANT && body["appid"] == APP && body["notify_url"].is_string();
        if !whole || !body["time_expire"].as_str().is_some_and(|at| at.ends_with("+08:00")) {
            return problem(400, "PARAM_ERROR");
        }
        opened(state, number, fen);
        return (200, json!({ "code_url": format!("weixin://wxpay/bizpayurl?pr={number}") }));
    }
    let rest = request.path.strip_prefix("/v3/pay/transactions/out-trade-no/").unwrap_or_default();
    if let Some(number) = rest.strip_suffix("/close") {
        return close(state, number);
    }
    let number = rest.split('?').next().unwrap_or_default();
    match state.orders.get(number) {
        Some(order) => (200, transaction(number, order)),
        None => problem(404, "ORDER_NOT_EXIST"),
    }
}

fn close(state: &mut State, number: &str) -> (u16, Value) {
    match state.orders.get_mut(number) {
        None => problem(404, "ORDER_NOT_EXIST"),
        Some(order) if order.standing == Standing::Paid => problem(400, "ORDER_PAID"),
        Some(order) => {
            order.standing = Standing::Closed;
            (204, Value::Null)
        }
    }
}

fn problem(status: u16, code: &str) -> (u16, Value) {
    (status, json!({ "code": code, "message": "…" }))
}

fn transaction(number: &str, order: &Order) -> Value {
    let mut one = json!({ "appid": APP, "mchid": MERCHANT, "out_trade_no": number, "trade_state_desc": "…" });
    match order.standing {
        Standing::Open => one["trade_state"] = "NOTPAY".into(),
        Standing::Closed => one["trade_state"] = "CLOSED".into(),
        Standing::Paid => {
            one["trade_state"] = "SUCCESS".into();
            one["transaction_id"] = order.transaction.clone().into();
            one["amount"] = json!({ "total": order.fen, "payer_total": order.fen, "currency": "CNY" });
        }
    }
    one
}

fn signed(moment: i64, body: &[u8]) -> Vec<(String, String)> {
    let nonce = format!("n{moment}");
    let text = [format!("{moment}\n{nonce}\n").as_bytes(), body, b"\n"].concat();
    [
        ("Wechatpay-Timestamp", moment.to_string()),
        ("Wechatpay-Nonce", nonce),
        ("Wechatpay-Serial", PLATFORM.to_owned()),
        ("Wechatpay-Signature", keys::sign(keys::platform(), &text)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

pub(super) fn told(number: &str, order: &Order, moment: i64) -> Told {
    let body = json!({
        "id": format!("EV-{number}"),
        "create_time": "2026-11-22T10:00:00+08:00",
        "resource_type": "encrypt-resource",
        "event_type": "TRANSACTION.SUCCESS",
        "summary": "支付成功",
        "resource": sealed(&transaction(number, order).to_string()),
    });
    let body = body.to_string().into_bytes();
    Told { headers: signed(moment, &body), body }
}

fn sealed(text: &str) -> Value {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, API_KEY.as_bytes()).expect("a key of 32 bytes"));
    let nonce = *b"fdasflkja484";
    let mut bytes = text.as_bytes().to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(b"transaction"), &mut bytes)
        .expect("a seal");
    json!({
        "original_type": "transaction",
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": STANDARD.encode(bytes),
        "associated_data": "transaction",
        "nonce": std::str::from_utf8(&nonce).expect("letters"),
    })
}
