DROP TABLE open_summaries;
