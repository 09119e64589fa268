ALTER TABLE ledger_entries
    ADD FOREIGN KEY (community_id) REFERENCES communities (id),
    ADD FOREIGN KEY (account_id) REFERENCES ledger_accounts (id);
ALTER TABLE charges
    DROP CONSTRAINT charges_account_fkey,
    ADD FOREIGN KEY (community_id) REFERENCES communities (id),
    ADD FOREIGN KEY (account_id) REFERENCES ledger_accounts (id),
    ADD FOREIGN KEY (home_id) REFERENCES homes (id),
    ADD FOREIGN KEY (payer_id) REFERENCES people (id),
    ADD FOREIGN KEY (building_id) REFERENCES buildings (id),
    ADD FOREIGN KEY (fee_item_id) REFERENCES fee_items (id),
    ADD FOREIGN KEY (run_id) REFERENCES billing_runs (id);
ALTER TABLE ledger_accounts DROP CONSTRAINT ledger_accounts_whole;
