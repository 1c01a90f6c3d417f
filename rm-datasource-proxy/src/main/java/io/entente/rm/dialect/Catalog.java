package io.entente.rm.dialect;

import io.entente.rm.table.ReferencingKey;
import io.entente.rm.table.TableName;
import io.entente.rm.table.UniqueKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Queries of a catalog, row by row. */
final class Catalog {

    private Catalog() {}

    /** Looks at one row. */
    interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    /** Lets the reader look at each row of the query. */
    static void each(Connection connection, String sql, RowReader reader, @Nullable String... parameters)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    reader.read(row);
                }
            }
        }
    }

    /** The columns of unique indexes, put together. */
    static final class UniqueKeys {

        private final Map<String, Index> byName = new LinkedHashMap<>();

        private static final class Index {
            private final boolean primary;
            private final List<String> columns = new ArrayList<>();
            private UniqueKey.Reach reach = UniqueKey.Reach.COLUMNS;

            Index(boolean primary) {
                this.primary = primary;
            }
        }

        /**
         * One column of an index.
         *
         * @param column null for an expression
         */
        void add(String index, boolean primary, @Nullable String column, UniqueKey.Reach reach) {
            Index known = byName.computeIfAbsent(index, any -> new Index(primary));
            if (column == null) {
                known.reach = UniqueKey.Reach.UNKNOWN;
                return;
            }
            known.columns.add(column);
            if (reach.compareTo(known.reach) > 0) {
                known.reach = reach;
            }
        }

        List<UniqueKey> all() {
            List<UniqueKey> keys = new ArrayList<>();
            byName.forEach((name, index) -> keys.add(new UniqueKey(name, index.primary, index.columns, index.reach)));
            return keys;
        }
    }

    /** The columns of foreign keys, put together. */
    static final class ForeignKeys {

        private final Map<String, ForeignKey> byName = new LinkedHashMap<>();

        private static final class ForeignKey {
            private final TableName child;
            private final boolean onDelete;
            private final boolean onUpdate;
            private final List<String> columns = new ArrayList<>();
            private final List<String> references = new ArrayList<>();

            ForeignKey(TableName child, boolean onDelete, boolean onUpdate) {
                this.child = child;
                this.onDelete = onDelete;
                this.onUpdate = onUpdate;
            }
        }

        /** One column of a key. */
        void add(String name, TableName child, boolean onDelete, boolean onUpdate, String column, String references) {
            ForeignKey key =
                    byName.computeIfAbsent(child + " " + name, any -> new ForeignKey(child, onDelete, onUpdate));
            key.columns.add(column);
            key.references.add(references);
        }

        List<ReferencingKey> all() {
            return byName.values().stream()
                    .map(key -> new ReferencingKey(key.child, key.columns, key.references, key.onDelete, key.onUpdate))
                    .toList();
        }
    }
}
