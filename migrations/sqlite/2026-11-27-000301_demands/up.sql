-- Formal demands: letters with a number, made in batches, kept as they were sent; and how each reached whom it was for.
CREATE TABLE demand_batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    day DATE NOT NULL,
    made_by BIGINT REFERENCES people (id),
    made_at TIMESTAMP NOT NULL
);
CREATE INDEX demand_batches_by_community ON demand_batches (community_id, id);

CREATE TABLE demands (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    batch_id BIGINT NOT NULL REFERENCES demand_batches (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    number TEXT NOT NULL,
    day DATE NOT NULL,
    term_on DATE NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
    addressee TEXT NOT NULL,
    body TEXT NOT NULL CHECK (body <> ''),
    total_fen BIGINT NOT NULL CHECK (total_fen > 0),
    UNIQUE (community_id, number),
    UNIQUE (batch_id, account_id),
    CHECK (term_on > day)
);
CREATE INDEX demands_by_account ON demands (account_id, id);

CREATE TABLE demand_charges (
    demand_id BIGINT NOT NULL REFERENCES demands (id),
    charge_id BIGINT NOT NULL REFERENCES charges (id),
    open_fen BIGINT NOT NULL CHECK (open_fen > 0),
    PRIMARY KEY (demand_id, charge_id)
);
CREATE INDEX demand_charges_by_charge ON demand_charges (charge_id);

CREATE TABLE demand_proofs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    demand_id BIGINT NOT NULL REFERENCES demands (id),
    kind TEXT NOT NULL CHECK (kind IN ('handed_over', 'registered', 'refused', 'returned')),
    day DATE NOT NULL,
    reference TEXT NOT NULL,
    note TEXT NOT NULL,
    recorded_by BIGINT REFERENCES people (id),
    recorded_at TIMESTAMP NOT NULL,
    CHECK (kind <> 'registered' OR reference <> ''),
    CHECK (kind <> 'refused' OR note <> '')
);
CREATE INDEX demand_proofs_by_demand ON demand_proofs (demand_id);
