-- Stewards' visits 走访, what was decided about them, the months as they were frozen, the plan.

-- A visit as it was made; it never changes: what is said about it later stands in visit_decisions.
CREATE TABLE visits (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    steward_id BIGINT NOT NULL REFERENCES people (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    household_id BIGINT NOT NULL REFERENCES households (id),
    started_at TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    month TEXT NOT NULL,
    spoken_to TEXT NOT NULL CHECK (spoken_to <> ''),
    topics TEXT NOT NULL,
    said TEXT NOT NULL CHECK (said <> ''),
    satisfaction INTEGER NOT NULL CHECK (satisfaction BETWEEN 1 AND 5),
    follow_up TEXT,
    in_area BOOLEAN NOT NULL,
    late BOOLEAN NOT NULL,
    logged_at TIMESTAMP NOT NULL
);
CREATE TRIGGER visits_no_update BEFORE UPDATE ON visits
BEGIN SELECT RAISE(ABORT, 'visits is append-only'); END;
CREATE TRIGGER visits_no_delete BEFORE DELETE ON visits
BEGIN SELECT RAISE(ABORT, 'visits is append-only'); END;
CREATE INDEX visits_by_month ON visits (community_id, month, steward_id);
CREATE INDEX visits_by_household ON visits (household_id, started_at);
CREATE INDEX visits_by_home ON visits (home_id, started_at);

-- Voided, accepted though late, or refused: each once per visit.
CREATE TABLE visit_decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    visit_id BIGINT NOT NULL REFERENCES visits (id),
    decision TEXT NOT NULL CHECK (decision IN ('voided', 'accepted', 'refused')),
    reason TEXT NOT NULL,
    by_id BIGINT NOT NULL REFERENCES people (id),
    at TIMESTAMP NOT NULL
);
CREATE TRIGGER visit_decisions_no_update BEFORE UPDATE ON visit_decisions
BEGIN SELECT RAISE(ABORT, 'visit_decisions is append-only'); END;
CREATE TRIGGER visit_decisions_no_delete BEFORE DELETE ON visit_decisions
BEGIN SELECT RAISE(ABORT, 'visit_decisions is append-only'); END;
CREATE UNIQUE INDEX visit_decisions_void ON visit_decisions (visit_id) WHERE decision = 'voided';
CREATE UNIQUE INDEX visit_decisions_late ON visit_decisions (visit_id) WHERE decision <> 'voided';

-- A steward's month as it stood at 00:30 on the 1st. Frozen for good.
CREATE TABLE visit_months (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    steward_id BIGINT NOT NULL REFERENCES people (id),
    month TEXT NOT NULL,
    own_days BIGINT NOT NULL CHECK (own_days >= 0),
    month_days BIGINT NOT NULL CHECK (month_days >= own_days),
    households BIGINT NOT NULL CHECK (households >= 0),
    make_up BIGINT NOT NULL CHECK (make_up >= 0),
    quota BIGINT NOT NULL CHECK (quota BETWEEN 0 AND households),
    counted BIGINT NOT NULL CHECK (counted >= 0),
    as_of TIMESTAMP NOT NULL,
    closed_at TIMESTAMP NOT NULL CHECK (closed_at >= as_of),
    UNIQUE (community_id, steward_id, month)
);
CREATE TRIGGER visit_months_no_update BEFORE UPDATE ON visit_months
BEGIN SELECT RAISE(ABORT, 'visit_months is append-only'); END;
CREATE TRIGGER visit_months_no_delete BEFORE DELETE ON visit_months
BEGIN SELECT RAISE(ABORT, 'visit_months is append-only'); END;

-- What became known of a frozen month later; shown = frozen + corrections.
CREATE TABLE visit_corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    steward_id BIGINT NOT NULL REFERENCES people (id),
    month TEXT NOT NULL,
    visit_id BIGINT NOT NULL REFERENCES visits (id),
    cause TEXT NOT NULL CHECK (cause IN ('arrived', 'accepted', 'refused', 'voided')),
    delta BIGINT NOT NULL CHECK (delta BETWEEN -1 AND 1),
    by_id BIGINT REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    UNIQUE (visit_id, cause),
    FOREIGN KEY (community_id, steward_id, month) REFERENCES visit_months (community_id, steward_id, month)
);
CREATE TRIGGER visit_corrections_no_update BEFORE UPDATE ON visit_corrections
BEGIN SELECT RAISE(ABORT, 'visit_corrections is append-only'); END;
CREATE TRIGGER visit_corrections_no_delete BEFORE DELETE ON visit_corrections
BEGIN SELECT RAISE(ABORT, 'visit_corrections is append-only'); END;
CREATE INDEX visit_corrections_by_month ON visit_corrections (community_id, month, steward_id);

-- A month that stayed short: the steward's reason, the supervisor's decision.
CREATE TABLE visit_shortfalls (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    steward_id BIGINT NOT NULL REFERENCES people (id),
    month TEXT NOT NULL,
    short_by BIGINT NOT NULL CHECK (short_by > 0),
    asked_at TIMESTAMP NOT NULL,
    reason TEXT,
    reason_at TIMESTAMP,
    decision TEXT CHECK (decision IN ('make_up', 'excused')),
    make_up_month TEXT,
    note TEXT NOT NULL DEFAULT '',
    decided_by BIGINT REFERENCES people (id),
    decided_at TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (community_id, steward_id, month),
    CHECK ((reason IS NULL) = (reason_at IS NULL)),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK (COALESCE(decision, '') <> 'make_up' OR make_up_month IS NOT NULL)
);

-- Who is to be visited this month, on which day, and why.
CREATE TABLE visit_plans (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    steward_id BIGINT NOT NULL REFERENCES people (id),
    month TEXT NOT NULL,
    position BIGINT NOT NULL,
    household_id BIGINT NOT NULL REFERENCES households (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    day DATE NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('follow_up', 'key_household', 'unhappy', 'moved_in', 'longest')),
    PRIMARY KEY (community_id, month, steward_id, position),
    UNIQUE (community_id, month, steward_id, household_id)
);

-- A promise kept without another visit.
CREATE TABLE promises_kept (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    duty_id BIGINT NOT NULL UNIQUE REFERENCES duties (id),
    by_id BIGINT NOT NULL REFERENCES people (id),
    note TEXT NOT NULL CHECK (note <> ''),
    at TIMESTAMP NOT NULL
);
CREATE TRIGGER promises_kept_no_update BEFORE UPDATE ON promises_kept
BEGIN SELECT RAISE(ABORT, 'promises_kept is append-only'); END;
CREATE TRIGGER promises_kept_no_delete BEFORE DELETE ON promises_kept
BEGIN SELECT RAISE(ABORT, 'promises_kept is append-only'); END;
