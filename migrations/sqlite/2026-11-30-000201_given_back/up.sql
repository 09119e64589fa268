-- What was charged ahead and is owed no more: the charge that was taken back, why, the day until which it was and the
-- days, basis and amount that are left of it, the charge that was made of these and the run that did both. Nothing is
-- left where there is no last day.
CREATE TABLE given_back (
    charge_id BIGINT PRIMARY KEY NOT NULL REFERENCES charges (id),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    run_id BIGINT NOT NULL REFERENCES billing_runs (id),
    cause TEXT NOT NULL CHECK (cause IN ('item', 'bay', 'agreed', 'again')),
    until_on DATE NOT NULL,
    from_on DATE NOT NULL,
    last_on DATE,
    basis TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    due_on DATE NOT NULL,
    made_id BIGINT UNIQUE REFERENCES charges (id),
    made_at TIMESTAMP NOT NULL
);
CREATE INDEX given_back_by_run ON given_back (run_id);
CREATE INDEX given_back_by_day ON given_back (community_id, until_on);
