//! Figures about this process for who watches it, in the text form of Prometheus, on an address of their own
//! (`LINLI_METRICS_BIND`). They name routes by their patterns and never a person.

mod requests;
mod text;

use actix_web::web::{Data, get};
use actix_web::{App as Actix, HttpResponse, HttpServer};
use domain::{Db, Error, Result, db, notifications};

use crate::app::App;
use crate::server;

pub(crate) use requests::Requests;

/// What the database says, at the moment of asking.
struct Records {
    queue: jobs::Figures,
    notifications: Vec<(String, i64)>,
    bytes: i64,
}

/// Serves the figures for as long as the process runs, where an address is set for them.
///
/// # Errors
/// An address that is taken or none.
pub(crate) fn start(app: &Data<App>) -> Result<()> {
    let Some(bind) = &app.config.web.metrics_bind else { return Ok(()) };
    let listener = server::listen("LINLI_METRICS_BIND", bind)?;
    let app = app.clone();
    let made = move || Actix::new().app_data(app.clone()).route("/metrics", get().to(show));
    let server = HttpServer::new(made).workers(1).disable_signals().listen(listener);
    actix_web::rt::spawn(server.map_err(Error::internal)?.run());
    Ok(())
}

/// `GET /metrics`
async fn show(app: Data<App>) -> HttpResponse {
    let real_now = app.clock.real_now();
    let records = app.store.read(move |db| records(db, real_now)).await;
    if let Err(error) = &records {
        tracing::error!(%error, "no figures of the database");
    }
    let text = text::write(&app.requests, records.ok().as_ref());
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text)
}

fn records(db: &mut Db, real_now: domain::Instant) -> Result<Records> {
    Ok(Records {
        queue: jobs::figures(db, real_now)?,
        notifications: notifications::unsent(db)?,
        bytes: db::bytes(db)?,
    })
}
