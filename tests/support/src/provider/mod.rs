//! A real, small HTTP server on 127.0.0.1 that stands in for WeChat Pay and for Alipay: it signs, seals and checks
//! signatures as they do, and fails in the ways that they do.

mod alipay;
mod http;
mod keys;
mod wechat;

use std::collections::{BTreeMap, VecDeque};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::spawn;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Request, Response};

/// How an exchange goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Answers this status, with a page of a proxy.
    Status(u16),
    /// Closes the connection without a word.
    Close,
    /// Does what it was asked, and closes the connection without a word.
    CloseAfter,
    /// Signs something else than it says.
    WrongSignature,
    /// Signs with a moment ten minutes ago.
    Late,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for the payer.
    Open,
    /// It is paid.
    Paid,
    /// It cannot be paid any more.
    Closed,
}

#[derive(Clone, Debug)]
struct Order {
    fen: i64,
    standing: Standing,
    transaction: String,
}

/// What the provider sends by itself.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// The server.
pub struct Provider {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    orders: BTreeMap<String, Order>,
    next: VecDeque<Trouble>,
    requests: Vec<String>,
    closing: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Provider {
    /// Listens on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let shared = Arc::new(Shared::default());
        let theirs = shared.clone();
        spawn(move || accept(&listener, &theirs));
        Self { address, shared }
    }

    /// The settings of a merchant of WeChat Pay.
    pub fn wechat(&self) -> Vec<(&'static str, String)> {
        wechat::settings(&format!("http://{}", self.address))
    }

    /// The settings of a merchant of Alipay.
    pub fn alipay(&self) -> Vec<(&'static str, String)> {
        alipay::settings(&format!("http://{}/gateway.do", self.address))
    }

    /// What goes wrong with the next exchanges, one after the other.
    pub fn next(&self, troubles: impl IntoIterator<Item = Trouble>) {
        self.shared.lock().next.extend(troubles);
    }

    /// The numbers of the orders that were asked for.
    pub fn orders(&self) -> Vec<String> {
        self.shared.lock().orders.keys().cloned().collect()
    }

    /// How an order stands.
    pub fn standing(&self, number: &str) -> Option<Standing> {
        self.shared.lock().orders.get(number).map(|order| order.standing)
    }

    /// What was asked, in order: method and path, or Alipay's method.
    pub fn requests(&self) -> Vec<String> {
        self.shared.lock().requests.clone()
    }

    /// The payer pays, all of it.
    pub fn pays(&self, number: &str) {
        self.pays_sum(number, None);
    }

    /// The payer pays another sum: what no real one lets them do.
    pub fn pays_sum(&self, number: &str, fen: Option<i64>) {
        let mut state = self.shared.lock();
        let order = state.orders.get_mut(number).expect("an order that was asked for");
        order.standing = Standing::Paid;
        order.fen = fen.unwrap_or(order.fen);
    }

    /// WeChat's notification of a payment.
    pub fn wechat_tells(&self, number: &str) -> Told {
        wechat::told(number, &self.order(number), now())
    }

    /// The same as it was told so many seconds ago.
    pub fn wechat_told(&self, number: &str, seconds_ago: i64) -> Told {
        wechat::told(number, &self.order(number), now() - seconds_ago)
    }

    /// Alipay's notification of a payment, for this app and seller.
    pub fn alipay_tells(&self, number: &str, app: &str, seller: &str) -> Told {
        alipay::told(number, &self.order(number), (app, seller))
    }

    fn order(&self, number: &str) -> Order {
        self.shared.lock().orders.get(number).expect("an order that was asked for").clone()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        // Wakes the listener; one that has ended already needs no waking.
        let _woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming().flatten() {
        if shared.lock().closing {
            return;
        }
        let shared = shared.clone();
        spawn(move || serve(stream, &shared));
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) {
    let Some(request) = http::read(&mut stream) else { return };
    let trouble = shared.lock().next.pop_front();
    match trouble {
        Some(Trouble::Close) => return,
        Some(Trouble::Status(status)) => {
            let page = Response { status, headers: vec![], body: b"<html>bad gateway</html>".to_vec() };
            return http::write(&mut stream, &page);
        }
        _ => {}
    }
    let response = if request.path.starts_with("/v3/") {
        wechat::answer(&request, &mut shared.lock(), trouble)
    } else {
        alipay::answer(&request, &mut shared.lock(), trouble)
    };
    if trouble != Some(Trouble::CloseAfter) {
        http::write(&mut stream, &response);
    }
}

#[expect(clippy::disallowed_methods, reason = "a provider has a clock of its own")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_secs()).expect("a clock before the end of time")
}

/// A new order; one of the same number stays as it is.
fn opened(state: &mut State, number: &str, fen: i64) {
    let order = Order { fen, standing: Standing::Open, transaction: format!("4200{number}") };
    state.orders.entry(number.to_owned()).or_insert(order);
}

fn noted(state: &mut State, request: &Request, what: &str) {
    let target = if what.is_empty() { request.path.split('?').next().unwrap_or_default() } else { what };
    state.requests.push(format!("{} {target}", request.method));
}
