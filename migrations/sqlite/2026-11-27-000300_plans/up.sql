-- What stands between a charge and its reminders: that it is disputed, or that it is paid by instalments.
CREATE TABLE disputes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    charge_id BIGINT NOT NULL REFERENCES charges (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    noted_by BIGINT REFERENCES people (id),
    noted_at TIMESTAMP NOT NULL,
    outcome TEXT CHECK (outcome IN ('upheld', 'rejected', 'withdrawn')),
    answer TEXT NOT NULL DEFAULT '',
    ended_by BIGINT REFERENCES people (id),
    ended_at TIMESTAMP,
    CHECK ((outcome IS NULL) = (ended_at IS NULL)),
    CHECK (outcome IS NULL OR answer <> '')
);
CREATE INDEX disputes_by_account ON disputes (account_id);
CREATE INDEX disputes_by_community ON disputes (community_id, ended_at);
CREATE UNIQUE INDEX disputes_one_of_charge ON disputes (charge_id) WHERE ended_at IS NULL;

-- An agreement on instalments. Kept and broken are facts, written once; missed_on is the day of the first instalment
-- that was not there in time.
CREATE TABLE plans (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    total_fen BIGINT NOT NULL CHECK (total_fen > 0),
    agreed_by TEXT NOT NULL CHECK (agreed_by <> ''),
    agreed_on DATE NOT NULL,
    note TEXT NOT NULL,
    made_by BIGINT REFERENCES people (id),
    made_at TIMESTAMP NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'kept', 'broken', 'ended')),
    missed_on DATE,
    end_reason TEXT NOT NULL DEFAULT '',
    ended_by BIGINT REFERENCES people (id),
    ended_at TIMESTAMP,
    CHECK ((state = 'running') = (ended_at IS NULL)),
    CHECK ((state = 'broken') = (missed_on IS NOT NULL)),
    CHECK ((state = 'ended') = (end_reason <> ''))
);
CREATE INDEX plans_by_account ON plans (account_id);
CREATE INDEX plans_by_community ON plans (community_id, state);

CREATE TABLE plan_charges (
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    charge_id BIGINT NOT NULL REFERENCES charges (id),
    open_fen BIGINT NOT NULL CHECK (open_fen > 0),
    PRIMARY KEY (plan_id, charge_id)
);
CREATE INDEX plan_charges_by_charge ON plan_charges (charge_id);

CREATE TABLE plan_parts (
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    number INTEGER NOT NULL CHECK (number > 0),
    due_on DATE NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (plan_id, number)
);
