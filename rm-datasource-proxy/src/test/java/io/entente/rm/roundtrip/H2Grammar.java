package io.entente.rm.roundtrip;

import static io.entente.rm.roundtrip.ColumnType.Trait.COMPARED;
import static io.entente.rm.roundtrip.ColumnType.Trait.KEY;
import static io.entente.rm.roundtrip.ColumnType.Trait.NUMBER;
import static io.entente.rm.roundtrip.ColumnType.Trait.TEXT;

import io.entente.testkit.database.TestDatabase.Kind;
import java.math.BigDecimal;
import java.sql.Types;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** H2. */
final class H2Grammar implements Grammar {

    private static final List<ColumnType> TYPES = List.of(
            ColumnType.of("INT", numbers(0, 1, -1, 2, 3, 7, 42, Integer.MAX_VALUE, Integer.MIN_VALUE), KEY, NUMBER),
            ColumnType.of("BIGINT", longs(0, 1, 2, 5, -9, Long.MAX_VALUE, Long.MIN_VALUE), KEY, NUMBER),
            ColumnType.of("DECIMAL(12, 3)", decimals("0.000", "1.5", "-7.125", "999999999.999"), KEY, NUMBER),
            ColumnType.of(
                    "DOUBLE PRECISION",
                    List.of(
                            Value.of("0.1", 0.1),
                            Value.of("-1E300", -1E300),
                            Value.of("CAST('NaN' AS DOUBLE PRECISION)", Double.NaN),
                            Value.of("2.5", 2.5)),
                    COMPARED),
            ColumnType.of("REAL", List.of(Value.of("0.1", 0.1f), Value.of("3.4E38", 3.4E38f)), COMPARED),
            ColumnType.of("VARCHAR(40)", Texts.values(), KEY, TEXT),
            ColumnType.of("VARCHAR_IGNORECASE(40)", Texts.values(), KEY, TEXT),
            ColumnType.of("CHAR(8)", Texts.shortValues(), KEY),
            ColumnType.of("CHARACTER LARGE OBJECT", Texts.values(), TEXT),
            ColumnType.of("BOOLEAN", List.of(Value.of("TRUE", true), Value.of("FALSE", false)), COMPARED),
            ColumnType.of("DATE", texts("2024-02-29", "0001-01-01", "9999-12-31"), KEY),
            ColumnType.of("TIME(6)", texts("23:59:59.999999", "00:00:00"), COMPARED),
            ColumnType.of("TIMESTAMP(9)", texts("2024-02-29 12:34:56.123456789", "1969-12-31 23:59:59.5"), KEY),
            ColumnType.of(
                    "TIMESTAMP(6) WITH TIME ZONE",
                    texts("2024-03-31 02:30:00.5+05:45", "2024-03-30 20:45:00.5+00:00", "1900-01-01 00:00:00-08:00"),
                    COMPARED),
            ColumnType.of(
                    "UUID",
                    Stream.of("00000000-0000-0000-0000-000000000000", "f47ac10b-58cc-4372-a567-0e02b2c3d479")
                            .map(text -> Value.of("'" + text + "'", UUID.fromString(text)))
                            .toList(),
                    KEY),
            ColumnType.of("BINARY VARYING(16)", bytes("", "00", "ff00", "2c3b3a5f"), KEY),
            ColumnType.of("BINARY LARGE OBJECT", bytes("00ff00", "")),
            ColumnType.of(
                    "JSON",
                    List.of(
                            new Value(
                                    "JSON '{\"a\": [1, null]}'",
                                    "{\"a\": [1, null]}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                    Types.NULL),
                            new Value(
                                    "JSON '\"x\"'",
                                    "\"x\"".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                    Types.NULL))),
            ColumnType.of("ENUM('red', 'a,b')", texts("red", "a,b"), COMPARED),
            ColumnType.of(
                    "INTERVAL DAY TO SECOND",
                    List.of(Value.of(
                            "INTERVAL '1 02:03:04.5' DAY TO SECOND", java.time.Duration.ofMillis(93_784_500)))));

    private static List<Value> numbers(int... numbers) {
        return java.util.Arrays.stream(numbers).mapToObj(Value::number).toList();
    }

    private static List<Value> longs(long... numbers) {
        return java.util.Arrays.stream(numbers)
                .mapToObj(number -> Value.of(String.valueOf(number), number))
                .toList();
    }

    private static List<Value> decimals(String... numbers) {
        return Stream.of(numbers)
                .map(number -> Value.of(number, new BigDecimal(number)))
                .toList();
    }

    private static List<Value> texts(String... texts) {
        return Stream.of(texts).map(text -> Value.of("'" + text + "'", text)).toList();
    }

    private static List<Value> bytes(String... hex) {
        return Stream.of(hex)
                .map(each -> Value.of("X'" + each + "'", HexFormat.of().parseHex(each)))
                .toList();
    }

    @Override
    public Kind kind() {
        return Kind.H2;
    }

    @Override
    public List<ColumnType> types() {
        return TYPES;
    }

    @Override
    public List<String> columnNames() {
        return List.of(
                "amount",
                "b",
                "note",
                "\"a b\"",
                "\"select\"",
                "\"Größe\"",
                "\"c;d\"",
                "\"x'y\"",
                "\"q?m\"",
                "\"Mixed\"");
    }

    @Override
    public List<String> tableNames() {
        return List.of("stock", "\"Order\"", "\"from where\"", "Depot", "\"Lager-Straße\"");
    }

    @Override
    public String identity() {
        return "BIGINT GENERATED BY DEFAULT AS IDENTITY";
    }

    @Override
    public String generated(String number) {
        return "GENERATED ALWAYS AS (" + number + " / 2)";
    }

    @Override
    public List<String> keyNames(TableSpec table) {
        return table.key().stream().map(column -> bare(column.name())).toList();
    }

    private static String bare(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1) : name.toUpperCase(Locale.ROOT);
    }

    @Override
    public List<String> sameTime(long number) {
        return List.of();
    }

    @Override
    public String typed(String literal, ColumnSpec column) {
        return "CAST(" + literal + " AS " + column.type().sql() + ")";
    }

    @Override
    public List<Form> forms() {
        return List.of(
                new Form("MERGE … KEY", 8, H2Grammar::keyedMerge),
                new Form("MERGE … USING", 8, H2Grammar::merge),
                new Form("SELECT … FROM FINAL TABLE", 4, H2Grammar::finalTable),
                new Form("UPDATE … FETCH FIRST", 3, H2Grammar::limited));
    }

    private static Step keyedMerge(Words words) {
        List<ColumnSpec> columns = words.insertedColumns();
        Phrase phrase = words.phrase().text("MERGE INTO " + words.table().name() + " (" + Words.names(columns) + ")");
        boolean keyed = columns.containsAll(words.table().key());
        if (keyed && words.dice().chance(60)) {
            phrase.text(" KEY (" + Words.names(words.table().key()) + ")");
        }
        phrase.text(" VALUES ");
        for (int i = words.dice().between(1, 2); i > 0; i--) {
            words.row(phrase, columns);
            phrase.text(i == 1 ? "" : ", ");
        }
        return words.single("MERGE … KEY", phrase);
    }

    private static @Nullable Step merge(Words words) {
        List<ColumnSpec> columns = words.insertedColumns();
        if (!columns.containsAll(words.table().key())
                || words.freelyAssignable().isEmpty()) {
            return null;
        }
        Phrase phrase = words.phrase().text("MERGE INTO " + words.table().name() + " t USING (VALUES ");
        List<ColumnSpec> key = words.table().key();
        int rows = words.dice().between(1, 3);
        for (int i = 0; i < rows; i++) {
            phrase.text(i == 0 ? "(" : ", (");
            for (int k = 0; k < key.size(); k++) {
                phrase.text((k == 0 ? "" : ", ")
                        + words.grammar().typed(words.keyValue(key.get(k)).literal(), key.get(k)));
            }
            phrase.text(")");
        }
        phrase.text(") s (k0" + (key.size() > 1 ? ", k1" : "") + ") ON ");
        for (int k = 0; k < key.size(); k++) {
            phrase.text((k == 0 ? "" : " AND ") + "t." + key.get(k).name() + " = s.k" + k);
        }
        if (words.dice().chance(30)) {
            phrase.text(" WHEN MATCHED AND t."
                    + words.dice().pick(words.table().columns()).name() + " IS NULL THEN DELETE");
        }
        if (words.dice().chance(80)) {
            phrase.text(" WHEN MATCHED THEN UPDATE SET ");
            words.assignments(phrase, words.dice().some(words.freelyAssignable(), 2), "", "t.");
        }
        phrase.text(" WHEN NOT MATCHED THEN INSERT (" + Words.names(columns) + ") VALUES (");
        for (int i = 0; i < columns.size(); i++) {
            int at = key.indexOf(columns.get(i));
            phrase.text(i == 0 ? "" : ", ");
            if (at >= 0) {
                phrase.text("s.k" + at);
            } else {
                phrase.value(columns.get(i).isAssignable() ? columns.get(i).anyValue(words.dice()) : Value.number(3));
            }
        }
        phrase.text(")");
        return words.single("MERGE … USING", phrase);
    }

    private static @Nullable Step finalTable(Words words) {
        Phrase phrase = words.phrase().text("SELECT * FROM ");
        int kind = words.dice().below(3);
        if (kind == 0) {
            List<ColumnSpec> columns = words.insertedColumns();
            phrase.text("FINAL TABLE (INSERT INTO " + words.table().name() + " (" + Words.names(columns) + ") VALUES ");
            words.row(phrase, columns);
        } else if (kind == 1 && !words.freelyAssignable().isEmpty()) {
            phrase.text("FINAL TABLE (UPDATE " + words.table().name() + " SET ");
            words.assignments(phrase, words.dice().some(words.freelyAssignable(), 2), "", "");
            phrase.text(" WHERE ");
            words.condition(phrase, "");
        } else {
            phrase.text("OLD TABLE (DELETE FROM " + words.table().name() + " WHERE ");
            words.condition(phrase, "");
        }
        phrase.text(")");
        return words.single("SELECT … FROM FINAL TABLE", phrase);
    }

    private static @Nullable Step limited(Words words) {
        if (words.freelyAssignable().isEmpty()) {
            return null;
        }
        Phrase phrase = words.phrase().text("UPDATE " + words.table().name() + " SET ");
        words.assignments(phrase, words.dice().some(words.freelyAssignable(), 2), "", "");
        phrase.text(" WHERE ");
        words.keyCondition(phrase, words.table(), "");
        phrase.text(words.dice().chance(50) ? " FETCH FIRST ROW ONLY" : " FETCH FIRST 3 ROWS ONLY");
        return words.single("UPDATE … FETCH FIRST", phrase);
    }
}
