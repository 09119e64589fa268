//! The worker: it does what is due, exactly as if it had never been down.
//!
//! Work is caused in two ways. An event enqueues a job in its own transaction (`domain::job`); the
//! calendar's ticks enqueue one each. Both are run by the handlers below, one file a job.

mod admin; // what an admin sees of the queue and can do about it
mod app; // what every handler is given
mod backup; // a backup each night, and whether it would come back
mod bank; // certain lines of bank statements
mod billing; // billing runs
pub mod calendar; // every schedule on one page
mod clocks; // clocks that ran out, orders that nobody answers
mod daily_closure; // what was opened today and is not done
mod day_lists; // misses of yesterday, what is owed today
mod deliver; // notifications, by e-mail
mod execute; // one job from its lease to its end
mod figures; // the queue for who watches it
mod gather; // small changes in one transaction
mod handler; // what a handler is
mod held; // what one worker has leased ahead, and what is done
mod holidays; // years whose public holidays nobody entered
mod housekeeping; // what has served its time
mod late_fees; // what grows on what is late
mod letter; // a mail as it goes over the line
mod mailer; // the way out: SMTP, or a folder
mod meters; // what residents have read, once it stands
mod move_in; // what time does to move-ins
mod pauses; // how long a failed job waits
pub mod pay_orders; // orders and their providers
mod permits; // those that have run out
mod publications; // everybody is told of a publication
mod queue; // apalis on our table
mod reminders; // who is reminded of what they owe
mod return_visits; // raised, reminded of, escalated
mod schedule; // ticks become jobs
mod smtp; // one conversation with a mail server
mod table; // the statements of the queue
mod visit_quota; // pace, month close, plan
mod watch; // what other processes enqueued
mod when; // rules of the calendar
mod worker; // run, run_due

pub use admin::{Health, JobRow, JobState, counts, health, list, run_again};
pub use app::{App, Backups, Renderer};
pub use backup::ask_now as ask_backup;
pub use deliver::{Letters, Recheck};
pub use execute::Done;
pub use figures::{Figures, figures};
pub use handler::{Failure, Handler, Outcome, Report};
pub use mailer::{MailError, Mailer, Unusable};
pub use pauses::Pauses;
pub use schedule::{CatchUp, Schedule};
pub use table::Leased;
pub use when::When;
pub use worker::{run, run_due};
