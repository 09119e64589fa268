-- What a community says in its own words to who owes, where it differs from what the portal says.
CREATE TABLE letters (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    letter TEXT NOT NULL CHECK (letter IN ('before', 'day3', 'day15', 'day30', 'demand')),
    zh TEXT NOT NULL CHECK (zh <> ''),
    en TEXT NOT NULL CHECK (en <> ''),
    PRIMARY KEY (community_id, letter)
);
