ALTER TABLE fee_items RENAME COLUMN basis TO basis_before;
ALTER TABLE fee_items ADD COLUMN basis TEXT NOT NULL DEFAULT 'home'
    CHECK (basis IN ('area', 'home', 'bay', 'meter', 'shared', 'hour', 'service', 'deposit', 'collected', 'late'));
UPDATE fee_items SET basis = basis_before;
ALTER TABLE fee_items DROP COLUMN basis_before;

-- Late fees 违约金: what was agreed for an item, for what is due from a day on. The rate is a day's, in 1/10,000 of a
-- percent; 0 ends it.
CREATE TABLE late_terms (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    fee_item_id BIGINT NOT NULL REFERENCES fee_items (id),
    starts_on DATE NOT NULL,
    basis TEXT NOT NULL,
    rate BIGINT NOT NULL CHECK (rate >= 0),
    grace_days INTEGER NOT NULL CHECK (grace_days >= 0),
    cap_percent INTEGER NOT NULL CHECK (cap_percent BETWEEN 1 AND 100),
    made_by BIGINT REFERENCES people (id),
    made_at TIMESTAMP NOT NULL,
    UNIQUE (fee_item_id, starts_on),
    CHECK (rate = 0 OR basis <> '')
);

-- Up to which day the late fee of a charge was worked out, and when it was looked at.
CREATE TABLE late_looks (
    charge_id BIGINT PRIMARY KEY NOT NULL REFERENCES charges (id),
    to_on DATE NOT NULL,
    looked_at TIMESTAMP NOT NULL
);

-- On which charge a late fee grew.
CREATE TABLE late_charges (
    charge_id BIGINT PRIMARY KEY NOT NULL REFERENCES charges (id),
    base_id BIGINT NOT NULL REFERENCES charges (id),
    CHECK (charge_id <> base_id)
);
CREATE INDEX late_charges_by_base ON late_charges (base_id);
