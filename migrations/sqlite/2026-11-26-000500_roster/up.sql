-- Who is off duty: leaves that one asked for and another decided, and the weekdays on which somebody rests.
CREATE TABLE leaves (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL CHECK (kind IN ('annual', 'personal', 'sick', 'in_lieu', 'training')),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    back_on DATE,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'withdrawn', 'cancelled')),
    substitute_id BIGINT REFERENCES people (id),
    asked_by BIGINT NOT NULL REFERENCES people (id),
    asked_at TIMESTAMP NOT NULL,
    decided_by BIGINT REFERENCES people (id),
    decided_at TIMESTAMP,
    answer TEXT NOT NULL DEFAULT '',
    ended_at TIMESTAMP,
    CHECK (starts_on <= ends_on),
    CHECK (back_on IS NULL OR (back_on > starts_on AND back_on <= ends_on AND ended_at IS NOT NULL)),
    CHECK ((state IN ('approved', 'refused', 'cancelled')) = (decided_at IS NOT NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK (decided_by <> person_id),
    CHECK (substitute_id <> person_id),
    CHECK (state <> 'refused' OR answer <> '')
);
CREATE INDEX leaves_by_person ON leaves (person_id, starts_on);
CREATE INDEX leaves_by_community ON leaves (community_id, state, starts_on);

-- The weekdays (a bit each, Monday the lowest) from a day on; what came before stays as it was.
CREATE TABLE weekly_rests (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    starts_on DATE NOT NULL,
    weekdays INTEGER NOT NULL CHECK (weekdays BETWEEN 0 AND 126),
    set_by BIGINT NOT NULL REFERENCES people (id),
    set_at TIMESTAMP NOT NULL,
    PRIMARY KEY (community_id, person_id, starts_on)
);

-- Which duty went from whom to whom, as they were off duty.
CREATE TABLE duty_handovers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    duty_id BIGINT NOT NULL REFERENCES duties (id),
    from_id BIGINT NOT NULL REFERENCES people (id),
    to_id BIGINT NOT NULL REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    CHECK (from_id <> to_id)
);
CREATE INDEX duty_handovers_by_duty ON duty_handovers (duty_id);
