DROP TABLE rectifications;
DROP TABLE complaint_options;
DROP TABLE complaints;
DROP TABLE department_heads;
