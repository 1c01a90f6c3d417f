package io.entente.tc.lock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The text in which resource managers name the rows of a branch: {@code table:key,key;table:key}.
 *
 * <p>Seata reads as much of a malformed text as it understands and locks only that. Here such a text is refused: a row
 * that stays unlocked without anyone knowing is the worst of outcomes.
 */
public final class LockKeyText {
    private LockKeyText() {}

    /**
     * The rows that {@code text} names, each once.
     *
     * @throws IllegalArgumentException naming the part that is malformed
     */
    public static List<RowKey> parse(String resource, String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        Set<RowKey> rows = new LinkedHashSet<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf(';', start);
            if (end < 0) {
                end = text.length();
            }
            parseTable(resource, text, start, end, rows);
            start = end + 1;
        }
        return rows.size() == 1 ? List.of(rows.iterator().next()) : new ArrayList<>(rows);
    }

    private static void parseTable(String resource, String text, int start, int end, Set<RowKey> rows) {
        int colon = text.indexOf(':', start);
        if (colon <= start || colon >= end - 1) {
            throw new IllegalArgumentException(
                    "lock key '" + text.substring(start, end) + "' is malformed; expected table:key or table:key,key");
        }
        String table = text.substring(start, colon);
        int from = colon + 1;
        while (from <= end) {
            int comma = text.indexOf(',', from);
            if (comma < 0 || comma > end) {
                comma = end;
            }
            if (comma == from) {
                throw new IllegalArgumentException(
                        "lock key '" + text.substring(start, end) + "' has an empty key; expected table:key,key");
            }
            rows.add(new RowKey(resource, table, text.substring(from, comma)));
            from = comma + 1;
        }
    }

    /** The text that {@link #parse} reads as {@code rows}. */
    public static String format(List<RowKey> rows) {
        Map<String, StringBuilder> tables = new LinkedHashMap<>();
        for (RowKey row : rows) {
            StringBuilder keys = tables.computeIfAbsent(row.table(), table -> new StringBuilder(table).append(':'));
            if (keys.length() > row.table().length() + 1) {
                keys.append(',');
            }
            keys.append(row.key());
        }
        return String.join(";", tables.values());
    }
}
