package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static io.entente.rm.dialect.TestedDatabase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.matrix.ColumnCase;
import io.entente.testkit.database.TestDatabase;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.seata.core.compressor.CompressorType;
import org.apache.seata.rm.datasource.sql.struct.Field;
import org.apache.seata.rm.datasource.sql.struct.Row;
import org.apache.seata.sqlparser.SQLType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Undo rows that Seata's client 2.6.0 has written are rolled back to the byte, or refused; never anything between. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SeataRowsCompatibilityTest {

    static final String XID = ColumnTypeCompatibilityTest.XID;
    static final String PLAIN = "serializer=jackson&compressorType=NONE";

    final UndoLogCompatibilityTest base;
    final TestDatabase.Kind kind;
    TestedDatabase server;
    Connection connection;
    SeataClient seata;

    SeataRowsCompatibilityTest(UndoLogCompatibilityTest base, TestDatabase.Kind kind) {
        this.base = base;
        this.kind = kind;
    }

    /** The types that are refused; all others have to come back. */
    abstract Set<String> refusedTypes();

    /** Types of which a driver misreads some values, without these. */
    abstract List<ColumnCase> readable();

    Stream<ColumnCase> columnCases() {
        return base.columnCases()
                .map(type -> readable().stream()
                        .filter(other -> other.type().equals(type.type()))
                        .findAny()
                        .orElse(type));
    }

    @BeforeEach
    void create_tables() throws SQLException {
        base.create_tables();
        server = base.server;
        connection = base.connection;
        execute(connection, "DROP TABLE undo_log", base.seataShapedUndoLog());
        seata = new SeataClient(kind);
    }

    @AfterEach
    void close() throws SQLException {
        base.close();
    }

    void startAnew() throws SQLException {
        execute(connection, "DELETE FROM undo_log");
        seata = new SeataClient(kind);
    }

    RollbackResult rollback() throws SQLException {
        return base.rollback(1);
    }

    List<String> undoRows() throws SQLException {
        return base.undoRows();
    }

    List<String> stock() throws SQLException {
        return server.dump(connection, "stock");
    }

    void write(String context, String json) throws SQLException {
        SeataClient.write(connection, XID, 1, context, json.getBytes(StandardCharsets.UTF_8), 0);
    }

    /** Everything that can happen to a row, one after the other. */
    String someBranch() throws SQLException {
        seata.insert(connection, "stock", "INSERT INTO stock VALUES (4, 40, 'four'), (5, 50, NULL)", "id >= 4");
        seata.update(connection, "stock", "UPDATE stock SET n = n + 1 WHERE id <> 2", "id, n", "id <> 2");
        seata.update(connection, "stock", "UPDATE stock SET label = NULL WHERE id = 1", "*", "id = 1");
        seata.delete(connection, "stock", "DELETE FROM stock WHERE id IN (1, 2)", "id IN (1, 2)");
        seata.insert(connection, "stock", "INSERT INTO stock VALUES (2, 9, 'again')", "id = 2");
        return seata.json(XID, 1);
    }

    void assertRefused(String... reasons) throws SQLException {
        List<String> rows = undoRows();
        List<String> stock = stock();
        assertThatThrownBy(this::rollback)
                .isInstanceOf(UndoNotReadableException.class)
                .hasMessageContainingAll(reasons)
                .hasMessageContaining("written by Seata")
                .hasMessageContaining("let a Seata client of this application roll the branch back");
        assertThat(stock()).isEqualTo(stock);
        assertThat(undoRows()).isEqualTo(rows).isNotEmpty();
    }

    // ---------------------------------------------------------------- what is read

    @ParameterizedTest
    @EnumSource(
            value = CompressorType.class,
            names = {"NONE", "GZIP", "ZIP", "DEFLATER"})
    void a_branch_comes_back_whatever_the_jdk_can_decompress(CompressorType type) throws SQLException {
        List<String> before = stock();
        byte[] content = SeataClient.compressed(type, someBranch());
        SeataClient.write(connection, XID, 1, "compressorType=" + type + "&serializer=jackson&map=1024", content, 0);

        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(10));
        assertThat(stock()).isEqualTo(before);
        assertThat(undoRows()).isEmpty();
    }

    @Test
    void rows_of_older_releases_come_back_too() throws SQLException {
        List<String> before = stock();
        String json = someBranch().replace("org.apache.seata.", "io.seata.").replace("PRIMARY_KEY", "PrimaryKey");
        write("serializer=jackson", json);

        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(10));
        assertThat(stock()).isEqualTo(before);
    }

    @Test
    void a_row_in_our_own_shape_of_the_table_comes_back_too() throws SQLException {
        execute(connection, "DROP TABLE undo_log");
        base.undoLog.createTable(connection);
        List<String> before = stock();
        write(PLAIN, someBranch());

        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(10));
        assertThat(stock()).isEqualTo(before);
        assertThat(undoRows()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("columnCases")
    void every_type_comes_back_to_the_byte_or_is_refused(ColumnCase type) throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS typed",
                "CREATE TABLE typed (id INT NOT NULL PRIMARY KEY, c " + type.type() + " NULL, n INT)");
        int id = 0;
        for (String value : type.values()) {
            execute(connection, "INSERT INTO typed VALUES (" + id + ", " + value + ", 0)");
            id++;
        }
        execute(connection, "INSERT INTO typed VALUES (" + id + ", NULL, 0)");
        List<String> before = server.dump(connection, "typed");
        try {
            changeAll(type, id);
            write(PLAIN, seata.json(XID, 1));
        } catch (SQLException | RuntimeException e) {
            assertThat(refusedTypes()).as("Seata itself cannot write it: %s", e).contains(type.type());
            return;
        }
        List<String> after = server.dump(connection, "typed");
        if (refusedTypes().contains(type.type())) {
            assertRefused("and of ");
            assertThat(server.dump(connection, "typed")).isEqualTo(after);
        } else {
            assertThat(rollback()).isInstanceOf(RollbackResult.Undone.class);
            assertThat(server.dump(connection, "typed")).isEqualTo(before);
        }
    }

    private void changeAll(ColumnCase type, int last) throws SQLException {
        for (int i = 0; i < last; i++) {
            String value = type.values().get(i);
            int fresh = 100 + i;
            seata.insert(
                    connection, "typed", "INSERT INTO typed VALUES (" + fresh + ", " + value + ", 0)", "id = " + fresh);
            seata.update(connection, "typed", "UPDATE typed SET c = NULL WHERE id = " + i, "id, c", "id = " + i);
            seata.update(
                    connection, "typed", "UPDATE typed SET c = " + value + " WHERE id = " + last, "*", "id = " + last);
            seata.delete(connection, "typed", "DELETE FROM typed WHERE id = " + i, "id = " + i);
        }
        seata.delete(connection, "typed", "DELETE FROM typed", "id = id");
    }

    @ParameterizedTest
    @MethodSource("columnCases")
    void every_type_that_can_be_a_key_finds_its_row_again(ColumnCase type) throws SQLException {
        if (!type.usableAsKey() || refusedTypes().contains(type.type())) {
            return;
        }
        execute(
                connection,
                "DROP TABLE IF EXISTS keyed",
                "CREATE TABLE keyed (d INT NOT NULL, n INT, c " + type.type() + " NOT NULL, PRIMARY KEY (c, d))");
        for (String value : type.values()) {
            execute(connection, "INSERT INTO keyed VALUES (1, 0, " + value + ")");
        }
        List<String> before = server.dump(connection, "keyed");
        seata.update(connection, "keyed", "UPDATE keyed SET n = 1", "n, d, c", "d = 1");
        // Seata reads the rows after an update in the order of its own liking.
        Collections.reverse(seata.last().getAfterImage().getRows());
        seata.delete(connection, "keyed", "DELETE FROM keyed", "d = 1");
        write(PLAIN, seata.json(XID, 1));

        assertThat(rollback())
                .isEqualTo(new RollbackResult.Undone(2 * type.values().size()));
        assertThat(server.dump(connection, "keyed")).isEqualTo(before);
    }

    @Test
    void names_are_found_as_the_statement_wrote_them() throws SQLException {
        List<String> before = stock();
        String qualifier = kind == TestDatabase.Kind.MARIADB ? connection.getCatalog() : connection.getSchema();
        String quote = connection.getMetaData().getIdentifierQuoteString();
        String name = query(
                        connection,
                        "SELECT table_name FROM information_schema.tables WHERE LOWER(table_name) = 'stock'"
                                + " AND table_schema = '" + qualifier + "'")
                .get(0);
        seata.update(connection, "stock", "UPDATE stock SET n = 0 WHERE id = 1", "id, n", "id = 1");
        seata.last().setTableName(quote + qualifier + quote + "." + quote + name + quote);
        write(PLAIN, seata.json(XID, 1));

        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(1));
        assertThat(stock()).isEqualTo(before);
    }

    @Test
    void what_the_database_computes_is_not_written_back() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS priced",
                "CREATE TABLE priced (id INT NOT NULL PRIMARY KEY, net INT, gross INT " + base.generatedColumn() + ")",
                "INSERT INTO priced (id, net) VALUES (1, 10), (2, 20)");
        List<String> before = server.dump(connection, "priced");
        seata.update(connection, "priced", "UPDATE priced SET net = 11", "*", "id = id");
        seata.delete(connection, "priced", "DELETE FROM priced WHERE id = 2", "id = 2");
        // Not even of interest: what could not be read of another column does not matter here.
        String json = seata.json(XID, 1);
        assertThat(json).contains("\"value\":22");
        write(PLAIN, json.replace("\"value\":22", "\"value\":[\"java.sql.Time\",\"10:00:00\"]"));

        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(3));
        assertThat(server.dump(connection, "priced")).isEqualTo(before);
    }

    @Test
    void rows_may_stand_in_another_order_after_an_update_than_before() throws SQLException {
        List<String> before = stock();
        seata.update(connection, "stock", "UPDATE stock SET n = n + 1", "id, n", "id = id");
        Collections.reverse(seata.last().getAfterImage().getRows());
        write(PLAIN, seata.json(XID, 1));

        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(3));
        assertThat(stock()).isEqualTo(before);
    }

    @Test
    void a_row_changed_by_an_outsider_is_never_overwritten() throws SQLException {
        write(PLAIN, someBranch());
        execute(connection, "UPDATE stock SET n = 99 WHERE id = 3");
        List<String> dirty = stock();

        RollbackResult result = rollback();

        assertThat(result).isInstanceOf(RollbackResult.Dirty.class);
        assertThat(result.toString()).contains("before=30, after=31, current=99");
        assertThat(stock()).isEqualTo(dirty);
        assertThat(undoRows()).hasSize(1);
    }

    @Test
    void a_defence_row_of_seatas_is_respected() throws SQLException {
        List<String> before = stock();
        SeataClient.write(connection, XID, 1, PLAIN, "{}".getBytes(StandardCharsets.UTF_8), 1);

        assertThat(rollback()).isEqualTo(new RollbackResult.NothingToUndo());
        assertThat(stock()).isEqualTo(before);
        assertThat(undoRows()).hasSize(1);
        assertThatThrownBy(() -> base.branch(1, branch -> {})).isInstanceOf(BranchAlreadyRolledBackException.class);
    }

    @Test
    void our_defence_row_keeps_a_late_branch_of_seatas_from_committing() throws SQLException {
        assertThat(rollback()).isEqualTo(new RollbackResult.NothingToUndo());
        assertThatThrownBy(() -> write(PLAIN, "{}")).isInstanceOf(SQLException.class);
    }

    /** As {@link #someBranch}, by Seata's own data source and its executors. */
    void clientsBranch() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS piece",
                "CREATE TABLE piece (a INT NOT NULL, b VARCHAR(20) NOT NULL, at TIMESTAMP NULL, price DECIMAL(12, 4),"
                        + " PRIMARY KEY (a, b))",
                "INSERT INTO piece VALUES (1, 'x', '2026-01-02 03:04:05', 1.5000), (1, 'y', NULL, NULL)");
        SeataClient.branch(server, XID, 1, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO stock (id, n, label) VALUES (4, 40, 'four'), (5, 50, NULL)");
                statement.executeUpdate("UPDATE stock SET n = n + 1 WHERE id <> 2");
                statement.executeUpdate("DELETE FROM stock WHERE id IN (1, 2)");
                statement.executeUpdate("UPDATE piece SET at = '2026-02-03 04:05:06', price = price + 1 WHERE a = 1");
                statement.executeUpdate("DELETE FROM piece WHERE a = 1 AND b = 'x'");
            }
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO piece (a, b, price) VALUES (?, ?, ?)")) {
                insert.setInt(1, 1);
                insert.setString(2, "x");
                insert.setBigDecimal(3, new BigDecimal("9.9900"));
                insert.executeUpdate();
            }
        });
    }

    void a_branch_of_the_client_itself_comes_back() throws SQLException {
        List<String> stock = stock();
        clientsBranch();
        assertThat(query(connection, "SELECT context FROM undo_log").get(0)).contains("serializer=jackson");
        assertThat(stock()).isNotEqualTo(stock);

        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(12));
        assertThat(stock()).isEqualTo(stock);
        assertThat(query(connection, "SELECT a, b, price FROM piece ORDER BY b"))
                .containsExactly("1|x|1.5000", "1|y|null");
        assertThat(query(connection, "SELECT COUNT(*) FROM piece WHERE at = '2026-01-02 03:04:05'"))
                .containsExactly("1");
        assertThat(undoRows()).isEmpty();
    }

    void inZone(String zone, Tested test) throws SQLException {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            test.run();
        } finally {
            TimeZone.setDefault(before);
        }
    }

    interface Tested {
        void run() throws SQLException;
    }

    // ---------------------------------------------------------------- what is not

    @ParameterizedTest
    @ValueSource(strings = {"fastjson", "fastjson2", "kryo", "protostuff", "fury", "fory", "own"})
    void other_serializers_are_refused_by_name(String serializer) throws SQLException {
        write("serializer=" + serializer + "&compressorType=NONE", someBranch());
        assertRefused("serializer " + serializer, "jackson only");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEVENZ", "BZIP2", "LZ4", "ZSTD", "OWN"})
    void other_compressors_are_refused_by_name(String compressor) throws SQLException {
        write("serializer=jackson&compressorType=" + compressor, someBranch());
        assertRefused("compressed with " + compressor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GZIP", "ZIP", "DEFLATER"})
    void damaged_compression_is_refused(String compressor) throws SQLException {
        write("serializer=jackson&compressorType=" + compressor, someBranch());
        assertRefused("damaged");
    }

    @Test
    void a_compressed_row_that_ends_early_is_refused() throws SQLException {
        byte[] whole = SeataClient.compressed(CompressorType.GZIP, someBranch());
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        SeataClient.write(connection, XID, 1, "serializer=jackson&compressorType=GZIP", half, 0);
        assertRefused("damaged");
    }

    record Bent(String what, UnaryOperator<String> how, String reason) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Bent bent(String what, String part, String by, String reason) {
        return new Bent(
                what,
                json -> {
                    assertThat(json).contains(part);
                    return json.replace(part, by);
                },
                reason);
    }

    static Stream<Bent> bents() {
        String home = "org.apache.seata.rm.datasource.";
        return Stream.of(
                new Bent("empty", json -> "", "damaged"),
                new Bent("default content", json -> "{}", "no class"),
                new Bent("an array", json -> "[]", "something else"),
                new Bent("half", json -> json.substring(0, json.length() / 2), "damaged"),
                new Bent("twice", json -> json + json, "goes on behind its end"),
                new Bent("deep", json -> "[".repeat(10_000), "damaged"),
                bent("another branch", "\"branchId\":1", "\"branchId\":2", "of branch 2"),
                bent("another transaction", XID, "10.0.0.1:8091:4712", "10.0.0.1:8091:4712"),
                bent("huge branch id", "\"branchId\":1", "\"branchId\":99999999999999999999", "too large"),
                bent("hostile class", home + "undo.BranchUndoLog", "javax.naming.InitialContext", "javax.naming"),
                bent("hostile row", home + "sql.struct.Row", "com.sun.rowset.JdbcRowSetImpl", "com.sun.rowset"),
                bent("class of another home", home + "sql.struct.Field", "com.example.sql.struct.Field", "com.example"),
                bent("hostile list", "java.util.ArrayList", "java.util.HashSet", "is not a list"),
                bent("more properties", "\"sqlType\"", "\"more\":1,\"sqlType\"", "properties"),
                bent("a property twice", "\"sqlType\"", "\"sqlType\":\"INSERT\",\"sqlType\"", "twice"),
                bent("a property less", "\"keyType\":\"NULL\",", "", "properties"),
                bent("unknown key type", "\"keyType\":\"NULL\"", "\"keyType\":\"OTHER\"", "key type OTHER"),
                bent("no key", "\"PRIMARY_KEY\"", "\"NULL\"", "the table has"),
                bent("all is key", "\"NULL\"", "\"PRIMARY_KEY\"", "the table has"),
                bent("unknown statement", "\"DELETE\"", "\"REPLACE\"", "does not undo its REPLACE"),
                bent("upsert", "\"INSERT\"", "\"INSERT_ON_DUPLICATE_UPDATE\"", "INSERT_ON_DUPLICATE_UPDATE"),
                bent("other kind", "\"INSERT\"", "\"DELETE\"", "not only the rows before it"),
                bent("other kind back", "\"DELETE\"", "\"INSERT\"", "not only the rows after it"),
                bent("update without before", "\"INSERT\"", "\"UPDATE\"", "on one side only"),
                bent("unknown table", "\"tableName\":\"stock\"", "\"tableName\":\"nothing\"", "no such table"),
                bent("table with SQL", "\"tableName\":\"stock\"", "\"tableName\":\"stock; DROP\"", "not understood"),
                bent("wrong type", "\"value\":40", "\"value\":\"40\"", "cannot be told for certain"),
                bent("fraction", "\"value\":40", "\"value\":40.5", "cannot be told for certain"),
                bent("too large", "\"value\":40", "\"value\":99999999999999999999", "does not fit"),
                bent("bomb", "\"value\":40", "\"value\":[\"java.math.BigDecimal\",1E999999999]", "damaged"),
                bent("hostile value", "\"value\":40", "\"value\":[\"java.net.URL\",\"http://x\"]", "java.net.URL"),
                bent("hostile bean", "\"value\":40", "\"value\":{\"@class\":\"java.io.File\"}", "java.io.File"),
                bent("no bytes", "\"value\":40", "\"value\":[\"[B\",\"%%\"]", "damaged"),
                bent("no time", "\"value\":40", "\"value\":[\"java.sql.Timestamp\",[1]]", "cannot be told"),
                bent("bad time", "\"value\":40", "\"value\":[\"java.sql.Timestamp\",[1,2000000]]", "contradict"),
                bent("time", "\"value\":40", "\"value\":[\"java.sql.Time\",\"10:00:00\"]", "time of day"));
    }

    @ParameterizedTest
    @MethodSource("bents")
    void damaged_and_hostile_content_is_refused(Bent bent) throws SQLException {
        write(PLAIN, bent.how().apply(someBranch()));
        assertRefused(bent.reason());
    }

    interface Bending {
        void of(List<Row> before, List<Row> after);
    }

    private void assertUpdateRefused(String reason, Bending bending) throws SQLException {
        seata.update(connection, "stock", "UPDATE stock SET n = 0 WHERE id < 3", "*", "id < 3");
        bending.of(
                seata.last().getBeforeImage().getRows(),
                seata.last().getAfterImage().getRows());
        write(PLAIN, seata.json(XID, 1));
        assertRefused(reason);
    }

    @Test
    void an_update_whose_sides_do_not_match_is_refused() throws SQLException {
        assertUpdateRefused("only before", (before, after) -> after.remove(0));
        startAnew();
        assertUpdateRefused("only after", (before, after) -> before.remove(0));
        startAnew();
        assertUpdateRefused("twice", (before, after) -> after.set(0, after.get(1)));
        startAnew();
        assertUpdateRefused("other columns before", (before, after) -> {
            for (Row row : after) {
                row.getFields().removeIf(field -> field.getName().equalsIgnoreCase("label"));
            }
        });
        startAnew();
        assertUpdateRefused(
                "different columns",
                (before, after) -> before.get(0)
                        .getFields()
                        .removeIf(field -> field.getName().equalsIgnoreCase("label")));
        startAnew();
        assertUpdateRefused("twice", (before, after) -> {
            List<Field> fields = before.get(0).getFields();
            fields.add(fields.get(fields.size() - 1));
        });
    }

    @Test
    void a_deleted_row_that_is_not_whole_is_refused() throws SQLException {
        seata.delete(connection, "stock", "DELETE FROM stock WHERE id = 1", "id = 1");
        write(PLAIN, seata.json(XID, 1));
        execute(connection, "ALTER TABLE stock ADD COLUMN later INT");
        assertRefused("lacks the column", "put back whole");
    }

    @Test
    void a_column_that_was_dropped_is_refused() throws SQLException {
        seata.update(connection, "stock", "UPDATE stock SET n = 0 WHERE id = 1", "*", "id = 1");
        write(PLAIN, seata.json(XID, 1));
        execute(connection, "ALTER TABLE stock DROP COLUMN n");
        assertRefused("was dropped");
    }

    @Test
    void an_inserted_row_whose_attached_rows_cannot_be_found_is_refused() throws SQLException {
        execute(
                connection,
                "CREATE TABLE line (id INT NOT NULL PRIMARY KEY, label VARCHAR(40),"
                        + " FOREIGN KEY (label) REFERENCES stock (label) ON DELETE CASCADE)");
        seata.insert(connection, "stock", "INSERT INTO stock VALUES (4, 40, 'four')", "id = 4");
        for (Row row : seata.last().getAfterImage().getRows()) {
            row.getFields().removeIf(field -> field.getName().equalsIgnoreCase("label"));
        }
        write(PLAIN, seata.json(XID, 1));
        assertRefused("by which a foreign key of");

        execute(connection, "DELETE FROM undo_log", "DROP TABLE line");
        write(PLAIN, seata.json(XID, 1));
        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(1));
    }

    @Test
    void statements_on_nothing_are_passed_over_and_a_row_of_only_such_is_refused() throws SQLException {
        List<String> before = stock();
        seata.update(connection, "stock", "UPDATE stock SET n = 0 WHERE id = 77", "id, n", "id = 77");
        write(PLAIN, seata.json(XID, 1));
        assertRefused("no row in it");
        execute(connection, "DELETE FROM undo_log");

        seata.update(connection, "stock", "UPDATE stock SET n = 0 WHERE id = 1", "id, n", "id = 1");
        seata.last().setSqlType(SQLType.UPDATE_JOIN);
        write(PLAIN, seata.json(XID, 1));
        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(1));
        assertThat(stock()).isEqualTo(before);
    }

    // ---------------------------------------------------------------- rows in parts

    /** Content in four rows, as Seata's clients on MySQL and MariaDB write it. */
    void writeInParts() throws SQLException {
        byte[] content = someBranch().getBytes(StandardCharsets.UTF_8);
        int size = content.length / 4 + 1;
        List<Long> parts = new ArrayList<>();
        for (int from = size; from < content.length; from += size) {
            long part = 9_000 - from;
            parts.add(part);
            byte[] bytes = Arrays.copyOfRange(content, from, Math.min(content.length, from + size));
            SeataClient.write(connection, XID, part, "branchId=1", bytes, 0);
        }
        String subIds = String.join(",", parts.stream().map(String::valueOf).toList()) + ",";
        byte[] first = Arrays.copyOf(content, size);
        SeataClient.write(connection, XID, 1, "subId=" + subIds + "&" + PLAIN, first, 0);
        SeataClient.write(connection, XID, 5, "branchId=12", new byte[] {1}, 0);
        assertThat(undoRows()).hasSize(5);
    }

    @Test
    void a_row_in_parts_is_rolled_back_and_deleted_whole() throws SQLException {
        List<String> before = stock();
        writeInParts();
        assertThat(rollback()).isEqualTo(new RollbackResult.Undone(10));
        assertThat(stock()).isEqualTo(before);
        assertThat(undoRows()).containsExactly("5|" + XID + "|0");
    }

    @Test
    void a_committed_row_in_parts_is_deleted_whole() throws SQLException {
        writeInParts();
        SeataClient.write(connection, XID, 2, PLAIN, new byte[] {1}, 0);
        List<BranchKey> branches = List.of(new BranchKey(XID, 1), new BranchKey(XID, 2), new BranchKey(XID, 3));
        base.undoLog.deleteAll(connection, branches);
        assertThat(undoRows()).containsExactly("5|" + XID + "|0");
        base.undoLog.deleteAll(connection, branches);
        assertThat(undoRows()).containsExactly("5|" + XID + "|0");
    }

    @Test
    void a_row_whose_part_is_missing_is_refused() throws SQLException {
        writeInParts();
        execute(connection, "DELETE FROM undo_log WHERE branch_id BETWEEN 1000 AND 9000 AND branch_id < 7000");
        assertRefused("is missing");
    }

    @Test
    void a_part_alone_is_refused_and_so_is_a_damaged_list_of_parts() throws SQLException {
        SeataClient.write(connection, XID, 1, "branchId=7", new byte[] {1}, 0);
        assertRefused("a part of another row");
        execute(connection, "UPDATE undo_log SET context = '" + PLAIN + "&subId=x,'");
        assertRefused("is damaged");
    }
}
