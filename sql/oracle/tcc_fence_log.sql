-- The fence of TCC branches and saga steps on Oracle. One row per branch, written in the same local transaction as the
-- business statements of its try, confirm, cancel, step or compensation. Finished rows are deleted by age.
-- Seata's table of the same name does as well for TCC; sagas need the column result besides.
-- status 1: tried. 2: committed. 3: rolled back. 4: suspended, that is cancelled before its try; keeps it from running.
CREATE TABLE tcc_fence_log (
    xid          VARCHAR2(128) NOT NULL,
    branch_id    NUMBER(19)    NOT NULL,
    action_name  VARCHAR2(255) NOT NULL,
    status       NUMBER(3)     NOT NULL,
    gmt_create   TIMESTAMP(3)  NOT NULL,
    gmt_modified TIMESTAMP(3)  NOT NULL,
    result       CLOB,
    PRIMARY KEY (xid, branch_id)
);
CREATE INDEX idx_tcc_fence_log_modified ON tcc_fence_log (gmt_modified);
