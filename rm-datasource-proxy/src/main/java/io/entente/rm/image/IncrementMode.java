package io.entente.rm.image;

import io.entente.rm.table.Column;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
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
        RowImage before = change.before();
        List<@Nullable Object> old = before.rows().get(row).values();
        List<@Nullable Object> now = change.after().rows().get(row).values();
        List<String> columns = new ArrayList<>(1);
        for (int i = 0; i < before.columns().size(); i++) {
            Column column = before.columns().get(i);
            if (change.table().isKey(column)) {
                continue;
            }
            int sign = sign(old.get(i), now.get(i));
            if (sign == 0 || !change.sharing().allows(sign)) {
                return "";
            }
            columns.add(escape(column.name()) + (sign < 0 ? "-" : "+"));
        }
        Collections.sort(columns);
        return String.join("_", columns);
    }

    /** Of what was added; 0 also when that is unknown: nothing added says nothing of the direction of the next one. */
    private static int sign(@Nullable Object old, @Nullable Object now) {
        if (old instanceof Long wholeOld && now instanceof Long wholeNow) {
            return wholeNow.compareTo(wholeOld);
        }
        BigDecimal before = number(old);
        BigDecimal after = number(now);
        return before == null || after == null ? 0 : after.compareTo(before);
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
        int plain = 0;
        while (plain < name.length() && !hasMeaning(name.charAt(plain))) {
            plain++;
        }
        if (plain == name.length()) {
            return name;
        }
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!hasMeaning(c)) {
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

    private static boolean hasMeaning(int c) {
        return "%,;:()_+-".indexOf(c) >= 0;
    }
}
