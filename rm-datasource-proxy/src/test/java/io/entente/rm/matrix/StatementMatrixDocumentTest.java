package io.entente.rm.matrix;

import io.entente.tc.document.GeneratedDocument;
import io.entente.testkit.database.TestDatabase.Kind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StatementMatrixDocumentTest {

    private static final String HEAD = """
            # Statements in AT mode

            Written by the tests that run each of these statements on real servers, once as text and once prepared: \
            committed, the tables and the answer are the same as without Entente; rolled back, every table is as before. \
            What is refused is refused before it runs, with the reason and what to write instead, and the local \
            transaction goes on. [How it is done, and what it asks of you](at.md).

            ✓ undone exactly · ✗ refused · blank: the database has no such statement
            """;

    @Test
    void the_page_shows_the_matrix() throws IOException {
        Map<String, List<StatementCase>> groups = StatementMatrix.cases().stream()
                .collect(Collectors.groupingBy(StatementCase::group, LinkedHashMap::new, Collectors.toList()));
        StringBuilder page = new StringBuilder(HEAD);
        groups.forEach((group, cases) -> {
            page.append("\n## ")
                    .append(group)
                    .append("\n\n| | H2 | PostgreSQL | MariaDB | refused because |\n|---|---|---|---|---|\n");
            cases.forEach(each -> page.append(row(each)));
            page.append("\n<details>\n<summary>As tested</summary>\n\n```sql\n");
            cases.forEach(each -> page.append(script(each)));
            page.append("```\n</details>\n");
        });
        GeneratedDocument.isUpToDate("at-statements.md", page.toString());
    }

    private static String row(StatementCase each) {
        StringBuilder row = new StringBuilder("| ").append(each.name()).append(" | ");
        for (Kind kind : Kind.values()) {
            StatementCase.Form form = each.forms().get(kind);
            row.append(form == null ? "" : form.refusal() == null ? "✓" : "✗").append(" | ");
        }
        String reasons = each.forms().values().stream()
                .map(StatementCase.Form::refusal)
                .filter(refusal -> refusal != null)
                .map(refusal -> refusal.replace("\\", ""))
                .distinct()
                .collect(Collectors.joining("; "));
        return row.append(reasons).append(" |\n").toString();
    }

    private static String script(StatementCase each) {
        StringBuilder script = new StringBuilder("-- ").append(each.name()).append('\n');
        Map<String, String> databases = new LinkedHashMap<>();
        each.forms()
                .forEach((kind, form) -> databases.merge(form.sql(), name(kind), (one, other) -> one + ", " + other));
        databases.forEach((sql, kinds) -> script.append(sql)
                .append(databases.size() == 1 && each.forms().size() == Kind.values().length ? "" : "  -- " + kinds)
                .append('\n'));
        return script.toString();
    }

    private static String name(Kind kind) {
        return switch (kind) {
            case H2 -> "H2";
            case POSTGRESQL -> "PostgreSQL";
            case MARIADB -> "MariaDB";
        };
    }
}
