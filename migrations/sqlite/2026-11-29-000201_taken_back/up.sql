-- Taking back a whole shared bill: what was undone, by whom and why. The bill is open again; what is charged of it anew
-- comes after the charges that were taken back, as the next revision of each.
ALTER TABLE shared_bills ADD COLUMN after_charge BIGINT NOT NULL DEFAULT 0;

CREATE TABLE shared_take_backs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    fee_item_id BIGINT NOT NULL REFERENCES fee_items (id),
    period TEXT NOT NULL,
    homes BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    paid_fen BIGINT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    made_by BIGINT REFERENCES people (id),
    made_at TIMESTAMP NOT NULL
);
CREATE INDEX shared_take_backs_by_bill ON shared_take_backs (community_id, period, fee_item_id);
