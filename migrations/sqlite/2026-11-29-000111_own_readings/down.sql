UPDATE meter_readings SET state = 'refused' WHERE state = 'taken_back';
UPDATE meter_readings SET source = 'hand' WHERE source = 'resident';
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
    source TEXT NOT NULL CHECK (source IN ('hand', 'import', 'estimate')),
    state TEXT NOT NULL CHECK (state IN ('good', 'held', 'refused')),
    by_id BIGINT REFERENCES people (id),
    at TIMESTAMP NOT NULL
);
INSERT INTO meter_readings (id, community_id, meter_id, period, read_on, value, since, upto, dial, source, state, by_id, at) SELECT id, community_id, meter_id, period, read_on, value, since, upto, dial, source, state, by_id, at FROM meter_readings_kept;
DROP TABLE meter_readings_kept;
CREATE UNIQUE INDEX meter_readings_once ON meter_readings (meter_id, period) WHERE state <> 'refused';
CREATE INDEX meter_readings_by_month ON meter_readings (community_id, period);
