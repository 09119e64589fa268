//! What the tests of every crate stand on: fresh databases of both kinds ([`Database`]), a PostgreSQL
//! cluster of their own ([`Cluster`]), a mail server ([`SmtpServer`]) and a payment provider ([`Provider`]) that can
//! misbehave.
//!
//! A test's body is written once and runs on both databases: see [`both!`].

mod at_exit;
mod cluster;
mod database;
mod mail;
mod provider;
mod smtp;

pub use cluster::Cluster;
pub use database::{Database, Kind, On};
pub use mail::Mail;
pub use provider::{Provider, Standing, Told, Trouble};
pub use smtp::{Fault, SmtpServer};

/// One test body, run on SQLite and on PostgreSQL as `name::sqlite` and `name::postgres`.
///
/// The argument's type says how to prepare itself on a database by implementing [`On`].
/// Bodies may be `async`; they run on a multi-threaded tokio runtime of the calling crate.
///
/// ```
/// test_support::both! {
///     fn a_fresh_database_is_empty(db: test_support::Database) {
///         assert!(!db.url().is_empty());
///     }
/// }
/// ```
#[macro_export]
macro_rules! both {
    () => {};
    ($(#[$meta:meta])* async fn $name:ident($($arg:tt)*) $body:block $($rest:tt)*) => {
        $crate::both! {
            @split $(#[$meta])* $name [$($arg)*]
            { ::tokio::runtime::Runtime::new().unwrap().block_on(async move $body) }
        }
        $crate::both! { $($rest)* }
    };
    ($(#[$meta:meta])* fn $name:ident($($arg:tt)*) $body:block $($rest:tt)*) => {
        $crate::both! { @split $(#[$meta])* $name [$($arg)*] $body }
        $crate::both! { $($rest)* }
    };
    (@split $(#[$meta:meta])* $name:ident [$arg:ident: $of:ty $(,)?] $body:block) => {
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "a body may need nothing from around it")]
            use super::*;

            fn body($arg: $of) $body

            $(#[$meta])*
            #[test]
            fn sqlite() {
                body(<$of as $crate::On>::on($crate::Kind::Sqlite));
            }

            $(#[$meta])*
            #[test]
            fn postgres() {
                body(<$of as $crate::On>::on($crate::Kind::Postgres));
            }
        }
    };
}
