DROP TABLE given_back;
