package io.entente.seata.server;

import io.entente.testkit.database.TestDatabase;
import io.entente.testkit.database.TestDatabase.Kind;
import org.springframework.jdbc.core.JdbcTemplate;

/** A database as Seata's clients have it, seen past all global transactions. */
final class Tables {
    static final String FULL = "1:100 2:100 3:100";

    private final Kind kind;
    private final String name;
    private final JdbcTemplate direct;

    private Tables(Kind kind, String name, JdbcTemplate direct) {
        this.kind = kind;
        this.name = name;
        this.direct = direct;
    }

    static Tables create(Kind kind, String name) {
        Tables tables =
                new Tables(kind, name, new JdbcTemplate(TestDatabase.of(kind).newDatabase(name)));
        tables.run(
                "CREATE TABLE stock (id INT PRIMARY KEY, item VARCHAR(20) NOT NULL, n INT NOT NULL)",
                "CREATE TABLE price (item VARCHAR(20), region VARCHAR(20), n INT NOT NULL, PRIMARY KEY (item, region))",
                "CREATE TABLE purse (id INT PRIMARY KEY, n INT NOT NULL, frozen INT NOT NULL)",
                "CREATE TABLE undo_log (id "
                        + switch (kind) {
                            case H2, MARIADB -> "BIGINT AUTO_INCREMENT";
                            case POSTGRESQL -> "SERIAL";
                        }
                        + " PRIMARY KEY, branch_id BIGINT NOT NULL, xid VARCHAR(128) NOT NULL, context VARCHAR(128) NOT"
                        + " NULL, rollback_info "
                        + switch (kind) {
                            case H2 -> "BLOB";
                            case MARIADB -> "LONGBLOB";
                            case POSTGRESQL -> "BYTEA";
                        }
                        + " NOT NULL, log_status INT NOT NULL, log_created TIMESTAMP(6) NOT NULL,"
                        + " log_modified TIMESTAMP(6) NOT NULL, UNIQUE (xid, branch_id))");
        return tables;
    }

    private void run(String... statements) {
        for (String sql : statements) {
            direct.execute(sql);
        }
    }

    /** As in the beginning. */
    void stockUp() {
        run(
                "DELETE FROM stock",
                "DELETE FROM price",
                "DELETE FROM purse",
                "INSERT INTO stock VALUES (1, 'apple', 100), (2, 'pear', 100), (3, 'plum', 100)",
                "INSERT INTO price VALUES ('a_b', 'c', 7), ('50%', '12:30', 7)",
                "INSERT INTO purse VALUES (1, 100, 0)");
    }

    /** {@code id:n} of all items. */
    String stock() {
        return String.join(
                " ",
                direct.query(
                        "SELECT id, n FROM stock ORDER BY id", (row, number) -> row.getInt(1) + ":" + row.getInt(2)));
    }

    String purse() {
        return direct.queryForObject(
                "SELECT n, frozen FROM purse", (row, number) -> row.getInt(1) + ":" + row.getInt(2));
    }

    int undoRows() {
        return direct.queryForObject("SELECT COUNT(*) FROM undo_log WHERE log_status = 0", Integer.class);
    }

    void execute(String sql) {
        direct.update(sql);
    }

    TestDatabase server() {
        return TestDatabase.of(kind);
    }

    String name() {
        return name;
    }
}
