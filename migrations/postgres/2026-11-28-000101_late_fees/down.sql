DROP TABLE late_charges;
DROP TABLE late_looks;
DROP TABLE late_terms;
ALTER TABLE fee_items DROP CONSTRAINT fee_items_basis_check;
ALTER TABLE fee_items RENAME COLUMN basis TO basis_after;
ALTER TABLE fee_items ADD COLUMN basis TEXT NOT NULL DEFAULT 'home' CONSTRAINT fee_items_basis_check
    CHECK (basis IN ('area', 'home', 'bay', 'meter', 'shared', 'hour', 'service', 'deposit', 'collected'));
UPDATE fee_items SET basis = basis_after WHERE basis_after <> 'late';
ALTER TABLE fee_items DROP COLUMN basis_after;
