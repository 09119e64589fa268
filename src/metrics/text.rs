//! The figures as text: one line each, families with what they are.

use std::fmt::Write;

use super::Records;
use super::requests::{Answered, BOUNDS, Durations, Requests};

pub(super) fn write(requests: &Requests, records: Option<&Records>) -> String {
    let mut text = Text::default();
    text.family("linli_build_info", "gauge", "The version that runs.");
    text.line("linli_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    text.family("linli_http_request_seconds", "histogram", "How long answers took, by route and status.");
    for (answered, durations) in requests.all() {
        text.durations(&answered, &durations);
    }
    text.family("linli_database_up", "gauge", "Whether the database answered.");
    text.line("linli_database_up", &[], u8::from(records.is_some()));
    if let Some(records) = records {
        text.records(records);
    }
    if let Some(bytes) = resident_bytes() {
        text.family("process_resident_memory_bytes", "gauge", "Memory of this process.");
        text.line("process_resident_memory_bytes", &[], bytes);
    }
    text.0
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, about: &str) {
        self.add(format_args!("# HELP {name} {about}\n# TYPE {name} {kind}\n"));
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        self.add(format_args!("{name}{labels} {value}\n"));
    }

    fn durations(&mut self, answered: &Answered, durations: &Durations) {
        let status = answered.status.to_string();
        let labels = [("method", answered.method.as_str()), ("route", &answered.route), ("status", &status)];
        let mut so_far = 0;
        for (bound, within) in BOUNDS.iter().zip(durations.within) {
            so_far += within;
            let bound = format!("{}.{:03}", bound / 1_000, bound % 1_000);
            let labels = [&labels[..], &[("le", bound.as_str())]].concat();
            self.line("linli_http_request_seconds_bucket", &labels, so_far);
        }
        let all = [&labels[..], &[("le", "+Inf")]].concat();
        self.line("linli_http_request_seconds_bucket", &all, durations.count);
        self.line("linli_http_request_seconds_sum", &labels, durations.total.as_secs_f64());
        self.line("linli_http_request_seconds_count", &labels, durations.count);
    }

    fn records(&mut self, records: &Records) {
        self.family("linli_jobs", "gauge", "Jobs that are not done, by state.");
        for (state, count) in &records.queue.jobs {
            self.line("linli_jobs", &[("state", state.as_str())], count);
        }
        self.family(
            "linli_job_wait_seconds",
            "gauge",
            "How long the oldest job that is due has been waiting.",
        );
        self.line("linli_job_wait_seconds", &[], records.queue.waiting_secs);
        if let Some(age) = records.queue.beat_age_secs {
            self.family("linli_worker_beat_age_seconds", "gauge", "When a worker was last seen.");
            self.line("linli_worker_beat_age_seconds", &[], age);
        }
        self.family("linli_notifications", "gauge", "Notifications that have not left, by state.");
        for (state, count) in &records.notifications {
            self.line("linli_notifications", &[("state", state)], count);
        }
        self.family("linli_database_bytes", "gauge", "The size of the database.");
        self.line("linli_database_bytes", &[], records.bytes);
    }

    fn add(&mut self, line: std::fmt::Arguments<'_>) {
        // Text in memory takes everything.
        let _taken = self.0.write_fmt(line);
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// As the kernel says; none elsewhere than on Linux.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1_024)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn buckets_add_up_and_labels_cannot_break_out() {
        let requests = Requests::default();
        for millis in [1, 4, 7_000] {
            requests.saw("GET", "/cases/{number}", 200, Duration::from_millis(millis));
        }
        requests.saw("BREW", "/\"\n", 405, Duration::from_millis(1));
        let text = write(&requests, None);
        let bucket = |le: &str| {
            format!(
                "linli_http_request_seconds_bucket{{method=\"GET\",route=\"/cases/{{number}}\",status=\"200\",le=\"{le}\"}}"
            )
        };
        for line in [
            format!("{} 1\n", bucket("0.002")),
            format!("{} 2\n", bucket("0.005")),
            format!("{} 2\n", bucket("5.000")),
            format!("{} 3\n", bucket("+Inf")),
            "method=\"OTHER\",route=\"/\\\"\\n\",status=\"405\"".to_owned(),
            "linli_database_up 0\n".to_owned(),
        ] {
            assert!(text.contains(&line), "no {line} in\n{text}");
        }
    }
}
