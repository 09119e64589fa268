-- One thing that many have reported 突发事件: their repairs are merged into one, all were told once what is known, and
-- all are told when it is over.
CREATE TABLE incidents (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    case_id BIGINT NOT NULL UNIQUE REFERENCES cases (id),
    notice TEXT NOT NULL CHECK (notice <> ''),
    opened_at TIMESTAMP NOT NULL,
    opened_by BIGINT REFERENCES people (id),
    ended_at TIMESTAMP
);
CREATE INDEX incidents_by_community ON incidents (community_id, id);
