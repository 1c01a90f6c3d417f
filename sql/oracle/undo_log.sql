-- The undo log of AT branches on Oracle. One row per branch, written with the branch's local commit and deleted in phase two.
-- Keyed by the branch id alone: every access is by it, and each further index costs more than the images themselves.
-- log_status 0: the branch can be undone. 1: the branch was rolled back before its phase one arrived; keeps it from committing.
-- rollback_info may be NULL because Oracle takes no bytes for NULL, and a row with log_status 1 has none.
CREATE TABLE undo_log (
    branch_id     NUMBER(19)    NOT NULL,
    xid           VARCHAR2(128) NOT NULL,
    context       VARCHAR2(128) NOT NULL,
    rollback_info BLOB,
    log_status    NUMBER(10)    NOT NULL,
    log_created   TIMESTAMP(6)  NOT NULL,
    log_modified  TIMESTAMP(6)  NOT NULL,
    PRIMARY KEY (branch_id)
);
