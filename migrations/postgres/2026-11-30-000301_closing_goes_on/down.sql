ALTER TABLE month_closings DROP COLUMN last_entry;
