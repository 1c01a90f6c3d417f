package io.entente.rm.image;

import io.entente.protocol.LockModeText;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lock key text of the rows a branch touched: {@code table:key,key;table:key}, Seata's grammar, so that Seata's
 * clients and ours exclude each other.
 *
 * <p>A composite key joins the texts of its columns with {@code _}, each with {@code % , ; : _} percent-escaped. A key
 * of one column that has none of {@code % , ; :} is written as it is, underscores kept, which is Seata's text; any
 * other is escaped like a composite key's part, and the empty text is {@code %} alone. So no two keys of a table have the
 * same text, which Seata's text does not promise.
 *
 * <p>A row whose key does not come out as Seata writes it is locked under Seata's text as well, where that has one that does not
 * break the grammar. Rows that only Seata's text takes for one then wait for each other.
 *
 * <p>Where the database takes two different texts for one key ({@link Column.Folding}), the row is locked under the text
 * that is stored, as Seata's clients do, and also under the one that all equal texts share.
 */
public final class LockKeys {

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    /** A key has to have a text; an escaped one never is this. */
    private static final String EMPTY = "%";

    private LockKeys() {}

    /**
     * The lock key of all rows of all changes, each row once in a mode, in order of first appearance; empty for no rows.
     *
     * @see IncrementMode
     */
    public static String of(List<Change> changes) {
        List<RowImage> images = new ArrayList<>();
        for (Change change : changes) {
            if (change.sharing() != Deltas.Sharing.NONE) {
                return withModes(changes);
            }
            images.add(change.before());
            images.add(change.after());
        }
        return text(images);
    }

    private static String withModes(List<Change> changes) {
        if (changes.size() == 1 && changes.get(0).touched().rows().size() == 1) {
            // The usual case: nothing has to be sorted.
            Change change = changes.get(0);
            return LockModeText.of(IncrementMode.of(change, 0)) + text(List.of(change.before(), change.after()));
        }
        Map<String, List<RowImage>> byMode = new LinkedHashMap<>();
        for (Change change : changes) {
            for (int i = 0; i < change.touched().rows().size(); i++) {
                List<RowImage> images = byMode.computeIfAbsent(IncrementMode.of(change, i), any -> new ArrayList<>());
                for (RowImage image : List.of(change.before(), change.after())) {
                    if (!image.rows().isEmpty()) {
                        images.add(image.with(List.of(image.rows().get(i))));
                    }
                }
            }
        }
        StringJoiner all = new StringJoiner(";");
        byMode.forEach((mode, images) -> {
            for (String table : text(images).split(";", -1)) {
                all.add(LockModeText.of(mode) + table);
            }
        });
        return all.toString();
    }

    /** A table as lock keys name it. */
    public static String table(Table table) {
        return escape(table.name().lockName(), false);
    }

    /** The lock key of the rows of one image; empty for no rows. */
    public static String of(RowImage image) {
        return text(List.of(image));
    }

    /** The lock key of the rows of several images, of different tables maybe; empty for no rows. */
    public static String ofAll(List<RowImage> images) {
        return text(images);
    }

    private static String text(List<RowImage> images) {
        String one = ofOneRow(images);
        return one == null ? ofManyRows(images) : one;
    }

    /** The usual case, in which nothing has to be collected; null when it is another. */
    private static @Nullable String ofOneRow(List<RowImage> images) {
        RowImage known = null;
        for (RowImage image : images) {
            if (image.rows().isEmpty()) {
                continue;
            }
            if (image.rows().size() > 1 || (known != null && !isSameRow(known, image))) {
                return null;
            }
            known = image;
        }
        if (known == null || folds(known.table().key())) {
            return null;
        }
        return escape(known.table().name().lockName(), false) + ":" + keyTexts(known);
    }

    /** Of the only row. */
    private static String keyTexts(RowImage image) {
        Row row = image.rows().get(0);
        if (image.table().keyColumns().size() == 1 && image.keyValue(row, 0) instanceof Long number) {
            // Has nothing to escape.
            return number.toString();
        }
        List<@Nullable Object> key = image.key(row).values();
        String text = keyText(key);
        String seata = seataText(key, text);
        return seata == null ? text : text + "," + seata;
    }

    private static boolean isSameRow(RowImage one, RowImage other) {
        return one.table().equals(other.table())
                && one.hasKeyOf(one.rows().get(0), other, other.rows().get(0));
    }

    private static boolean folds(List<Column> key) {
        for (Column column : key) {
            if (column.folding() != Column.Folding.EXACT) {
                return true;
            }
        }
        return false;
    }

    private static String ofManyRows(List<RowImage> images) {
        Map<String, Set<String>> keysByTable = new LinkedHashMap<>();
        for (RowImage image : images) {
            if (image.rows().isEmpty()) {
                continue;
            }
            String table = escape(image.table().name().lockName(), false);
            Set<String> texts = keysByTable.computeIfAbsent(table, any -> new LinkedHashSet<>());
            List<Column> key = image.table().key();
            boolean folds = folds(key);
            for (Row row : image.keys()) {
                String text = keyText(row.values());
                texts.add(text);
                String seata = seataText(row.values(), text);
                if (seata != null) {
                    texts.add(seata);
                }
                if (folds) {
                    texts.add(keyText(folded(image.table(), row).values()));
                }
            }
        }
        StringJoiner tables = new StringJoiner(";");
        keysByTable.forEach((table, keys) -> tables.add(table + ":" + String.join(",", keys)));
        return tables.toString();
    }

    /** The key as all keys read that the table's unique index may take for the same. */
    public static Row folded(Table table, Row row) {
        List<Column> key = table.key();
        List<@Nullable Object> folded = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            Object value = row.values().get(i);
            folded.add(value instanceof String text ? fold(key.get(i).folding(), text) : value);
        }
        return new Row(folded);
    }

    private static String fold(Column.Folding folding, String text) {
        return switch (folding) {
            case EXACT -> text;
            case BLANKS -> text.stripTrailing();
            case CASE ->
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                        .replaceAll("")
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT)
                        .stripTrailing();
            case NUMBER -> withoutTrailingZeros(text);
        };
    }

    private static String withoutTrailingZeros(String number) {
        try {
            BigDecimal value = new BigDecimal(number);
            return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
        } catch (NumberFormatException e) {
            // NaN and the infinities have one text each.
            return number;
        }
    }

    private static String keyText(List<@Nullable Object> values) {
        if (values.size() == 1) {
            String text = String.valueOf(values.get(0));
            if (text.isEmpty()) {
                return EMPTY;
            }
            return text.equals(escape(text, false)) ? text : escape(text, true);
        }
        List<String> parts = new ArrayList<>();
        for (Object part : values) {
            parts.add(escape(String.valueOf(part), true));
        }
        return String.join("_", parts);
    }

    /**
     * The key as Seata's clients write it; null when it is the same as {@code ours}, or when Seata has none: its client refuses a
     * comma, and its server reads a semicolon as the end.
     */
    private static @Nullable String seataText(List<@Nullable Object> values, String ours) {
        if (ours.indexOf('%') < 0) {
            // Nothing was escaped.
            return null;
        }
        StringJoiner parts = new StringJoiner("_");
        for (Object value : values) {
            parts.add(String.valueOf(value));
        }
        String text = parts.toString();
        return text.isEmpty() || text.equals(ours) || text.indexOf(',') >= 0 || text.indexOf(';') >= 0 ? null : text;
    }

    private static boolean isSeparator(char c, boolean withUnderscore) {
        return c == '%' || c == ',' || c == ';' || c == ':' || (withUnderscore && c == '_');
    }

    private static String escape(String text, boolean withUnderscore) {
        int plain = 0;
        while (plain < text.length() && !isSeparator(text.charAt(plain), withUnderscore)) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
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
