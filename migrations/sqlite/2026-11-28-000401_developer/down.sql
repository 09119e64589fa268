DROP TABLE developer_terms;
DROP INDEX billing_runs_one_running;
ALTER TABLE billing_runs RENAME COLUMN what TO what_before;
ALTER TABLE billing_runs ADD COLUMN what TEXT NOT NULL DEFAULT 'items' CHECK (what IN ('items', 'shared'));
UPDATE billing_runs SET what = what_before;
ALTER TABLE billing_runs DROP COLUMN what_before;
CREATE UNIQUE INDEX billing_runs_one_running ON billing_runs (community_id, period, what) WHERE state = 'running';
DROP INDEX fee_items_one_in_place;
ALTER TABLE fee_items DROP COLUMN in_place_of;
