UPDATE quotes SET state = 'replaced', refused_at = NULL WHERE state = 'refused';
ALTER TABLE quotes DROP CONSTRAINT quotes_refusal_check;
ALTER TABLE quotes DROP CONSTRAINT quotes_refused_check;
ALTER TABLE quotes DROP CONSTRAINT quotes_state_check;
ALTER TABLE quotes ADD CONSTRAINT quotes_state_check CHECK (state IN ('offered', 'agreed', 'replaced'));
ALTER TABLE quotes DROP COLUMN refusal;
ALTER TABLE quotes DROP COLUMN refused_by;
ALTER TABLE quotes DROP COLUMN refused_at;
