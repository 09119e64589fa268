-- Closings of a month 月结: from then on no entry is dated into it or before it.
CREATE TABLE month_closings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    month TEXT NOT NULL,
    from_at TIMESTAMP NOT NULL,
    until_at TIMESTAMP NOT NULL,
    closed_by BIGINT REFERENCES people (id),
    closed_at TIMESTAMP NOT NULL,
    UNIQUE (community_id, month),
    CHECK (from_at < until_at AND until_at <= closed_at)
);
CREATE INDEX month_closings_by_end ON month_closings (community_id, until_at);

-- What stood in the books then: what each kind of entry moved in the month, and the balance before it as `opening`.
CREATE TABLE month_closing_sums (
    closing_id BIGINT NOT NULL REFERENCES month_closings (id),
    book TEXT NOT NULL CHECK (book IN ('fees', 'deposits', 'collected')),
    kind TEXT NOT NULL CHECK (kind IN ('opening', 'charge', 'reversal', 'payment', 'refund', 'waiver')),
    entries BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (closing_id, book, kind)
);
