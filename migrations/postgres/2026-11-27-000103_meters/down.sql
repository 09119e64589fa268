DROP TABLE meter_readings;
DROP TABLE meters;
DROP TABLE tariff_tiers;
ALTER TABLE fee_items DROP COLUMN meter;
