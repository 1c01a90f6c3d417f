CREATE TABLE IF NOT EXISTS orders (
    id        BIGINT AUTO_INCREMENT PRIMARY KEY,
    user_id   VARCHAR(32) NOT NULL,
    commodity VARCHAR(32) NOT NULL,
    count     INT         NOT NULL,
    amount    INT         NOT NULL,
    status    VARCHAR(16) NOT NULL
);
