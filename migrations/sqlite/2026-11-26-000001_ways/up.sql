-- Ways to what is asked for with each page, where the key begins with something that the question does not name.
CREATE INDEX role_grants_by_person ON role_grants (person_id);
CREATE INDEX home_stewards_by_home ON home_stewards (home_id, starts_on);
CREATE INDEX ledger_accounts_by_home ON ledger_accounts (home_id);
