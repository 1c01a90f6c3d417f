package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.jdbc.AtSettings;
import io.entente.rm.jdbc.EntenteDataSource;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.TransactionContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rollback that finds an outsider in its way: an operator sees the rows by REST, and says what to do about them. */
abstract class ConflictCompatibilityTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> UNTOUCHED = List.of("1|10|a", "2|20|b");

    @TempDir
    static Path directory;

    private static RunningServer server;

    private final TestDatabase.Kind kind;
    private DataSource plain;
    private EntenteClient client;
    private AtResources resources;
    private DataSource atDatabase;
    private String xid;

    ConflictCompatibilityTest(TestDatabase.Kind kind) {
        this.kind = kind;
    }

    @BeforeAll
    static void startServer() {
        server = new RunningServer(directory);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void start() throws SQLException {
        plain = TestDatabase.of(kind).newDatabase("conflict");
        outside(
                "CREATE TABLE item (id INT NOT NULL PRIMARY KEY, n INT, code VARCHAR(20) UNIQUE)",
                "CREATE TABLE box (id INT NOT NULL PRIMARY KEY, item INT, FOREIGN KEY (item) REFERENCES item (id))",
                "INSERT INTO item VALUES (1, 10, 'a'), (2, 20, 'b')");
        connect();
    }

    private void connect() throws SQLException {
        client = EntenteClient.connect(ClientSettings.of(server.address()).withApplicationId("shop"));
        resources = AtResources.of(client, AtResourcesSettings.defaults());
        EntenteDataSource wrapped = (EntenteDataSource) EntenteDataSource.wrap(plain, resources, AtSettings.defaults());
        wrapped.start(true);
        atDatabase = wrapped;
        resources.awaitConnected(PATIENCE);
    }

    private void disconnect() {
        resources.close();
        client.close();
    }

    @AfterEach
    void stop() {
        disconnect();
    }

    private void outside(String... statements) throws SQLException {
        try (Connection connection = plain.getConnection()) {
            TestedDatabase.execute(connection, statements);
        }
    }

    private List<String> items() throws SQLException {
        try (Connection connection = plain.getConnection()) {
            return TestedDatabase.query(connection, "SELECT id, n, code FROM item ORDER BY id");
        }
    }

    /** A global transaction that changes another row too, and is stopped on its way back. */
    private void collide(Collision collision) {
        assertThatThrownBy(() -> client.transactions().execute("buy", () -> {
                    xid = TransactionContext.xid();
                    try (Connection connection = atDatabase.getConnection()) {
                        connection.setAutoCommit(false);
                        TestedDatabase.execute(connection, "UPDATE item SET n = 6 WHERE id = 2", collision.branch);
                        connection.commit();
                    }
                    outside(collision.outsider);
                    throw new IllegalStateException("sold out");
                }))
                .isInstanceOf(Exception.class);
        awaitStuck(0);
    }

    private String transaction() {
        return server.get("/transactions/" + xid);
    }

    private <T> T read(String path) {
        return JsonPath.read(transaction(), path);
    }

    /** @param resolutions how many were chosen before */
    private void awaitStuck(int resolutions) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            String one = transaction();
            assertThat(one).contains("\"attention\"");
            assertThat(JsonPath.<Integer>read(one, "$.attention.length()")).isEqualTo(1);
            assertThat(JsonPath.<List<Boolean>>read(one, "$.resolutions[*].open"))
                    .hasSize(resolutions)
                    .doesNotContain(true);
        });
    }

    private void awaitRolledBack() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(transaction()).contains(xid + " has ended: ROLLED_BACK"));
        assertThat(JsonPath.<Integer>read(server.get("/locks?xid=" + xid), "$.total"))
                .isZero();
    }

    private void resolve(String resolution) {
        server.post(
                "/transactions/" + xid + "/branches/" + this.<String>read("$.attention[0].branchId") + "/resolve",
                "{\"resolution\":\"" + resolution + "\",\"by\":\"ann\"}");
    }

    private void assertShown(Collision collision) {
        String row = "$.attention[0].conflict.rows[0]";
        assertThat(this.<String>read(row + ".table").toLowerCase(Locale.ROOT)).endsWith("item");
        assertThat(this.<String>read(row + ".undoing") + " "
                        + this.<String>read(row + ".key").toLowerCase(Locale.ROOT))
                .isEqualTo(collision.undoing);
        assertThat(this.<String>read(row + ".reason")).isNotEmpty();
        List<Map<String, String>> columns = read(row + ".columns");
        Stream<String> shown = columns.stream()
                .map(column -> column.get("column").toLowerCase(Locale.ROOT) + " " + column.get("before") + " "
                        + column.get("after") + " " + column.get("current"));
        assertThat(shown).containsExactlyElementsOf(collision.columns);
        assertThat(this.<String>read("$.attention[0].reason"))
                .contains(this.<String>read(row + ".reason"))
                .doesNotContain("entente.conflict");
        assertThat(this.<List<String>>read("$.attention[0].possible")).hasSize(collision.yieldsToForce() ? 5 : 4);
        assertThat(this.<Boolean>read(row + ".forcible")).isEqualTo(collision.yieldsToForce());
        assertThat(JsonPath.<Integer>read(server.get("/locks?xid=" + xid), "$.total"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void the_rows_in_the_way_are_shown_and_once_mended_a_retry_undoes_them(Collision collision) throws SQLException {
        collide(collision);
        List<String> stopped = items();
        assertShown(collision);

        resolve("RETRY");
        awaitStuck(1);
        assertShown(collision);
        assertThat(items()).isEqualTo(stopped);

        outside(collision.mending);
        resolve("RETRY");
        awaitRolledBack();
        assertThat(items()).isEqualTo(UNTOUCHED);
    }

    @ParameterizedTest
    @EnumSource
    void a_force_puts_the_old_row_back_or_is_refused(Collision collision) throws SQLException {
        collide(collision);

        if (collision.yieldsToForce()) {
            resolve("FORCE_BEFORE_IMAGE");
        } else {
            assertThatThrownBy(() -> resolve("FORCE_BEFORE_IMAGE")).hasMessageContaining("cannot be forced");
            outside(collision.mending);
            resolve("RETRY");
        }
        awaitRolledBack();
        assertThat(items()).isEqualTo(UNTOUCHED);
    }

    @ParameterizedTest
    @EnumSource
    void where_current_is_accepted_the_other_rows_are_put_back(Collision collision) throws SQLException {
        collide(collision);

        server.post("/transactions/" + xid + "/resolve", "{\"resolution\":\"ACCEPT_CURRENT\"}");

        awaitRolledBack();
        assertThat(items()).isEqualTo(collision.accepted);
    }

    @Test
    void a_choice_made_while_nobody_is_there_outlives_the_coordinator() throws SQLException {
        collide(Collision.DIRTY_COLUMN);
        disconnect();
        resolve("FORCE_BEFORE_IMAGE");
        server.restart();
        assertThat(this.<List<Boolean>>read("$.resolutions[*].open")).containsExactly(true);
        assertThat(items()).contains("1|77|a");

        connect();

        awaitRolledBack();
        assertThat(items()).isEqualTo(UNTOUCHED);
    }

    @Test
    void a_conflict_outlives_the_coordinator() {
        collide(Collision.DIRTY_COLUMN);
        String before = this.<Object>read("$.attention").toString();
        server.restart();
        resources.awaitConnected(PATIENCE);
        assertThat(this.<Object>read("$.attention").toString()).isEqualTo(before);
        assertShown(Collision.DIRTY_COLUMN);
        resolve("ACCEPT_CURRENT");
        awaitRolledBack();
    }
}
