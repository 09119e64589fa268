-- What is a complaint's own 投诉: the options its department proposes, who heads that department, and the notices 整改通知
-- that whoever owes a late step has to answer.

CREATE TABLE department_heads (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    department TEXT NOT NULL CHECK (department IN ('service', 'engineering', 'security', 'cleaning', 'greening', 'renovation', 'finance')),
    person_id BIGINT NOT NULL REFERENCES people (id),
    PRIMARY KEY (community_id, department)
);

CREATE TABLE complaints (
    case_id BIGINT PRIMARY KEY NOT NULL REFERENCES cases (id),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    about_id BIGINT REFERENCES people (id),
    happened_on DATE,
    wish TEXT NOT NULL,
    reference TEXT,
    deadline TIMESTAMP,
    founded BOOLEAN,
    verdict TEXT NOT NULL DEFAULT '',
    department TEXT CHECK (department IN ('service', 'engineering', 'security', 'cleaning', 'greening', 'renovation', 'finance')),
    responsible_id BIGINT REFERENCES people (id),
    cause TEXT CHECK (cause IN ('attitude', 'delay', 'quality', 'communication', 'rules', 'facility', 'third_party', 'neighbour', 'other')),
    findings TEXT NOT NULL DEFAULT '',
    plan INTEGER NOT NULL DEFAULT 0,
    chosen INTEGER,
    chosen_by BIGINT REFERENCES people (id),
    chosen_at TIMESTAMP,
    done TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '',
    lesson TEXT NOT NULL DEFAULT '',
    CHECK ((department IS NULL) = (responsible_id IS NULL)),
    CHECK ((chosen IS NULL) = (chosen_at IS NULL))
);
CREATE INDEX complaints_by_responsible ON complaints (responsible_id);

-- Every plan is kept: one that was sent back is followed by the next.
CREATE TABLE complaint_options (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    plan INTEGER NOT NULL CHECK (plan > 0),
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 3),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    text TEXT NOT NULL,
    money_fen BIGINT NOT NULL CHECK (money_fen >= 0),
    PRIMARY KEY (case_id, plan, number)
);
CREATE TRIGGER complaint_options_no_update BEFORE UPDATE ON complaint_options
BEGIN SELECT RAISE(ABORT, 'complaint_options is append-only'); END;
CREATE TRIGGER complaint_options_no_delete BEFORE DELETE ON complaint_options
BEGIN SELECT RAISE(ABORT, 'complaint_options is append-only'); END;

CREATE TABLE rectifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    clock TEXT NOT NULL CHECK (clock IN ('respond', 'resolve')),
    round INTEGER NOT NULL,
    owed_by BIGINT NOT NULL REFERENCES people (id),
    issued_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    answered_at TIMESTAMP,
    answered_by BIGINT REFERENCES people (id),
    reason TEXT NOT NULL DEFAULT '',
    measures TEXT NOT NULL DEFAULT '',
    UNIQUE (case_id, clock, round),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL))
);
CREATE INDEX rectifications_open ON rectifications (community_id, due_at) WHERE answered_at IS NULL;
CREATE INDEX rectifications_by_owner ON rectifications (owed_by);
