CREATE TABLE IF NOT EXISTS vacancy (
    city VARCHAR(32) NOT NULL PRIMARY KEY,
    free INT         NOT NULL
);
CREATE TABLE IF NOT EXISTS booking (
    booking_key VARCHAR(200) NOT NULL PRIMARY KEY,
    city        VARCHAR(32)  NOT NULL,
    traveller   VARCHAR(32)  NOT NULL,
    status      VARCHAR(16)  NOT NULL,
    changed_at  TIMESTAMP(6) NOT NULL
);
CREATE TABLE IF NOT EXISTS ticket (
    ticket_key VARCHAR(200) NOT NULL PRIMARY KEY,
    traveller  VARCHAR(32)  NOT NULL
);
