DROP INDEX charges_open;
CREATE INDEX charges_open ON charges (community_id, due_on) WHERE NOT reversed AND paid_fen + waived_fen < amount_fen;
