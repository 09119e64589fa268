-- Who owes what, and why. Money is fen, rates are 1/10,000 yuan per unit.

CREATE TABLE fee_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN ('area', 'home', 'bay')),
    applies_to TEXT NOT NULL CHECK (applies_to IN ('residential', 'shop', 'office', 'owned', 'leased')),
    unit TEXT NOT NULL,
    due_day INTEGER NOT NULL CHECK (due_day BETWEEN 1 AND 31),
    register_order BIGINT NOT NULL,
    UNIQUE (community_id, code)
);

CREATE TABLE tariffs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    fee_item_id BIGINT NOT NULL REFERENCES fee_items (id),
    rate BIGINT NOT NULL CHECK (rate >= 0),
    starts_on DATE NOT NULL,
    UNIQUE (fee_item_id, starts_on)
);

CREATE TABLE billing_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    period TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
    actor_id BIGINT REFERENCES people (id),
    cause TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    homes BIGINT NOT NULL DEFAULT 0,
    homes_done BIGINT NOT NULL DEFAULT 0,
    last_order BIGINT NOT NULL DEFAULT 0,
    charges BIGINT NOT NULL DEFAULT 0,
    total_fen BIGINT NOT NULL DEFAULT 0,
    left_out TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX billing_runs_by_period ON billing_runs (community_id, period);
-- Who runs the same period again joins the run that is under way.
CREATE UNIQUE INDEX billing_runs_one_running ON billing_runs (community_id, period) WHERE state = 'running';

-- Per payer and home, one for each book. The balance is the sum of its entries; positive is owed by the payer.
CREATE TABLE ledger_accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    payer_id BIGINT NOT NULL REFERENCES people (id),
    book TEXT NOT NULL CHECK (book IN ('fees', 'deposits', 'collected')),
    balance_fen BIGINT NOT NULL DEFAULT 0,
    UNIQUE (community_id, home_id, payer_id, book)
);
CREATE INDEX ledger_accounts_by_payer ON ledger_accounts (payer_id);

-- Paid = allocated from payments, waived = given up, open = amount − paid − waived unless reversed.
-- The basis holds what made the amount, as `kind:quantity*rate*days/days_of_month` joined by `+`.
CREATE TABLE charges (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    building_id BIGINT NOT NULL REFERENCES buildings (id),
    payer_id BIGINT NOT NULL REFERENCES people (id),
    fee_item_id BIGINT NOT NULL REFERENCES fee_items (id),
    subject TEXT NOT NULL,
    period TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 0),
    from_on DATE NOT NULL,
    to_on DATE NOT NULL CHECK (to_on >= from_on),
    basis TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    paid_fen BIGINT NOT NULL DEFAULT 0 CHECK (paid_fen >= 0),
    waived_fen BIGINT NOT NULL DEFAULT 0 CHECK (waived_fen >= 0),
    reversed BOOLEAN NOT NULL DEFAULT FALSE,
    due_on DATE NOT NULL,
    due_month TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    run_id BIGINT REFERENCES billing_runs (id),
    UNIQUE (community_id, period, home_id, fee_item_id, subject, revision),
    CHECK (paid_fen + waived_fen <= amount_fen),
    CHECK (NOT reversed OR (paid_fen = 0 AND waived_fen = 0))
);
CREATE INDEX charges_by_account ON charges (account_id, due_on);
CREATE INDEX charges_open ON charges (community_id, due_on) WHERE NOT reversed AND paid_fen + waived_fen < amount_fen;
CREATE INDEX charges_by_due_month ON charges (community_id, due_month, building_id);

CREATE TABLE payments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    receipt TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    unallocated_fen BIGINT NOT NULL CHECK (unallocated_fen >= 0),
    refunded_fen BIGINT NOT NULL DEFAULT 0 CHECK (refunded_fen >= 0),
    method TEXT NOT NULL CHECK (method IN ('cash', 'card', 'transfer', 'messenger', 'bank_statement')),
    note TEXT NOT NULL,
    taken_by BIGINT REFERENCES people (id),
    taken_at TIMESTAMP NOT NULL,
    voided_by BIGINT REFERENCES people (id),
    voided_at TIMESTAMP,
    void_reason TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (community_id, receipt),
    CHECK (unallocated_fen + refunded_fen <= amount_fen),
    CHECK ((voided_at IS NULL) = (void_reason IS NULL)),
    CHECK (voided_by IS NULL OR voided_by <> taken_by)
);
CREATE INDEX payments_by_account ON payments (account_id);
CREATE INDEX payments_by_day ON payments (community_id, taken_at);
CREATE INDEX payments_prepaid ON payments (account_id) WHERE unallocated_fen > 0;

CREATE TABLE ledger_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('charge', 'reversal', 'payment', 'refund', 'waiver')),
    amount_fen BIGINT NOT NULL,
    charge_id BIGINT REFERENCES charges (id),
    payment_id BIGINT REFERENCES payments (id),
    at TIMESTAMP NOT NULL,
    actor_id BIGINT REFERENCES people (id),
    note TEXT NOT NULL,
    CHECK (
        (kind IN ('charge', 'refund') AND amount_fen >= 0)
        OR (kind IN ('reversal', 'payment', 'waiver') AND amount_fen <= 0)
    ),
    CHECK ((kind IN ('charge', 'reversal', 'waiver')) = (charge_id IS NOT NULL)),
    CHECK ((kind IN ('payment', 'refund')) = (payment_id IS NOT NULL))
);
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
CREATE INDEX ledger_entries_by_account ON ledger_entries (account_id, id);
CREATE UNIQUE INDEX ledger_entries_once_by_charge ON ledger_entries (charge_id, kind) WHERE kind IN ('charge', 'reversal');
CREATE UNIQUE INDEX ledger_entries_once_by_payment ON ledger_entries (payment_id) WHERE kind = 'payment';

-- Links a payment to a charge; moves no money. Freed when the payment is voided or the charge reversed.
CREATE TABLE allocations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    payment_id BIGINT NOT NULL REFERENCES payments (id),
    charge_id BIGINT NOT NULL REFERENCES charges (id),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    at TIMESTAMP NOT NULL,
    freed_at TIMESTAMP
);
CREATE INDEX allocations_by_payment ON allocations (payment_id);
CREATE INDEX allocations_by_charge ON allocations (charge_id);

-- What managers look at, kept by the transactions that change it; `linli check` recomputes it from the charges.
CREATE TABLE collection_summaries (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    due_month TEXT NOT NULL,
    building_id BIGINT NOT NULL REFERENCES buildings (id),
    fee_item_id BIGINT NOT NULL REFERENCES fee_items (id),
    charges BIGINT NOT NULL,
    due_fen BIGINT NOT NULL,
    collected_fen BIGINT NOT NULL,
    PRIMARY KEY (community_id, due_month, building_id, fee_item_id)
);

-- One row a stage and oldest unpaid period: sent, or skipped because a later stage was already due.
CREATE TABLE reminders (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    period TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('before', 'day3', 'day15', 'day30')),
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'skipped')),
    owed_fen BIGINT NOT NULL,
    at TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    UNIQUE (community_id, account_id, period, stage)
);
CREATE UNIQUE INDEX reminders_one_a_day ON reminders (account_id, day) WHERE outcome = 'sent';
