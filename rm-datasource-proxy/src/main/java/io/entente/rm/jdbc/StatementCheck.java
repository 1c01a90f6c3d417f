package io.entente.rm.jdbc;

import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.sql.Recognition;
import io.entente.rm.sql.RecognizedSql;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Refused;
import io.entente.rm.sql.RecognizedSql.Uncaptured;
import io.entente.rm.sql.SessionEffect;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What must not run, or not at this point of a connection's local transaction. */
record StatementCheck(AtResource at, Connection real, LocalBranch branch) {

    /**
     * @param xid of the global transaction that the statement runs in; null for none
     * @throws StatementRefusedException it must not run
     */
    void requireAllowed(String sql, Recognition recognition, @Nullable String xid) throws SQLException {
        RecognizedSql recognized = recognition.statement();
        if (recognition.quotesAfterBackslashes() && !at.capturing().dialect().readsBackslashesAsUsual(real, sql)) {
            throw new StatementRefusedException(
                    sql,
                    "it has a back-slash before a quote, and this session's settings make another text of it",
                    "give the text as a parameter, or use the database's default of sql_mode and"
                            + " standard_conforming_strings");
        }
        if (xid != null && !recognition.unseenEffectsAllowed()) {
            at.capturing().requireNoUnseenWriter(real, sql, recognition);
        }
        if (recognized instanceof PlainRead) {
            requireSamePrinting(sql, recognition);
            return;
        }
        // The bound one, so that a try of TCC may join a local transaction that holds changes of AT.
        branch.requireOneTransaction(Enlistment.bound());
        if (recognized instanceof Refused refused && (xid != null || !refused.rowsOnly())) {
            throw new StatementRefusedException(sql, refused.reason(), refused.remedy());
        }
        if (recognized instanceof Uncaptured uncaptured && !uncaptured.rowsOnly() && !branch.isEmpty()) {
            throw new StatementRefusedException(
                    sql,
                    "it may commit the local transaction, which holds changes of a global one",
                    "execute it before them, or on a connection of its own");
        }
    }

    private void requireSamePrinting(String sql, Recognition recognition) throws StatementRefusedException {
        if (!branch.isEmpty() && recognition.session().contains(SessionEffect.PRINTING)) {
            throw new StatementRefusedException(
                    sql,
                    "it changes how values are printed in the middle of a local transaction that has captured some",
                    "set it before the first change, or when the connection is opened");
        }
    }
}
