package io.entente.tc.lock;

import io.entente.protocol.LockModeText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The text in which resource managers name the rows of a branch: {@code table:key,key;table:key}. Our clients may put a
 * {@linkplain LockModeText mode} before a table.
 *
 * <p>Seata reads as much of a malformed text as it understands and locks only that. Here such a text is refused: a row
 * that stays unlocked without anyone knowing is the worst of outcomes.
 */
public final class LockKeyText {
    private LockKeyText() {}

    /**
     * The rows that {@code text} names, each once; exclusive when it is named in several modes.
     *
     * @throws IllegalArgumentException naming the part that is malformed
     */
    public static List<RowClaim> parse(String resource, String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        Map<RowKey, String> modes = new LinkedHashMap<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf(';', start);
            if (end < 0) {
                end = text.length();
            }
            parseTable(resource, text, start, end, modes);
            start = end + 1;
        }
        List<RowClaim> claims = new ArrayList<>(modes.size());
        modes.forEach((row, mode) -> claims.add(new RowClaim(row, mode)));
        return claims;
    }

    private static void parseTable(String resource, String text, int start, int end, Map<RowKey, String> modes) {
        int name = LockModeText.end(text, start, end);
        int colon = text.indexOf(':', name);
        if (colon <= name || colon >= end - 1) {
            throw new IllegalArgumentException(
                    "lock key '" + text.substring(start, end) + "' is malformed; expected table:key or table:key,key");
        }
        String mode = LockModeText.in(text, start, name);
        String table = text.substring(name, colon);
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
            modes.merge(
                    new RowKey(resource, table, text.substring(from, comma)),
                    mode,
                    (one, other) -> one.equals(other) ? one : RowClaim.EXCLUSIVE);
            from = comma + 1;
        }
    }

    /** The text that {@link #parse} reads as {@code claims}. */
    public static String format(List<RowClaim> claims) {
        Map<String, StringBuilder> tables = new LinkedHashMap<>();
        for (RowClaim claim : claims) {
            String table = LockModeText.of(claim.mode()) + claim.row().table() + ":";
            StringBuilder keys = tables.computeIfAbsent(table, begin -> new StringBuilder(begin));
            if (keys.length() > table.length()) {
                keys.append(',');
            }
            keys.append(claim.row().key());
        }
        return String.join(";", tables.values());
    }
}
