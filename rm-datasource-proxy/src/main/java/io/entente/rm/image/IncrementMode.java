package io.entente.rm.image;

import io.entente.rm.table.Column;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a row is locked that was only added to: {@code n-} says that column {@code n} was made smaller, {@code m+_n-} that
 * {@code m} was made larger too. Whoever did the same may have the row at the same time.
 */
final class IncrementMode {

    private IncrementMode() {}

    /**
     * The mode of a row of a change; empty when nobody may have the row beside it.
     *
     * @param row its place in the change's images
     */
    static String of(Change change, int row) {
        if (change.sharing() == Deltas.Sharing.NONE || change.kind() != Change.Kind.UPDATE) {
            return "";
        }
        Map<String, String> signs = new TreeMap<>();
        RowImage before = change.before();
        for (int i = 0; i < before.columns().size(); i++) {
            Column column = before.columns().get(i);
            if (change.table().isKey(column)) {
                continue;
            }
            BigDecimal old = number(before.rows().get(row).values().get(i));
            BigDecimal now = number(change.after().rows().get(row).values().get(i));
            if (old == null || now == null) {
                return "";
            }
            int sign = now.compareTo(old);
            // Nothing added says nothing of the direction of the next one.
            if (sign == 0 || !change.sharing().allows(sign)) {
                return "";
            }
            signs.put(escape(column.name()), sign < 0 ? "-" : "+");
        }
        StringJoiner mode = new StringJoiner("_");
        signs.forEach((column, sign) -> mode.add(column + sign));
        return mode.toString();
    }

    private static @Nullable BigDecimal number(@Nullable Object value) {
        if (value instanceof Long whole) {
            return BigDecimal.valueOf(whole);
        }
        if (value instanceof String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException notANumber) {
                return null;
            }
        }
        return value instanceof BigDecimal decimal ? decimal : null;
    }

    /** What has a meaning in a lock key, or between the columns here, is written as its bytes. */
    private static String escape(String name) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ("%,;:()_+-".indexOf(c) < 0) {
                escaped.append(c);
            } else {
                escaped.append('%')
                        .append(HexFormat.of()
                                .withUpperCase()
                                .formatHex(String.valueOf(c).getBytes(StandardCharsets.UTF_8)));
            }
        }
        return escaped.toString();
    }
}
