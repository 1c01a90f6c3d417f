-- Runs at every start of the bank, so it adds only what is missing.
INSERT INTO account (owner, balance, frozen, announced) SELECT 'carol', 200, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM account WHERE owner = 'carol');
INSERT INTO account (owner, balance, frozen, announced) SELECT 'dave', 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM account WHERE owner = 'dave');
