-- The developer's run: what was agreed with the developer for homes that are finished and not handed over, and the
-- items that it is charged by, each in place of another.
ALTER TABLE fee_items ADD COLUMN in_place_of BIGINT REFERENCES fee_items (id);
CREATE UNIQUE INDEX fee_items_one_in_place ON fee_items (in_place_of) WHERE in_place_of IS NOT NULL;

DROP INDEX billing_runs_one_running;
ALTER TABLE billing_runs RENAME COLUMN what TO what_before;
ALTER TABLE billing_runs ADD COLUMN what TEXT NOT NULL DEFAULT 'items' CHECK (what IN ('items', 'shared', 'developer'));
UPDATE billing_runs SET what = what_before;
ALTER TABLE billing_runs DROP COLUMN what_before;
CREATE UNIQUE INDEX billing_runs_one_running ON billing_runs (community_id, period, what) WHERE state = 'running';

CREATE TABLE developer_terms (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    payer_id BIGINT NOT NULL REFERENCES people (id),
    from_month TEXT NOT NULL,
    percent BIGINT NOT NULL CHECK (percent BETWEEN 0 AND 100),
    basis TEXT NOT NULL CHECK (basis <> ''),
    made_by BIGINT REFERENCES people (id),
    made_at TIMESTAMP NOT NULL,
    UNIQUE (community_id, from_month)
);
