DROP INDEX people_by_last_four;
