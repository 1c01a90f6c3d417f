-- Runs at every start of the provider, so it adds only what is missing.
INSERT INTO vacancy (city, free) SELECT 'lisbon', 5 WHERE NOT EXISTS (SELECT 1 FROM vacancy WHERE city = 'lisbon');
INSERT INTO vacancy (city, free) SELECT 'oslo', 3 WHERE NOT EXISTS (SELECT 1 FROM vacancy WHERE city = 'oslo');
