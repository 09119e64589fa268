DROP TABLE developer_terms;
ALTER TABLE billing_runs DROP CONSTRAINT billing_runs_what_check;
ALTER TABLE billing_runs ADD CONSTRAINT billing_runs_what_check CHECK (what IN ('items', 'shared'));
DROP INDEX fee_items_one_in_place;
ALTER TABLE fee_items DROP COLUMN in_place_of;
