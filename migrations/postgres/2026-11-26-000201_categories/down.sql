DROP TABLE price_items;
DROP TABLE categories;
