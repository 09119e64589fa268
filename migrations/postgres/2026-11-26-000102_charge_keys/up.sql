-- A billing run makes charges and their entries by the million, and PostgreSQL looks up each foreign key of each row
-- by itself: twelve of them took more than half of the run. One key holds a charge to its account with the account's
-- community, home and payer, which are held to be there by the account; an entry is held by what it is about. The
-- building and the item are held by the summary row of the charge; that these agree is checked by `linli check`.
-- SQLite keeps its keys: there they cost little.
ALTER TABLE ledger_accounts ADD CONSTRAINT ledger_accounts_whole UNIQUE (id, community_id, home_id, payer_id);
ALTER TABLE charges
    DROP CONSTRAINT charges_community_id_fkey,
    DROP CONSTRAINT charges_account_id_fkey,
    DROP CONSTRAINT charges_home_id_fkey,
    DROP CONSTRAINT charges_payer_id_fkey,
    DROP CONSTRAINT charges_building_id_fkey,
    DROP CONSTRAINT charges_fee_item_id_fkey,
    DROP CONSTRAINT charges_run_id_fkey,
    ADD CONSTRAINT charges_account_fkey FOREIGN KEY (account_id, community_id, home_id, payer_id)
        REFERENCES ledger_accounts (id, community_id, home_id, payer_id);
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_community_id_fkey,
    DROP CONSTRAINT ledger_entries_account_id_fkey;
