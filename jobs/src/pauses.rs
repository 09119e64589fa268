//! How long a job waits after it failed. The pause is stored with the job, so it outlives the worker.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// The pauses between the attempts of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pauses {
    /// 10 s, doubled after each failure up to an hour, with a jitter of a quarter; as many attempts as the job has.
    Doubling,
    /// Exactly these, in minutes; when they are used up, the job has failed.
    Minutes(&'static [u64]),
}

const FIRST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(3_600);

impl Pauses {
    /// The pause after the attempt with this number (from 1), or none where it was the last one.
    pub fn after(self, job: i64, attempt: i32, max_attempts: i32) -> Option<Duration> {
        let failures = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0);
        match self {
            Self::Doubling if attempt >= max_attempts => None,
            Self::Doubling => Some(doubled(failures, jitter(job, attempt))),
            Self::Minutes(list) => {
                let index = usize::try_from(failures).ok()?;
                list.get(index).map(|minutes| Duration::from_secs(minutes * 60))
            }
        }
    }
}

fn doubled(failures: u32, percent: u32) -> Duration {
    let plain = FIRST.saturating_mul(2_u32.saturating_pow(failures)).min(LONGEST);
    plain + plain * percent / 100
}

/// 0 to 24 percent more, different for each job, so that jobs that failed together do not come back together.
fn jitter(job: i64, attempt: i32) -> u32 {
    let mut hasher = DefaultHasher::new();
    (job, attempt).hash(&mut hasher);
    u32::try_from(hasher.finish() % 25).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_to_a_limit_and_end() {
        let pause = |attempt| Pauses::Doubling.after(7, attempt, 12).map(|p| p.as_secs());
        for (attempt, least) in [(1, 10), (2, 20), (3, 40), (8, 1_280), (10, 3_600), (11, 3_600)] {
            let secs = pause(attempt).unwrap();
            assert!((least..=least + least / 4).contains(&secs), "attempt {attempt}: {secs} s");
        }
        assert_eq!(pause(12), None);
    }

    #[test]
    fn own_pauses_are_kept_to_the_minute() {
        let mail = Pauses::Minutes(&[1, 5, 30]);
        let all: Vec<_> = (1..=4).map(|n| mail.after(1, n, 99).map(|p| p.as_secs() / 60)).collect();
        assert_eq!(all, [Some(1), Some(5), Some(30), None]);
    }
}
