-- What the community takes in beside its fees and what it spends, entered by hand, and the publication of both with the
-- fees each quarter (收支公示): frozen when it is drafted, decided by a second person, owed as a duty.
-- SQLite changes a check only with its table: the rows that refer to it are held until the commit.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE duties_kept AS SELECT * FROM duties;
DROP TABLE duties;
CREATE TABLE duties (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    kind TEXT NOT NULL CHECK (kind IN ('return_visit', 'renovation_inspection', 'vacancy_check', 'day_round', 'first_visit', 'follow_up', 'review_decision', 'authority_report', 'second_acceptance', 'service_check', 'complaint_review', 'publication')),
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

CREATE TABLE community_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    kind TEXT NOT NULL CHECK (kind IN ('service_cost', 'common_income', 'common_cost')),
    category TEXT NOT NULL CHECK (category <> ''),
    day DATE NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen <> 0),
    party TEXT NOT NULL CHECK (party <> ''),
    document TEXT NOT NULL CHECK (document <> ''),
    note TEXT NOT NULL,
    corrects BIGINT UNIQUE REFERENCES community_entries (id),
    entered_by BIGINT REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    CHECK ((corrects IS NULL) = (amount_fen > 0))
);
CREATE INDEX community_entries_by_day ON community_entries (community_id, day);

CREATE TABLE publications (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'published')),
    note TEXT NOT NULL,
    drafted_by BIGINT REFERENCES people (id),
    drafted_at TIMESTAMP NOT NULL,
    approved_by BIGINT REFERENCES people (id),
    approved_at TIMESTAMP,
    published_by BIGINT REFERENCES people (id),
    published_at TIMESTAMP,
    told_upto BIGINT NOT NULL DEFAULT 0,
    UNIQUE (community_id, first_day),
    CHECK (first_day <= last_day),
    CHECK ((state = 'draft') = (approved_at IS NULL)),
    CHECK ((state = 'published') = (published_at IS NOT NULL)),
    CHECK (approved_by IS NULL OR drafted_by IS NULL OR approved_by <> drafted_by)
);

CREATE TABLE publication_lines (
    publication_id BIGINT NOT NULL REFERENCES publications (id),
    position BIGINT NOT NULL,
    section TEXT NOT NULL CHECK (section IN ('fees', 'collected', 'service_cost', 'common_income', 'common_cost')),
    item TEXT NOT NULL,
    name TEXT NOT NULL,
    entries BIGINT NOT NULL,
    billed_fen BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (publication_id, position),
    UNIQUE (publication_id, section, item)
);
