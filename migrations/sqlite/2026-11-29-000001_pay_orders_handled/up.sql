-- An order that failed is put right by a cashier, who says how: until then it stands among what is to be looked at.
ALTER TABLE pay_orders ADD COLUMN handled_at TIMESTAMP;
ALTER TABLE pay_orders ADD COLUMN handled_by BIGINT REFERENCES people (id);
ALTER TABLE pay_orders ADD COLUMN handled_note TEXT NOT NULL DEFAULT '';
