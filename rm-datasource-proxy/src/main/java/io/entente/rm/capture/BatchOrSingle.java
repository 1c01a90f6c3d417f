package io.entente.rm.capture;

import io.entente.rm.call.Call;
import java.sql.SQLException;

/** A statement that is captured in one way when it is a batch and in another when it is not. */
record BatchOrSingle(CapturePlan batch, CapturePlan single) implements CapturePlan {

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        return (call.isBatch() ? batch : single).execute(call, session);
    }
}
