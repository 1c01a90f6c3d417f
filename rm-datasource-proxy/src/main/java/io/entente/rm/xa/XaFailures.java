package io.entente.rm.xa;

import java.sql.SQLException;
import java.util.Map;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/** What the error codes of XA mean. */
final class XaFailures {

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(XAException.XAER_NOTA, "XAER_NOTA: the database does not know the branch"),
            Map.entry(XAException.XAER_RMERR, "XAER_RMERR: the database met an error"),
            Map.entry(XAException.XAER_RMFAIL, "XAER_RMFAIL: the database, or the connection to it, is not available"),
            Map.entry(XAException.XAER_PROTO, "XAER_PROTO: not possible in the present state of the connection"),
            Map.entry(XAException.XAER_INVAL, "XAER_INVAL: the database does not take these arguments"),
            Map.entry(XAException.XAER_DUPID, "XAER_DUPID: there is such a branch already"),
            Map.entry(XAException.XAER_OUTSIDE, "XAER_OUTSIDE: the connection has a local transaction open"),
            Map.entry(XAException.XA_HEURRB, "XA_HEURRB: somebody rolled the branch back by hand"),
            Map.entry(XAException.XA_HEURCOM, "XA_HEURCOM: somebody committed the branch by hand"),
            Map.entry(XAException.XA_HEURMIX, "XA_HEURMIX: somebody committed a part of the branch by hand"),
            Map.entry(XAException.XA_HEURHAZ, "XA_HEURHAZ: somebody may have resolved the branch by hand"));

    private static final int H2_NOT_FOUND = 90129;

    private XaFailures() {}

    /** Whether the database has rolled the branch back by itself. */
    static boolean isRolledBack(XAException e) {
        return e.errorCode >= XAException.XA_RBBASE && e.errorCode <= XAException.XA_RBEND;
    }

    static boolean isUnknown(XAException e) {
        // H2 gives no code of XA but its own for "transaction not found".
        return e.errorCode == XAException.XAER_NOTA
                || (e.getCause() instanceof SQLException cause && cause.getErrorCode() == H2_NOT_FOUND);
    }

    /** Whether a person decided about the branch, against the coordinator or maybe so. */
    static boolean isHeuristic(XAException e) {
        return e.errorCode == XAException.XA_HEURRB
                || e.errorCode == XAException.XA_HEURCOM
                || e.errorCode == XAException.XA_HEURMIX
                || e.errorCode == XAException.XA_HEURHAZ;
    }

    static String describe(XAException e) {
        String name = isRolledBack(e)
                ? "XA_RB" + (e.errorCode - XAException.XA_RBBASE) + ": the database rolled the branch back"
                : NAMES.getOrDefault(e.errorCode, "XA error " + e.errorCode);
        Throwable cause = e.getCause();
        String text = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
        return name + text + (cause == null ? "" : ", caused by " + cause);
    }

    static XAException failedBefore() {
        return failure(
                XAException.XA_RBROLLBACK,
                "a statement of it failed before, outside of a local transaction that was rolled back, and PostgreSQL then"
                        + " keeps nothing. Put statements that may fail into a local transaction (@Transactional), or set"
                        + " autosave=always in the URL",
                null);
    }

    static XAException failure(int code, String text, @Nullable Throwable cause) {
        XAException failure = new XAException(text);
        failure.errorCode = code;
        failure.initCause(cause);
        return failure;
    }

    static SQLException asSql(String what, XAException e) {
        return new SQLException(what + ": " + describe(e) + ".", e);
    }
}
