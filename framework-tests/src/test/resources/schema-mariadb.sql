CREATE TABLE customer (
    id      BIGINT AUTO_INCREMENT PRIMARY KEY,
    name    VARCHAR(100)   NOT NULL UNIQUE,
    credit  DECIMAL(12, 2) NOT NULL,
    version BIGINT         NOT NULL DEFAULT 0
);
CREATE TABLE stock (
    item   VARCHAR(40) PRIMARY KEY,
    amount INT NOT NULL,
    note   VARCHAR(200)
);
CREATE TABLE purchase (
    id        BIGINT AUTO_INCREMENT PRIMARY KEY,
    customer  BIGINT       NOT NULL REFERENCES customer (id),
    state     VARCHAR(20)  NOT NULL,
    placed_at TIMESTAMP(6) NOT NULL,
    version   BIGINT       NOT NULL DEFAULT 0
);
CREATE TABLE purchase_line (
    id           BIGINT AUTO_INCREMENT PRIMARY KEY,
    purchase     BIGINT      NOT NULL REFERENCES purchase (id),
    purchase_key INT         NOT NULL DEFAULT 0,
    item         VARCHAR(40) NOT NULL,
    amount       INT         NOT NULL
);
