package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import java.math.BigDecimal;

/** What fits into a DECIMAL. */
final class Digits {

    private Digits() {}

    /** Whether the number has no more digits before its point than the column has room for. */
    static boolean fit(Column column, BigDecimal number) {
        int before = number.precision() - number.scale();
        return column.size().length() > 0
                && before <= column.size().length() - column.size().scale();
    }
}
