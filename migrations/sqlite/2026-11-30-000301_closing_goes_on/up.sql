-- Up to which entry a closing has seen everything that is dated into it or before, so that the next does not go through
-- the books from their beginning. 0 where that was not kept: then it does.
ALTER TABLE month_closings ADD COLUMN last_entry BIGINT NOT NULL DEFAULT 0;
