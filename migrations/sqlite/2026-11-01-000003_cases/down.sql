DROP TABLE duties;
DROP TABLE attachments;
DROP TABLE case_finishes;
DROP TABLE case_breaches;
DROP TABLE case_events;
DROP TABLE cases;
