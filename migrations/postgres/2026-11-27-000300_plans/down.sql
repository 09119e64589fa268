DROP TABLE plan_parts;
DROP TABLE plan_charges;
DROP TABLE plans;
DROP TABLE disputes;
