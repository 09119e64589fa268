-- Running renovations 装修 and the inspections 装修巡查 of their sites.

CREATE TABLE renovations (
    case_id BIGINT PRIMARY KEY NOT NULL REFERENCES cases (id),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    permit_number TEXT NOT NULL CHECK (permit_number <> ''),
    contractor TEXT NOT NULL CHECK (contractor <> ''),
    contractor_phone TEXT,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    extended_at TIMESTAMP,
    ended_on DATE,
    registered_by BIGINT REFERENCES people (id),
    UNIQUE (community_id, permit_number),
    CHECK (ends_on >= starts_on)
);

-- A look at a site: when it was made and when it arrived.
CREATE TABLE inspections (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    case_id BIGINT NOT NULL REFERENCES renovations (case_id),
    duty_id BIGINT REFERENCES duties (id),
    inspector_id BIGINT NOT NULL REFERENCES people (id),
    made_at TIMESTAMP NOT NULL,
    arrived_at TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    progress TEXT NOT NULL CHECK (progress <> ''),
    workers INTEGER NOT NULL CHECK (workers >= 0),
    photos BIGINT NOT NULL CHECK (photos >= 0),
    CHECK (arrived_at >= made_at)
);
CREATE TRIGGER inspections_no_update BEFORE UPDATE ON inspections
BEGIN SELECT RAISE(ABORT, 'inspections is append-only'); END;
CREATE TRIGGER inspections_no_delete BEFORE DELETE ON inspections
BEGIN SELECT RAISE(ABORT, 'inspections is append-only'); END;
CREATE INDEX inspections_by_case ON inspections (case_id, made_at);
CREATE INDEX inspections_by_day ON inspections (community_id, day);

CREATE TABLE inspection_items (
    inspection_id BIGINT NOT NULL REFERENCES inspections (id),
    position BIGINT NOT NULL,
    item TEXT NOT NULL CHECK (item <> ''),
    passed BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (inspection_id, position),
    UNIQUE (inspection_id, item)
);
CREATE TRIGGER inspection_items_no_update BEFORE UPDATE ON inspection_items
BEGIN SELECT RAISE(ABORT, 'inspection_items is append-only'); END;
CREATE TRIGGER inspection_items_no_delete BEFORE DELETE ON inspection_items
BEGIN SELECT RAISE(ABORT, 'inspection_items is append-only'); END;

-- Opened by an inspection that failed an item, ended only by a later one that finds it mended, with a photo.
CREATE TABLE violations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    case_id BIGINT NOT NULL REFERENCES renovations (case_id),
    item TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('minor', 'severe')),
    note TEXT NOT NULL,
    deadline DATE,
    opened_by BIGINT NOT NULL REFERENCES inspections (id),
    mended_by BIGINT REFERENCES inspections (id),
    CHECK (severity = 'severe' OR deadline IS NOT NULL),
    CHECK (mended_by IS NULL OR mended_by <> opened_by)
);
CREATE UNIQUE INDEX violations_one_open ON violations (case_id, item) WHERE mended_by IS NULL;
CREATE INDEX violations_by_community ON violations (community_id, deadline);
