-- The register: buildings, homes, who lives there, who looks after them.

CREATE TABLE buildings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    code TEXT NOT NULL,
    register_order BIGINT NOT NULL,
    UNIQUE (community_id, code)
);

-- Areas are hundredths of a square metre. Codes are never sorted as text: lists go by register_order.
CREATE TABLE homes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    building_id BIGINT NOT NULL REFERENCES buildings (id),
    code TEXT NOT NULL,
    entrance TEXT NOT NULL,
    floor INTEGER NOT NULL,
    room TEXT NOT NULL,
    use_kind TEXT NOT NULL CHECK (use_kind IN ('residential', 'shop', 'office')),
    area BIGINT NOT NULL CHECK (area > 0),
    delivered_on DATE,
    register_order BIGINT NOT NULL,
    register_status TEXT NOT NULL CHECK (register_status IN ('occupied', 'vacant', 'renovating', 'undelivered')),
    key_household BOOLEAN NOT NULL DEFAULT FALSE,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (community_id, code),
    UNIQUE (community_id, register_order)
);
CREATE INDEX homes_by_building ON homes (community_id, building_id, register_order);

-- The people of one home from one move-in until its last resident occupancy ends.
CREATE TABLE households (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    started_on DATE NOT NULL,
    ended_on DATE CHECK (ended_on >= started_on)
);
CREATE UNIQUE INDEX households_one_open ON households (community_id, home_id) WHERE ended_on IS NULL;
CREATE INDEX households_by_home ON households (home_id);

CREATE TABLE occupancies (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    household_id BIGINT REFERENCES households (id),
    kind TEXT NOT NULL CHECK (kind IN ('owner', 'tenant', 'family', 'shop_operator')),
    lives_there BOOLEAN NOT NULL,
    pays BOOLEAN NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE CHECK (ends_on >= starts_on),
    UNIQUE (community_id, home_id, person_id, kind, starts_on),
    CHECK (NOT lives_there OR household_id IS NOT NULL)
);
CREATE INDEX occupancies_by_person ON occupancies (person_id);
CREATE INDEX occupancies_by_home ON occupancies (home_id);

CREATE TABLE bays (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    code TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('owned', 'leased')),
    position INTEGER NOT NULL,
    starts_on DATE,
    ends_on DATE
);
CREATE UNIQUE INDEX bays_one_open ON bays (community_id, code) WHERE ends_on IS NULL;
CREATE INDEX bays_by_home ON bays (community_id, home_id);

CREATE TABLE staff (
    person_id BIGINT PRIMARY KEY NOT NULL REFERENCES people (id),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    number TEXT NOT NULL,
    post TEXT NOT NULL,
    skills TEXT NOT NULL,
    joined_on DATE NOT NULL,
    left_on DATE CHECK (left_on >= joined_on),
    UNIQUE (community_id, number)
);

-- A steward's area: which homes, from which day to which.
CREATE TABLE home_stewards (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    steward_id BIGINT NOT NULL REFERENCES people (id),
    starts_on DATE NOT NULL,
    ends_on DATE CHECK (ends_on >= starts_on),
    UNIQUE (community_id, home_id, starts_on)
);
CREATE INDEX home_stewards_by_steward ON home_stewards (steward_id, home_id);

CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    actor_id BIGINT REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('dry_run', 'imported', 'refused')),
    rows_read INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    report TEXT NOT NULL
);
