package io.entente.rm.roundtrip;

import static io.entente.rm.roundtrip.ColumnType.Trait.COMPARED;
import static io.entente.rm.roundtrip.ColumnType.Trait.KEY;
import static io.entente.rm.roundtrip.ColumnType.Trait.NUMBER;
import static io.entente.rm.roundtrip.ColumnType.Trait.TEXT;

import io.entente.testkit.database.TestDatabase.Kind;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** MariaDB. */
final class MariaDbGrammar implements Grammar {

    private static final String BYTES = "HEX({})";
    /** FLOAT is shown with fewer digits than it has. */
    private static final String DIGITS = "CAST({} AS DOUBLE)";

    private static final List<ColumnType> TYPES = List.of(
            ColumnType.of("INT", numbers(0, 1, -1, 2, 3, 7, 42, Integer.MAX_VALUE, Integer.MIN_VALUE), KEY, NUMBER),
            ColumnType.of("BIGINT", numbers(0, 1, 2, 5, -9), KEY, NUMBER),
            ColumnType.of("TINYINT", numbers(0, 1, 2, 127, -128), KEY, NUMBER),
            ColumnType.of("BIGINT UNSIGNED", decimals("0", "1", "9", "18446744073709551615"), KEY, NUMBER),
            ColumnType.of("DECIMAL(12, 3)", decimals("0.000", "1.5", "-7.125", "999999999.999"), KEY, NUMBER),
            ColumnType.of(
                    "DOUBLE",
                    List.of(Value.of("0.1", 0.1), Value.of("-1e300", -1e300), Value.of("2.5", 2.5)),
                    COMPARED),
            ColumnType.of("FLOAT", List.of(Value.of("0.1", 0.1f), Value.of("16777217.3", 16777217.3f)))
                    .shown(DIGITS),
            ColumnType.of("VARCHAR(40)", Texts.values(), KEY, TEXT).shown(BYTES),
            ColumnType.of("VARCHAR(40) COLLATE utf8mb4_bin", Texts.values(), KEY, TEXT)
                    .shown(BYTES),
            ColumnType.of("VARCHAR(40) CHARACTER SET latin1", latin(), KEY).shown(BYTES),
            ColumnType.of("CHAR(8)", Texts.shortValues(), KEY).shown(BYTES),
            ColumnType.of("TEXT", Texts.values(), TEXT).shown(BYTES),
            ColumnType.of("DATE", texts("2024-02-29", "1000-01-01"), KEY),
            ColumnType.of("DATETIME(6)", texts("2024-02-29 12:34:56.123456", "1000-01-01 00:00:00"), KEY),
            ColumnType.of("TIMESTAMP(3) NULL", texts("2024-03-31 12:30:00.5", "1971-01-01 00:00:01"), COMPARED),
            ColumnType.of("TIME(6)", texts("-838:59:59", "23:59:59.999999"), KEY),
            ColumnType.of("YEAR", numbers(1901, 2024), KEY),
            ColumnType.of("BINARY(4)", bytes("00000000", "ff002c3b", "31"), KEY).shown(BYTES),
            ColumnType.of("VARBINARY(16)", bytes("", "00", "ff002c3b"), KEY).shown(BYTES),
            ColumnType.of("BLOB", bytes("00ff27", "")).shown(BYTES),
            ColumnType.of("JSON", texts("{\"a\":  [1, null]}", "[]")).shown(BYTES),
            ColumnType.of("ENUM('red','a,b')", texts("red", "a,b"), COMPARED),
            ColumnType.of("SET('x','y','z')", texts("x,z", ""), COMPARED),
            ColumnType.of("BIT(12)", List.of(Value.number(0), Value.number(2049)), COMPARED)
                    .shown(BYTES),
            ColumnType.of(
                    "UUID", texts("00000000-0000-0000-0000-000000000000", "f47ac10b-58cc-4372-a567-0e02b2c3d479"), KEY),
            ColumnType.of("INET6", texts("::1", "2001:db8::ff"), KEY),
            ColumnType.of("POINT", List.of(new Value("POINT(1.5, -2)", null, 0)))
                    .shown(BYTES));

    private static List<Value> numbers(int... numbers) {
        return Arrays.stream(numbers).mapToObj(Value::number).toList();
    }

    private static List<Value> decimals(String... numbers) {
        return Stream.of(numbers)
                .map(number -> Value.of(number, new BigDecimal(number)))
                .toList();
    }

    private static List<Value> texts(String... texts) {
        return Stream.of(texts).map(text -> Value.of("'" + text + "'", text)).toList();
    }

    private static List<Value> latin() {
        return texts("a", "A", "ä", "Ä", "b ");
    }

    private static List<Value> bytes(String... hex) {
        return Stream.of(hex)
                .map(each -> Value.of("X'" + each + "'", HexFormat.of().parseHex(each)))
                .toList();
    }

    @Override
    public Kind kind() {
        return Kind.MARIADB;
    }

    @Override
    public List<ColumnType> types() {
        return TYPES;
    }

    @Override
    public List<String> columnNames() {
        return List.of("amount", "b", "note", "`a b`", "`select`", "`Größe`", "`c;d`", "`x'y`", "`q?m`", "Mixed");
    }

    @Override
    public List<String> tableNames() {
        return List.of("stock", "`Order`", "`from where`", "Depot", "`Lager-Straße`");
    }

    @Override
    public String identity() {
        return "BIGINT NOT NULL AUTO_INCREMENT";
    }

    @Override
    public String generated(String number) {
        return "AS (" + number + " / 2) STORED";
    }

    @Override
    public List<String> keyNames(TableSpec table) {
        return table.key().stream()
                .map(column -> column.name().replace("`", ""))
                .toList();
    }

    @Override
    public List<String> sameTime(long number) {
        return List.of("SET timestamp = " + (1_790_000_000L + number * 60) + ".25");
    }

    @Override
    public @Nullable String ownTime(ColumnType type) {
        return type.sql().startsWith("TIMESTAMP")
                ? "DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)"
                : null;
    }

    @Override
    public String typed(String literal, ColumnSpec column) {
        return literal;
    }

    @Override
    public List<Form> forms() {
        return List.of(
                new Form("INSERT IGNORE", 8, MariaDbGrammar::insertIgnore),
                new Form("INSERT … ON DUPLICATE KEY UPDATE", 8, MariaDbGrammar::upsert),
                new Form("REPLACE", 6, MariaDbGrammar::replace),
                new Form("INSERT … SET", 2, MariaDbGrammar::insertSet),
                new Form("INSERT … RETURNING", 3, words -> returning(words, true)),
                new Form("DELETE … RETURNING", 3, words -> returning(words, false)),
                new Form("UPDATE … JOIN", 4, MariaDbGrammar::updateJoin),
                new Form("UPDATE of two tables", 2, MariaDbGrammar::updateTwo),
                new Form("DELETE … JOIN", 3, MariaDbGrammar::deleteJoin),
                new Form("UPDATE … ORDER BY … LIMIT", 4, MariaDbGrammar::updateLimit),
                new Form("DELETE … ORDER BY … LIMIT", 3, MariaDbGrammar::deleteLimit),
                new Form("UPDATE IGNORE", 3, MariaDbGrammar::updateIgnore),
                new Form("SELECT … LOCK IN SHARE MODE", 2, MariaDbGrammar::share));
    }

    private static Phrase insert(Words words, String verb, List<ColumnSpec> columns, int rows) {
        Phrase phrase =
                words.phrase().text(verb + " INTO " + words.table().name() + " (" + Words.names(columns) + ") VALUES ");
        for (int i = 0; i < rows; i++) {
            phrase.text(i == 0 ? "" : ", ");
            words.row(phrase, columns);
        }
        return phrase;
    }

    private static Step insertIgnore(Words words) {
        List<ColumnSpec> columns = words.insertedColumns();
        return words.single(
                "INSERT IGNORE",
                insert(words, "INSERT IGNORE", columns, words.dice().between(1, 4)));
    }

    private static @Nullable Step upsert(Words words) {
        List<ColumnSpec> columns = words.insertedColumns();
        if (words.freelyAssignable().isEmpty()) {
            return null;
        }
        Phrase phrase = insert(words, "INSERT", columns, words.dice().between(1, 3));
        phrase.text(" ON DUPLICATE KEY UPDATE ");
        List<ColumnSpec> assigned = words.dice().some(words.freelyAssignable(), 2);
        if (words.dice().chance(40) && columns.contains(assigned.get(0))) {
            phrase.text(assigned.get(0).name() + " = VALUES(" + assigned.get(0).name() + ")");
        } else {
            words.assignments(phrase, assigned, "", "");
        }
        return words.single("INSERT … ON DUPLICATE KEY UPDATE", phrase);
    }

    private static Step replace(Words words) {
        return words.single(
                "REPLACE",
                insert(words, "REPLACE", words.insertedColumns(), words.dice().between(1, 3)));
    }

    private static Step insertSet(Words words) {
        Phrase phrase = words.phrase().text("INSERT INTO " + words.table().name() + " SET ");
        List<ColumnSpec> columns = words.insertedColumns().stream()
                .filter(ColumnSpec::isAssignable)
                .toList();
        if (columns.isEmpty()) {
            phrase.text(words.table().columns().get(0).name() + " = DEFAULT");
        }
        for (int i = 0; i < columns.size(); i++) {
            phrase.text((i == 0 ? "" : ", ") + columns.get(i).name() + " = ")
                    .value(columns.get(i).anyValue(words.dice()));
        }
        return words.single("INSERT … SET", phrase);
    }

    private static Step returning(Words words, boolean insert) {
        Phrase phrase;
        if (insert) {
            phrase = insert(
                    words, "INSERT", words.insertedColumns(), words.dice().between(1, 2));
        } else {
            phrase = words.phrase().text("DELETE FROM " + words.table().name() + " WHERE ");
            words.condition(phrase, "");
        }
        phrase.text(" RETURNING "
                + (words.dice().chance(30)
                        ? "*"
                        : words.table().columns().get(0).name() + " AS x, 1 AS y"));
        return words.single(insert ? "INSERT … RETURNING" : "DELETE … RETURNING", phrase);
    }

    private static @Nullable Step updateJoin(Words words) {
        if (words.freelyAssignable().isEmpty()) {
            return null;
        }
        Phrase phrase = words.phrase()
                .text("UPDATE " + words.table().name() + " t JOIN "
                        + words.other().name() + " o ON ");
        words.keyCondition(phrase, words.other(), "o.");
        phrase.text(" SET ");
        joinedAssignments(words, phrase);
        if (words.dice().chance(60)) {
            phrase.text(" WHERE ");
            words.keyCondition(phrase, words.table(), "t.");
        }
        return words.single("UPDATE … JOIN", phrase);
    }

    /** No subqueries: MariaDB reads no table in them that the statement changes. */
    private static void joinedAssignments(Words words, Phrase phrase) {
        List<ColumnSpec> columns = words.dice().some(words.freelyAssignable(), 2);
        for (int i = 0; i < columns.size(); i++) {
            phrase.text((i == 0 ? "" : ", ") + "t." + columns.get(i).name() + " = ");
            if (columns.get(i).is(NUMBER) && words.dice().chance(40)) {
                phrase.text("t." + columns.get(i).name() + " + 1");
            } else {
                phrase.value(columns.get(i).anyValue(words.dice()));
            }
        }
    }

    private static @Nullable Step updateTwo(Words words) {
        List<ColumnSpec> others = words.other().assignable().stream()
                .filter(column -> !column.unique())
                .toList();
        if (words.freelyAssignable().isEmpty()
                || others.isEmpty()
                || words.table().equals(words.other())) {
            return null;
        }
        Phrase phrase = words.phrase()
                .text("UPDATE " + words.table().name() + " t, " + words.other().name() + " o SET ");
        joinedAssignments(words, phrase);
        ColumnSpec second = words.dice().pick(others);
        phrase.text(", o." + second.name() + " = ")
                .value(second.anyValue(words.dice()))
                .text(" WHERE ");
        words.keyCondition(phrase, words.other(), "o.");
        phrase.text(" AND ");
        words.keyCondition(phrase, words.table(), "t.");
        return words.single("UPDATE of two tables", phrase);
    }

    private static @Nullable Step deleteJoin(Words words) {
        if (words.table().equals(words.other())) {
            return null;
        }
        Phrase phrase = words.phrase()
                .text("DELETE t FROM " + words.table().name() + " t JOIN "
                        + words.other().name() + " o ON ");
        words.keyCondition(phrase, words.other(), "o.");
        phrase.text(" WHERE ");
        words.keyCondition(phrase, words.table(), "t.");
        return words.single("DELETE … JOIN", phrase);
    }

    private static void keyOrder(Words words, Phrase phrase) {
        phrase.text(
                " ORDER BY " + Words.names(words.table().key()) + (words.dice().chance(40) ? " DESC" : "") + " LIMIT "
                        + words.dice().between(0, 3));
    }

    private static @Nullable Step updateLimit(Words words) {
        if (words.freelyAssignable().isEmpty()) {
            return null;
        }
        Phrase phrase = words.phrase().text("UPDATE " + words.table().name() + " SET ");
        words.assignments(phrase, words.dice().some(words.freelyAssignable(), 2), "", "");
        phrase.text(" WHERE ");
        words.condition(phrase, "");
        keyOrder(words, phrase);
        return words.single("UPDATE … ORDER BY … LIMIT", phrase);
    }

    private static Step deleteLimit(Words words) {
        Phrase phrase = words.phrase().text("DELETE FROM " + words.table().name());
        if (words.dice().chance(60)) {
            phrase.text(" WHERE ");
            words.condition(phrase, "");
        }
        keyOrder(words, phrase);
        return words.single("DELETE … ORDER BY … LIMIT", phrase);
    }

    private static @Nullable Step updateIgnore(Words words) {
        List<ColumnSpec> unique =
                words.table().assignable().stream().filter(ColumnSpec::unique).toList();
        if (unique.isEmpty()) {
            return null;
        }
        Phrase phrase = words.phrase().text("UPDATE IGNORE " + words.table().name() + " SET ");
        words.assignments(phrase, words.dice().some(unique, 2), "", "");
        phrase.text(" WHERE ");
        words.keyCondition(phrase, words.table(), "");
        return words.single("UPDATE IGNORE", phrase);
    }

    private static Step share(Words words) {
        Phrase phrase = words.phrase().text("SELECT t.* FROM " + words.table().name() + " t WHERE ");
        words.condition(phrase, "t.");
        phrase.text(words.dice().chance(50) ? " LOCK IN SHARE MODE" : " LOCK IN SHARE MODE NOWAIT");
        return words.single("SELECT … LOCK IN SHARE MODE", phrase);
    }
}
