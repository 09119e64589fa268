DROP TABLE move_in_defects;
DROP TABLE move_in_readings;
DROP TABLE move_in_handovers;
DROP TABLE move_ins;
