-- SQLite turns `a + b < c` into `c > a + b` before it looks which index fits, but not in the index: said the first way, no
-- question for what is open ever found it and each went through all charges.
DROP INDEX charges_open;
CREATE INDEX charges_open ON charges (community_id, due_on) WHERE NOT reversed AND amount_fen > paid_fen + waived_fen;
