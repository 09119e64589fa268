DROP TABLE pay_orders;
