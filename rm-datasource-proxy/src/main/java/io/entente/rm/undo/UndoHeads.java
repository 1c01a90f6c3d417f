package io.entente.rm.undo;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.ValueKind;
import io.entente.rm.image.Change;
import io.entente.rm.table.Column;
import io.entente.rm.table.TableName;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What stands before the rows of a change, from its kind to its columns. It is longer than the rows of most changes and the
 * same each time a statement is executed, so it is written once.
 */
final class UndoHeads {

    /** Statements with thousands of different column lists shall not fill the memory. */
    private static final int MOST = 1_000;

    private final JsonFactory json;
    private final Map<Shape, UndoHead> heads = new ConcurrentHashMap<>();

    UndoHeads(JsonFactory json) {
        this.json = json;
    }

    private record Shape(
            Change.Kind kind,
            TableName table,
            List<String> key,
            List<Column> columns,
            Set<String> deltas,
            boolean relative) {

        /** As the compiler would write it, but without its way over method handles, which is slow. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Shape shape
                    && kind == shape.kind
                    && relative == shape.relative
                    && columns.equals(shape.columns)
                    && key.equals(shape.key)
                    && deltas.equals(shape.deltas)
                    && table.equals(shape.table);
        }

        /** Most is left out: there are few shapes of one table with as many columns. */
        @Override
        public int hashCode() {
            return table.name().hashCode() * 31 + columns.size();
        }
    }

    UndoHead of(Change change, Dialect dialect) throws SQLException {
        Shape shape = new Shape(
                change.kind(),
                change.table().name(),
                change.table().keyColumns(),
                change.touched().columns(),
                change.deltas(),
                change.relative());
        UndoHead known = heads.get(shape);
        if (known != null) {
            return known;
        }
        List<ValueKind> kinds = new ArrayList<>();
        for (Column column : shape.columns()) {
            kinds.add(dialect.access(column).kind());
        }
        UndoHead head = new UndoHead(write(shape, kinds), kinds);
        if (heads.size() >= MOST) {
            heads.clear();
        }
        heads.put(shape, head);
        return head;
    }

    private String write(Shape shape, List<ValueKind> kinds) {
        StringWriter out = new StringWriter();
        try (JsonGenerator to = json.createGenerator(ObjectWriteContext.empty(), out)) {
            to.writeStartObject();
            to.writeStringProperty("kind", shape.kind().name());
            to.writeName("catalog");
            to.writeString(shape.table().catalog());
            to.writeName("schema");
            to.writeString(shape.table().schema());
            to.writeStringProperty("table", shape.table().name());
            to.writeArrayPropertyStart("key");
            shape.key().forEach(to::writeString);
            to.writeEndArray();
            to.writeArrayPropertyStart("columns");
            for (int i = 0; i < kinds.size(); i++) {
                write(shape.columns().get(i), kinds.get(i), to);
            }
            to.writeEndArray();
            if (shape.kind() == Change.Kind.UPDATE) {
                to.writeArrayPropertyStart("deltas");
                shape.deltas().stream().sorted().forEach(to::writeString);
                to.writeEndArray();
                to.writeBooleanProperty("relative", shape.relative());
            }
            to.writeEndObject();
        }
        String object = out.toString();
        return object.substring(0, object.length() - 1);
    }

    private static void write(Column column, ValueKind kind, JsonGenerator to) {
        to.writeStartArray();
        to.writeString(column.name());
        to.writeNumber(column.jdbcType());
        to.writeString(column.typeName());
        to.writeString(kind.name());
        to.writeString((column.nullable() ? "N" : "")
                + (column.autoIncrement() ? "A" : "")
                + (column.generated() ? "G" : "")
                + (column.autoUpdated() ? "U" : "")
                + (column.invisible() ? "I" : ""));
        to.writeEndArray();
    }
}
