CREATE TABLE IF NOT EXISTS account (
    owner     VARCHAR(32) NOT NULL PRIMARY KEY,
    balance   INT         NOT NULL,
    frozen    INT         NOT NULL,
    announced INT         NOT NULL
);
-- The statements of account. That nothing is booked twice is up to the fence, not to a key of this table.
CREATE TABLE IF NOT EXISTS booking (
    reference VARCHAR(64) NOT NULL,
    owner     VARCHAR(32) NOT NULL,
    amount    INT         NOT NULL
);
