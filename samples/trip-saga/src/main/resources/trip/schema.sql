CREATE TABLE IF NOT EXISTS payment (
    payment_key VARCHAR(200) NOT NULL PRIMARY KEY,
    traveller   VARCHAR(32)  NOT NULL,
    city        VARCHAR(32)  NOT NULL,
    amount      INT          NOT NULL
);
