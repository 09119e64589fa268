use domain::{Clock, CommunityId, Instant, Result};
use jobs::{App, CatchUp, Report, Schedule, When};
use test_support::both;

use crate::world::{World, add_community, app, at, mark};

const SCHEDULES: &[Schedule] = &[
    Schedule {
        name: "clocks",
        when: When::Every(60),
        catch_up: CatchUp::Newest,
        run: |app, community, tick| Box::pin(note(app, "clocks", community, tick)),
    },
    Schedule {
        name: "day_lists",
        when: When::DailyAt(&[(5, 0)]),
        catch_up: CatchUp::Each,
        run: |app, community, tick| Box::pin(note(app, "day_lists", community, tick)),
    },
    Schedule {
        name: "month_close",
        when: When::MonthlyAt(1, 0, 30),
        catch_up: CatchUp::Each,
        run: |app, community, tick| Box::pin(note(app, "month_close", community, tick)),
    },
];

async fn note(app: &App, name: &'static str, community: CommunityId, tick: Instant) -> Result<Report> {
    app.store.write(move |tx| mark(tx, &format!("{name} {community} {tick}"))).await?;
    Ok(Report::of("ticks", 1))
}

fn showing(app: &App, now: &str) -> App {
    App { clock: Clock::starting_at(at(now)), schedules: SCHEDULES, ..app.clone() }
}

impl World {
    /// The ticks of a schedule that were run, each of them once.
    fn ticks(&self, name: &str, community: CommunityId) -> Vec<String> {
        let names = self.marks_like(&format!("{name} {community} "));
        assert!(names.iter().all(|name| self.marks(name) == 1), "{names:?}");
        names.iter().map(|name| name.rsplit(' ').next().unwrap().to_owned()).collect()
    }
}

both! {
    async fn a_worker_that_slept_makes_up_for_what_it_missed_once(world: World) {
        world.sql("UPDATE communities SET created_at = '2026-11-21 00:00:00'");
        jobs::run_due(&showing(&world.app, "2026-11-21T00:10:10Z")).await.unwrap();
        assert_eq!(world.ticks("clocks", world.community), ["2026-11-21T00:10:00Z"]);
        assert_eq!(world.ticks("day_lists", world.community), [""; 0]);

        let slept = showing(&world.app, "2026-12-03T00:20:30Z");
        jobs::run_due(&slept).await.unwrap();
        jobs::run_due(&slept).await.unwrap();
        assert_eq!(world.ticks("clocks", world.community), ["2026-11-21T00:10:00Z", "2026-12-03T00:20:00Z"]);
        assert_eq!(world.ticks("day_lists", world.community).len(), 12);
        assert_eq!(world.ticks("month_close", world.community), ["2026-11-30T16:30:00Z"]);
    }

    async fn two_schedulers_make_one_job_of_a_tick(world: World) {
        let now = "2026-11-21T00:10:10Z";
        let (one, two) = (showing(&world.app, now), showing(&app(&world.db), now));
        let (one, two) = tokio::join!(jobs::run_due(&one), jobs::run_due(&two));
        one.unwrap();
        two.unwrap();
        assert_eq!(world.ticks("clocks", world.community).len(), 1);
        assert_eq!(world.ticks("day_lists", world.community).len(), 20);
        assert_eq!(world.count("FROM jobs"), 21);
    }

    async fn a_community_added_after_a_tick_does_not_get_it(world: World) {
        let new = add_community(&world.app, "NEW", "Asia/Shanghai", at("2026-11-20T21:00:01Z"));
        jobs::run_due(&showing(&world.app, "2026-11-21T20:59:00Z")).await.unwrap();
        assert_eq!(world.ticks("day_lists", new), [""; 0]);
        jobs::run_due(&showing(&world.app, "2026-11-21T21:00:00Z")).await.unwrap();
        assert_eq!(world.ticks("day_lists", new), ["2026-11-21T21:00:00Z"]);
    }

    async fn each_community_has_its_own_hours(world: World) {
        let berlin = add_community(&world.app, "BER", "Europe/Berlin", at("2026-10-24T00:00:00Z"));
        jobs::run_due(&showing(&world.app, "2026-10-26T12:00:00Z")).await.unwrap();
        let ticks = ["2026-10-24T03:00:00Z", "2026-10-25T04:00:00Z", "2026-10-26T04:00:00Z"];
        assert_eq!(world.ticks("day_lists", berlin), ticks);
    }

    async fn a_clock_that_is_set_back_repeats_nothing(world: World) {
        jobs::run_due(&showing(&world.app, "2026-11-22T00:10:10Z")).await.unwrap();
        let before = world.ticks("day_lists", world.community);
        jobs::run_due(&showing(&world.app, "2026-11-20T00:10:10Z")).await.unwrap();
        assert_eq!(world.ticks("day_lists", world.community), before);
        assert_eq!(world.ticks("clocks", world.community).len(), 1);
    }

    async fn a_tick_that_waited_behind_a_newer_one_does_nothing(world: World) {
        let early = showing(&world.app, "2026-11-21T00:10:10Z");
        jobs::run_due(&early).await.unwrap();
        world.sql("UPDATE jobs SET state = 'waiting', finished_at = NULL WHERE key LIKE 'schedule:clocks:%'");
        world.sql("DELETE FROM installation");
        world.sql("UPDATE schedules SET last_tick = '2026-11-21 00:11:00' WHERE name = 'clocks'");
        let done = jobs::run_due(&early).await.unwrap();
        assert_eq!(done.len(), 1);
        assert_eq!(done[0].outcome, Ok(Report::nothing()));
    }
}
