package io.entente.rm.dialect;

import io.entente.rm.table.Column;
import io.entente.rm.table.HiddenCall;
import io.entente.rm.table.Identifier;
import io.entente.rm.table.ReferencingKey;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import io.entente.rm.table.TableNotUsableException;
import io.entente.rm.table.Trigger;
import io.entente.rm.table.UniqueKey;
import io.entente.rm.table.Writers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL.
 *
 * <p>Everything but bytes is bound as text without a type, so that the server takes the type from the column: the one
 * way that serves enums, domains, arrays, ranges, bit strings and extension types alike.
 */
public final class PostgreSql implements Dialect {

    /** Largest bytea; the message around it needs a little of the gigabyte. */
    private static final long MAX_BYTEA = 1_000_000_000L;

    private static final ColumnAccess PRINTED = ColumnAccess.through(ValueKind.TEXT, "{}::text");

    private static final int FIRST_WITH_OLD_AND_NEW = 18;
    private static final int FIRST_WITH_MERGE_RETURNING = 17;

    /** A table and, when it is partitioned, all below it. */
    static final String TREE = "WITH RECURSIVE tree(oid) AS (SELECT c.oid FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?"
            + " UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid) ";

    private final int majorVersion;
    private volatile boolean sendsSeveral;

    /** A server of this version. */
    public PostgreSql(int majorVersion) {
        this.majorVersion = majorVersion;
    }

    /** Whether RETURNING knows the old values of the rows beside the new ones. */
    public boolean returnsOldAndNew() {
        return majorVersion >= FIRST_WITH_OLD_AND_NEW;
    }

    /** Whether MERGE has RETURNING. */
    public boolean mergeReturns() {
        return majorVersion >= FIRST_WITH_MERGE_RETURNING;
    }

    @Override
    public String sqlFolder() {
        return "postgresql";
    }

    @Override
    public String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public ColumnAccess access(Column column) {
        return switch (column.typeName()) {
            case "bool" -> ColumnAccess.plain(ValueKind.BOOLEAN);
            case "int2", "int4", "int8" -> ColumnAccess.plain(ValueKind.INTEGER);
            case "float4" -> ColumnAccess.plain(ValueKind.FLOAT);
            case "float8" -> ColumnAccess.plain(ValueKind.DOUBLE);
            case "bytea" -> ColumnAccess.plain(ValueKind.BYTES);
            // Not ::text, which strips the blanks of char(n).
            case "text", "varchar", "bpchar" -> ColumnAccess.plain(ValueKind.TEXT);
            // Printed in the session's time zone otherwise, so that two sessions would disagree about one value.
            case "timestamptz" ->
                ColumnAccess.through(
                        ValueKind.TEXT, "({} AT TIME ZONE 'UTC')::text", "(?::timestamp AT TIME ZONE 'UTC')");
            // Printed with the currency of lc_monetary otherwise.
            case "money" -> ColumnAccess.through(ValueKind.TEXT, "{}::numeric::text", "?::numeric::money");
            // numeric among them: BigDecimal has no NaN and no infinity.
            default -> PRINTED;
        };
    }

    /**
     * SQL of the column's value as a text that {@link ValueKind#parse} reads.
     *
     * @param quoted the column's name, quoted and with a qualifier where one is needed
     */
    public String asText(Column column, String quoted) {
        ColumnAccess access = access(column);
        if (access.kind() == ValueKind.BYTES) {
            return "encode(" + quoted + ", 'hex')";
        }
        if (column.typeName().equals("bpchar")) {
            // A cast would strip its blanks; format prints NULL as nothing.
            return "CASE WHEN " + quoted + " IS NOT NULL THEN format('%s', " + quoted + ") END";
        }
        return access.plain() ? quoted + "::text" : access.read(quoted);
    }

    @Override
    public String printingQuery(Column column) {
        return switch (column.typeName()) {
            case "date", "timestamp", "timestamptz" ->
                "SELECT " + access(column).read("?::" + column.typeName());
            default -> "";
        };
    }

    @Override
    public void bind(PreparedStatement statement, int position, Column column, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            statement.setNull(position, Types.NULL);
        } else if (value instanceof Bytes bytes) {
            statement.setBytes(position, bytes.toArray());
        } else {
            statement.setObject(position, value.toString(), Types.OTHER);
        }
    }

    /** Of no type, so that the server takes the column's. */
    @Override
    public void bindComparedText(PreparedStatement statement, int position, String text) throws SQLException {
        statement.setObject(position, text, Types.OTHER);
    }

    @Override
    public String identityOverride() {
        return " OVERRIDING SYSTEM VALUE";
    }

    @Override
    public void probe(Connection own) {
        sendsSeveral = Probe.takes(own, "SELECT 1; SELECT 1");
    }

    /** The driver sends several statements together, and the server does none of them behind one that fails. */
    @Override
    public boolean insertAndCommit(Connection connection, InsertedRow row) throws SQLException {
        if (!sendsSeveral) {
            return false;
        }
        try (PreparedStatement both = connection.prepareStatement(row.sql() + "; COMMIT")) {
            row.bind(both);
            both.execute();
            return true;
        }
    }

    @Override
    public boolean isDuplicateKey(SQLException failure) {
        return "23505".equals(failure.getSQLState());
    }

    @Override
    public boolean looksAtConstraintsPerStatement() {
        return true;
    }

    @Override
    public boolean generatesTakenNumbers() {
        return true;
    }

    @Override
    public boolean rowsTellTheirTable() {
        return true;
    }

    @Override
    public boolean failureEndsTransaction() {
        return true;
    }

    @Override
    public boolean batchesReturnRows() {
        return true;
    }

    @Override
    public long maxParameterBytes(Connection connection) {
        return MAX_BYTEA;
    }

    @Override
    public SessionRestore prepareUndoSession(Connection connection, String printedUnder) throws SQLException {
        // Deferrable constraints then look at the result of the whole undo only. LOCAL and this end with the
        // transaction.
        try (Statement set = connection.createStatement()) {
            set.execute("SET CONSTRAINTS ALL DEFERRED");
        }
        PostgreSqlPrinting.printAgain(connection, printedUnder);
        return () -> {};
    }

    @Override
    public String printedUnder(List<Column> columns) {
        boolean floats = false;
        boolean others = false;
        for (Column column : columns) {
            ColumnAccess access = access(column);
            floats |= access.kind() == ValueKind.FLOAT || access.kind() == ValueKind.DOUBLE;
            others |= access.equals(PRINTED) && !PostgreSqlPrinting.ALIKE.contains(column.typeName());
        }
        return floats || others ? PostgreSqlPrinting.settings(majorVersion) : "";
    }

    /** Also that an identity column takes nothing but a number of its own. */
    @Override
    public boolean refusesData(SQLException failure) {
        return Dialect.super.refusesData(failure) || "428C9".equals(failure.getSQLState());
    }

    @Override
    public boolean readsBackslashesAsUsual(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW standard_conforming_strings")) {
            return row.next() && row.getString(1).equals("on");
        }
    }

    @Override
    public boolean writesLargeObjectsInPlace() {
        return true;
    }

    @Override
    public String scope(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_schemas(true)::text")) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException {
        String folded = quote(fold(name));
        String qualified = schema == null ? folded : quote(fold(schema)) + "." + folded;
        try (PreparedStatement query = connection.prepareStatement("SELECT n.nspname, c.relname FROM pg_class c"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(?)")) {
            query.setString(1, qualified);
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    return new TableName(null, row.getString(1), row.getString(2));
                }
            }
        }
        throw TableNotUsableException.ofUntouched(
                qualified,
                "there is no such table in the search path " + scope(connection),
                "check the name, its quotes and the connection's search path");
    }

    private static String fold(String written) {
        Identifier identifier = Identifier.parse(written);
        return identifier.quoted() ? identifier.text() : identifier.text().toLowerCase(Locale.ROOT);
    }

    @Override
    public Table read(Connection connection, TableName name) throws SQLException {
        long oid = requireTable(connection, name);
        List<Column> columns = new ArrayList<>();
        // A domain stands for its base type: the chain of domains is walked to its end.
        try (PreparedStatement query = connection.prepareStatement("WITH RECURSIVE base(oid, root) AS ("
                + " SELECT atttypid, atttypid FROM pg_attribute WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped"
                + " UNION SELECT t.typbasetype, base.root FROM base JOIN pg_type t ON t.oid = base.oid"
                + " WHERE t.typtype = 'd')"
                + " SELECT a.attname, t.typname, a.attnum, NOT a.attnotnull OR EXISTS (SELECT 1 FROM pg_constraint k"
                + " WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND a.attnum = ANY (k.conkey)"
                + " AND NOT k.convalidated), a.attidentity <> ''"
                + " OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false), a.attgenerated <> '',"
                + " coalesce(l.collisdeterministic, true), d.adbin IS NOT NULL"
                + " FROM pg_attribute a JOIN base ON base.root = a.atttypid"
                + " JOIN pg_type t ON t.oid = base.oid AND t.typtype <> 'd'"
                + " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
                + " LEFT JOIN pg_collation l ON l.oid = a.attcollation"
                + " WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum")) {
            query.setLong(1, oid);
            query.setLong(2, oid);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    String type = row.getString(2);
                    columns.add(new Column(
                            row.getString(1),
                            jdbcType(type),
                            type,
                            Column.Size.UNKNOWN,
                            row.getBoolean(4),
                            row.getBoolean(5),
                            row.getBoolean(8) ? Column.Preset.COMPUTED : Column.Preset.NONE,
                            row.getBoolean(6),
                            false,
                            false,
                            folding(type, row.getBoolean(7))));
                }
            }
        }
        return UniqueKey.identify(name, columns, uniqueKeys(connection, name));
    }

    private static Column.Folding folding(String type, boolean deterministic) {
        if (!deterministic) {
            return Column.Folding.CASE;
        }
        return switch (type) {
            case "citext" -> Column.Folding.CASE;
            case "bpchar" -> Column.Folding.BLANKS;
            case "numeric" -> Column.Folding.NUMBER;
            default -> Column.Folding.EXACT;
        };
    }

    @Override
    public Set<Long> storageIds(Connection connection, TableName name) throws SQLException {
        Set<Long> ids = new HashSet<>();
        try (PreparedStatement query = connection.prepareStatement(TREE + "SELECT oid FROM tree")) {
            query.setString(1, name.schema());
            query.setString(2, name.name());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids;
    }

    /** A key may refer to a partition alone. */
    @Override
    public List<ReferencingKey> referencing(Connection connection, TableName name) throws SQLException {
        List<TableName> tree = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(TREE
                + "SELECT n.nspname, c.relname FROM tree JOIN pg_class c ON c.oid = tree.oid"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace")) {
            query.setString(1, name.schema());
            query.setString(2, name.name());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    tree.add(new TableName(name.catalog(), row.getString(1), row.getString(2)));
                }
            }
        }
        Set<ReferencingKey> keys = new LinkedHashSet<>();
        for (TableName each : tree) {
            keys.addAll(ReferencingKey.read(connection, each));
        }
        return List.copyOf(keys);
    }

    @Override
    public List<Trigger> triggers(Connection connection, TableName name) throws SQLException {
        List<Trigger> triggers = new ArrayList<>();
        // The bits of tgtype and the digits of ev_type as PostgreSQL's catalog pages have them.
        try (PreparedStatement query = connection.prepareStatement(TREE
                + "SELECT t.tgname, t.tgtype & 4 <> 0, t.tgtype & 16 <> 0, t.tgtype & 8 <> 0 FROM pg_trigger t"
                + " JOIN tree ON tree.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled NOT IN ('D', 'R')"
                + " UNION SELECT 'rule ' || r.rulename, r.ev_type = '3', r.ev_type = '2', r.ev_type = '4'"
                + " FROM pg_rewrite r JOIN tree ON tree.oid = r.ev_class WHERE r.ev_enabled NOT IN ('D', 'R')")) {
            query.setString(1, name.schema());
            query.setString(2, name.name());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    triggers.add(
                            new Trigger(row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getBoolean(4)));
                }
            }
        }
        return triggers;
    }

    @Override
    public Writers writers(Connection connection) throws SQLException {
        return PostgreSqlFunctions.writers(connection);
    }

    @Override
    public List<HiddenCall> hiddenCalls(Connection connection, TableName name) throws SQLException {
        return PostgreSqlFunctions.hiddenCalls(connection, name);
    }

    @Override
    public Set<String> readingFunctions(Connection connection) throws SQLException {
        return PostgreSqlFunctions.thatMayRead(connection);
    }

    @Override
    public String declaringThatNothingIsWritten() {
        return "declare it STABLE or IMMUTABLE if neither it nor what it calls writes";
    }

    private static long requireTable(Connection connection, TableName name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT c.oid, c.relkind, c.relpersistence,"
                + " EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = c.oid), c.relispartition,"
                + " (SELECT min(i.inhparent::regclass::text) FROM pg_inherits i WHERE i.inhrelid = c.oid),"
                + " row_security_active(c.oid) FROM pg_class c"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?")) {
            query.setString(1, name.schema());
            query.setString(2, name.name());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new TableNotUsableException(
                            name.toString(), "it does not exist", "create it, or check the name");
                }
                String kind = row.getString(2);
                if (!kind.equals("r") && !kind.equals("p")) {
                    throw new TableNotUsableException(
                            name.toString(),
                            "it is " + kindName(kind) + ", not a table",
                            "write to the tables behind it");
                }
                if (row.getString(3).equals("t")) {
                    throw TableNotUsableException.ofUntouched(
                            name.toString(),
                            "it is temporary, so that the rollback's session does not see it",
                            "use a permanent table");
                }
                if (kind.equals("r") && row.getBoolean(4)) {
                    throw new TableNotUsableException(
                            name.toString(),
                            "other tables inherit from it, and its key does not reach into them",
                            "use a partitioned table, or write to the inheriting tables");
                }
                if (row.getBoolean(5)) {
                    throw new TableNotUsableException(
                            name.toString(),
                            "it is a partition of " + row.getString(6) + ", under whose name others lock the same rows",
                            "write to " + row.getString(6));
                }
                if (row.getBoolean(7)) {
                    throw new TableNotUsableException(
                            name.toString(),
                            "row level security hides rows of it, perhaps from the rollback's session and not from this one",
                            "let the data source connect as a role with BYPASSRLS, or as the table's owner");
                }
                return row.getLong(1);
            }
        }
    }

    private static String kindName(String kind) {
        return switch (kind) {
            case "v" -> "a view";
            case "m" -> "a materialized view";
            case "f" -> "a foreign table";
            case "S" -> "a sequence";
            default -> "a relation of kind " + kind;
        };
    }

    @Override
    public List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException {
        return PostgreSqlCatalog.uniqueKeys(connection, name);
    }

    @Override
    public List<String> checks(Connection connection, TableName name) throws SQLException {
        return PostgreSqlCatalog.checks(connection, name);
    }

    private static int jdbcType(String type) {
        return switch (type) {
            case "bool" -> Types.BOOLEAN;
            case "int2" -> Types.SMALLINT;
            case "int4" -> Types.INTEGER;
            case "int8" -> Types.BIGINT;
            case "numeric" -> Types.NUMERIC;
            case "float4" -> Types.REAL;
            case "float8" -> Types.DOUBLE;
            case "bpchar" -> Types.CHAR;
            case "text", "varchar" -> Types.VARCHAR;
            case "bytea" -> Types.BINARY;
            case "date" -> Types.DATE;
            case "time" -> Types.TIME;
            case "timetz" -> Types.TIME_WITH_TIMEZONE;
            case "timestamp" -> Types.TIMESTAMP;
            case "timestamptz" -> Types.TIMESTAMP_WITH_TIMEZONE;
            default -> type.startsWith("_") ? Types.ARRAY : Types.OTHER;
        };
    }
}
