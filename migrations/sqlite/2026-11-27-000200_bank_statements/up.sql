-- Bank statements: how a bank's table is read, the files that were taken in, their lines and what became of each,
-- and who pays for whose home without living there.

-- The mapping is JSON: which headings stand for what, the encoding, the title lines, the sign.
CREATE TABLE bank_profiles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    name TEXT NOT NULL CHECK (name <> ''),
    mapping TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (community_id, name)
);

-- A draft holds the lines as they were read, as JSON, until it is taken in or thrown away.
CREATE TABLE bank_statements (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    file_name TEXT NOT NULL,
    profile TEXT NOT NULL,
    by_id BIGINT REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    draft TEXT
);
CREATE INDEX bank_statements_by_community ON bank_statements (community_id, id);

-- The homes that come into question stand in `suggested`, ids parted by commas. The key is the bank's serial number, or what stands for it; a line that repeats one has a key of its own.
CREATE TABLE bank_lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    statement_id BIGINT NOT NULL REFERENCES bank_statements (id),
    line INTEGER NOT NULL,
    day DATE NOT NULL,
    time TEXT NOT NULL,
    payer TEXT NOT NULL,
    payer_account TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    text TEXT NOT NULL,
    serial TEXT NOT NULL,
    line_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('certain', 'booked', 'queued', 'aside', 'debit', 'repeated')),
    why TEXT NOT NULL,
    suggested TEXT NOT NULL DEFAULT '',
    home_id BIGINT REFERENCES homes (id),
    person_id BIGINT REFERENCES people (id),
    payment_id BIGINT REFERENCES payments (id),
    decided_by BIGINT REFERENCES people (id),
    decided_at TIMESTAMP,
    note TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (community_id, line_key),
    CHECK ((state = 'booked') = (payment_id IS NOT NULL)),
    CHECK (state NOT IN ('certain', 'booked') OR home_id IS NOT NULL),
    CHECK (state <> 'aside' OR note <> '')
);
CREATE INDEX bank_lines_by_statement ON bank_lines (statement_id, line);
CREATE INDEX bank_lines_by_state ON bank_lines (community_id, state, id);
-- No payment stands for two lines.
CREATE UNIQUE INDEX bank_lines_one_a_payment ON bank_lines (payment_id) WHERE payment_id IS NOT NULL;

-- Who pays for a home without being of it, because a cashier said so; the account is the person's.
CREATE TABLE bank_payers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    name TEXT NOT NULL CHECK (name <> ''),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    by_id BIGINT REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    UNIQUE (community_id, name, home_id)
);
