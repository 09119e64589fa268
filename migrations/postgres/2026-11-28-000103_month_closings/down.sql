DROP TABLE month_closing_sums;
DROP TABLE month_closings;
