DROP TABLE quote_lines;
DROP TABLE quotes;
ALTER TABLE repairs DROP COLUMN pays_rule;
ALTER TABLE repairs DROP COLUMN payer;
ALTER TABLE repairs DROP COLUMN caused_by_people;
ALTER TABLE fee_items DROP COLUMN periodic;
ALTER TABLE buildings DROP COLUMN completed_on;
