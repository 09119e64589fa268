//! Many small changes in one transaction: whoever comes while another commits waits, and goes with all who wait. So
//! the mails of a morning cost some hundred commits instead of thousands, and one alone waits for nobody. Where commits
//! come back at once few would be waiting: after a group of several, the next one gives the others a moment to come.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Db, Error, Result, Store};
use tokio::sync::{Mutex as Turn, oneshot};

/// How long a group waits for more, where the one before had more than one: some commits long, far below what anybody
/// notices.
const MOMENT: Duration = Duration::from_millis(3);

/// What waits to be done, each with where its outcome goes.
type Waiting<T, R> = Vec<(T, oneshot::Sender<Result<R>>)>;

/// Changes of one kind that can be made together.
pub(crate) struct Gather<T, R> {
    waiting: Mutex<Waiting<T, R>>,
    /// Who makes the changes now, and how many went together the last time.
    turn: Turn<usize>,
}

impl<T, R> Default for Gather<T, R> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turn: Turn::default() }
    }
}

impl<T: Send + Sync + 'static, R: Send + 'static> Gather<T, R> {
    /// Makes a change, in one transaction with those of others or, where that fails, in one of its own. `make` makes all
    /// that it is given, and answers for each in their order.
    pub(crate) async fn write(
        &self,
        store: &Store,
        change: T,
        make: impl Fn(&mut Db, &[T]) -> Result<Vec<R>> + Copy + Send + 'static,
    ) -> Result<R> {
        let (tell, told) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((change, tell));
        let mut last = self.turn.lock().await;
        // Who was before in the turn may have done ours as well.
        if self.any() {
            if *last > 1 {
                tokio::time::sleep(MOMENT).await;
            }
            let all = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            *last = all.len();
            together(store, all, make).await;
        }
        drop(last);
        told.await.map_err(Error::internal)?
    }

    fn any(&self) -> bool {
        !self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

async fn together<T: Send + Sync + 'static, R: Send + 'static>(
    store: &Store,
    all: Waiting<T, R>,
    make: impl Fn(&mut Db, &[T]) -> Result<Vec<R>> + Copy + Send + 'static,
) {
    let (changes, tells): (Vec<T>, Vec<_>) = all.into_iter().unzip();
    let changes = Arc::new(changes);
    let those = changes.clone();
    let made = store.write(move |tx| make(tx, &those));
    let outcomes = match made.await {
        Ok(made) if made.len() == changes.len() => made.into_iter().map(Ok).collect(),
        Ok(_) => changes.iter().map(|_| Err(Error::internal("not every change has an outcome"))).collect(),
        Err(error) if changes.len() == 1 => vec![Err(error)],
        Err(_) => alone(store, &changes, make).await,
    };
    for (tell, outcome) in tells.into_iter().zip(outcomes) {
        // Who does not listen any more has been ended; what was done for them stands.
        drop(tell.send(outcome));
    }
}

/// One that fails must not take the others with it.
async fn alone<T: Send + Sync + 'static, R: Send + 'static>(
    store: &Store,
    changes: &Arc<Vec<T>>,
    make: impl Fn(&mut Db, &[T]) -> Result<Vec<R>> + Copy + Send + 'static,
) -> Vec<Result<R>> {
    let mut outcomes = Vec::new();
    for n in 0..changes.len() {
        let those = changes.clone();
        let one = move |tx: &mut Db| {
            let one = those.get(n..=n).ok_or_else(|| Error::internal("a change is gone"))?;
            make(tx, one)?.pop().ok_or_else(|| Error::internal("a change has no outcome"))
        };
        outcomes.push(store.write(one).await);
    }
    outcomes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use diesel::prelude::*;
    use diesel::sql_types::BigInt;
    use test_support::{Database, Kind};

    use super::*;

    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }

    fn note(tx: &mut Db, all: &[i64]) -> Result<Vec<i64>> {
        for n in all {
            diesel::sql_query("INSERT INTO noted (n) VALUES ($1)").bind::<BigInt, _>(n).execute(tx)?;
        }
        Ok(all.to_vec())
    }

    async fn gathered(kind: Kind) {
        let database = Database::empty(kind);
        let store = Store::open(database.url()).unwrap();
        store
            .write_now(|tx| Ok(diesel::sql_query("CREATE TABLE noted (n BIGINT PRIMARY KEY)").execute(tx)?))
            .unwrap();
        let gather = Arc::new(Gather::<i64, i64>::default());
        let ask = |n: i64| {
            let (gather, store) = (gather.clone(), store.clone());
            tokio::spawn(async move { gather.write(&store, n, note).await })
        };
        // 7 comes twice: the second fails, and nobody with it.
        let asked: Vec<_> = (0..50).chain([7]).map(ask).collect();
        let mut failed = 0;
        for one in asked {
            failed += usize::from(one.await.unwrap().is_err());
        }
        assert_eq!(failed, 1);
        let sql = "SELECT COUNT(*) AS n FROM noted";
        let count = store.read_now(|db| Ok(diesel::sql_query(sql).get_result::<Count>(db)?.n)).unwrap();
        assert_eq!(count, 50);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_that_fails_takes_no_other_with_it_on_sqlite() {
        gathered(Kind::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_that_fails_takes_no_other_with_it_on_postgresql() {
        gathered(Kind::Postgres).await;
    }
}
