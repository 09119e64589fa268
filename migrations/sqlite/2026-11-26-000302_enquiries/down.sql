DROP TABLE enquiries;
DROP TABLE article_terms;
DROP TABLE article_versions;
DROP TABLE articles;
