-- Shared consumption 公摊. What is no matter of days and rates, the part of a shared bill or what a meter has run
-- through, is worked out once, stands in `measured`, and is charged from there.
ALTER TABLE fee_items RENAME COLUMN basis TO basis_before;
ALTER TABLE fee_items ADD COLUMN basis TEXT NOT NULL DEFAULT 'home'
    CHECK (basis IN ('area', 'home', 'bay', 'meter', 'shared', 'hour', 'service', 'deposit', 'collected'));
UPDATE fee_items SET basis = basis_before;
ALTER TABLE fee_items DROP COLUMN basis_before;

ALTER TABLE billing_runs ADD COLUMN what TEXT NOT NULL DEFAULT 'items' CHECK (what IN ('items', 'shared'));
DROP INDEX billing_runs_one_running;
CREATE UNIQUE INDEX billing_runs_one_running ON billing_runs (community_id, period, what) WHERE state = 'running';

-- A bill that the homes of a use share. From `split_at` on its parts stand and nothing about it changes.
CREATE TABLE shared_bills (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    fee_item_id BIGINT NOT NULL REFERENCES fee_items (id),
    name TEXT NOT NULL,
    period TEXT NOT NULL,
    total_fen BIGINT NOT NULL CHECK (total_fen > 0),
    method TEXT NOT NULL CHECK (method IN ('area', 'household', 'share')),
    applies_to TEXT NOT NULL CHECK (applies_to IN ('residential', 'shop', 'office')),
    split_at TIMESTAMP,
    homes BIGINT NOT NULL DEFAULT 0,
    weights BIGINT NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (community_id, period, name),
    CHECK ((split_at IS NULL) = (homes = 0))
);

-- What a home counts where a bill is shared by share, in hundredths; 1.00 where there is no row.
CREATE TABLE home_shares (
    home_id BIGINT PRIMARY KEY NOT NULL REFERENCES homes (id),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    share BIGINT NOT NULL CHECK (share >= 0)
);

CREATE TABLE measured (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    period TEXT NOT NULL,
    fee_item_id BIGINT NOT NULL REFERENCES fee_items (id),
    home_order BIGINT NOT NULL,
    subject TEXT NOT NULL,
    home_id BIGINT NOT NULL REFERENCES homes (id),
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    basis TEXT NOT NULL,
    PRIMARY KEY (community_id, period, fee_item_id, home_order, subject)
);
