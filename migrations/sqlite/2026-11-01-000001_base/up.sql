-- Communities, people and how they get in; the audit trail, counters, keys and the queue.

-- What is true of this installation: whether it is a sandbox, its secret's fingerprint.
CREATE TABLE installation (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

CREATE TABLE communities (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE settings (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (community_id, name)
);

-- Days that differ from the weekly rule: public holidays (off) and make-up days (work).
CREATE TABLE holidays (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    day DATE NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('off', 'work')),
    name TEXT NOT NULL,
    PRIMARY KEY (community_id, day)
);

-- A person as one community knows them (none: an admin of the installation). Phones are digits only, mails lower case.
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT REFERENCES communities (id),
    name TEXT NOT NULL CHECK (name <> ''),
    phone TEXT,
    email TEXT,
    email_bad_at TIMESTAMP,
    id_last4 TEXT,
    language TEXT NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en')),
    created_at TIMESTAMP NOT NULL,
    anonymised_at TIMESTAMP
);
CREATE INDEX people_by_phone ON people (community_id, phone);
CREATE INDEX people_by_name ON people (community_id, name);

CREATE TABLE admins (
    person_id BIGINT PRIMARY KEY NOT NULL REFERENCES people (id)
);

CREATE TABLE role_grants (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL CHECK (role IN ('steward', 'desk', 'technician', 'officer', 'guard', 'engineer', 'cashier', 'supervisor', 'manager')),
    starts_on DATE NOT NULL,
    ends_on DATE CHECK (ends_on >= starts_on),
    UNIQUE (community_id, person_id, role, starts_on)
);

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    person_id BIGINT NOT NULL UNIQUE REFERENCES people (id),
    password_hash TEXT,
    totp_secret TEXT,
    totp_enrolled_at TIMESTAMP,
    totp_last_step BIGINT,
    disabled_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);

-- The names an account is found by: a phone, an e-mail or a chosen name, folded, unique within a community (0: the installation).
CREATE TABLE logins (
    community_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'email', 'name')),
    PRIMARY KEY (community_id, name)
);
CREATE INDEX logins_by_account ON logins (account_id);
CREATE INDEX logins_by_name ON logins (name);

-- A letter or QR from the desk that lets one person in once; only the code's hash is kept.
CREATE TABLE activations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    home_id BIGINT,
    code_hash TEXT NOT NULL UNIQUE,
    made_by BIGINT REFERENCES people (id),
    made_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX activations_by_person ON activations (person_id);

-- Instants of a session are real time, never the portal's rehearsal clock.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('cookie', 'bearer')),
    second_factor BOOLEAN NOT NULL,
    agent TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX sessions_by_account ON sessions (account_id);

-- Failed attempts by account or address, shared by all processes.
CREATE TABLE throttles (
    name TEXT PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP NOT NULL,
    free_at TIMESTAMP NOT NULL
);

-- One chain per community (0: the installation). Ids and names of fields, no personal values.
CREATE TABLE audit_lines (
    chain BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    actor_id BIGINT,
    cause TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    fields TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
);
CREATE TRIGGER audit_lines_no_update BEFORE UPDATE ON audit_lines
BEGIN SELECT RAISE(ABORT, 'audit_lines is append-only'); END;
CREATE TRIGGER audit_lines_no_delete BEFORE DELETE ON audit_lines
BEGIN SELECT RAISE(ABORT, 'audit_lines is append-only'); END;
CREATE INDEX audit_lines_by_subject ON audit_lines (chain, subject_kind, subject_id);

CREATE TABLE audit_heads (
    chain BIGINT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);

-- Gapless running numbers: the last one given by kind and local date.
CREATE TABLE counters (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    kind TEXT NOT NULL,
    day DATE NOT NULL,
    last BIGINT NOT NULL CHECK (last > 0),
    PRIMARY KEY (community_id, kind, day)
);

-- The answer that was given to a key, so that a repeated submission gets it again.
CREATE TABLE idempotency_keys (
    actor TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor, route, key)
);

-- The queue. Its instants are real time. A done job keeps its key, so that it is never made twice.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT UNIQUE,
    payload TEXT NOT NULL,
    run_at TIMESTAMP NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL DEFAULT 8,
    leased_by TEXT,
    leased_until TIMESTAMP,
    last_error TEXT,
    created_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    CHECK ((state = 'running') = (leased_until IS NOT NULL))
);
CREATE INDEX jobs_waiting ON jobs (run_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_running ON jobs (leased_until) WHERE state = 'running';
CREATE INDEX jobs_failed ON jobs (id) WHERE state = 'failed';

CREATE TABLE workers (
    name TEXT PRIMARY KEY NOT NULL,
    started_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL
);

-- The newest tick of each schedule that has been enqueued, in the portal's time.
CREATE TABLE schedules (
    name TEXT NOT NULL,
    community_id BIGINT NOT NULL,
    last_tick TIMESTAMP NOT NULL,
    PRIMARY KEY (name, community_id)
);
