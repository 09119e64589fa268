-- What came into the store, went out with a repair, or was counted otherwise than the books had it. The balance is
-- what lay there afterwards, in hundredths; it never falls below nothing.
CREATE TABLE stock_movements (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    item_id BIGINT NOT NULL REFERENCES price_items (id),
    kind TEXT NOT NULL CHECK (kind IN ('receipt', 'taken', 'count')),
    quantity BIGINT NOT NULL,
    balance BIGINT NOT NULL CHECK (balance >= 0),
    at TIMESTAMP NOT NULL,
    by_id BIGINT REFERENCES people (id),
    case_id BIGINT REFERENCES cases (id),
    note TEXT NOT NULL,
    CHECK (kind <> 'receipt' OR quantity > 0),
    CHECK (kind <> 'taken' OR quantity < 0),
    CHECK ((kind = 'taken') = (case_id IS NOT NULL))
);
CREATE INDEX stock_movements_by_item ON stock_movements (item_id, id);
CREATE INDEX stock_movements_by_case ON stock_movements (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX stock_movements_by_time ON stock_movements (community_id, at);
CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'stock_movements is append-only'); END;
CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements
BEGIN SELECT RAISE(ABORT, 'stock_movements is append-only'); END;
