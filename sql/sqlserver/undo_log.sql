-- The undo log of AT branches on SQL Server. One row per branch, written with the branch's local commit and deleted in
-- phase two.
-- Keyed by the branch id alone: every access is by it, and each further index costs more than the images themselves.
-- log_status 0: the branch can be undone. 1: the branch was rolled back before its phase one arrived; keeps it from committing.
IF OBJECT_ID(N'undo_log', N'U') IS NULL
CREATE TABLE undo_log (
    branch_id     BIGINT         NOT NULL,
    xid           VARCHAR(128)   NOT NULL,
    context       VARCHAR(128)   NOT NULL,
    rollback_info VARBINARY(MAX) NOT NULL,
    log_status    INT            NOT NULL,
    log_created   DATETIME2(6)   NOT NULL,
    log_modified  DATETIME2(6)   NOT NULL,
    PRIMARY KEY (branch_id)
);
