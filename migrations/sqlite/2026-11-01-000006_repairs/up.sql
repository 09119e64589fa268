-- What is a repair's own, and the calls that ask whether a case is really done.

CREATE TABLE repairs (
    case_id BIGINT PRIMARY KEY NOT NULL REFERENCES cases (id),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    technician_id BIGINT REFERENCES people (id),
    dispatched_at TIMESTAMP,
    available TEXT NOT NULL,
    call_part TEXT CHECK (call_part IN ('morning', 'afternoon', 'evening')),
    rating INTEGER CHECK (rating BETWEEN 1 AND 5),
    rating_word TEXT NOT NULL DEFAULT ''
);
CREATE INDEX repairs_by_technician ON repairs (technician_id);

-- Each attempt of a return visit 回访, answered or not.
CREATE TABLE return_visits (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    duty_id BIGINT NOT NULL REFERENCES duties (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('satisfied', 'not_mended', 'unsatisfied', 'no_answer', 'call_later')),
    words TEXT NOT NULL,
    agreed_at TIMESTAMP
);
CREATE TRIGGER return_visits_no_update BEFORE UPDATE ON return_visits
BEGIN SELECT RAISE(ABORT, 'return_visits is append-only'); END;
CREATE TRIGGER return_visits_no_delete BEFORE DELETE ON return_visits
BEGIN SELECT RAISE(ABORT, 'return_visits is append-only'); END;
CREATE INDEX return_visits_by_duty ON return_visits (duty_id);
