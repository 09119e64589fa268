-- What one asks for and another decides: a waiver of a charge above the year's limit (below it is made at once), a
-- refund of what is prepaid on a payment, or of all that was paid of a charge.
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('waiver', 'refund')),
    charge_id BIGINT REFERENCES charges (id),
    payment_id BIGINT REFERENCES payments (id),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    reason TEXT NOT NULL CHECK (reason <> ''),
    asked_by BIGINT REFERENCES people (id),
    asked_at TIMESTAMP NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'made', 'refused', 'withdrawn')),
    decided_by BIGINT REFERENCES people (id),
    decided_at TIMESTAMP,
    answer TEXT NOT NULL DEFAULT '',
    CHECK ((charge_id IS NULL) <> (payment_id IS NULL)),
    CHECK (kind = 'refund' OR charge_id IS NOT NULL),
    CHECK ((state = 'asked') = (decided_at IS NULL)),
    CHECK (state = 'withdrawn' OR decided_by IS NULL OR decided_by <> asked_by),
    CHECK (state <> 'refused' OR answer <> '')
);
CREATE INDEX corrections_by_account ON corrections (account_id);
CREATE INDEX corrections_by_community ON corrections (community_id, state, id);
-- One thing is asked of a charge or payment at a time.
CREATE UNIQUE INDEX corrections_one_of_charge ON corrections (charge_id) WHERE state = 'asked';
CREATE UNIQUE INDEX corrections_one_of_payment ON corrections (payment_id) WHERE state = 'asked';
