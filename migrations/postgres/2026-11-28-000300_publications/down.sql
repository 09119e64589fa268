DROP TABLE publication_lines;
DROP TABLE publications;
DROP TABLE community_entries;
DELETE FROM duty_handovers WHERE duty_id IN (SELECT id FROM duties WHERE kind = 'publication');
DELETE FROM duties WHERE kind = 'publication';
ALTER TABLE duties DROP CONSTRAINT duties_kind_check;
ALTER TABLE duties ADD CONSTRAINT duties_kind_check CHECK (kind IN ('return_visit', 'renovation_inspection', 'vacancy_check', 'day_round', 'first_visit', 'follow_up', 'review_decision', 'authority_report', 'second_acceptance', 'service_check', 'complaint_review'));
