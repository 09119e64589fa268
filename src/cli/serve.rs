//! `linli serve`: migrates, then serves the pages until it is told to stop, with the worker beside them
//! where the database is SQLite.

use std::future::Future;
use std::pin::pin;

use actix_web::web::Data;
use domain::db::Kind;
use domain::{Error, Result};
use serde_json::json;
use tokio::sync::watch;

use super::Out;
use crate::app::{self, App};
use crate::config::Config;
use crate::{metrics, server, worker};

/// Serve the pages.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// Leave the worker to other processes.
    #[arg(long, conflicts_with = "with_worker")]
    no_worker: bool,
    /// Run the worker in this process too, on PostgreSQL as well.
    #[arg(long)]
    with_worker: bool,
}

impl Serve {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let store = app::open_store(config)?;
        app::migrate(config, &store)?;
        let embedded = !self.no_worker && (self.with_worker || store.kind() == Kind::Sqlite);
        drop(store);
        let app = Data::new(App::open(config.clone())?);
        actix_web::rt::System::new().block_on(async {
            let ready = |url: &str| out.say("serving", &json!({"url": url}));
            serve(app, embedded, ready).await
        })
    }
}

/// Serves until it is told to stop. The first of the two to end, pages or worker, ends the other.
pub(super) async fn serve(app: Data<App>, embedded: bool, ready: impl FnOnce(&str)) -> Result<()> {
    let listener = server::listen("LINLI_BIND", &app.config.web.bind)?;
    metrics::start(&app)?;
    let listening = server::start(app.clone(), listener)?;
    let handle = listening.server.handle();
    let (stop, stopped) = watch::channel(false);
    let worker = start_worker(&app, embedded, stopped)?;
    ready(&format!("http://{}", listening.address));
    tracing::info!(address = %listening.address, worker = embedded, "serving");
    let running = actix_web::rt::spawn(listening.server);
    let mut worker = pin!(worker);
    let early = tokio::select! {
        told = server::told_to_stop() => { told?; None }
        ended = &mut worker => Some(ended),
    };
    // Nobody listens any more where the worker has ended by itself.
    let _listeners = stop.send(true);
    server::stop(handle).await;
    running.await.map_err(Error::internal)?.map_err(Error::internal)?;
    match early {
        Some(ended) => ended,
        None if embedded => worker.await,
        None => Ok(()),
    }
}

/// The worker of this process, or nothing that never ends before it is told to.
fn start_worker(
    app: &App,
    embedded: bool,
    mut stopped: watch::Receiver<bool>,
) -> Result<impl Future<Output = Result<()>>> {
    let jobs = embedded.then(|| worker::nightly(app)).transpose()?;
    let told = async move {
        // A sender that is gone has nothing more to say: that is the word to stop, too.
        let _told = stopped.wait_for(|stop| *stop).await.is_ok();
    };
    let running = jobs.map(|jobs| actix_web::rt::spawn(jobs::run(jobs, told)));
    Ok(async move {
        match running {
            Some(running) => running.await.map_err(Error::internal)?,
            None => std::future::pending().await,
        }
    })
}
