use std::fs;
use std::time::{Duration, SystemTime};

use domain::Clock;
use jobs::{App, Report, calendar};
use test_support::both;

use crate::world::{World, at};

fn age(path: &std::path::Path) {
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
}

both! {
    async fn what_has_served_its_time_goes_and_the_rest_stays(world: World) {
        let clock = Clock::starting_at(at("2026-11-22T19:30:00Z"));
        let app = App { clock, schedules: calendar::SCHEDULES, ..world.app.clone() };
        let files = world.db.folder().join("files");
        for name in ["kept", "thumb", "unused", "orphan", "fresh"] {
            fs::write(files.join(name), name).unwrap();
        }
        ["kept", "thumb", "unused", "orphan"].iter().for_each(|name| age(&files.join(name)));
        let upload = |file: &str, thumbnail: &str, subject: &str, at: &str| {
            world.sql(&format!(
                "INSERT INTO attachments (community_id, subject_kind, subject_id, purpose, name, content_type, bytes, file, \
                 thumbnail, created_at) VALUES ({}, {subject}, 'photo', 'a.jpg', 'image/jpeg', 5, '{file}', {thumbnail}, '{at}')",
                world.community
            ))
        };
        upload("kept", "'thumb'", "'case', 1", "2026-01-01 00:00:00");
        upload("unused", "NULL", "NULL, NULL", "2026-11-01 00:00:00");
        upload("recent", "NULL", "NULL, NULL", "2026-11-22 00:00:00");
        let key = |key: &str, at: &str| {
            world.sql(&format!("INSERT INTO idempotency_keys VALUES ('a', 'r', '{key}', 'h', 200, '', '{at}')"))
        };
        key("old", "2026-08-01 00:00:00");
        key("young", "2026-11-01 00:00:00");
        world.sql("INSERT INTO jobs (kind, key, payload, run_at, state, created_at, finished_at) VALUES \
            ('mark', 'old', '{}', '2020-01-01 00:00:00', 'done', '2020-01-01 00:00:00', '2020-01-01 00:00:00'), \
            ('mark', 'failed', '{}', '2020-01-01 00:00:00', 'failed', '2020-01-01 00:00:00', '2020-01-01 00:00:00')");

        let done = jobs::run_due(&app).await.unwrap();
        let report = done.iter().find(|done| done.key.as_ref().unwrap().starts_with("schedule:housekeeping")).unwrap();
        let expected = Report::nothing().and("sessions", 0).and("codes", 0).and("one-time codes", 0).and("throttles", 0).and("keys", 1)
            .and("workers", 0).and("jobs", 1).and("ticks", 0).and("uploads", 1).and("files", 2).and("backups asked for", 0);
        assert_eq!(report.outcome, Ok(expected));
        let mut left: Vec<_> = fs::read_dir(&files).unwrap().flatten().map(|file| file.file_name()).collect();
        left.sort();
        assert_eq!(left, ["fresh", "kept", "thumb"]);
        assert_eq!(world.count("FROM idempotency_keys WHERE key = 'young'"), 1);
        assert_eq!(world.count("FROM jobs WHERE key = 'failed'"), 1);
        assert_eq!(world.count("FROM attachments"), 2);
    }
}
