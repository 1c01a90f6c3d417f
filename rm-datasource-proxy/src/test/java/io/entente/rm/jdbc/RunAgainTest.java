package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.testkit.database.TestDatabase.Kind;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a statement with auto-commit does that is executed again, because another global transaction had its row. */
class RunAgainTest {

    private static final String OTHER = "127.0.0.1:8091:2";
    private static final byte[] BODY = "bytes".getBytes(StandardCharsets.UTF_8);

    private static AtDatabase docs(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        String bytes = kind == Kind.POSTGRESQL ? "BYTEA" : "BLOB";
        db.run(
                "CREATE TABLE docs (id INT PRIMARY KEY, body " + bytes + ", txt VARCHAR(20), n INT)",
                "INSERT INTO docs VALUES (1, NULL, 'old', 1), (3, NULL, 'old', 3)");
        return db;
    }

    private static void executedTwice(AtDatabase db, String key, AtDatabase.Work work) throws SQLException {
        db.pauses.clear();
        db.coordinator.hold(OTHER, db.spelled("docs") + ":" + key);
        db.duringPause = () -> db.coordinator.release(OTHER);
        db.inGlobal(work);
        assertThat(db.pauses).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void streams_are_read_from_their_beginning(Kind kind) throws SQLException {
        AtDatabase db = docs(kind);
        for (String sql : List.of(
                "INSERT INTO docs (body, txt, n, id) VALUES (?, ?, 7, ?)",
                "UPDATE docs SET body = ?, txt = ? WHERE id = ?",
                "UPDATE docs SET body = ?, txt = ? WHERE n = ?")) {
            int key = sql.startsWith("INSERT") ? 2 : 1;
            executedTwice(db, String.valueOf(key), connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setBinaryStream(1, new ByteArrayInputStream(BODY));
                    statement.setCharacterStream(2, new StringReader("text"));
                    statement.setInt(3, key);
                    assertThat(statement.executeUpdate()).isEqualTo(1);
                }
            });
            assertThat(db.query("SELECT OCTET_LENGTH(body), txt FROM docs WHERE id = " + key))
                    .as(sql)
                    .containsExactly(BODY.length + "|text");
            db.rollBack();
            db.coordinator.branches.clear();
            db.coordinator.release(AtDatabase.XID);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "MARIADB")
    void so_are_those_of_statements_that_only_mariadb_has(Kind kind) throws SQLException {
        AtDatabase db = docs(kind);
        for (String sql : List.of(
                "INSERT INTO docs (body, txt, n, id) VALUES (?, ?, 7, ?)"
                        + " ON DUPLICATE KEY UPDATE body = VALUES(body), txt = VALUES(txt)",
                "REPLACE INTO docs (body, txt, n, id) VALUES (?, ?, 7, ?)",
                "UPDATE docs d JOIN docs e ON d.id = e.id SET d.body = ?, d.txt = ? WHERE e.n = ?")) {
            executedTwice(db, "1", connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setBinaryStream(1, new ByteArrayInputStream(BODY));
                    statement.setCharacterStream(2, new StringReader("text"));
                    statement.setInt(3, 1);
                    statement.executeUpdate();
                }
            });
            assertThat(db.query("SELECT OCTET_LENGTH(body), txt FROM docs WHERE id = 1"))
                    .as(sql)
                    .containsExactly(BODY.length + "|text");
            db.rollBack();
            db.coordinator.branches.clear();
            db.coordinator.release(AtDatabase.XID);
        }
    }
}
