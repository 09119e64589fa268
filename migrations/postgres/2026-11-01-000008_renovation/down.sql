DROP TABLE violations;
DROP TABLE inspection_items;
DROP TABLE inspections;
DROP TABLE renovations;
