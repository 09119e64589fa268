-- PostgreSQL finds the index however its condition is said.
SELECT 1;
