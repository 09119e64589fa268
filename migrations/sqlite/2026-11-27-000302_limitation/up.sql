-- What a payer acknowledged in writing: the limitation of these charges starts anew on that day.
CREATE TABLE acknowledgements (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    day DATE NOT NULL,
    signed_by TEXT NOT NULL CHECK (signed_by <> ''),
    note TEXT NOT NULL,
    recorded_by BIGINT REFERENCES people (id),
    recorded_at TIMESTAMP NOT NULL
);
CREATE INDEX acknowledgements_by_account ON acknowledgements (account_id);

CREATE TABLE acknowledgement_charges (
    acknowledgement_id BIGINT NOT NULL REFERENCES acknowledgements (id),
    charge_id BIGINT NOT NULL REFERENCES charges (id),
    PRIMARY KEY (acknowledgement_id, charge_id)
);
CREATE INDEX acknowledgement_charges_by_charge ON acknowledgement_charges (charge_id);
