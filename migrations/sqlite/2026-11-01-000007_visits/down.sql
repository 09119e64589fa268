DROP TABLE promises_kept;
DROP TABLE visit_plans;
DROP TABLE visit_shortfalls;
DROP TABLE visit_corrections;
DROP TABLE visit_months;
DROP TABLE visit_decisions;
DROP TABLE visits;
