package io.entente.rm.undo;

import io.entente.rm.dialect.Bytes;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.ValueKind;
import io.entente.rm.image.Change;
import io.entente.rm.image.Deltas;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON form of a branch's changes, version 1.
 *
 * <pre>
 * {"v":1, "changes":[
 *   {"kind":"UPDATE", "catalog":null, "schema":"public", "table":"stock", "key":["id"],
 *    "columns":[["id",4,"int4","INTEGER",""], ["n",4,"int4","INTEGER","N"]],
 *    "deltas":["n"], "relative":false, "before":[[1,10]], "after":[[1,7]]}]}
 * </pre>
 *
 * <p>It describes itself: each column has its name, JDBC type, native type, value kind and flags (N nullable, A
 * auto-increment, G generated, U auto-updated, I invisible), so that it can be read whatever became of the table. An
 * INSERT has no before, a DELETE no after; only an UPDATE has deltas, and its rows stand in the same place before and
 * after. Where {@code relative}, nobody has read them: before has zeroes, and after what was added. DECIMAL, FLOAT and DOUBLE are JSON strings, because JSON numbers have neither
 * scale nor NaN; BYTES are Base64.
 */
final class UndoCodec {

    private static final int VERSION = 1;
    private static final String BEGIN = "{\"v\":" + VERSION + ",\"changes\":[";
    private static final int INITIAL_LENGTH = 512;
    private static final Set<ValueKind> SURE = EnumSet.of(ValueKind.INTEGER, ValueKind.BOOLEAN);

    private final JsonFactory json = new JsonFactory();
    private final UndoHeads heads = new UndoHeads(json);

    /**
     * Encodes, decodes again and compares, so that what cannot be read back fails here and not in phase two.
     *
     * @throws UndoNotEncodableException a value does not survive
     */
    byte[] encode(List<Change> changes, Dialect dialect) throws SQLException {
        try {
            return write(changes, dialect);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new UndoNotEncodableException(
                    "The images of this transaction cannot be written to the undo log: " + e.getMessage(), e);
        }
    }

    private static void requireSame(Change change, List<Row> rows, List<Row> decoded) throws UndoNotEncodableException {
        if (!rows.equals(decoded)) {
            throw new UndoNotEncodableException("The images of " + change.kind() + " on "
                    + change.table().name() + " do not survive the undo log's encoding: " + rows + " came back as "
                    + decoded + ". Remedy: leave the column with the changed value out of the statement.");
        }
    }

    /**
     * Decodes.
     *
     * @throws UndoNotReadableException the bytes are no undo entry of a version this class knows
     */
    List<Change> decode(byte[] encoded) throws UndoNotReadableException {
        try {
            return read(encoded);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new UndoNotReadableException("The undo row is damaged or of a later version: " + e.getMessage(), e);
        }
    }

    private byte[] write(List<Change> changes, Dialect dialect) throws SQLException {
        StringBuilder to = new StringBuilder(INITIAL_LENGTH).append(BEGIN);
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            requireDistinctRows(change);
            UndoHead head = heads.of(change, dialect);
            to.append(i == 0 ? "" : ",").append(head.text());
            if (change.kind() != Change.Kind.INSERT) {
                requireRestorable(change.before(), dialect);
                write(change, change.before(), head.kinds(), to.append(",\"before\":"));
            }
            if (change.kind() != Change.Kind.DELETE) {
                write(change, change.after(), head.kinds(), to.append(",\"after\":"));
            }
            to.append('}');
        }
        return utf8(to.append("]}").toString());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void requireDistinctRows(Change change) throws UndoNotEncodableException {
        RowImage touched = change.touched();
        if (touched.rows().size() < 2) {
            return;
        }
        List<Row> keys = touched.keys();
        if (new HashSet<>(keys).size() != keys.size()) {
            throw new UndoNotEncodableException("A " + change.kind() + " on "
                    + change.table().name() + " has a row twice: " + keys
                    + "; each touch of a row must be a change of its own, because undo follows their order");
        }
    }

    private static void requireRestorable(RowImage before, Dialect dialect) throws UndoNotEncodableException {
        for (int i = 0; i < before.columns().size(); i++) {
            Column column = before.columns().get(i);
            for (Row row : before.rows()) {
                Object value = row.values().get(i);
                String reason = value == null ? null : dialect.whyNotRestorable(column, value);
                if (reason != null) {
                    throw new UndoNotEncodableException("Column " + column.name() + " of "
                            + before.table().name() + " cannot get its old value back, in the row " + row + ": "
                            + reason
                            + ". Remedy: give the column a valid value outside of global transactions first.");
                }
            }
        }
    }

    private void write(Change change, RowImage image, List<ValueKind> kinds, StringBuilder to)
            throws UndoNotEncodableException {
        int begin = to.length();
        to.append('[');
        String separator = "[";
        for (Row row : image.rows()) {
            to.append(separator);
            separator = ",[";
            for (int i = 0; i < kinds.size(); i++) {
                if (i > 0) {
                    to.append(',');
                }
                write(row.values().get(i), kinds.get(i), image.columns().get(i), to);
            }
            to.append(']');
        }
        to.append(']');
        // The digits of a whole number have but one reading.
        if (!SURE.containsAll(kinds)) {
            verify(change, image, kinds, utf8(to.substring(begin)));
        }
    }

    private void verify(Change change, RowImage image, List<ValueKind> kinds, byte[] encoded)
            throws UndoNotEncodableException {
        try (JsonParser from = json.createParser(ObjectReadContext.empty(), encoded)) {
            requireSame(change, image.rows(), readRows(from, kinds));
        }
    }

    private static void write(@Nullable Object value, ValueKind kind, Column column, StringBuilder to)
            throws UndoNotEncodableException {
        if (value == null) {
            to.append("null");
        } else if (!kind.javaType().isInstance(value)) {
            throw new UndoNotEncodableException("The value " + value + " of column " + column.name() + " is a "
                    + value.getClass().getName() + ", its type " + column.typeName() + " is captured as "
                    + kind.javaType().getName());
        } else if (value instanceof Long number) {
            to.append(number.longValue());
        } else if (value instanceof Boolean truth) {
            to.append(truth.booleanValue());
        } else if (value instanceof Bytes bytes) {
            to.append('"')
                    .append(Base64.getEncoder().encodeToString(bytes.toArray()))
                    .append('"');
        } else {
            to.append('"');
            quote(value.toString(), to);
            to.append('"');
        }
    }

    /** Halves of surrogate pairs are escaped: a text may hold one without the other, and UTF-8 has none for it. */
    private static void quote(String text, StringBuilder to) {
        int quoted = 0;
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                JsonStringEncoder.getInstance().quoteAsString(text.substring(quoted, i), to);
                to.append("\\u").append(HexFormat.of().toHexDigits(text.charAt(i)));
                quoted = i + 1;
            }
        }
        JsonStringEncoder.getInstance().quoteAsString(quoted == 0 ? text : text.substring(quoted), to);
    }

    private List<Change> read(byte[] encoded) {
        try (JsonParser from = json.createParser(ObjectReadContext.empty(), encoded)) {
            expect(from.nextToken(), JsonToken.START_OBJECT);
            List<Change> changes = new ArrayList<>();
            expectName(from, "v");
            from.nextToken();
            int version = from.getIntValue();
            if (version != VERSION) {
                throw new IllegalArgumentException("version " + version + ", this release reads " + VERSION);
            }
            expectName(from, "changes");
            expect(from.nextToken(), JsonToken.START_ARRAY);
            while (from.nextToken() == JsonToken.START_OBJECT) {
                changes.add(readChange(from));
            }
            expect(from.currentToken(), JsonToken.END_ARRAY);
            expect(from.nextToken(), JsonToken.END_OBJECT);
            return changes;
        }
    }

    private static Change readChange(JsonParser from) {
        Change.Kind kind = Change.Kind.valueOf(text(from, "kind"));
        String catalog = nullableText(from, "catalog");
        String schema = nullableText(from, "schema");
        TableName name = new TableName(catalog, schema, text(from, "table"));
        List<String> key = new ArrayList<>();
        expectName(from, "key");
        expect(from.nextToken(), JsonToken.START_ARRAY);
        while (from.nextToken() == JsonToken.VALUE_STRING) {
            key.add(from.getString());
        }
        List<ValueKind> kinds = new ArrayList<>();
        List<Column> columns = readColumns(from, kinds);
        Table table = new Table(name, columns, key);
        Set<String> deltas = kind == Change.Kind.UPDATE ? readTexts(from, "deltas") : Set.of();
        boolean relative = kind == Change.Kind.UPDATE && truth(from, "relative");
        List<Row> before = kind == Change.Kind.INSERT ? List.of() : readRows(from, "before", kinds);
        List<Row> after = kind == Change.Kind.DELETE ? List.of() : readRows(from, "after", kinds);
        expect(from.nextToken(), JsonToken.END_OBJECT);
        return new Change(
                kind,
                table,
                new RowImage(table, columns, before),
                new RowImage(table, columns, after),
                deltas,
                Deltas.Sharing.NONE,
                relative);
    }

    private static Set<String> readTexts(JsonParser from, String name) {
        Set<String> texts = new HashSet<>();
        expectName(from, name);
        expect(from.nextToken(), JsonToken.START_ARRAY);
        while (from.nextToken() == JsonToken.VALUE_STRING) {
            texts.add(from.getString());
        }
        expect(from.currentToken(), JsonToken.END_ARRAY);
        return texts;
    }

    private static List<Column> readColumns(JsonParser from, List<ValueKind> kinds) {
        List<Column> columns = new ArrayList<>();
        expectName(from, "columns");
        expect(from.nextToken(), JsonToken.START_ARRAY);
        while (from.nextToken() == JsonToken.START_ARRAY) {
            String name = from.nextStringValue();
            from.nextToken();
            int jdbcType = from.getIntValue();
            String type = from.nextStringValue();
            kinds.add(ValueKind.valueOf(from.nextStringValue()));
            String flags = from.nextStringValue();
            expect(from.nextToken(), JsonToken.END_ARRAY);
            columns.add(new Column(
                    name,
                    jdbcType,
                    type,
                    Column.Size.UNKNOWN,
                    flags.contains("N"),
                    flags.contains("A"),
                    Column.Preset.NONE,
                    flags.contains("G"),
                    flags.contains("U"),
                    flags.contains("I"),
                    Column.Folding.EXACT));
        }
        return columns;
    }

    private static List<Row> readRows(JsonParser from, String name, List<ValueKind> kinds) {
        expectName(from, name);
        return readRows(from, kinds);
    }

    private static List<Row> readRows(JsonParser from, List<ValueKind> kinds) {
        List<Row> rows = new ArrayList<>();
        expect(from.nextToken(), JsonToken.START_ARRAY);
        while (from.nextToken() == JsonToken.START_ARRAY) {
            List<@Nullable Object> values = new ArrayList<>(kinds.size());
            for (ValueKind kind : kinds) {
                values.add(readValue(from, kind));
            }
            expect(from.nextToken(), JsonToken.END_ARRAY);
            rows.add(new Row(values));
        }
        expect(from.currentToken(), JsonToken.END_ARRAY);
        return rows;
    }

    private static @Nullable Object readValue(JsonParser from, ValueKind kind) {
        if (from.nextToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        return switch (kind) {
            case BOOLEAN -> from.getBooleanValue();
            case INTEGER -> from.getLongValue();
            case DECIMAL -> new BigDecimal(from.getString());
            case FLOAT -> Float.valueOf(from.getString());
            case DOUBLE -> Double.valueOf(from.getString());
            case TEXT -> from.getString();
            case BYTES -> new Bytes(from.getBinaryValue());
        };
    }

    private static String text(JsonParser from, String name) {
        expectName(from, name);
        expect(from.nextToken(), JsonToken.VALUE_STRING);
        return from.getString();
    }

    private static boolean truth(JsonParser from, String name) {
        expectName(from, name);
        from.nextToken();
        return from.getBooleanValue();
    }

    private static @Nullable String nullableText(JsonParser from, String name) {
        expectName(from, name);
        return from.nextToken() == JsonToken.VALUE_NULL ? null : from.getString();
    }

    private static void expectName(JsonParser from, String name) {
        String found = from.nextName();
        if (!name.equals(found)) {
            throw new IllegalArgumentException("property " + name + " expected, found " + found);
        }
    }

    private static void expect(@Nullable JsonToken found, JsonToken expected) {
        if (found != expected) {
            throw new IllegalArgumentException(expected + " expected, found " + found);
        }
    }
}
