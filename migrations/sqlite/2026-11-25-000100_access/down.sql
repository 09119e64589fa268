DROP TABLE invitations;
DROP TABLE one_time_codes;
DROP TRIGGER visits_no_other_name;
DROP TRIGGER visits_no_update;
CREATE TRIGGER visits_no_update BEFORE UPDATE ON visits
BEGIN SELECT RAISE(ABORT, 'visits is append-only'); END;
