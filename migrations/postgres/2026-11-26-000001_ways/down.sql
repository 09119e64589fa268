DROP INDEX ledger_accounts_by_home;
DROP INDEX home_stewards_by_home;
DROP INDEX role_grants_by_person;
