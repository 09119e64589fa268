DROP TABLE imports;
DROP TABLE home_stewards;
DROP TABLE staff;
DROP TABLE bays;
DROP TABLE occupancies;
DROP TABLE households;
DROP TABLE homes;
DROP TABLE buildings;
