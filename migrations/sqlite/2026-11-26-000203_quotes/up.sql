-- Who pays for a repair. The completion acceptance 竣工验收 of a building and the handover of a home are both kept, as the
-- developer's warranty counts from the first, and towards the buyer from the second.
ALTER TABLE buildings ADD COLUMN completed_on DATE;
-- What is charged for single services is in no billing run.
ALTER TABLE fee_items ADD COLUMN periodic BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE repairs ADD COLUMN caused_by_people BOOLEAN NOT NULL DEFAULT FALSE;
-- As it was decided when it was done: who pays, and by which line of the table.
ALTER TABLE repairs ADD COLUMN payer TEXT CHECK (payer IN ('office', 'developer', 'resident'));
ALTER TABLE repairs ADD COLUMN pays_rule TEXT;

-- What a resident is asked to pay before it is done, and what they said to it. The newest one of a case holds.
CREATE TABLE quotes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    number INTEGER NOT NULL CHECK (number > 0),
    rule TEXT NOT NULL,
    total_fen BIGINT NOT NULL CHECK (total_fen >= 0),
    state TEXT NOT NULL CHECK (state IN ('offered', 'agreed', 'replaced')),
    made_at TIMESTAMP NOT NULL,
    made_by BIGINT REFERENCES people (id),
    agreed_at TIMESTAMP,
    agreed_by BIGINT REFERENCES people (id),
    signature_id BIGINT REFERENCES attachments (id),
    charge_id BIGINT UNIQUE REFERENCES charges (id),
    UNIQUE (case_id, number),
    CHECK (state <> 'agreed' OR agreed_at IS NOT NULL),
    CHECK (charge_id IS NULL OR state = 'agreed')
);

CREATE TABLE quote_lines (
    quote_id BIGINT NOT NULL REFERENCES quotes (id),
    position INTEGER NOT NULL,
    item_id BIGINT NOT NULL REFERENCES price_items (id),
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    unit TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    price_fen BIGINT NOT NULL CHECK (price_fen >= 0),
    PRIMARY KEY (quote_id, position)
);
