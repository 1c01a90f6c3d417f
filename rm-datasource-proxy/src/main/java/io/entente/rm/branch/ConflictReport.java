package io.entente.rm.branch;

import io.entente.protocol.ConflictText;
import io.entente.rm.dialect.Bytes;
import io.entente.rm.undo.DirtyRow;
import io.entente.rm.undo.RollbackResult;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The rows that stopped a rollback, as the coordinator is told of them. Bounded, because a response has little room: long
 * values are cut, and of many rows or columns the first are shown and the others counted. This process's log has all.
 */
final class ConflictReport {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MOST_CHARS_OF_READABLE = 2_000;
    private static final int MOST_CHARS_OF_ROWS = 7_500;
    private static final int MOST_CHARS_OF_VALUE = 200;
    private static final int MOST_CHARS_OF_KEY = 200;
    private static final int MOST_CHARS_OF_REASON = 400;
    /** In hexadecimal as long as other values. */
    private static final int MOST_BYTES_OF_VALUE = MOST_CHARS_OF_VALUE / 2;

    private ConflictReport() {}

    /** The message for the coordinator. */
    static String of(RollbackResult.Dirty dirty) {
        return new ConflictText(readable(dirty.rows()), rows(dirty.rows())).joined();
    }

    private static String readable(List<DirtyRow> rows) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            String row = readable(rows.get(i));
            if (text.length() + row.length() > MOST_CHARS_OF_READABLE && i > 0) {
                return text.append("\nand ")
                        .append(rows.size() - i)
                        .append(" more rows")
                        .toString();
            }
            text.append(i == 0 ? "" : "\n").append(cut(row, MOST_CHARS_OF_READABLE));
        }
        return text.toString();
    }

    private static String readable(DirtyRow row) {
        StringJoiner columns = new StringJoiner("; ", " [", "]").setEmptyValue("");
        for (DirtyRow.Difference column : row.columns()) {
            columns.add(column.column() + ": before=" + shown(column.before()) + ", after=" + shown(column.after())
                    + ", current=" + shown(column.current()));
        }
        return row.table() + "(" + cut(row.key(), MOST_CHARS_OF_KEY) + "), undo of " + row.undoing() + ": "
                + cut(row.reason(), MOST_CHARS_OF_REASON) + columns;
    }

    /** JSON texts put together by hand, because only a text that is finished tells whether it fits. */
    private static String rows(List<DirtyRow> rows) {
        StringJoiner shown = new StringJoiner(",");
        int left = rows.size();
        for (DirtyRow row : rows) {
            String text = row(row, MOST_CHARS_OF_ROWS - shown.length());
            if (shown.length() + text.length() > MOST_CHARS_OF_ROWS && shown.length() > 0) {
                break;
            }
            shown.add(text);
            left--;
        }
        return "{\"rows\":[" + shown + "],\"rowsLeftOut\":" + left + "}";
    }

    private static String row(DirtyRow row, int room) {
        List<String> columns = new ArrayList<>();
        String head = written(to -> {
            to.writeStringProperty("table", row.table().toString());
            to.writeStringProperty("undoing", row.undoing().name());
            to.writeStringProperty("key", cut(row.key(), MOST_CHARS_OF_KEY));
            to.writeStringProperty("reason", cut(row.reason(), MOST_CHARS_OF_REASON));
            to.writeBooleanProperty("forcible", row.forcible());
        });
        int length = head.length();
        for (DirtyRow.Difference each : row.columns()) {
            String column = column(each);
            length += column.length() + 1;
            if (length > room) {
                break;
            }
            columns.add(column);
        }
        return head.substring(0, head.length() - 1) + ",\"columns\":[" + String.join(",", columns)
                + "],\"columnsLeftOut\":" + (row.columns().size() - columns.size()) + "}";
    }

    private static String column(DirtyRow.Difference column) {
        return written(to -> {
            to.writeStringProperty("column", column.column());
            to.writeStringProperty("type", column.type());
            to.writeName("before");
            to.writeString(shown(column.before()));
            to.writeName("after");
            to.writeString(shown(column.after()));
            to.writeName("current");
            to.writeString(shown(column.current()));
        });
    }

    private interface Properties {
        void write(JsonGenerator to);
    }

    private static String written(Properties properties) {
        StringWriter out = new StringWriter();
        try (JsonGenerator to = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            to.writeStartObject();
            properties.write(to);
            to.writeEndObject();
        }
        return out.toString();
    }

    private static @Nullable String shown(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Bytes bytes) {
            byte[] content = bytes.toArray();
            return content.length <= MOST_BYTES_OF_VALUE
                    ? bytes.toString()
                    : HexFormat.of().formatHex(content, 0, MOST_BYTES_OF_VALUE) + "… (" + content.length + " bytes)";
        }
        return cut(value instanceof BigDecimal number ? number.toPlainString() : value.toString(), MOST_CHARS_OF_VALUE);
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "… (" + text.length() + " characters)";
    }
}
