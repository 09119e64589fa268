-- Meters and their readings. Dials, quantities and tiers are counted in hundredths.
ALTER TABLE fee_items ADD COLUMN meter TEXT CHECK (meter IN ('water', 'electricity', 'gas', 'heat'));

-- Above which quantity of a month a rate holds; below the first, it is the tariff's own.
CREATE TABLE tariff_tiers (
    tariff_id BIGINT NOT NULL REFERENCES tariffs (id),
    above BIGINT NOT NULL CHECK (above > 0),
    rate BIGINT NOT NULL CHECK (rate >= 0),
    PRIMARY KEY (tariff_id, above)
);

CREATE TABLE meters (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    kind TEXT NOT NULL CHECK (kind IN ('water', 'electricity', 'gas', 'heat')),
    number TEXT NOT NULL,
    multiplier BIGINT NOT NULL CHECK (multiplier > 0),
    turns_at BIGINT NOT NULL CHECK (turns_at > 0),
    installed_on DATE NOT NULL,
    first_reading BIGINT NOT NULL CHECK (first_reading >= 0),
    removed_on DATE,
    UNIQUE (community_id, kind, number),
    CHECK (removed_on IS NULL OR removed_on >= installed_on)
);
CREATE INDEX meters_by_home ON meters (home_id);

-- What a dial said, from where to where it is billed, and how much ran through. A held one waits for somebody to look
-- at it; what was refused does not count, and the meter is read again.
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
CREATE UNIQUE INDEX meter_readings_once ON meter_readings (meter_id, period) WHERE state <> 'refused';
CREATE INDEX meter_readings_by_month ON meter_readings (community_id, period);
