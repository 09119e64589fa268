-- Orders that somebody pays by WeChat or Alipay: what was asked of the provider, and what came of it.

-- The trade number is what the provider knows the order by: the number with something that nobody guesses, so that a
-- database restored from a backup never asks for one that was paid already. What the provider said of a payment is
-- kept in `transaction_no` and `told_fen`, booked or not.
CREATE TABLE pay_orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    home_id BIGINT NOT NULL REFERENCES homes (id),
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    number TEXT NOT NULL,
    trade_no TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL CHECK (channel IN ('wechat', 'alipay', 'practice')),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    state TEXT NOT NULL CHECK (state IN ('asked', 'shown', 'paid', 'expired', 'closed', 'failed')),
    why TEXT NOT NULL DEFAULT '',
    code TEXT NOT NULL DEFAULT '',
    asked_by BIGINT REFERENCES people (id),
    asked_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    looks INTEGER NOT NULL DEFAULT 0,
    look_at TIMESTAMP NOT NULL,
    transaction_no TEXT NOT NULL DEFAULT '',
    told_fen BIGINT,
    settled_at TIMESTAMP,
    payment_id BIGINT UNIQUE REFERENCES payments (id),
    UNIQUE (community_id, number),
    CHECK ((state = 'paid') = (payment_id IS NOT NULL)),
    CHECK (state NOT IN ('asked', 'shown') OR settled_at IS NULL),
    CHECK (state <> 'shown' OR code <> '')
);
CREATE INDEX pay_orders_by_account ON pay_orders (account_id, id);
-- What is still to be looked at.
CREATE INDEX pay_orders_open ON pay_orders (community_id, look_at) WHERE state IN ('asked', 'shown');
