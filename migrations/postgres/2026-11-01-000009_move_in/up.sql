-- What is a move-in's own: who moves in, on what terms, and the handover.

CREATE TABLE move_ins (
    case_id BIGINT PRIMARY KEY NOT NULL REFERENCES cases (id),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    kind TEXT CHECK (kind IN ('owner', 'tenant', 'shop_operator')),
    person_id BIGINT REFERENCES people (id),
    name TEXT NOT NULL DEFAULT '',
    phone TEXT,
    email TEXT,
    id_last4 TEXT,
    lease_from DATE,
    lease_to DATE,
    pays BOOLEAN NOT NULL DEFAULT FALSE,
    wished_on DATE,
    remarks TEXT NOT NULL DEFAULT '',
    returned_at TIMESTAMP,
    returns INTEGER NOT NULL DEFAULT 0,
    approved_at TIMESTAMP,
    approved_by BIGINT REFERENCES people (id),
    handed_over_at TIMESTAMP,
    household_id BIGINT REFERENCES households (id),
    occupancy_id BIGINT REFERENCES occupancies (id),
    CHECK (lease_to >= lease_from),
    CHECK ((handed_over_at IS NULL) = (occupancy_id IS NULL))
);
CREATE INDEX move_ins_by_person ON move_ins (person_id);

-- The handover's checklist.
CREATE TABLE move_in_handovers (
    case_id BIGINT PRIMARY KEY NOT NULL REFERENCES move_ins (case_id),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    by_id BIGINT NOT NULL REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    identity_seen BOOLEAN NOT NULL CHECK (identity_seen),
    keys_given TEXT NOT NULL CHECK (keys_given <> ''),
    started_fees BOOLEAN NOT NULL
);
CREATE TRIGGER move_in_handovers_append_only BEFORE UPDATE OR DELETE ON move_in_handovers
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Base readings, in thousandths of the meter's unit.
CREATE TABLE move_in_readings (
    case_id BIGINT NOT NULL REFERENCES move_in_handovers (case_id),
    meter TEXT NOT NULL CHECK (meter IN ('water', 'electricity', 'gas')),
    reading BIGINT NOT NULL CHECK (reading >= 0),
    PRIMARY KEY (case_id, meter)
);
CREATE TRIGGER move_in_readings_append_only BEFORE UPDATE OR DELETE ON move_in_readings
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE move_in_defects (
    case_id BIGINT NOT NULL REFERENCES move_in_handovers (case_id),
    position BIGINT NOT NULL,
    category TEXT NOT NULL,
    text TEXT NOT NULL CHECK (text <> ''),
    repair_id BIGINT REFERENCES cases (id),
    PRIMARY KEY (case_id, position)
);
