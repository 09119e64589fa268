-- Residents read their meters themselves, and can take that back for ten minutes; the office puts a figure right by the
-- photo: what was sent stands refused, and another in its place.
-- SQLite changes a check only with its table.
CREATE TEMPORARY TABLE meter_readings_kept AS SELECT id, community_id, meter_id, period, read_on, value, since, upto, dial, source, state, by_id, at FROM meter_readings;
DROP TABLE meter_readings;
CREATE TABLE meter_readings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    meter_id BIGINT NOT NULL REFERENCES meters (id),
    period TEXT NOT NULL,
    read_on DATE NOT NULL,
    value BIGINT NOT NULL CHECK (value >= 0),
    since BIGINT NOT NULL,
    upto BIGINT NOT NULL,
    dial BIGINT NOT NULL CHECK (dial >= 0),
    source TEXT NOT NULL CHECK (source IN ('hand', 'import', 'estimate', 'resident')),
    state TEXT NOT NULL CHECK (state IN ('good', 'held', 'refused', 'taken_back')),
    by_id BIGINT REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    instead_of BIGINT UNIQUE REFERENCES meter_readings (id),
    CHECK (state <> 'taken_back' OR source = 'resident')
);
INSERT INTO meter_readings (id, community_id, meter_id, period, read_on, value, since, upto, dial, source, state, by_id, at) SELECT id, community_id, meter_id, period, read_on, value, since, upto, dial, source, state, by_id, at FROM meter_readings_kept;
DROP TABLE meter_readings_kept;
CREATE UNIQUE INDEX meter_readings_once ON meter_readings (meter_id, period) WHERE state IN ('good', 'held');
CREATE INDEX meter_readings_by_month ON meter_readings (community_id, period);
