-- Runs at every start of the service, so it adds only what is missing.
INSERT INTO account (user_id, balance) SELECT 'alice', 500 WHERE NOT EXISTS (SELECT 1 FROM account WHERE user_id = 'alice');
INSERT INTO account (user_id, balance) SELECT 'bob', 300 WHERE NOT EXISTS (SELECT 1 FROM account WHERE user_id = 'bob');
INSERT INTO account (user_id, balance) SELECT 'carol', 10 WHERE NOT EXISTS (SELECT 1 FROM account WHERE user_id = 'carol');
