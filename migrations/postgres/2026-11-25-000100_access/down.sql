DROP TABLE invitations;
DROP TABLE one_time_codes;
DROP TRIGGER visits_no_other_name ON visits;
DROP TRIGGER visits_append_only ON visits;
CREATE TRIGGER visits_append_only BEFORE UPDATE OR DELETE ON visits
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
