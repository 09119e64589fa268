ALTER TABLE pay_orders DROP COLUMN handled_note;
ALTER TABLE pay_orders DROP COLUMN handled_by;
ALTER TABLE pay_orders DROP COLUMN handled_at;
