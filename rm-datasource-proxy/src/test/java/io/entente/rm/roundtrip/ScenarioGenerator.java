package io.entente.rm.roundtrip;

import io.entente.rm.roundtrip.ColumnSpec.Kind;
import io.entente.rm.roundtrip.ColumnType.Trait;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a scenario of a seed. */
final class ScenarioGenerator {

    private static final int DATABASES = 2;
    private static final int FIRST_ROWS = 6;

    private final Grammar grammar;
    private final List<Form> forms = new ArrayList<>();
    private final Dice dice;
    private final long seed;
    private int names;

    private ScenarioGenerator(Grammar grammar, long seed) {
        this.grammar = grammar;
        this.seed = seed;
        this.dice = new Dice(seed);
        forms.addAll(CommonForms.all());
        forms.addAll(grammar.forms());
    }

    /** The same for the same seed. */
    static Scenario generate(Grammar grammar, long seed) {
        return new ScenarioGenerator(grammar, seed).scenario();
    }

    private Scenario scenario() {
        List<Schema> databases = new ArrayList<>();
        for (int i = 0; i < DATABASES; i++) {
            databases.add(schema());
        }
        List<Scenario.Global> transactions = new ArrayList<>();
        transactions.add(new Scenario.Global(firstRows(databases), true));
        for (int i = dice.between(4, 10); i > 0; i--) {
            transactions.add(global(databases));
        }
        return new Scenario(seed, databases, transactions);
    }

    // ---------------------------------------------------------------- tables

    private Schema schema() {
        List<String> tableNames = new ArrayList<>(grammar.tableNames());
        List<TableSpec> tables = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String name = own(tableNames.remove(dice.below(tableNames.size())));
            tables.add(table(name, tables.isEmpty() ? null : tables.get(0)));
        }
        return new Schema(tables);
    }

    /** What is known of a table shall not be true of another one that is created a moment later. */
    private String own(String name) {
        boolean quoted = name.endsWith("\"") || name.endsWith("`");
        String suffix = "_" + Long.toUnsignedString(seed, 36);
        return quoted ? name.substring(0, name.length() - 1) + suffix + name.charAt(name.length() - 1) : name + suffix;
    }

    private TableSpec table(String name, @Nullable TableSpec parent) {
        List<String> names = new ArrayList<>(grammar.columnNames());
        List<ColumnSpec> columns = new ArrayList<>();
        List<String> constraints = new ArrayList<>();
        List<ColumnSpec> key = key(names);
        columns.addAll(key);
        boolean primary = key.get(0).kind() == Kind.IDENTITY || dice.chance(75);
        constraints.add(
                (primary ? "PRIMARY KEY (" : "CONSTRAINT " + constraint() + " UNIQUE (") + Words.names(key) + ")");
        for (int i = dice.between(2, 5); i > 0; i--) {
            columns.add(column(name(names), dice.pick(grammar.types()), constraints));
        }
        if (dice.chance(30)) {
            columns.stream()
                    .filter(column -> column.is(Trait.NUMBER) && column.isAssignable())
                    .findFirst()
                    .ifPresent(number -> columns.add(new ColumnSpec(
                            name(names),
                            number.type(),
                            grammar.generated(number.name()),
                            Kind.GENERATED,
                            true,
                            false)));
        }
        if (parent != null && parent.key().size() == 1 && dice.chance(30)) {
            ColumnSpec referred = parent.key().get(0);
            ColumnType type = referred.kind() == Kind.IDENTITY
                    ? ColumnType.of(
                            "BIGINT", List.of(Value.number(1), Value.number(2), Value.number(3)), Trait.COMPARED)
                    : referred.type();
            ColumnSpec child = new ColumnSpec(name(names), type, "", Kind.PLAIN, true, false);
            columns.add(child);
            constraints.add(
                    "FOREIGN KEY (" + child.name() + ") REFERENCES " + parent.name() + " (" + referred.name() + ")");
        }
        return new TableSpec(name, List.copyOf(columns), key, List.copyOf(constraints));
    }

    private List<ColumnSpec> key(List<String> names) {
        if (dice.chance(25)) {
            ColumnType number = ColumnType.of(grammar.identity(), List.of(Value.number(1)), Trait.KEY, Trait.NUMBER);
            return List.of(new ColumnSpec(name(names), number, "", Kind.IDENTITY, false, true));
        }
        List<ColumnType> types =
                grammar.types().stream().filter(type -> type.is(Trait.KEY)).toList();
        List<ColumnSpec> key = new ArrayList<>();
        for (int i = dice.chance(35) ? 2 : 1; i > 0; i--) {
            key.add(new ColumnSpec(name(names), dice.pick(types), "NOT NULL", Kind.PLAIN, false, true));
        }
        return List.copyOf(key);
    }

    private ColumnSpec column(String name, ColumnType type, List<String> constraints) {
        boolean unique = type.is(Trait.KEY) && dice.chance(15);
        if (unique) {
            constraints.add("CONSTRAINT " + constraint() + " UNIQUE (" + name + ")");
            return new ColumnSpec(name, type, "", Kind.PLAIN, true, true);
        }
        String ownTime = grammar.ownTime(type);
        if (ownTime != null && dice.chance(50)) {
            return new ColumnSpec(name, type, ownTime, Kind.DEFAULTED, true, false);
        }
        Value preset = dice.pick(type.values());
        if (dice.chance(25) && preset.parameter() != null && grammar.canBeDefault(type)) {
            boolean nullable = dice.chance(50);
            String clause = "DEFAULT " + preset.literal() + (nullable ? "" : " NOT NULL");
            return new ColumnSpec(name, type, clause, Kind.DEFAULTED, nullable, false);
        }
        boolean nullable = dice.chance(85);
        return new ColumnSpec(name, type, nullable ? "" : "NOT NULL", Kind.PLAIN, nullable, false);
    }

    private String name(List<String> names) {
        return names.remove(dice.below(names.size()));
    }

    /** Unique in the schema, and in the database of whoever has one of these for all. */
    private String constraint() {
        names++;
        return "uk_" + names;
    }

    // ---------------------------------------------------------------- work

    private List<Scenario.Local> firstRows(List<Schema> databases) {
        List<Scenario.Local> locals = new ArrayList<>();
        Form insert = CommonForms.all().get(0);
        for (int database = 0; database < databases.size(); database++) {
            List<Step> steps = new ArrayList<>();
            for (TableSpec table : databases.get(database).tables()) {
                for (int i = 0; i < FIRST_ROWS; i++) {
                    Step step = insert.write().apply(new Words(dice, grammar, table, table));
                    if (step != null) {
                        steps.add(step);
                    }
                }
            }
            locals.add(new Scenario.Local(database, true, true, steps));
        }
        return locals;
    }

    private Scenario.Global global(List<Schema> databases) {
        List<Scenario.Local> locals = new ArrayList<>();
        for (int i = dice.between(1, 4); i > 0; i--) {
            int database = dice.below(databases.size());
            List<Step> steps = new ArrayList<>();
            for (int s = dice.between(1, 5); s > 0; s--) {
                Step step = step(databases.get(database));
                steps.add(dice.chance(6) ? new Step.Undone(step) : step);
            }
            boolean autoCommit = dice.chance(35) && steps.stream().noneMatch(step -> step instanceof Step.Undone);
            locals.add(new Scenario.Local(database, autoCommit, autoCommit || dice.chance(92), steps));
        }
        return new Scenario.Global(locals, dice.chance(35));
    }

    private Step step(Schema schema) {
        while (true) {
            TableSpec table = dice.pick(schema.tables());
            TableSpec other = schema.tables().get(schema.tables().indexOf(table) == 0 ? 1 : 0);
            int draw = dice.below(forms.stream().mapToInt(Form::weight).sum());
            for (Form form : forms) {
                draw -= form.weight();
                if (draw < 0) {
                    Step step = form.write().apply(new Words(dice, grammar, table, other));
                    if (step != null) {
                        return step;
                    }
                    break;
                }
            }
        }
    }
}
