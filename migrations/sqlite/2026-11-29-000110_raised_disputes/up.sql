-- A resident says from their own bill that they do not accept a charge, and can take that back for ten minutes.
-- SQLite changes a check only with its table.
CREATE TEMPORARY TABLE disputes_kept AS SELECT id, community_id, account_id, charge_id, reason, noted_by, noted_at, outcome, answer, ended_by, ended_at FROM disputes;
DROP TABLE disputes;
CREATE TABLE disputes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    charge_id BIGINT NOT NULL REFERENCES charges (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    noted_by BIGINT REFERENCES people (id),
    noted_at TIMESTAMP NOT NULL,
    outcome TEXT CHECK (outcome IN ('upheld', 'rejected', 'withdrawn', 'taken_back')),
    answer TEXT NOT NULL DEFAULT '',
    ended_by BIGINT REFERENCES people (id),
    ended_at TIMESTAMP,
    raised_by TEXT NOT NULL DEFAULT 'office' CHECK (raised_by IN ('office', 'resident')),
    CHECK ((outcome IS NULL) = (ended_at IS NULL)),
    CHECK (outcome IS NULL OR (outcome = 'taken_back') = (answer = '')),
    CHECK (outcome IS NULL OR outcome <> 'taken_back' OR raised_by = 'resident')
);
INSERT INTO disputes (id, community_id, account_id, charge_id, reason, noted_by, noted_at, outcome, answer, ended_by, ended_at) SELECT id, community_id, account_id, charge_id, reason, noted_by, noted_at, outcome, answer, ended_by, ended_at FROM disputes_kept;
DROP TABLE disputes_kept;
CREATE INDEX disputes_by_account ON disputes (account_id);
CREATE INDEX disputes_by_community ON disputes (community_id, ended_at);
CREATE UNIQUE INDEX disputes_one_of_charge ON disputes (charge_id) WHERE ended_at IS NULL;
