-- The log of coordinators that keep it in MySQL or MariaDB. Several groups of coordinators may share the tables.
-- One row per group: who leads, in which term, and until when nobody else may take the lead.
CREATE TABLE IF NOT EXISTS entente_log_lead (
    log_group  VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    term       BIGINT       NOT NULL,
    leader     VARCHAR(255) NOT NULL,
    lead_until DATETIME(6)  NOT NULL,
    PRIMARY KEY (log_group)
) ENGINE = InnoDB;
-- What was decided: each row holds the entries that were stored at once, up to last_index.
CREATE TABLE IF NOT EXISTS entente_log_batch (
    log_group  VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    last_index BIGINT       NOT NULL,
    term       BIGINT       NOT NULL,
    entries    LONGBLOB     NOT NULL,
    PRIMARY KEY (log_group, last_index)
) ENGINE = InnoDB;
-- The state after an entry, in parts; the batches up to there are deleted.
CREATE TABLE IF NOT EXISTS entente_log_snapshot (
    log_group   VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    entry_index BIGINT       NOT NULL,
    part        INT          NOT NULL,
    is_last     BOOLEAN      NOT NULL,
    content     LONGBLOB     NOT NULL,
    PRIMARY KEY (log_group, entry_index, part)
) ENGINE = InnoDB;
