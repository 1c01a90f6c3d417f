CREATE TABLE IF NOT EXISTS stock (
    commodity VARCHAR(32) NOT NULL PRIMARY KEY,
    count     INT         NOT NULL
);
