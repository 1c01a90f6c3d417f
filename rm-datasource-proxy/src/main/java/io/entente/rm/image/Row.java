package io.entente.rm.image;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of an image. Each value is null or of the Java class of its column's
 * {@link io.entente.rm.dialect.ValueKind}; all of these have value equality, so rows can be compared with equals.
 *
 * @param values in the order of the owning image's columns
 */
public record Row(List<@Nullable Object> values) {

    public Row {
        // List.copyOf refuses NULLs.
        values = Collections.unmodifiableList(Arrays.asList(values.toArray()));
    }

    /** As the compiler would write it, but without its way over method handles, which is slow. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row row && values.equals(row.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }
}
