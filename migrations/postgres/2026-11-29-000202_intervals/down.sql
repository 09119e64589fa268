DROP TABLE fee_intervals;
