DROP TABLE deposit_deductions;
DROP TABLE deposits;
