//! Everything that the worker does, on one page: the calendar (domain.md §12) and the jobs of events.
//! All of it can be run twice, late, by two workers, or be killed at any line, with the same end.

use crate::{
    CatchUp, Handler, Pauses, Recheck, Schedule, When, backup, bank, billing, clocks, daily_closure,
    day_lists, deliver, holidays, housekeeping, late_fees, meters, move_in, pay_orders, permits,
    publications, reminders, return_visits, visit_quota,
};

/// What is done at its time in each community.
pub const SCHEDULES: &[Schedule] = &[
    Schedule {
        name: "deliver",
        when: When::Every(30),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(deliver::sweep(app, community)),
    },
    Schedule {
        name: "billing",
        when: When::DailyAt(&[(2, 0)]),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(billing::night(app, community)),
    },
    Schedule {
        name: "late_fees",
        when: When::DailyAt(&[(2, 40)]),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(late_fees::run(app, community)),
    },
    Schedule {
        name: "reminders",
        when: When::DailyAt(&[(9, 30), (15, 0)]),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(reminders::run(app, community)),
    },
    Schedule {
        name: "housekeeping",
        when: When::DailyAt(&[(3, 0)]),
        catch_up: CatchUp::Newest,
        run: |app, community, tick| Box::pin(housekeeping::night(app, community, tick)),
    },
    Schedule {
        name: "month_close",
        when: When::MonthlyAt(1, 0, 30),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(visit_quota::close_and_plan(app, community)),
    },
    Schedule {
        name: "visit_pace",
        when: When::DailyAt(&[(8, 30)]),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(visit_quota::pace(app, community)),
    },
    Schedule {
        name: "holidays",
        when: When::DailyAt(&[(8, 40)]),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(holidays::run(app, community)),
    },
    Schedule {
        name: "day_lists",
        when: When::DailyAt(&[(5, 0)]),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(day_lists::run(app, community)),
    },
    Schedule {
        name: "permits",
        when: When::DailyAt(&[(0, 10)]),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(permits::run(app, community)),
    },
    Schedule {
        name: "move_ins",
        when: When::DailyAt(&[(3, 10)]),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(move_in::run(app, community)),
    },
    Schedule {
        name: "clocks",
        when: When::Every(60),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(clocks::run(app, community)),
    },
    Schedule {
        name: "bank",
        when: When::Every(60),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(bank::run(app, community)),
    },
    Schedule {
        name: "pay_orders",
        when: When::Every(15),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(pay_orders::look(app, community)),
    },
    Schedule {
        name: "meters",
        when: When::Every(300),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(meters::run(app, community)),
    },
    Schedule {
        name: "plan_return_visits",
        when: When::Every(600),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(return_visits::plan_missed(app, community)),
    },
    Schedule {
        name: "return_visits_overdue",
        when: When::Every(900),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(return_visits::escalate(app, community)),
    },
    Schedule {
        name: "daily_closure",
        when: When::Every(300),
        catch_up: CatchUp::Newest,
        run: |app, community, _| Box::pin(daily_closure::run(app, community)),
    },
];

/// What is done when something has happened.
pub const HANDLERS: &[Handler] = &[
    Handler {
        kind: "deliver",
        pauses: deliver::PAUSES,
        run: |app, job| Box::pin(deliver::deliver(app, job)),
    },
    Handler {
        kind: domain::billing::JOB,
        pauses: billing::PAUSES,
        run: |app, job| Box::pin(billing::run(app, job)),
    },
    Handler {
        kind: domain::pay_orders::JOB,
        pauses: Pauses::Doubling,
        run: |app, job| Box::pin(pay_orders::bring(app, job)),
    },
    Handler { kind: backup::JOB, pauses: backup::PAUSES, run: |app, job| Box::pin(backup::run(app, job)) },
    Handler {
        kind: domain::publications::JOB,
        pauses: publications::PAUSES,
        run: |app, job| Box::pin(publications::run(app, job)),
    },
    Handler {
        kind: "plan_return_visit",
        pauses: Pauses::Doubling,
        run: |app, job| Box::pin(return_visits::plan(app, job)),
    },
];

/// What is asked once more before a notification goes out, by the beginning of its code.
pub const RECHECKS: &[Recheck] = &[
    Recheck { prefix: "reminder.", still_due: domain::reminders::still_due },
    Recheck { prefix: "one_time.", still_due: domain::access::one_time::still_due },
];
