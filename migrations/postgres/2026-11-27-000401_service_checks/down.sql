DROP TABLE service_checks;
DELETE FROM duty_handovers WHERE duty_id IN (SELECT id FROM duties WHERE subject_kind = 'community');
DELETE FROM duties WHERE subject_kind = 'community';
ALTER TABLE duties DROP CONSTRAINT duties_kind_check;
ALTER TABLE duties ADD CONSTRAINT duties_kind_check CHECK (kind IN ('return_visit', 'renovation_inspection', 'vacancy_check', 'day_round', 'first_visit', 'follow_up', 'review_decision', 'authority_report', 'second_acceptance', 'service_check'));
ALTER TABLE duties DROP CONSTRAINT duties_subject_kind_check;
ALTER TABLE duties ADD CONSTRAINT duties_subject_kind_check CHECK (subject_kind IN ('case', 'home', 'person'));
