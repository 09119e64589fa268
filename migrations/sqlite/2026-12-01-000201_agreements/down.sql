DROP TABLE move_in_agreements;
