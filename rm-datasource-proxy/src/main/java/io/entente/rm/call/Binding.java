package io.entente.rm.call;

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
public record Binding(@Nullable Object value, Setter setter, boolean repeatable) {

    /** Stands for a value that the driver may round or convert before it sends it. */
    private static final Object CONVERTED = new Object();

    /** What is known of a value that is sent as another type than its own; null for NULL. */
    public static @Nullable Object converted(@Nullable Object value) {
        boolean exact = value == null || value instanceof String || value instanceof Integer || value instanceof Long;
        return exact ? value : CONVERTED;
    }

    /** Sets the parameter on a statement. */
    @FunctionalInterface
    public interface Setter {
        /** @param at from 1 */
        void set(PreparedStatement statement, int at) throws SQLException;
    }

    /** A stream parameter: inside a global transaction its content is kept, so that it can be sent several times. */
    public static final class StreamBytes {

        private final @Nullable InputStream original;
        private final byte @Nullable [] content;

        /** @param content null when the driver shall read {@code original} itself */
        public StreamBytes(@Nullable InputStream original, byte @Nullable [] content) {
            this.original = original;
            this.content = content;
        }

        /** From its beginning, as often as it is kept. */
        public InputStream open() {
            return content == null ? pass(original) : new ByteArrayInputStream(content);
        }

        /** The parameter, when {@code setter} sets what {@link #open} gives. */
        public Binding binding(Setter setter) {
            return new Binding(original == null ? null : this, setter, original == null || content != null);
        }
    }

    /** As {@link StreamBytes}, for characters. */
    public record StreamCharacters(
            @Nullable Reader original, @Nullable String content) {

        /** From its beginning, as often as it is kept. */
        public Reader open() {
            return content == null ? pass(original) : new StringReader(content);
        }

        /** The parameter, when {@code setter} sets what {@link #open} gives. */
        public Binding binding(Setter setter) {
            return new Binding(original == null ? null : this, setter, original == null || content != null);
        }
    }

    /** JDBC takes null for a stream, it means NULL. */
    @SuppressWarnings("NullAway")
    private static <T> T pass(@Nullable T stream) {
        return stream;
    }
}
