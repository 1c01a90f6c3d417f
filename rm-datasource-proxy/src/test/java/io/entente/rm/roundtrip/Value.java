package io.entente.rm.roundtrip;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * A value as a statement can have it.
 *
 * @param literal in SQL
 * @param parameter what {@code setObject} is given, null for NULL
 * @param jdbcType the type that is named with it; {@link Types#NULL} for none
 */
record Value(String literal, @Nullable Object parameter, int jdbcType) {

    static final Value NULL = new Value("NULL", null, Types.NULL);

    static Value of(String literal, Object parameter) {
        return new Value(literal, parameter, Types.NULL);
    }

    static Value number(int number) {
        return of(String.valueOf(number), number);
    }

    void bind(PreparedStatement statement, int at) throws SQLException {
        if (parameter == null) {
            statement.setNull(at, Types.NULL);
        } else if (jdbcType != Types.NULL) {
            statement.setObject(at, parameter, jdbcType);
        } else {
            statement.setObject(at, parameter);
        }
    }
}
