-- two statements; one comment
CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(20));
INSERT INTO t VALUES (1, 'a;b'), (2, 'it''s');
