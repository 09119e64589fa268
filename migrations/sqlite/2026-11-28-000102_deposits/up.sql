-- Deposits 押金: what was handed in as a security, its payment in the book of deposits. The office holds what is
-- neither kept nor given back.
CREATE TABLE deposits (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    payment_id BIGINT NOT NULL UNIQUE REFERENCES payments (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('renovation', 'pass', 'key', 'loan', 'other')),
    basis TEXT NOT NULL CHECK (basis <> ''),
    handed_in_by TEXT NOT NULL CHECK (handed_in_by <> ''),
    case_id BIGINT REFERENCES cases (id),
    state TEXT NOT NULL CHECK (state IN ('held', 'returning', 'returned', 'voided')),
    asked_by BIGINT REFERENCES people (id),
    asked_at TIMESTAMP,
    returned_by BIGINT REFERENCES people (id),
    returned_at TIMESTAMP,
    return_method TEXT CHECK (return_method IN ('cash', 'card', 'transfer', 'messenger')),
    return_note TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((state = 'returned') = (returned_at IS NOT NULL)),
    CHECK (returned_by IS NULL OR returned_by <> asked_by)
);
CREATE INDEX deposits_by_community ON deposits (community_id, state);
CREATE INDEX deposits_by_account ON deposits (account_id);
CREATE INDEX deposits_by_case ON deposits (case_id);

-- What is to be kept of a deposit, and why. Its charge is made when the deposit is given back.
CREATE TABLE deposit_deductions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    deposit_id BIGINT NOT NULL REFERENCES deposits (id),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    reason TEXT NOT NULL CHECK (reason <> ''),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'contested', 'upheld', 'dropped')),
    proposed_by BIGINT REFERENCES people (id),
    proposed_at TIMESTAMP NOT NULL,
    until_on DATE NOT NULL,
    objection TEXT NOT NULL DEFAULT '',
    objected_by BIGINT REFERENCES people (id),
    objected_at TIMESTAMP,
    answer TEXT NOT NULL DEFAULT '',
    decided_by BIGINT REFERENCES people (id),
    decided_at TIMESTAMP,
    charge_id BIGINT UNIQUE REFERENCES charges (id),
    CHECK (state <> 'contested' OR objection <> ''),
    CHECK (state <> 'upheld' OR (objection <> '' AND answer <> '')),
    CHECK (charge_id IS NULL OR state IN ('proposed', 'accepted', 'upheld'))
);
CREATE INDEX deposit_deductions_by_deposit ON deposit_deductions (deposit_id);
