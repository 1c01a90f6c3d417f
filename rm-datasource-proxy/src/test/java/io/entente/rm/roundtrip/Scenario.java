package io.entente.rm.roundtrip;

import java.util.ArrayList;
import java.util.List;

/**
 * What happens to two databases: global transactions, one after the other.
 *
 * @param seed of which it is made
 */
record Scenario(long seed, List<Schema> databases, List<Global> transactions) {

    /** A global transaction and how it ends. */
    record Global(List<Local> locals, boolean committed) {}

    /**
     * What is done on one connection.
     *
     * @param database number of the database
     * @param autoCommit whether each statement is its own local transaction
     * @param committed whether the local transaction commits
     */
    record Local(int database, boolean autoCommit, boolean committed, List<Step> steps) {}

    int statements() {
        return transactions.stream()
                .flatMap(global -> global.locals().stream())
                .mapToInt(local -> local.steps().size())
                .sum();
    }

    /** Everything that repeats it. */
    String script() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < databases.size(); i++) {
            lines.add("-- database " + i);
            databases.get(i).create().forEach(ddl -> lines.add(ddl + ";"));
        }
        for (Global global : transactions) {
            lines.add("-- global transaction");
            for (Local local : global.locals()) {
                lines.add("-- database " + local.database() + (local.autoCommit() ? ", auto-commit" : ", BEGIN"));
                local.steps().forEach(step -> lines.add("   " + step.script()));
                if (!local.autoCommit()) {
                    lines.add(local.committed() ? "-- COMMIT" : "-- ROLLBACK");
                }
            }
            lines.add("-- global " + (global.committed() ? "commit" : "rollback"));
        }
        return String.join("\n", lines);
    }
}
