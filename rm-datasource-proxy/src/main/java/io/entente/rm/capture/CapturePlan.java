package io.entente.rm.capture;

import io.entente.rm.call.Call;
import java.sql.SQLException;

/**
 * How one statement is executed and captured: made once for its text and the tables it names, used for each execution.
 * Immutable.
 */
interface CapturePlan {

    /**
     * Executes the call, a batch as well, and hands every change to {@link CaptureSession#record}.
     *
     * @throws io.entente.rm.image.StaleTableException before anything was executed: a table was altered since its metadata
     *     was read
     * @throws CaptureFailedException after it was executed: the local transaction can only roll back
     */
    <T> T execute(Call<T> call, CaptureSession session) throws SQLException;
}
