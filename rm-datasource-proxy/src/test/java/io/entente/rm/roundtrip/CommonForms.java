package io.entente.rm.roundtrip;

import io.entente.rm.roundtrip.ColumnType.Trait;
import io.entente.testkit.database.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements that all databases have. */
final class CommonForms {

    private CommonForms() {}

    static List<Form> all() {
        return List.of(
                new Form("INSERT", 14, words -> insert(words, 1)),
                new Form("INSERT, many rows", 8, words -> insert(words, 4)),
                new Form("INSERT … SELECT", 5, CommonForms::insertSelect),
                new Form("INSERT, batch", 4, CommonForms::insertBatch),
                new Form("UPDATE by key", 10, CommonForms::updateByKey),
                new Form("UPDATE", 14, CommonForms::update),
                new Form("UPDATE of a key or a unique column", 6, CommonForms::updateUnique),
                new Form("UPDATE that moves all keys", 2, CommonForms::moveKeys),
                new Form("UPDATE, batch", 4, CommonForms::updateBatch),
                new Form("DELETE", 6, CommonForms::delete),
                new Form(
                        "DELETE of all rows",
                        1,
                        words -> words.single(
                                "DELETE of all rows",
                                words.phrase()
                                        .text("DELETE FROM " + words.table().name()))),
                new Form("DELETE, batch", 2, CommonForms::deleteBatch),
                new Form("texts in a batch", 3, CommonForms::textBatch),
                new Form("SELECT … FOR UPDATE", 3, CommonForms::lockingRead));
    }

    private static Step insert(Words words, int rows) {
        Phrase phrase = words.phrase();
        List<ColumnSpec> columns = words.insertedColumns();
        phrase.text("INSERT INTO " + words.table().name() + " (" + Words.names(columns) + ") VALUES ");
        int count = words.dice().between(Math.min(2, rows), rows);
        for (int i = 0; i < count; i++) {
            phrase.text(i == 0 ? "" : ", ");
            words.row(phrase, columns);
        }
        Step.Keys keys = words.dice().chance(70)
                ? Step.Keys.NONE
                : words.dice().chance(50) ? Step.Keys.GENERATED : Step.Keys.BY_NAME;
        return words.single(rows == 1 ? "INSERT" : "INSERT, many rows", phrase, keys);
    }

    /** Values for each column, as a query over the other table. */
    static String selectFor(Words words, List<ColumnSpec> columns) {
        List<String> values = new ArrayList<>();
        for (ColumnSpec column : columns) {
            String value = words.dice().pick(column.type().values()).literal();
            if (words.dice().chance(40)) {
                for (ColumnSpec source : words.other().columns()) {
                    if (source.type().equals(column.type())) {
                        value = "o." + source.name();
                    }
                }
            }
            values.add(value.startsWith("o.") ? value : words.grammar().typed(value, column));
        }
        List<String> order =
                words.other().key().stream().map(key -> "o." + key.name()).toList();
        return "SELECT " + String.join(", ", values) + " FROM " + words.other().name() + " o ORDER BY "
                + String.join(", ", order);
    }

    private static Step insertSelect(Words words) {
        List<ColumnSpec> columns = words.insertedColumns();
        Phrase phrase = words.phrase()
                .text("INSERT INTO " + words.table().name() + " (" + Words.names(columns) + ") ")
                .text(selectFor(words, columns))
                .text(words.dice().chance(80) ? words.grammar().firstRow() : "");
        return words.single("INSERT … SELECT", phrase);
    }

    private static Step insertBatch(Words words) {
        // How many numbers a failed batch uses up depends on whether MariaDB's driver sends it in bulk.
        boolean numbersGiven = words.grammar().kind() != TestDatabase.Kind.MARIADB;
        List<ColumnSpec> columns = words.insertedColumns().stream()
                .filter(column -> numbersGiven || column.kind() != ColumnSpec.Kind.IDENTITY)
                .toList();
        List<List<Value>> rows = new ArrayList<>();
        for (int i = words.dice().between(1, 4); i > 0; i--) {
            rows.add(columns.stream()
                    .map(column -> column.isAssignable()
                            ? column.anyValue(words.dice())
                            : Value.number(words.dice().between(1, 40)))
                    .toList());
        }
        String sql = "INSERT INTO " + words.table().name() + " (" + Words.names(columns) + ") VALUES ("
                + String.join(", ", java.util.Collections.nCopies(columns.size(), "?")) + ")";
        return new Step.Batch(
                "INSERT, batch", sql, rows, words.dice().chance(30) ? Step.Keys.GENERATED : Step.Keys.NONE);
    }

    private static @Nullable Step updateByKey(Words words) {
        if (words.table().assignable().isEmpty()) {
            return null;
        }
        Phrase phrase = words.phrase().text("UPDATE " + words.table().name() + " SET ");
        List<ColumnSpec> free = words.freelyAssignable();
        List<ColumnSpec> columns = words.dice()
                .some(free.isEmpty() || words.dice().chance(15) ? words.table().assignable() : free, 3);
        words.assignments(phrase, columns, "", "");
        phrase.text(" WHERE ");
        words.keyCondition(phrase, words.table(), "");
        return words.single("UPDATE by key", phrase);
    }

    private static @Nullable Step update(Words words) {
        if (words.freelyAssignable().isEmpty()) {
            return null;
        }
        boolean alias = words.dice().chance(25);
        String qualifier = alias ? "t." : "";
        Phrase phrase = words.phrase().text("UPDATE " + words.table().name() + (alias ? " AS t" : "") + " SET ");
        words.assignments(phrase, words.dice().some(words.freelyAssignable(), 3), "", qualifier);
        if (words.dice().chance(90)) {
            phrase.text(" WHERE ");
            words.condition(phrase, qualifier);
        }
        return words.single("UPDATE", phrase);
    }

    private static @Nullable Step updateUnique(Words words) {
        List<ColumnSpec> unique =
                words.table().assignable().stream().filter(ColumnSpec::unique).toList();
        if (unique.isEmpty()) {
            return null;
        }
        Phrase phrase = words.phrase().text("UPDATE " + words.table().name() + " SET ");
        List<ColumnSpec> columns = new ArrayList<>(words.dice().some(unique, 2));
        if (!words.freelyAssignable().isEmpty() && words.dice().chance(50)) {
            columns.addAll(words.dice().some(words.freelyAssignable(), 1));
        }
        words.assignments(phrase, columns, "", "");
        phrase.text(" WHERE ");
        words.keyCondition(phrase, words.table(), "");
        return words.single("UPDATE of a key or a unique column", phrase);
    }

    /** To where no row is, so that no row is in another one's way. */
    private static @Nullable Step moveKeys(Words words) {
        List<ColumnSpec> numbers = words.table().key().stream()
                .filter(column -> column.isAssignable() && column.is(Trait.NUMBER))
                .toList();
        if (numbers.isEmpty()) {
            return null;
        }
        String name = numbers.get(0).name();
        Phrase phrase = words.phrase()
                .text("UPDATE " + words.table().name() + " SET " + name + " = " + name + " + 5000 WHERE " + name
                        + " BETWEEN -10 AND 1000");
        return words.single("UPDATE that moves all keys", phrase);
    }

    private static @Nullable Step updateBatch(Words words) {
        List<ColumnSpec> free = words.freelyAssignable();
        if (free.isEmpty()) {
            return null;
        }
        ColumnSpec column = words.dice().pick(free);
        boolean delta = column.is(Trait.NUMBER) && words.dice().chance(50);
        StringBuilder sql = new StringBuilder("UPDATE " + words.table().name() + " SET " + column.name() + " = "
                + (delta ? column.name() + " + ?" : "?") + " WHERE ");
        keyParameters(words, sql);
        List<List<Value>> rows = new ArrayList<>();
        for (int i = words.dice().between(1, 4); i > 0; i--) {
            List<Value> row = new ArrayList<>();
            row.add(delta ? Value.number(words.dice().below(9)) : column.anyValue(words.dice()));
            words.table().key().forEach(key -> row.add(words.keyValue(key)));
            rows.add(row);
        }
        return new Step.Batch("UPDATE, batch", sql.toString(), rows, Step.Keys.NONE);
    }

    private static void keyParameters(Words words, StringBuilder sql) {
        for (int i = 0; i < words.table().key().size(); i++) {
            sql.append(i == 0 ? "" : " AND ")
                    .append(words.table().key().get(i).name())
                    .append(" = ?");
        }
    }

    private static Step delete(Words words) {
        Phrase phrase = words.phrase().text("DELETE FROM " + words.table().name() + " WHERE ");
        words.condition(phrase, "");
        return words.single("DELETE", phrase);
    }

    private static Step deleteBatch(Words words) {
        StringBuilder sql = new StringBuilder("DELETE FROM " + words.table().name() + " WHERE ");
        keyParameters(words, sql);
        List<List<Value>> rows = new ArrayList<>();
        for (int i = words.dice().between(1, 3); i > 0; i--) {
            rows.add(words.table().key().stream().map(words::keyValue).toList());
        }
        return new Step.Batch("DELETE, batch", sql.toString(), rows, Step.Keys.NONE);
    }

    private static Step textBatch(Words words) {
        List<String> texts = new ArrayList<>();
        for (int i = words.dice().between(1, 3); i > 0; i--) {
            Phrase phrase = new Phrase(words.dice(), false);
            if (words.freelyAssignable().isEmpty() || words.dice().chance(30)) {
                phrase.text("DELETE FROM " + words.table().name() + " WHERE ");
            } else {
                phrase.text("UPDATE " + words.table().name() + " SET ");
                words.assignments(phrase, words.dice().some(words.freelyAssignable(), 2), "", "");
                phrase.text(" WHERE ");
            }
            words.keyCondition(phrase, words.table(), "");
            texts.add(phrase.sql());
        }
        return new Step.TextBatch("texts in a batch", texts);
    }

    private static Step lockingRead(Words words) {
        Phrase phrase = words.phrase().text("SELECT ");
        List<ColumnSpec> columns = words.dice().some(words.table().columns(), 3);
        phrase.text(words.dice().chance(20) ? "*" : Words.names(columns));
        phrase.text(" FROM " + words.table().name() + " WHERE ");
        words.condition(phrase, "");
        phrase.text(" FOR UPDATE" + words.dice().pick(List.of("", "", " NOWAIT", " SKIP LOCKED")));
        return words.single("SELECT … FOR UPDATE", phrase);
    }
}
