package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.Outcome;
import io.entente.rm.call.ShownResultSet;
import io.entente.rm.call.SqlAction;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.sql.Fragment;
import io.entente.rm.sql.RecognizedSql;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Script;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Several statements in one text: each is executed by itself, and the application gets the results of all of them. */
final class ScriptRun {

    private final CaptureSession session;

    ScriptRun(CaptureSession session) {
        this.session = session;
    }

    <T> T execute(Script script, Call<T> call) throws SQLException {
        if (call.isBatch()) {
            throw new StatementRefusedException(
                    call.sql(), "several statements in one element of a batch", "add them to the batch one by one");
        }
        requireAccepted(call);
        for (Script.Part part : script.parts()) {
            execute(part.statement(), part.text(), call);
        }
        if (!session.dialect().tellsResultsOfAllStatements()) {
            call.outcome().keepFirst();
        }
        ResultSet rows = call.outcome().rows();
        return rows == null
                ? call.answer().ofCounts(new long[] {call.outcome().updateCount()})
                : call.answer().ofRows(rows);
    }

    /** Where the driver would refuse several statements, ours must not be the way around that. */
    private void requireAccepted(Call<?> call) throws SQLException {
        if (!session.dialect().acceptsSeveralStatements(session.real())) {
            throw new StatementRefusedException(
                    call.sql(),
                    "the text holds several statements, which this connection does not accept (allowMultiQueries)",
                    "execute them one by one");
        }
    }

    private void execute(RecognizedSql statement, Fragment text, Call<?> call) throws SQLException {
        Bindings all = call.bindings();
        Bindings bindings = all == null ? null : all.slice(text.firstParameter(), text.parameters());
        Outcome outcome = new Outcome();
        Statement own = bindings == null
                ? session.real().createStatement()
                : session.real().prepareStatement(text.sql());
        call.outcome().own(own);
        CaptureSession.limitTime(own, call);
        SqlAction<Boolean> plain = () -> run(own, text, bindings);
        Call<Boolean> part = new Call<>(
                text.sql(),
                Collections.singletonList(bindings),
                KeyRequest.NONE,
                own,
                null,
                outcome,
                plain,
                new Call.Any());
        if (statement instanceof PlainRead) {
            var unused = plain.run();
        } else {
            var unused = session.execute(statement, part);
        }
        if (outcome.isElsewhere()) {
            call.outcome().addAll(outcome);
            return;
        }
        ResultSet rows = own.getResultSet();
        if (rows == null) {
            call.outcome().addCount(own.getUpdateCount());
        } else {
            call.outcome()
                    .addRows(ShownResultSet.rows(
                            rows, ShownResultSet.View.columns(rows.getMetaData().getColumnCount())));
        }
    }

    private static boolean run(Statement own, Fragment text, @Nullable Bindings bindings) throws SQLException {
        if (own instanceof PreparedStatement prepared && bindings != null) {
            bindings.applyAll(prepared);
            return prepared.execute();
        }
        return own.execute(text.sql());
    }
}
