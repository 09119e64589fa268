//! The pages of who runs the installation.

pub(crate) mod communities;
pub(crate) mod health;
pub(crate) mod jobs;
pub(crate) mod overview;
pub(crate) mod staff;

use domain::Instant;

/// A moment for samples.
fn sample_moment() -> Instant {
    Instant::from_micros(1_795_312_800_000_000).unwrap_or_else(|| domain::Clock::system().now())
}
