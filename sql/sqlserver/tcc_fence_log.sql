-- The fence of TCC branches and saga steps on SQL Server. One row per branch, written in the same local transaction as the
-- business statements of its try, confirm, cancel, step or compensation. Finished rows are deleted by age.
-- Seata's table of the same name does as well for TCC; sagas need the column result besides.
-- status 1: tried. 2: committed. 3: rolled back. 4: suspended, that is cancelled before its try; keeps it from running.
IF OBJECT_ID(N'tcc_fence_log', N'U') IS NULL
CREATE TABLE tcc_fence_log (
    xid          VARCHAR(128)  NOT NULL,
    branch_id    BIGINT        NOT NULL,
    action_name  NVARCHAR(255) NOT NULL,
    status       SMALLINT      NOT NULL,
    gmt_create   DATETIME2(3)  NOT NULL,
    gmt_modified DATETIME2(3)  NOT NULL,
    result       NVARCHAR(MAX),
    PRIMARY KEY (xid, branch_id),
    INDEX idx_tcc_fence_log_modified (gmt_modified)
);
