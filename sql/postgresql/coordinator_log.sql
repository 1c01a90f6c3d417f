-- The log of coordinators that keep it in PostgreSQL. Several groups of coordinators may share the tables.
-- One row per group: who leads, in which term, and until when nobody else may take the lead.
CREATE TABLE IF NOT EXISTS entente_log_lead (
    log_group  VARCHAR(128)             NOT NULL,
    term       BIGINT                   NOT NULL,
    leader     VARCHAR(255)             NOT NULL,
    lead_until TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (log_group)
);
-- What was decided: each row holds the entries that were stored at once, up to last_index.
CREATE TABLE IF NOT EXISTS entente_log_batch (
    log_group  VARCHAR(128) NOT NULL,
    last_index BIGINT       NOT NULL,
    term       BIGINT       NOT NULL,
    entries    BYTEA        NOT NULL,
    PRIMARY KEY (log_group, last_index)
);
-- The state after an entry, in parts; the batches up to there are deleted.
CREATE TABLE IF NOT EXISTS entente_log_snapshot (
    log_group   VARCHAR(128) NOT NULL,
    entry_index BIGINT       NOT NULL,
    part        INT          NOT NULL,
    is_last     BOOLEAN      NOT NULL,
    content     BYTEA        NOT NULL,
    PRIMARY KEY (log_group, entry_index, part)
);
