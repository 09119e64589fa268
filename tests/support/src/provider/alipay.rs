//! Alipay's side of its gateway.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::http::{Request, Response};
use super::{Order, Standing, State, Told, Trouble, keys, noted, opened};

/// The app's number.
const APP: &str = "2021000000000001";
/// The seller's.
const SELLER: &str = "2088000000000001";

pub(super) fn settings(url: &str) -> Vec<(&'static str, String)> {
    vec![
        ("LINLI_ALIPAY_APP", APP.to_owned()),
        ("LINLI_ALIPAY_SELLER", SELLER.to_owned()),
        ("LINLI_ALIPAY_KEY", keys::private_pem(keys::merchant())),
        ("LINLI_ALIPAY_PLATFORM", keys::public_pem(keys::platform())),
        ("LINLI_ALIPAY_URL", url.to_owned()),
    ]
}

pub(super) fn answer(request: &Request, state: &mut State, trouble: Option<Trouble>) -> Response {
    let asked: BTreeMap<String, String> = form_urlencoded::parse(&request.body).into_owned().collect();
    let method = asked.get("method").cloned().unwrap_or_default();
    noted(state, request, &method);
    let said = if is_theirs(&asked) { act(&method, &asked, state) } else { failed("isv.invalid-signature") };
    // Slashes are written as Alipay writes them: the signature is over the very text.
    let raw = said.to_string().replace('/', "\\/");
    let over = if trouble == Some(Trouble::WrongSignature) { "something else" } else { raw.as_str() };
    let signature = keys::sign(keys::platform(), over.as_bytes());
    let body = format!("{{\"{}_response\":{raw},\"sign\":\"{signature}\"}}", method.replace('.', "_"));
    let headers = vec![("Content-Type".to_owned(), "text/html;charset=utf-8".to_owned())];
    Response { status: 200, headers, body: body.into_bytes() }
}

fn is_theirs(asked: &BTreeMap<String, String>) -> bool {
    let signature = asked.get("sign").cloned().unwrap_or_default();
    let rest = asked.iter().filter(|(name, _)| name.as_str() != "sign");
    let fixed = [("app_id", APP), ("charset", "utf-8"), ("sign_type", "RSA2"), ("version", "1.0")];
    let whole = fixed.iter().all(|(name, value)| asked.get(*name).is_some_and(|found| found == value));
    whole && keys::is_signed(keys::merchant(), joined(rest).as_bytes(), &signature)
}

fn joined<'a>(pairs: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn act(method: &str, asked: &BTreeMap<String, String>, state: &mut State) -> Value {
    let content: Value =
        asked.get("biz_content").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let number = content["out_trade_no"].as_str().unwrap_or_default().to_owned();
    match method {
        "alipay.trade.precreate" => {
            let fen = content["total_amount"].as_str().and_then(fen);
            let Some(fen) = fen.filter(|_| asked.contains_key("notify_url")) else {
                return failed("ACQ.INVALID_PARAMETER");
            };
            opened(state, &number, fen);
            json!({ "code": "10000", "msg": "Success", "out_trade_no": number, "qr_code": format!("https://qr.alipay.com/{number}") })
        }
        "alipay.trade.query" => match state.orders.get(&number) {
            None => failed("ACQ.TRADE_NOT_EXIST"),
            Some(order) => queried(&number, order),
        },
        "alipay.trade.close" => match state.orders.get_mut(&number) {
            None => failed("ACQ.TRADE_NOT_EXIST"),
            Some(order) if order.standing == Standing::Paid => failed("ACQ.TRADE_STATUS_ERROR"),
            Some(order) => {
                order.standing = Standing::Closed;
                json!({ "code": "10000", "msg": "Success", "out_trade_no": number })
            }
        },
        _ => failed("isv.invalid-method"),
    }
}

fn queried(number: &str, order: &Order) -> Value {
    json!({
        "code": "10000",
        "msg": "Success",
        "out_trade_no": number,
        "trade_no": order.transaction,
        "trade_status": status(order),
        "total_amount": yuan(order.fen),
    })
}

fn status(order: &Order) -> &'static str {
    match order.standing {
        Standing::Open => "WAIT_BUYER_PAY",
        Standing::Paid => "TRADE_SUCCESS",
        Standing::Closed => "TRADE_CLOSED",
    }
}

fn failed(code: &str) -> Value {
    json!({ "code": "40004", "msg": "Business Failed", "sub_code": code, "sub_msg": "…" })
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn fen(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    Some(whole.parse::<i64>().ok()? * 100 + part.parse::<i64>().ok()?)
}

pub(super) fn told(number: &str, order: &Order, (app, seller): (&str, &str)) -> Told {
    let said: BTreeMap<String, String> = [
        ("app_id", app),
        ("seller_id", seller),
        ("notify_type", "trade_status_sync"),
        ("out_trade_no", number),
        ("trade_no", &order.transaction),
        ("trade_status", status(order)),
        ("total_amount", &yuan(order.fen)),
        ("subject", "锦绣花园 1-1-0101"),
        ("charset", "utf-8"),
        ("version", "1.0"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    let signature = keys::sign(keys::platform(), joined(said.iter()).as_bytes());
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(&said).append_pair("sign_type", "RSA2").append_pair("sign", &signature);
    let kind = "application/x-www-form-urlencoded; charset=UTF-8".to_owned();
    Told { headers: vec![("Content-Type".to_owned(), kind)], body: body.finish().into_bytes() }
}
