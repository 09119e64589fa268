-- A resident says from their own bill that they do not accept a charge, and can take that back for ten minutes.
ALTER TABLE disputes ADD COLUMN raised_by TEXT NOT NULL DEFAULT 'office' CHECK (raised_by IN ('office', 'resident'));
ALTER TABLE disputes DROP CONSTRAINT disputes_outcome_check;
ALTER TABLE disputes ADD CONSTRAINT disputes_outcome_check CHECK (outcome IN ('upheld', 'rejected', 'withdrawn', 'taken_back'));
ALTER TABLE disputes DROP CONSTRAINT disputes_check1;
ALTER TABLE disputes ADD CONSTRAINT disputes_answer_check CHECK (outcome IS NULL OR (outcome = 'taken_back') = (answer = ''));
ALTER TABLE disputes ADD CONSTRAINT disputes_taken_back_check CHECK (outcome IS NULL OR outcome <> 'taken_back' OR raised_by = 'resident');
