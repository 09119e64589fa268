-- What one event tells one person, a row for each channel.

CREATE TABLE notifications (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    event TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES people (id),
    channel TEXT NOT NULL CHECK (channel IN ('portal', 'email')),
    code TEXT NOT NULL,
    args TEXT NOT NULL,
    link TEXT,
    urgency TEXT NOT NULL CHECK (urgency IN ('now', 'normal')),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'dropped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    created_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP,
    read_at TIMESTAMP,
    UNIQUE (event, person_id, channel)
);
CREATE INDEX notifications_by_person ON notifications (person_id, channel, id);
CREATE INDEX notifications_unsent ON notifications (community_id, state, id) WHERE state IN ('waiting', 'sending', 'failed');
