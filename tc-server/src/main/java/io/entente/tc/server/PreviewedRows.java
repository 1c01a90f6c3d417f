package io.entente.tc.server;

import com.fasterxml.jackson.annotation.JsonValue;
import io.entente.protocol.Resolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What would become of the rows in the way of a branch. Computed when it is written to the operator, which is not the
 * coordinator's thread.
 *
 * @param conflict the rows as shown, see {@link io.entente.protocol.ConflictText}
 */
record PreviewedRows(String conflict, Resolution resolution) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What would happen to a row. */
    enum Effect {
        /** Stays as it is. */
        KEPT,
        /** Its columns get the values they had before the branch. */
        OVERWRITTEN,
        /** Goes, as the branch had inserted it. */
        DELETED,
        /** Is looked at again, and stops the branch when it is still as shown. */
        COMPARED_AGAIN,
        /** Cannot be forced. */
        NOT_POSSIBLE
    }

    /** @param willBe as far as the coordinator knows; null is a null, or that the row is not there */
    record Column(
            String column,
            @Nullable String current,
            @Nullable String willBe) {}

    record Row(String table, String key, String undoing, String reason, Effect effect, List<Column> columns) {}

    @JsonValue
    Object shown() {
        try {
            JsonNode root = JSON.readTree(conflict);
            List<Row> rows = new ArrayList<>();
            for (JsonNode row : root.path("rows")) {
                rows.add(row(row));
            }
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("rows", rows);
            shown.put("rowsLeftOut", root.path("rowsLeftOut").asInt(0));
            return shown;
        } catch (JacksonException e) {
            return "the rows were shown in a form that is not understood: " + new ApplicationData(conflict).shown();
        }
    }

    private Row row(JsonNode row) {
        Effect effect = effect(row);
        List<Column> columns = new ArrayList<>();
        for (JsonNode column : row.path("columns")) {
            String current = text(column, "current");
            boolean back = effect == Effect.OVERWRITTEN || effect == Effect.DELETED;
            columns.add(new Column(
                    String.valueOf(text(column, "column")), current, back ? text(column, "before") : current));
        }
        return new Row(
                String.valueOf(text(row, "table")),
                String.valueOf(text(row, "key")),
                String.valueOf(text(row, "undoing")),
                String.valueOf(text(row, "reason")),
                effect,
                columns);
    }

    private Effect effect(JsonNode row) {
        return switch (resolution) {
            case MARK_DONE, RELEASE_LOCKS, ACCEPT_CURRENT -> Effect.KEPT;
            case RETRY -> Effect.COMPARED_AGAIN;
            case FORCE_BEFORE_IMAGE ->
                !row.path("forcible").asBoolean(true)
                        ? Effect.NOT_POSSIBLE
                        : "INSERT".equals(text(row, "undoing")) ? Effect.DELETED : Effect.OVERWRITTEN;
        };
    }

    private static @Nullable String text(JsonNode node, String property) {
        JsonNode value = node.get(property);
        return value == null || value.isNull() ? null : value.asString();
    }
}
