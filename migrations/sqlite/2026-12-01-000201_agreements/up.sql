-- What was signed at a handover, or after it: by whom, and which member of staff saw it.
CREATE TABLE move_in_agreements (
    case_id BIGINT NOT NULL REFERENCES move_in_handovers (case_id),
    agreement TEXT NOT NULL CHECK (agreement IN ('community_rules', 'service_agreement', 'fire_safety')),
    signer_id BIGINT NOT NULL REFERENCES people (id),
    by_id BIGINT NOT NULL REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (case_id, agreement)
);
CREATE TRIGGER move_in_agreements_no_update BEFORE UPDATE ON move_in_agreements
BEGIN SELECT RAISE(ABORT, 'move_in_agreements is append-only'); END;
CREATE TRIGGER move_in_agreements_no_delete BEFORE DELETE ON move_in_agreements
BEGIN SELECT RAISE(ABORT, 'move_in_agreements is append-only'); END;
