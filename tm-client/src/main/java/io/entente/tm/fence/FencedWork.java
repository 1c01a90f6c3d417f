package io.entente.tm.fence;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** Business statements that share a local transaction with the row of the fence. */
@FunctionalInterface
public interface FencedWork<T extends @Nullable Object> {

    /** @param connection the local transaction; not to be committed, rolled back or closed here */
    T run(Connection connection) throws Exception;
}
