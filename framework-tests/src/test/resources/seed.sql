INSERT INTO customer (name, credit) VALUES ('ann', 100.00), ('bob', 50.00);
INSERT INTO stock (item, amount, note) VALUES ('nut', 100, NULL), ('bolt', 50, 'M8'), ('cog', 10, NULL);
INSERT INTO purchase (customer, state, placed_at) VALUES (1, 'OPEN', TIMESTAMP '2026-01-02 03:04:05');
INSERT INTO purchase_line (purchase, purchase_key, item, amount) VALUES (1, 0, 'nut', 2), (1, 1, 'bolt', 3);
