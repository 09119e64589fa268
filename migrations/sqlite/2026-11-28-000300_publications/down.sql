DROP TABLE publication_lines;
DROP TABLE publications;
DROP TABLE community_entries;
DELETE FROM duty_handovers WHERE duty_id IN (SELECT id FROM duties WHERE kind = 'publication');
-- SQLite changes a check only with its table: the rows that refer to it are held until the commit.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE duties_kept AS SELECT * FROM duties WHERE kind <> 'publication';
DROP TABLE duties;
CREATE TABLE duties (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    kind TEXT NOT NULL CHECK (kind IN ('return_visit', 'renovation_inspection', 'vacancy_check', 'day_round', 'first_visit', 'follow_up', 'review_decision', 'authority_report', 'second_acceptance', 'service_check', 'complaint_review')),
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('case', 'home', 'person', 'community')),
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
INSERT INTO duties (id, community_id, kind, subject_kind, subject_id, occurrence, rule, owner_id, not_before, next_at, due_at, state, attempts, record_kind, record_id, missed_at, finished_at, cancel_rule, cancelled_by, cancel_reason, created_at) SELECT id, community_id, kind, subject_kind, subject_id, occurrence, rule, owner_id, not_before, next_at, due_at, state, attempts, record_kind, record_id, missed_at, finished_at, cancel_rule, cancelled_by, cancel_reason, created_at FROM duties_kept;
DROP TABLE duties_kept;
CREATE INDEX duties_open ON duties (community_id, kind, due_at) WHERE state = 'open';
CREATE INDEX duties_by_owner ON duties (owner_id, state, due_at);
CREATE INDEX duties_by_subject ON duties (subject_kind, subject_id);
