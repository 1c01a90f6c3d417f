package io.entente.rm.matrix;

import io.entente.tc.document.GeneratedDocument;
import io.entente.testkit.database.TestDatabase.Kind;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TypeMatrixDocumentTest {

    private static final String HEAD = """
            # Column types in AT mode

            Written by the tests that send each of these types through INSERT, UPDATE and DELETE on real servers, with the \
            values shown and with NULL, and roll it back: every table is as before, to the byte. Types marked *key* were \
            part of a primary key too, and found their rows again. Refused is what cannot be captured without loss: \
            statements that write such a column are refused before they run, others are not concerned.

            Generated columns are computed again by the database, identity columns get their number back; both are never \
            compared. [How it is done](at.md).
            """;

    @Test
    void the_page_shows_the_matrix() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        for (Kind kind : Kind.values()) {
            page.append("\n## ")
                    .append(name(kind))
                    .append("\n\n| type | | INSERT | UPDATE | DELETE | values |\n|---|---|---|---|---|---|\n");
            ColumnTypes.all(kind).forEach(each -> page.append(row(each, each.usableAsKey() ? "key" : "", "✓")));
            ColumnTypes.refused(kind).forEach(each -> page.append(row(each, "", "refused")));
        }
        GeneratedDocument.isUpToDate("at-types.md", page.toString());
    }

    private static String row(ColumnCase each, String key, String outcome) {
        return "| `" + escape(each.type()) + "` | " + key + " | " + outcome + " | " + outcome + " | " + outcome + " | "
                + values(each.values()) + " |\n";
    }

    private static String values(List<String> values) {
        return values.stream().map(value -> "`` " + escape(value) + " ``").collect(Collectors.joining(", "));
    }

    private static String escape(String text) {
        return text.replace("|", "\\|");
    }

    private static String name(Kind kind) {
        return switch (kind) {
            case H2 -> "H2";
            case POSTGRESQL -> "PostgreSQL";
            case MARIADB -> "MariaDB";
        };
    }
}
