DROP TABLE shared_take_backs;
ALTER TABLE shared_bills DROP COLUMN after_charge;
