DROP TABLE duty_handovers;
DROP TABLE weekly_rests;
DROP TABLE leaves;
