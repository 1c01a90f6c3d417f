package io.entente.rm.roundtrip;

import io.entente.rm.roundtrip.ColumnSpec.Kind;
import io.entente.rm.roundtrip.ColumnType.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The parts that statements are made of.
 *
 * @param table that is changed
 * @param other that is read besides
 */
record Words(Dice dice, Grammar grammar, TableSpec table, TableSpec other) {

    Phrase phrase() {
        return new Phrase(dice, dice.chance(60));
    }

    Step single(String form, Phrase phrase) {
        return single(form, phrase, Step.Keys.NONE);
    }

    Step single(String form, Phrase phrase, Step.Keys keys) {
        return new Step.Single(
                form,
                phrase.sql(),
                phrase.parameters(),
                phrase.isPrepared(),
                keys,
                keys == Step.Keys.BY_NAME ? grammar.keyNames(table) : List.of());
    }

    static String names(List<ColumnSpec> columns) {
        return columns.stream().map(ColumnSpec::name).collect(Collectors.joining(", "));
    }

    // ---------------------------------------------------------------- values of new rows

    /** The columns that an INSERT names: those that need a value, and some of the others. */
    List<ColumnSpec> insertedColumns() {
        List<ColumnSpec> columns = new ArrayList<>();
        for (ColumnSpec column : table.columns()) {
            boolean needed = column.kind() == Kind.PLAIN && !column.nullable();
            boolean possible = column.isAssignable() || (column.kind() == Kind.IDENTITY && dice.chance(15));
            if (needed || (possible && dice.chance(column.kind() == Kind.IDENTITY ? 100 : 80))) {
                columns.add(column);
            }
        }
        return columns.isEmpty() ? List.of(table.columns().get(0)) : columns;
    }

    void row(Phrase phrase, List<ColumnSpec> columns) {
        for (int i = 0; i < columns.size(); i++) {
            phrase.text(i == 0 ? "(" : ", ");
            inserted(phrase, columns.get(i));
        }
        phrase.text(")");
    }

    private void inserted(Phrase phrase, ColumnSpec column) {
        if (column.kind() == Kind.IDENTITY) {
            if (dice.chance(50)) {
                phrase.text("DEFAULT");
            } else {
                phrase.value(Value.number(dice.between(1, 40)));
            }
        } else if (column.kind() == Kind.DEFAULTED && dice.chance(15)) {
            phrase.text("DEFAULT");
        } else if (dice.chance(6) && column.is(Trait.NUMBER)) {
            phrase.text("(1 + " + dice.below(5) + ")");
        } else if (dice.chance(6) && column.is(Trait.TEXT)) {
            phrase.text("upper('ab" + dice.below(5) + "')");
        } else {
            phrase.value(column.anyValue(dice));
        }
    }

    // ---------------------------------------------------------------- conditions

    /** {@code key = value}: one row, or none. */
    void keyCondition(Phrase phrase, TableSpec of, String qualifier) {
        for (int i = 0; i < of.key().size(); i++) {
            ColumnSpec column = of.key().get(i);
            phrase.text(i == 0 ? "" : " AND ").text(qualifier + column.name() + " = ");
            phrase.value(keyValue(column));
        }
    }

    Value keyValue(ColumnSpec column) {
        return column.kind() == Kind.IDENTITY
                ? Value.number(dice.between(1, 12))
                : dice.pick(column.type().values());
    }

    /** Any condition. */
    void condition(Phrase phrase, String qualifier) {
        int kind = dice.below(9);
        if (kind < 2) {
            keyCondition(phrase, table, qualifier);
        } else if (kind == 2) {
            phrase.text("(");
            simple(phrase, qualifier);
            phrase.text(dice.chance(50) ? ") OR (" : ") AND (");
            simple(phrase, qualifier);
            phrase.text(")");
        } else if (kind == 3) {
            phrase.text("NOT (");
            simple(phrase, qualifier);
            phrase.text(")");
        } else if (kind == 4) {
            subquery(phrase, qualifier);
        } else {
            simple(phrase, qualifier);
        }
    }

    private void simple(Phrase phrase, String qualifier) {
        ColumnSpec column = dice.pick(table.columns());
        if (!column.is(Trait.COMPARED) || dice.chance(15)) {
            phrase.text(qualifier + column.name() + (dice.chance(50) ? " IS NULL" : " IS NOT NULL"));
            return;
        }
        List<Value> values = column.kind() == Kind.IDENTITY
                ? List.of(Value.number(1), Value.number(3), Value.number(5), Value.number(9))
                : column.type().values();
        switch (dice.below(4)) {
            case 0 -> phrase.text(qualifier + column.name() + " = ").value(dice.pick(values));
            case 1 -> phrase.text(qualifier + column.name() + " <> ").value(dice.pick(values));
            case 2 -> {
                phrase.text(qualifier + column.name() + " IN (");
                List<Value> some = dice.some(values, 4);
                for (int i = 0; i < some.size(); i++) {
                    phrase.text(i == 0 ? "" : ", ").value(some.get(i));
                }
                phrase.text(")");
            }
            default -> phrase.text(qualifier + column.name() + " > ").value(dice.pick(values));
        }
    }

    private void subquery(Phrase phrase, String qualifier) {
        for (ColumnSpec column : table.with(Trait.COMPARED)) {
            for (ColumnSpec matching : other.with(Trait.COMPARED)) {
                if (column.type().equals(matching.type())) {
                    phrase.text(qualifier + column.name() + " IN (SELECT o." + matching.name() + " FROM " + other.name()
                            + " o)");
                    return;
                }
            }
        }
        phrase.text("EXISTS (SELECT 1 FROM " + other.name() + " o WHERE ");
        keyCondition(phrase, other, "o.");
        phrase.text(")");
    }

    // ---------------------------------------------------------------- assignments

    /** Columns that can be assigned in many rows at once without a conflict that depends on their order. */
    List<ColumnSpec> freelyAssignable() {
        return table.assignable().stream().filter(column -> !column.unique()).toList();
    }

    /**
     * {@code column = value, …}.
     *
     * @param target qualifier of the assigned column
     * @param qualifier of columns that are read
     */
    void assignments(Phrase phrase, List<ColumnSpec> columns, String target, String qualifier) {
        for (int i = 0; i < columns.size(); i++) {
            phrase.text(i == 0 ? "" : ", ").text(target + columns.get(i).name() + " = ");
            assigned(phrase, columns.get(i), qualifier);
        }
    }

    private void assigned(Phrase phrase, ColumnSpec column, String qualifier) {
        String own = qualifier + column.name();
        int kind = dice.below(12);
        if (column.is(Trait.NUMBER) && kind < 4) {
            phrase.text(own + (dice.chance(50) ? " + " : " - ")).value(Value.number(dice.below(9)));
        } else if (column.is(Trait.NUMBER) && kind == 4) {
            phrase.text("(SELECT count(*) FROM " + other.name() + ")");
        } else if (column.is(Trait.NUMBER) && kind == 5) {
            ColumnSpec source = dice.pick(table.with(Trait.NUMBER));
            phrase.text(qualifier + source.name() + " + 1");
        } else if (column.is(Trait.TEXT) && kind < 3) {
            phrase.text("concat(" + own + ", '+')");
        } else if (column.is(Trait.TEXT) && kind < 5) {
            phrase.text("lower(" + own + ")");
        } else if (column.is(Trait.COMPARED) && kind == 6) {
            phrase.text("CASE WHEN " + own + " = "
                            + dice.pick(column.type().values()).literal() + " THEN ")
                    .text(dice.pick(column.type().values()).literal())
                    .text(" ELSE " + own + " END");
        } else if (column.kind() == Kind.DEFAULTED && kind == 7) {
            phrase.text("DEFAULT");
        } else {
            phrase.value(column.anyValue(dice));
        }
    }
}
