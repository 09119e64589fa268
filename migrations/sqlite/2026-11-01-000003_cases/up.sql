-- Two spines: what somebody asked of us, and what we owe by when.

-- A draft has no number; everything submitted has one, unique and never reused.
CREATE TABLE cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    number TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('repair', 'complaint', 'enquiry', 'move_in', 'move_out', 'renovation')),
    state TEXT NOT NULL,
    home_id BIGINT REFERENCES homes (id),
    place TEXT,
    reporter_id BIGINT REFERENCES people (id),
    reporter_name TEXT,
    reporter_phone TEXT,
    channel TEXT NOT NULL,
    accountable_id BIGINT REFERENCES people (id),
    category TEXT NOT NULL,
    urgency TEXT NOT NULL CHECK (urgency IN ('emergency', 'urgent', 'normal')),
    text TEXT NOT NULL,
    submitted_at TIMESTAMP,
    respond_by TIMESTAMP,
    responded_at TIMESTAMP,
    resolve_by TIMESTAMP,
    resolved_at TIMESTAMP,
    paused_at TIMESTAMP,
    finish_number INTEGER NOT NULL DEFAULT 0,
    round INTEGER NOT NULL DEFAULT 0,
    merged_into BIGINT REFERENCES cases (id),
    closed_at TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (community_id, number),
    CHECK ((number IS NULL) = (submitted_at IS NULL)),
    CHECK (home_id IS NOT NULL OR place IS NOT NULL OR state = 'draft')
);
CREATE INDEX cases_by_state ON cases (community_id, kind, state);
CREATE INDEX cases_by_home ON cases (community_id, home_id);
CREATE INDEX cases_by_reporter ON cases (reporter_id);
CREATE INDEX cases_running ON cases (community_id, id) WHERE closed_at IS NULL;
CREATE INDEX cases_by_survivor ON cases (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE case_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    at TIMESTAMP NOT NULL,
    actor_id BIGINT REFERENCES people (id),
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    note TEXT NOT NULL,
    visible BOOLEAN NOT NULL
);
CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events
BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END;
CREATE TRIGGER case_events_no_delete BEFORE DELETE ON case_events
BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END;
CREATE INDEX case_events_by_case ON case_events (case_id, id);

-- A clock that ran out: a fact, never recomputed away. The round is the number of reopenings before it.
CREATE TABLE case_breaches (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    clock TEXT NOT NULL CHECK (clock IN ('respond', 'resolve')),
    round INTEGER NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    due_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (case_id, clock, round)
);
CREATE TRIGGER case_breaches_no_update BEFORE UPDATE ON case_breaches
BEGIN SELECT RAISE(ABORT, 'case_breaches is append-only'); END;
CREATE TRIGGER case_breaches_no_delete BEFORE DELETE ON case_breaches
BEGIN SELECT RAISE(ABORT, 'case_breaches is append-only'); END;

-- Each time a case was done: by whom, and what. It owes one return visit, unless nobody can be asked (exempt says why).
CREATE TABLE case_finishes (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    number INTEGER NOT NULL CHECK (number > 0),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    at TIMESTAMP NOT NULL,
    by_id BIGINT REFERENCES people (id),
    work TEXT NOT NULL,
    cause TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes >= 0),
    exempt TEXT CHECK (exempt IN ('no_contact')),
    PRIMARY KEY (case_id, number)
);
CREATE TRIGGER case_finishes_no_update BEFORE UPDATE ON case_finishes
BEGIN SELECT RAISE(ABORT, 'case_finishes is append-only'); END;
CREATE TRIGGER case_finishes_no_delete BEFORE DELETE ON case_finishes
BEGIN SELECT RAISE(ABORT, 'case_finishes is append-only'); END;
CREATE INDEX case_finishes_by_time ON case_finishes (community_id, at);

-- Files under random names; the original name is for people only. Attached to its subject once that exists.
CREATE TABLE attachments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    uploader_id BIGINT REFERENCES people (id),
    subject_kind TEXT,
    subject_id BIGINT,
    purpose TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    file TEXT NOT NULL UNIQUE,
    thumbnail TEXT,
    visible BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP NOT NULL,
    CHECK ((subject_kind IS NULL) = (subject_id IS NULL))
);
CREATE INDEX attachments_by_subject ON attachments (subject_kind, subject_id);

CREATE TABLE duties (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    kind TEXT NOT NULL CHECK (kind IN ('return_visit', 'renovation_inspection', 'vacancy_check', 'day_round', 'first_visit', 'follow_up', 'review_decision', 'authority_report', 'second_acceptance', 'service_check')),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('case', 'home', 'person')),
    subject_id BIGINT NOT NULL,
    occurrence TEXT NOT NULL,
    rule TEXT NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES people (id),
    not_before TIMESTAMP NOT NULL,
    next_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'done_late', 'missed', 'unreachable', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0,
    record_kind TEXT,
    record_id BIGINT,
    missed_at TIMESTAMP,
    finished_at TIMESTAMP,
    cancel_rule TEXT,
    cancelled_by BIGINT REFERENCES people (id),
    cancel_reason TEXT,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (community_id, kind, subject_kind, subject_id, occurrence),
    CHECK (not_before <= due_at),
    CHECK ((state = 'open') = (finished_at IS NULL)),
    CHECK (state <> 'cancelled' OR cancel_rule IS NOT NULL OR (cancelled_by IS NOT NULL AND cancel_reason IS NOT NULL))
);
CREATE INDEX duties_open ON duties (community_id, kind, due_at) WHERE state = 'open';
CREATE INDEX duties_by_owner ON duties (owner_id, state, due_at);
CREATE INDEX duties_by_subject ON duties (subject_kind, subject_id);
