DROP TABLE fee_exceptions;
ALTER TABLE fee_items DROP COLUMN ends_on;
