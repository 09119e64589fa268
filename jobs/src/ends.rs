//! How jobs ended. What is done while the end of others is being written waits for that, and then all that wait
//! are written in one transaction: a commit is most of what a small job costs. What failed or is put off is
//! written alone, so that nothing in it can hold up another.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{Error, Result};
use tokio::sync::oneshot;

use crate::table::{self, End};
use crate::{App, Leased};

/// The ends that one worker writes; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Ends {
    waiting: Arc<Mutex<Vec<Done>>>,
    /// Held while writing.
    turn: Arc<tokio::sync::Mutex<()>>,
}

struct Done {
    lease: (i64, i32),
    tell: oneshot::Sender<Result<bool>>,
}

impl Ends {
    /// Writes down how a job ended. False where the lease was not ours any more.
    pub(crate) async fn write(&self, app: &App, worker: &str, job: &Leased, end: &End) -> Result<bool> {
        if *end != End::Done {
            return alone(app, worker, job, end).await;
        }
        let (tell, told) = oneshot::channel();
        self.lock().push(Done { lease: (job.id, job.attempts), tell });
        let turn = self.turn.lock().await;
        let batch = std::mem::take(&mut *self.lock());
        if !batch.is_empty() {
            together(app, worker, batch).await;
        }
        drop(turn);
        told.await.map_err(Error::internal)?
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Done>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn alone(app: &App, worker: &str, job: &Leased, end: &End) -> Result<bool> {
    let (worker, job, end, clock) = (worker.to_owned(), job.clone(), end.clone(), app.clock);
    app.store.write(move |tx| table::settle(tx, &worker, &job, clock.real_now(), &end)).await
}

/// Writes a batch and tells each of it what became of it; nobody listens any more where a worker was killed.
async fn together(app: &App, worker: &str, batch: Vec<Done>) {
    let leases: Vec<_> = batch.iter().map(|done| done.lease).collect();
    let (worker, clock) = (worker.to_owned(), app.clock);
    let written = app.store.write(move |tx| table::settle_done(tx, &worker, &leases, clock.real_now())).await;
    for Done { lease, tell } in batch {
        let answer = match &written {
            Ok(ours) => Ok(ours.contains(&lease.0)),
            Err(error) => Err(Error::internal(error.to_string())),
        };
        drop(tell.send(answer));
    }
}
