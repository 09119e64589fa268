-- A resident can say no to a quote, with their reason.
ALTER TABLE quotes ADD COLUMN refused_at TIMESTAMP;
ALTER TABLE quotes ADD COLUMN refused_by BIGINT REFERENCES people (id);
ALTER TABLE quotes ADD COLUMN refusal TEXT NOT NULL DEFAULT '';
ALTER TABLE quotes DROP CONSTRAINT quotes_state_check;
ALTER TABLE quotes ADD CONSTRAINT quotes_state_check CHECK (state IN ('offered', 'agreed', 'refused', 'replaced'));
ALTER TABLE quotes ADD CONSTRAINT quotes_refused_check CHECK ((state = 'refused') = (refused_at IS NOT NULL));
ALTER TABLE quotes ADD CONSTRAINT quotes_refusal_check CHECK (state <> 'refused' OR refusal <> '');
