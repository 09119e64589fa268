-- How somebody narrows the queue, under a name of their own.
CREATE TABLE saved_filters (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    person_id BIGINT NOT NULL REFERENCES people (id),
    name TEXT NOT NULL CHECK (name <> ''),
    query TEXT NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    UNIQUE (community_id, person_id, name)
);
