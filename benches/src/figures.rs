//! What was measured, and a few tools to measure with.

use std::time::{Duration, Instant};

/// Why a bench stopped.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// One line of the table.
pub(crate) struct Figure {
    what: String,
    promise: String,
    measured: String,
    /// Whether the promise was kept.
    pub(crate) kept: bool,
}

impl Figure {
    pub(crate) fn new(
        what: impl Into<String>,
        promise: impl Into<String>,
        measured: impl Into<String>,
        kept: bool,
    ) -> Self {
        Self { what: what.into(), promise: promise.into(), measured: measured.into(), kept }
    }

    pub(crate) fn row(&self) -> String {
        let word = if self.kept { "kept" } else { "**missed**" };
        format!("| {} | {} | {} | {word} |", self.what, self.promise, self.measured)
    }
}

/// One line to whoever watches.
#[expect(clippy::print_stdout, reason = "a bench talks to the terminal")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// How long `work` takes, with what it gives.
pub(crate) fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, Duration)> {
    let started = Instant::now();
    Ok((work()?, started.elapsed()))
}

/// The one in the middle.
pub(crate) fn median<T: PartialOrd + Copy>(values: &[T]) -> Result<T> {
    at(values, 50)
}

/// The one that so many percent are not above.
pub(crate) fn at<T: PartialOrd + Copy>(values: &[T], percent: usize) -> Result<T> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    Ok(*sorted.get(place).ok_or("nothing was measured")?)
}

/// A line of `/proc/<pid>/status` in KiB, such as `VmHWM:`.
pub(crate) fn memory_kib(process: &str, line: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let found = status.lines().find(|one| one.starts_with(line)).ok_or("no such line")?;
    Ok(found.split_whitespace().nth(1).ok_or("no figure")?.parse()?)
}

/// Milliseconds with one digit.
pub(crate) fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
