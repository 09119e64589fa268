//! The web server: the layers around every request, and a stop that lets requests finish.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::Data;
use actix_web::{App as Actix, HttpServer};
use domain::{Error, Result};
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::{guard, routes};

/// How long requests may go on after the word to stop.
const DRAIN_SECS: u64 = 20;

/// A server that listens.
pub(crate) struct Listening {
    /// What runs until it is stopped.
    pub(crate) server: Server,
    /// The address that it has; another than asked for where the port was 0.
    pub(crate) address: SocketAddr,
}

/// Takes the address of a setting; nothing is answered before [`Listening::server`] is awaited.
///
/// # Errors
/// An address that is taken or none.
pub(crate) fn listen(setting: &'static str, bind: &str) -> Result<TcpListener> {
    TcpListener::bind(bind).map_err(|error| {
        tracing::error!(%error, bind, "the address cannot be listened on");
        Error::field(setting, "setting_bind")
    })
}

/// Makes the server of a listener.
pub(crate) fn start(app: Data<App>, listener: TcpListener) -> Result<Listening> {
    let address = listener.local_addr().map_err(Error::internal)?;
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(app.clone())
            .wrap(Compress::default())
            .wrap(from_fn(guard::frame))
            .configure(routes::configure)
    })
    .client_request_timeout(Duration::from_secs(20))
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(DRAIN_SECS)
    .disable_signals()
    .listen(listener)
    .map_err(Error::internal)?
    .run();
    Ok(Listening { server, address })
}

/// Waits for SIGTERM or SIGINT.
pub(crate) async fn told_to_stop() -> Result<()> {
    let mut term = signal(SignalKind::terminate()).map_err(Error::internal)?;
    let mut int = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}

/// Stops a server: no new requests, the running ones finish.
pub(crate) async fn stop(handle: ServerHandle) {
    tracing::info!("stopping");
    handle.stop(true).await;
}
