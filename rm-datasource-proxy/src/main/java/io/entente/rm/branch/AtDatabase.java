package io.entente.rm.branch;

import io.entente.rm.undo.UndoLog;
import javax.sql.DataSource;

/**
 * A database in which this process can commit and roll back branches.
 *
 * @param id the name all instances of all services give to this database; contains no comma
 * @param dataSource plain connections to it, which capture nothing
 * @param undoLog its undo log
 */
public record AtDatabase(String id, DataSource dataSource, UndoLog undoLog) {}
