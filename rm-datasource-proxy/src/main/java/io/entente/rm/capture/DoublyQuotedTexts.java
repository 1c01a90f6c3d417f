package io.entente.rm.capture;

import io.entente.rm.call.Call;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.MySql;
import java.sql.SQLException;

/** A plan that takes {@code "a"} for a text, where a setting of the session makes it the name of a column. */
record DoublyQuotedTexts(MySql dialect, CapturePlan plan) implements CapturePlan {

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        if (!dialect.quotesTextsDoubly(session.real())) {
            throw new StatementRefusedException(
                    call.sql(),
                    "it gives a value in double quotes, which are those of names in this session (ANSI_QUOTES)",
                    "write texts in single quotes, or give them as parameters");
        }
        return plan.execute(call, session);
    }
}
