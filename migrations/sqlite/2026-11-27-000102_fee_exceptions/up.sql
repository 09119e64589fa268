-- Items end, and homes for which something else was agreed than for the others, by month and with the reason.
ALTER TABLE fee_items ADD COLUMN ends_on DATE;

CREATE TABLE fee_exceptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    fee_item_id BIGINT NOT NULL REFERENCES fee_items (id),
    kind TEXT NOT NULL CHECK (kind IN ('free', 'part', 'rate')),
    value BIGINT NOT NULL CHECK (value >= 0),
    from_month TEXT NOT NULL,
    to_month TEXT,
    reason TEXT NOT NULL,
    made_by BIGINT REFERENCES people (id),
    made_at TIMESTAMP NOT NULL,
    CHECK (to_month IS NULL OR to_month >= from_month),
    CHECK (kind <> 'part' OR value BETWEEN 1 AND 99)
);
CREATE INDEX fee_exceptions_by_month ON fee_exceptions (community_id, from_month);
CREATE INDEX fee_exceptions_by_home ON fee_exceptions (home_id, fee_item_id);
