-- Runs at every start of the bank, so it adds only what is missing.
INSERT INTO account (owner, balance, frozen, announced) SELECT 'alice', 500, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM account WHERE owner = 'alice');
INSERT INTO account (owner, balance, frozen, announced) SELECT 'bob', 30, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM account WHERE owner = 'bob');
