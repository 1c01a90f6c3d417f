CREATE TABLE IF NOT EXISTS account (
    user_id VARCHAR(32) NOT NULL PRIMARY KEY,
    balance INT         NOT NULL
);
