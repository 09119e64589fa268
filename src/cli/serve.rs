//! `linli serve`: migrates, then serves the pages until it is told to stop.

use actix_web::web::Data;
use domain::{Error, Result};
use serde_json::json;

use super::Out;
use crate::app::{self, App};
use crate::config::Config;
use crate::server;

/// Serve the pages.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {}

impl Serve {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        app::open_store(config)?.migrate()?;
        let app = Data::new(App::open(config.clone())?);
        actix_web::rt::System::new().block_on(serve(app, out))
    }
}

async fn serve(app: Data<App>, out: &Out) -> Result<()> {
    let listener = server::listen(&app.config.web.bind)?;
    let listening = server::start(app.clone(), listener)?;
    let handle = listening.server.handle();
    out.say("serving", &json!({"url": format!("http://{}", listening.address)}));
    tracing::info!(address = %listening.address, "serving");
    let running = actix_web::rt::spawn(listening.server);
    server::told_to_stop().await?;
    server::stop(handle).await;
    running.await.map_err(Error::internal)?.map_err(Error::internal)
}
