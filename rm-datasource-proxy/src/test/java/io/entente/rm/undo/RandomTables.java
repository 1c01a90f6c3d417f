package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static io.entente.rm.undo.RecordedBranch.key;

import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.image.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Three tables with keys of different shapes, random rows in them, and random changes to these. */
final class RandomTables {

    private static final List<String> NAMES = List.of("numbered", "composed", "natural_key");
    private static final int MOST_ROWS = 12;

    private final TestedDatabase server;
    private final Connection connection;
    private final Random random;
    /** Per table the keys that exist: the key's text in SQL, and its values. */
    private final Map<String, Map<String, Row>> existing = new TreeMap<>();

    private int nextKey = 1;

    RandomTables(TestedDatabase server, Connection connection, Random random) {
        this.server = server;
        this.connection = connection;
        this.random = random;
    }

    void create() throws SQLException {
        String columns = " n INT, t VARCHAR(60), d DECIMAL(12, 3), at TIMESTAMP NULL, ";
        for (String name : NAMES) {
            execute(connection, "DROP TABLE IF EXISTS " + name);
            existing.put(name, new TreeMap<>());
        }
        execute(
                connection,
                "CREATE TABLE numbered (id BIGINT NOT NULL," + columns + "PRIMARY KEY (id))",
                "CREATE TABLE composed (b VARCHAR(20) NOT NULL, a INT NOT NULL," + columns + "PRIMARY KEY (a, b))",
                "CREATE TABLE natural_key (k VARCHAR(20) NOT NULL," + columns + "CONSTRAINT uk UNIQUE (k))");
        for (int i = random.nextInt(20); i > 0; i--) {
            String name = anyTable();
            execute(connection, insert(name, freshKeys(name, 1)));
        }
    }

    List<String> dump() throws SQLException {
        List<String> dump = new ArrayList<>();
        for (String name : NAMES) {
            dump.addAll(server.dump(connection, name));
        }
        return dump;
    }

    /** Runs up to ten statements; at least one touches a row. */
    void change(RecordedBranch branch) throws SQLException {
        String first = anyTable();
        Map<String, Row> keys = freshKeys(first, 1);
        branch.insert(first, insert(first, keys), List.copyOf(keys.values()));
        for (int i = random.nextInt(10); i > 0; i--) {
            String name = anyTable();
            Map<String, Row> present = existing.get(name);
            int kind = random.nextInt(present.isEmpty() ? 1 : 4);
            if (kind == 0) {
                Map<String, Row> fresh = freshKeys(name, 1 + random.nextInt(MOST_ROWS));
                branch.insert(name, insert(name, fresh), List.copyOf(fresh.values()));
                continue;
            }
            Map<String, Row> some = present.entrySet().stream()
                    .filter(any -> random.nextBoolean())
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
            if (some.isEmpty()) {
                continue;
            }
            List<Row> rows = List.copyOf(some.values());
            String where = " WHERE " + String.join(" OR ", some.keySet());
            if (kind == 1) {
                branch.delete(name, "DELETE FROM " + name + where, rows);
                present.keySet().removeAll(some.keySet());
            } else if (kind == 2) {
                branch.update(name, "UPDATE " + name + " SET n = coalesce(n, 0) + 1, t = " + text() + where, rows);
            } else {
                branch.update(
                        name,
                        "UPDATE " + name + " SET d = " + decimal() + ", at = " + time() + where,
                        rows,
                        "d",
                        "D",
                        "at",
                        "AT");
            }
        }
    }

    private String anyTable() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private Map<String, Row> freshKeys(String name, int count) {
        Map<String, Row> fresh = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int number = nextKey++;
            String text = "k" + number + (random.nextBoolean() ? ":%,_" : "\u4e16");
            switch (name) {
                case "numbered" -> fresh.put("(id = " + number + ")", key(number));
                case "composed" -> fresh.put("(a = " + number + " AND b = '" + text + "')", key(number, text));
                default -> fresh.put("(k = '" + text + "')", key(text));
            }
        }
        existing.get(name).putAll(fresh);
        return fresh;
    }

    private String insert(String name, Map<String, Row> keys) {
        String keyColumns = switch (name) {
            case "numbered" -> "id";
            case "composed" -> "a, b";
            default -> "k";
        };
        return "INSERT INTO " + name + " (" + keyColumns + ", n, t, d, at) VALUES "
                + keys.values().stream()
                        .map(row -> "(" + literals(row) + ", " + random.nextInt(100) + ", " + text() + ", " + decimal()
                                + ", " + time() + ")")
                        .collect(Collectors.joining(", "));
    }

    private static String literals(Row key) {
        return key.values().stream()
                .map(value -> value instanceof String text ? "'" + text + "'" : String.valueOf(value))
                .collect(Collectors.joining(", "));
    }

    private String text() {
        return random.nextInt(4) == 0 ? "NULL" : "'" + "\u00e4''x ".repeat(random.nextInt(8)) + "'";
    }

    private String decimal() {
        return random.nextInt(4) == 0 ? "NULL" : random.nextInt(1_000_000) + "." + random.nextInt(1000);
    }

    private String time() {
        // Hours that no zone skips.
        return random.nextInt(4) == 0 ? "NULL" : "'2026-05-" + (10 + random.nextInt(20)) + " 12:00:00'";
    }
}
