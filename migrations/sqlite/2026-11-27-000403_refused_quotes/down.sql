UPDATE quotes SET state = 'replaced', refused_at = NULL WHERE state = 'refused';
-- SQLite changes a check only with its table: the lines that refer to it are held until the commit.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE quotes_kept AS SELECT id, community_id, case_id, number, rule, total_fen, state, made_at, made_by, agreed_at, agreed_by, signature_id, charge_id FROM quotes;
DROP TABLE quotes;
CREATE TABLE quotes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    number INTEGER NOT NULL CHECK (number > 0),
    rule TEXT NOT NULL,
    total_fen BIGINT NOT NULL CHECK (total_fen >= 0),
    state TEXT NOT NULL CHECK (state IN ('offered', 'agreed', 'replaced')),
    made_at TIMESTAMP NOT NULL,
    made_by BIGINT REFERENCES people (id),
    agreed_at TIMESTAMP,
    agreed_by BIGINT REFERENCES people (id),
    signature_id BIGINT REFERENCES attachments (id),
    charge_id BIGINT UNIQUE REFERENCES charges (id),
    UNIQUE (case_id, number),
    CHECK (state <> 'agreed' OR agreed_at IS NOT NULL),
    CHECK (charge_id IS NULL OR state = 'agreed')
);
INSERT INTO quotes (id, community_id, case_id, number, rule, total_fen, state, made_at, made_by, agreed_at, agreed_by, signature_id, charge_id) SELECT id, community_id, case_id, number, rule, total_fen, state, made_at, made_by, agreed_at, agreed_by, signature_id, charge_id FROM quotes_kept;
DROP TABLE quotes_kept;
