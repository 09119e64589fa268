ALTER TABLE disputes DROP CONSTRAINT disputes_taken_back_check;
ALTER TABLE disputes DROP CONSTRAINT disputes_answer_check;
UPDATE disputes SET outcome = 'withdrawn', answer = '—' WHERE outcome = 'taken_back';
ALTER TABLE disputes ADD CONSTRAINT disputes_check1 CHECK (outcome IS NULL OR answer <> '');
ALTER TABLE disputes DROP CONSTRAINT disputes_outcome_check;
ALTER TABLE disputes ADD CONSTRAINT disputes_outcome_check CHECK (outcome IN ('upheld', 'rejected', 'withdrawn'));
ALTER TABLE disputes DROP COLUMN raised_by;
