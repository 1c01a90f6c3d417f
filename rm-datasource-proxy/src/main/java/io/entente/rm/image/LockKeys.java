package io.entente.rm.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The lock key text of the rows a branch touched: {@code table:key,key;table:key}, Seata's grammar, so that Seata's
 * clients and ours exclude each other.
 *
 * <p>A composite key joins the texts of its columns with {@code _}, each with {@code % , ; : _} percent-escaped. A key
 * of one column that has none of {@code % , ; :} is written as it is, underscores kept, which is Seata's text; any
 * other is escaped like a composite key's part. So no two keys of a table have the same text, which Seata's text does
 * not promise.
 */
public final class LockKeys {

    private LockKeys() {}

    /** The lock key of all rows of all changes, each row once, in order of first appearance; empty for no rows. */
    public static String of(List<Change> changes) {
        return text(changes.stream().map(Change::touched).toList());
    }

    /** The lock key of the rows of one image; empty for no rows. */
    public static String of(RowImage image) {
        return text(List.of(image));
    }

    private static String text(List<RowImage> images) {
        Map<String, Set<String>> keysByTable = new LinkedHashMap<>();
        for (RowImage image : images) {
            String table = escape(image.table().name().lockName(), false);
            for (Row key : image.keys()) {
                keysByTable.computeIfAbsent(table, any -> new LinkedHashSet<>()).add(keyText(key));
            }
        }
        StringJoiner tables = new StringJoiner(";");
        keysByTable.forEach((table, keys) -> tables.add(table + ":" + String.join(",", keys)));
        return tables.toString();
    }

    private static String keyText(Row key) {
        if (key.values().size() == 1) {
            String text = String.valueOf(key.values().get(0));
            return text.equals(escape(text, false)) ? text : escape(text, true);
        }
        List<String> parts = new ArrayList<>();
        for (Object part : key.values()) {
            parts.add(escape(String.valueOf(part), true));
        }
        return String.join("_", parts);
    }

    private static String escape(String text, boolean withUnderscore) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '%' -> escaped.append("%25");
                case ',' -> escaped.append("%2C");
                case ';' -> escaped.append("%3B");
                case ':' -> escaped.append("%3A");
                case '_' -> escaped.append(withUnderscore ? "%5F" : "_");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
