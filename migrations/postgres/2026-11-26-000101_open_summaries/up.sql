-- What is open by its due day, kept by the transactions that change it: how old what is owed is, asked of ten million
-- charges. By building too, so that two who pay at once seldom wait for one row.
CREATE TABLE open_summaries (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    due_on DATE NOT NULL,
    building_id BIGINT NOT NULL REFERENCES buildings (id),
    charges BIGINT NOT NULL,
    open_fen BIGINT NOT NULL,
    PRIMARY KEY (community_id, due_on, building_id)
);
INSERT INTO open_summaries (community_id, due_on, building_id, charges, open_fen)
SELECT community_id, due_on, building_id, COUNT(*), CAST(SUM(amount_fen - paid_fen - waived_fen) AS BIGINT)
FROM charges WHERE NOT reversed AND paid_fen + waived_fen < amount_fen
GROUP BY community_id, due_on, building_id;
