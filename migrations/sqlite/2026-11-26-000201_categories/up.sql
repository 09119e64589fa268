-- What a community says otherwise than what ships: categories of its own, and those that ship as it changed them.
-- A code without a stop is the first level. A category that is used is retired, never removed.
CREATE TABLE categories (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    code TEXT NOT NULL CHECK (code <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('repair', 'request')),
    zh TEXT NOT NULL CHECK (zh <> ''),
    en TEXT NOT NULL CHECK (en <> ''),
    skill TEXT NOT NULL,
    urgency TEXT NOT NULL CHECK (urgency IN ('emergency', 'urgent', 'normal')),
    part TEXT NOT NULL CHECK (part IN ('private', 'public')),
    warranty TEXT NOT NULL CHECK (warranty IN ('none', 'waterproofing', 'installation', 'heating', 'structure')),
    price_item TEXT NOT NULL,
    papers TEXT NOT NULL,
    retired BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (community_id, code)
);

-- The price list: labour, and materials with what lies in the store, in hundredths.
CREATE TABLE price_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    code TEXT NOT NULL CHECK (code <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('labour', 'material')),
    zh TEXT NOT NULL CHECK (zh <> ''),
    en TEXT NOT NULL CHECK (en <> ''),
    unit TEXT NOT NULL,
    price_fen BIGINT NOT NULL CHECK (price_fen >= 0),
    stock BIGINT NOT NULL DEFAULT 0 CHECK (stock >= 0),
    retired BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (community_id, code),
    CHECK (kind = 'material' OR stock = 0)
);
