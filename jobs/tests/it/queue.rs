use std::time::Duration;

use domain::access::Actor;
use domain::job::{self, Job};
use domain::{Error, Result};
use jobs::{App, Failure, Handler, JobState, Leased, Outcome, Pauses, Report};
use serde::Deserialize;
use serde_json::json;
use test_support::both;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::world::{World, app, at, enqueue, mark};

pub(crate) const HANDLERS: &[Handler] = &[
    Handler { kind: "mark", pauses: Pauses::Doubling, run: |app, job| Box::pin(leave_mark(app, job)) },
    Handler { kind: "fail", pauses: Pauses::Minutes(&[1, 5]), run: |app, job| Box::pin(fail(app, job)) },
    Handler { kind: "panic", pauses: Pauses::Doubling, run: |app, job| Box::pin(panic(app, job)) },
    Handler { kind: "slow", pauses: Pauses::Doubling, run: |app, job| Box::pin(slow(app, job)) },
    Handler { kind: "later", pauses: Pauses::Doubling, run: |app, job| Box::pin(later(app, job)) },
];

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn leave_mark(app: &App, job: &Leased) -> Outcome {
    let Named { name } = job.read()?;
    app.store.write(move |tx| mark(tx, &name)).await?;
    Ok(Report::of("marks", 1))
}

async fn fail(app: &App, job: &Leased) -> Outcome {
    leave_mark(app, job).await?;
    Err(Failure::Again(Error::internal("out of paint")))
}

async fn panic(app: &App, job: &Leased) -> Outcome {
    leave_mark(app, job).await?;
    panic!("a handler panics on purpose")
}

async fn slow(app: &App, job: &Leased) -> Outcome {
    tokio::time::sleep(Duration::from_millis(job.read::<Slow>()?.millis)).await;
    leave_mark(app, job).await
}

#[derive(Deserialize)]
struct Slow {
    millis: u64,
}

async fn later(app: &App, _: &Leased) -> Outcome {
    Err(Failure::Later(app.clock.now().plus(chrono::TimeDelta::hours(1))))
}

/// A worker that runs until it is asked to end, or is killed.
struct Running {
    task: JoinHandle<Result<()>>,
    ask: oneshot::Sender<()>,
}

fn start(app: App) -> Running {
    let (ask, asked) = oneshot::channel::<()>();
    let until = async move { drop(asked.await) };
    Running { task: tokio::spawn(jobs::run(app, until)), ask }
}

impl Running {
    async fn end(self) {
        self.ask.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }

    /// Nothing more is written by it; its leases stay.
    async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

both! {
    async fn a_job_that_was_rolled_back_never_was(world: World) {
        let now = world.app.clock.real_now();
        let job = Job::new("mark", json!({ "name": "a" })).once("a");
        let outcome: Result<()> = world.app.store.write_now(|tx| {
            assert!(job::enqueue(tx, &job, now, now)?.is_some());
            Err(Error::refused("test", vec![]))
        });
        assert!(outcome.is_err());
        assert_eq!(world.run_due().await, []);
        assert_eq!(world.marks("a"), 0);
    }

    async fn a_key_makes_one_job_for_ever(world: World) {
        let job = Job::new("mark", json!({ "name": "a" })).once("a");
        assert!(enqueue(&world.app, &job).is_some());
        assert!(enqueue(&world.app, &job).is_none());
        assert_eq!(world.run_due().await.len(), 1);
        assert!(enqueue(&world.app, &job).is_none());
        assert_eq!(world.run_due().await, []);
        assert_eq!(world.marks("a"), 1);
    }

    async fn an_error_pauses_and_repeats_and_ends_where_an_admin_sees_it(world: World) {
        let id = world.enqueue("fail", json!({ "name": "a" }));
        for attempt in 1..=3 {
            let done = world.run_due().await;
            assert_eq!(done.len(), 1, "attempt {attempt}");
            assert_eq!(done[0].outcome, Err("internal: out of paint".to_owned()));
            assert_eq!(world.run_due().await, [], "no repetition before its pause is over");
            world.pauses_are_over();
        }
        assert_eq!(world.run_due().await, [], "three attempts: two pauses");
        let failed = world.app.store.read_now(|db| jobs::list(db, JobState::Failed, 10)).unwrap();
        assert_eq!(failed.len(), 1);
        assert_eq!((failed[0].id, failed[0].attempts), (id, 3));
        assert_eq!(failed[0].last_error.as_deref(), Some("internal: out of paint"));

        let again = |actor: Actor| {
            let now = at("2026-11-22T00:00:00Z");
            world.app.store.write_now(|tx| jobs::run_again(tx, &actor, now, world.app.clock.real_now(), id))
        };
        assert!(again(Actor::nobody()).is_err());
        again(Actor::system("test")).unwrap();
        assert_eq!(world.run_due().await.len(), 1);
        assert_eq!(world.marks("a"), 4);
        assert_eq!(world.count("FROM audit_lines WHERE action = 'job.run_again'"), 1);
    }

    async fn what_cannot_be_read_fails_alone(world: World) {
        world.enqueue("mark", json!({ "colour": "red" }));
        world.sql("INSERT INTO jobs (kind, payload, run_at, state, created_at) \
                   VALUES ('mark', 'no json', '2026-01-01 00:00:00', 'waiting', '2026-01-01 00:00:00')");
        world.enqueue("unheard of", json!({}));
        world.enqueue("panic", json!({ "name": "p" }));
        let good = world.enqueue_marks(3);
        assert_eq!(world.run_due().await.len(), 7);
        assert!(good.iter().all(|name| world.marks(name) == 1));
        let counts = world.app.store.read_now(jobs::counts).unwrap();
        assert_eq!(counts, [
            (JobState::Waiting, 1), (JobState::Running, 0), (JobState::Done, 3), (JobState::Failed, 3),
        ]);
    }

    async fn what_is_put_off_is_no_attempt(world: World) {
        world.enqueue("later", json!({}));
        assert_eq!(world.run_due().await.len(), 1);
        assert_eq!(world.count("FROM jobs WHERE state = 'waiting' AND attempts = 0 AND last_error IS NULL"), 1);
        assert_eq!(world.run_due().await, []);
    }

    async fn a_worker_does_what_waits_and_what_comes(world: World) {
        let before = world.enqueue_marks(5);
        let worker = start(world.app.clone());
        world.until_marked(&before).await;
        world.enqueue("mark", json!({ "name": "afterwards" }));
        world.until_marked(&["afterwards".into()]).await;
        let health = world.app.store.read_now(|db| jobs::health(db, world.app.clock.real_now())).unwrap();
        assert_eq!((health.workers, health.failed), (1, 0));
        worker.end().await;
        assert_eq!(world.count("FROM workers"), 0);
        assert_eq!(world.count("FROM jobs WHERE state <> 'done'"), 0);
    }

    async fn what_another_process_enqueues_is_done_at_once(world: World) {
        let worker = start(world.app.clone());
        world.enqueue("mark", json!({ "name": "warm" }));
        world.until_marked(&["warm".into()]).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let (other, mut fastest) = (app(&world.db), Duration::MAX);
        for n in 0..5 {
            let begun = std::time::Instant::now();
            let name = format!("other {n}");
            enqueue(&other, &Job::new("mark", json!({ "name": name })));
            while world.marks(&name) == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            fastest = fastest.min(begun.elapsed());
        }
        assert!(fastest < Duration::from_millis(400), "{fastest:?} is no better than polling");
        worker.end().await;
    }

    async fn two_workers_do_each_job_once(world: World) {
        let names = world.enqueue_marks(120);
        let workers = [start(world.app.clone()), start(app(&world.db))];
        world.until_marked(&names).await;
        for worker in workers {
            worker.end().await;
        }
        assert!(names.iter().all(|name| world.marks(name) == 1));
        assert_eq!(world.count("FROM jobs WHERE state = 'done' AND attempts = 1"), 120);
    }

    async fn what_a_killed_worker_left_is_done_within_a_minute(world: World) {
        world.enqueue("slow", json!({ "name": "a", "millis": 3_000 }));
        let killed = start(app(&world.db));
        while world.count("FROM jobs WHERE state = 'running'") == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let worker = start(world.app.clone());
        killed.kill().await;
        let begun = std::time::Instant::now();
        while world.marks("a") == 0 {
            assert!(begun.elapsed() < Duration::from_secs(60));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        worker.end().await;
        assert_eq!(world.marks("a"), 1);
        assert_eq!(world.count("FROM jobs WHERE state = 'done' AND attempts = 2"), 1);
    }

    async fn a_worker_that_is_asked_to_end_finishes_what_it_does(world: World) {
        world.enqueue("slow", json!({ "name": "a", "millis": 1_000 }));
        let worker = start(world.app.clone());
        while world.count("FROM jobs WHERE state = 'running'") == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        worker.end().await;
        assert_eq!(world.marks("a"), 1);
        assert_eq!(world.count("FROM jobs WHERE state = 'done' AND attempts = 1"), 1);
    }

    async fn no_more_run_at_once_than_there_are_places(world: World) {
        for n in 0..8 {
            world.enqueue("slow", json!({ "name": format!("slow {n}"), "millis": 400 }));
        }
        let mut app = world.app.clone();
        app.concurrency = 2;
        let worker = start(app);
        let mut most = 0;
        while world.count("FROM jobs WHERE state = 'done'") < 8 {
            most = most.max(world.count("FROM jobs WHERE state = 'running'"));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        worker.end().await;
        assert_eq!(most, 2);
    }

    async fn what_was_leased_ahead_does_not_wait_for_a_slow_neighbour(world: World) {
        world.enqueue_marks(60);
        world.enqueue("slow", json!({ "name": "slow", "millis": 4_000 }));
        let behind: Vec<String> = (0..10).map(|n| format!("behind {n}")).collect();
        for name in &behind {
            world.enqueue("mark", json!({ "name": name }));
        }
        let mut busy = app(&world.db);
        busy.concurrency = 1;
        let busy = start(busy);
        while world.count("FROM jobs WHERE kind = 'mark' AND state = 'waiting'") >= 10 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let other = start(world.app.clone());
        world.until_marked(&behind).await;
        assert_eq!(world.marks("slow"), 0, "what stood behind it was done while it ran");
        busy.end().await;
        other.end().await;
        assert_eq!(world.count("FROM jobs WHERE state = 'done' AND attempts = 1"), 71);
    }

    async fn a_queue_that_cannot_be_read_is_survived(world: World) {
        let worker = start(world.app.clone());
        world.enqueue("mark", json!({ "name": "before" }));
        world.until_marked(&["before".into()]).await;
        world.sql("ALTER TABLE jobs RENAME TO jobs_gone");
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        world.sql("ALTER TABLE jobs_gone RENAME TO jobs");
        world.enqueue("mark", json!({ "name": "after" }));
        world.until_marked(&["after".into()]).await;
        worker.end().await;
    }
}
