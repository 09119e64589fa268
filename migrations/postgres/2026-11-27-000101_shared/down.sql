DROP TABLE measured;
DROP TABLE home_shares;
DROP TABLE shared_bills;
DROP INDEX billing_runs_one_running;
ALTER TABLE billing_runs DROP COLUMN what;
CREATE UNIQUE INDEX billing_runs_one_running ON billing_runs (community_id, period) WHERE state = 'running';
UPDATE fee_items SET basis = 'home' WHERE basis NOT IN ('area', 'home', 'bay');
ALTER TABLE fee_items DROP CONSTRAINT fee_items_basis_check;
ALTER TABLE fee_items ADD CONSTRAINT fee_items_basis_check CHECK (basis IN ('area', 'home', 'bay'));
