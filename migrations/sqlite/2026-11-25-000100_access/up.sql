-- Six digits by mail, sealed; instants are real time.
CREATE TABLE one_time_codes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'reset')),
    ask_hash TEXT NOT NULL,
    sealed TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    made_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX one_time_codes_by_ask ON one_time_codes (ask_hash);
CREATE INDEX one_time_codes_by_account ON one_time_codes (account_id);

-- An owner lets a member of the family or a tenant in: bound to one home and one person; the tie begins when the
-- person's activation code is used.
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    person_id BIGINT NOT NULL UNIQUE REFERENCES people (id),
    invited_by BIGINT NOT NULL REFERENCES people (id),
    kind TEXT NOT NULL CHECK (kind IN ('family', 'tenant')),
    starts_on DATE NOT NULL,
    ends_on DATE CHECK (ends_on >= starts_on),
    made_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    accepted_at TIMESTAMP,
    revoked_at TIMESTAMP,
    occupancy_id BIGINT REFERENCES occupancies (id),
    CHECK (accepted_at IS NULL OR revoked_at IS NULL),
    CHECK ((accepted_at IS NULL) = (occupancy_id IS NULL))
);
CREATE INDEX invitations_by_home ON invitations (community_id, home_id);

-- A visit never changes, but for the name of who has left and was anonymised.
DROP TRIGGER visits_no_update;
CREATE TRIGGER visits_no_update BEFORE UPDATE OF
    id, community_id, steward_id, home_id, household_id, started_at, day, month, topics, said,
    satisfaction, follow_up, in_area, late, logged_at ON visits
BEGIN SELECT RAISE(ABORT, 'visits is append-only'); END;
CREATE TRIGGER visits_no_other_name BEFORE UPDATE OF spoken_to ON visits WHEN NEW.spoken_to <> '—'
BEGIN SELECT RAISE(ABORT, 'visits is append-only'); END;
