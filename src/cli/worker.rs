//! `linli worker`: the worker alone, until it is told to stop; or once, for what is due now.

use actix_web::web::Data;
use domain::Result;
use serde_json::json;

use super::Out;
use crate::app::App;
use crate::config::Config;
use crate::{metrics, server, worker};

/// Do the work that is due.
#[derive(Debug, clap::Args)]
pub(super) struct Worker {
    /// Do everything that is due now, say what was done, and end.
    #[arg(long)]
    once: bool,
}

impl Worker {
    pub(super) fn run(self, config: &Config, out: &Out) -> Result<()> {
        let app = Data::new(App::open(config.clone())?);
        let jobs = worker::nightly(&app)?;
        actix_web::rt::System::new().block_on(async move {
            if self.once {
                return once(&jobs, out).await;
            }
            metrics::start(&app)?;
            out.say("working", &json!({}));
            jobs::run(jobs, async { server::told_to_stop().await.unwrap_or_default() }).await
        })
    }
}

async fn once(jobs: &jobs::App, out: &Out) -> Result<()> {
    let done = jobs::run_due(jobs).await?;
    let items: Vec<_> = done
        .iter()
        .map(|one| match &one.outcome {
            Ok(report) => json!({"kind": one.kind, "key": one.key, "done": report.to_string()}),
            Err(cause) => json!({"kind": one.kind, "key": one.key, "failed": cause}),
        })
        .collect();
    items.iter().for_each(|item| tracing::info!(job = %item, "done"));
    out.say("worked", &json!({"count": done.len(), "done": items}));
    Ok(())
}
