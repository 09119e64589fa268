-- Enquiries 咨询, and what the desk knows 知识库: articles with every version that there was, and the terms that they
-- are found by (pairs of Chinese characters and whole Latin words), the same table on both databases.

CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES communities (id),
    category TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'internal', 'published', 'withdrawn')),
    version INTEGER NOT NULL CHECK (version > 0),
    source_case BIGINT REFERENCES cases (id),
    changed_at TIMESTAMP NOT NULL
);
CREATE INDEX articles_by_category ON articles (community_id, state, category);

CREATE TABLE article_versions (
    article_id BIGINT NOT NULL REFERENCES articles (id),
    number INTEGER NOT NULL CHECK (number > 0),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    by_id BIGINT REFERENCES people (id),
    at TIMESTAMP NOT NULL,
    title_zh TEXT NOT NULL,
    body_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body_en TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
);
CREATE TRIGGER article_versions_no_update BEFORE UPDATE ON article_versions
BEGIN SELECT RAISE(ABORT, 'article_versions is append-only'); END;
CREATE TRIGGER article_versions_no_delete BEFORE DELETE ON article_versions
BEGIN SELECT RAISE(ABORT, 'article_versions is append-only'); END;

CREATE TABLE article_terms (
    community_id BIGINT NOT NULL REFERENCES communities (id),
    term TEXT NOT NULL,
    article_id BIGINT NOT NULL REFERENCES articles (id),
    weight INTEGER NOT NULL CHECK (weight > 0),
    PRIMARY KEY (community_id, term, article_id)
);
CREATE INDEX article_terms_by_article ON article_terms (article_id);

CREATE TABLE enquiries (
    case_id BIGINT PRIMARY KEY NOT NULL REFERENCES cases (id),
    community_id BIGINT NOT NULL REFERENCES communities (id),
    answer TEXT NOT NULL DEFAULT '',
    answered_by BIGINT REFERENCES people (id),
    article_id BIGINT REFERENCES articles (id),
    helped BOOLEAN
);
