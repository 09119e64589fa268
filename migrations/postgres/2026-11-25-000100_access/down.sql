DROP TABLE invitations;
DROP TABLE one_time_codes;
