-- Residents read their meters themselves, and can take that back for ten minutes; the office puts a figure right by the
-- photo: what was sent stands refused, and another in its place.
ALTER TABLE meter_readings ADD COLUMN instead_of BIGINT UNIQUE REFERENCES meter_readings (id);
ALTER TABLE meter_readings DROP CONSTRAINT meter_readings_source_check;
ALTER TABLE meter_readings ADD CONSTRAINT meter_readings_source_check CHECK (source IN ('hand', 'import', 'estimate', 'resident'));
ALTER TABLE meter_readings DROP CONSTRAINT meter_readings_state_check;
ALTER TABLE meter_readings ADD CONSTRAINT meter_readings_state_check CHECK (state IN ('good', 'held', 'refused', 'taken_back'));
ALTER TABLE meter_readings ADD CONSTRAINT meter_readings_taken_back_check CHECK (state <> 'taken_back' OR source = 'resident');
DROP INDEX meter_readings_once;
CREATE UNIQUE INDEX meter_readings_once ON meter_readings (meter_id, period) WHERE state IN ('good', 'held');
