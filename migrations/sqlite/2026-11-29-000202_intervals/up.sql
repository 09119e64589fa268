-- Items billed by quarter, half-year or year: from which month on an item's periods have how many months, and whether
-- the run of a period's first month charges it or that of its last. An item without a row is billed each month.
CREATE TABLE fee_intervals (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    fee_item_id BIGINT NOT NULL REFERENCES fee_items (id),
    from_month TEXT NOT NULL,
    months INTEGER NOT NULL CHECK (months IN (1, 3, 6, 12)),
    timing TEXT NOT NULL CHECK (timing IN ('first', 'last')),
    made_by BIGINT REFERENCES people (id),
    made_at TIMESTAMP NOT NULL,
    UNIQUE (fee_item_id, from_month)
);
CREATE INDEX fee_intervals_by_community ON fee_intervals (community_id);
