DROP TABLE return_visits;
DROP TABLE repairs;
