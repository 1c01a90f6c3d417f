-- Runs at every start of the service, so it adds only what is missing.
INSERT INTO stock (commodity, count) SELECT 'chair', 20 WHERE NOT EXISTS (SELECT 1 FROM stock WHERE commodity = 'chair');
INSERT INTO stock (commodity, count) SELECT 'lamp', 10 WHERE NOT EXISTS (SELECT 1 FROM stock WHERE commodity = 'lamp');
