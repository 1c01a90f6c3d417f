package io.entente.rm.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One parameter as the application set it.
 *
 * @param value the value, null for NULL; for a stream something that is not null
 * @param setter sets the same parameter in the same way on another statement or at another position
 * @param repeatable false for a stream that only the driver may read
 */
record Binding(@Nullable Object value, Setter setter, boolean repeatable) {

    @FunctionalInterface
    interface Setter {
        void set(PreparedStatement statement, int at) throws SQLException;
    }

    /** A stream parameter: inside a global transaction its content is kept, so that it can be sent several times. */
    static final class StreamBytes {

        private final @Nullable InputStream original;
        private final byte @Nullable [] content;

        /** @param content null when the driver shall read {@code original} itself */
        StreamBytes(@Nullable InputStream original, byte @Nullable [] content) {
            this.original = original;
            this.content = content;
        }

        InputStream open() {
            return content == null ? pass(original) : new ByteArrayInputStream(content);
        }

        Binding binding(Setter setter) {
            return new Binding(original == null ? null : this, setter, original == null || content != null);
        }
    }

    /** As {@link StreamBytes}, for characters. */
    record StreamCharacters(
            @Nullable Reader original, @Nullable String content) {

        Reader open() {
            return content == null ? pass(original) : new StringReader(content);
        }

        Binding binding(Setter setter) {
            return new Binding(original == null ? null : this, setter, original == null || content != null);
        }
    }

    /** JDBC takes null for a stream, it means NULL. */
    @SuppressWarnings("NullAway")
    private static <T> T pass(@Nullable T stream) {
        return stream;
    }
}
