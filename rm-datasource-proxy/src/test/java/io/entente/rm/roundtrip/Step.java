package io.entente.rm.roundtrip;

import java.util.List;
import java.util.stream.Collectors;

/** What an application does next in its local transaction. */
sealed interface Step {

    /** The kind of statement, for counting. */
    String form();

    /** As a line of the script that repeats a failure. */
    String script();

    /** Which generated keys are asked for. */
    enum Keys {
        NONE,
        GENERATED,
        BY_NAME
    }

    /** One statement. */
    record Single(String form, String sql, List<Value> parameters, boolean prepared, Keys keys, List<String> keyColumns)
            implements Step {
        @Override
        public String script() {
            return sql + ";" + (keys == Keys.NONE ? "" : "  -- generated keys: " + keys) + of(parameters);
        }
    }

    /** One statement with several sets of parameters. */
    record Batch(String form, String sql, List<List<Value>> rows, Keys keys) implements Step {
        @Override
        public String script() {
            return sql + ";  -- batch" + rows.stream().map(Step::of).collect(Collectors.joining());
        }
    }

    /** Several texts. */
    record TextBatch(String form, List<String> texts) implements Step {
        @Override
        public String script() {
            return String.join(";\n   ", texts) + ";  -- one batch";
        }
    }

    /** {@code SAVEPOINT s}, the step after it, {@code ROLLBACK TO SAVEPOINT s}. */
    record Undone(Step step) implements Step {
        @Override
        public String form() {
            return "rolled back to a savepoint";
        }

        @Override
        public String script() {
            return "SAVEPOINT s;\n   " + step.script() + "\n   ROLLBACK TO SAVEPOINT s;";
        }
    }

    private static String of(List<Value> parameters) {
        return parameters.isEmpty()
                ? ""
                : "\n     -- " + parameters.stream().map(Value::literal).collect(Collectors.joining(", ", "(", ")"));
    }
}
