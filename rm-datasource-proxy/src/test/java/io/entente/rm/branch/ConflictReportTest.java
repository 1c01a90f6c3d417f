package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.entente.protocol.ConflictText;
import io.entente.rm.dialect.Bytes;
import io.entente.rm.image.Change;
import io.entente.rm.table.TableName;
import io.entente.rm.undo.DirtyRow;
import io.entente.rm.undo.RollbackResult;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the coordinator is told of rows in the way has to fit, and to be true. */
class ConflictReportTest {

    private static DirtyRow row(int id, DirtyRow.Difference... columns) {
        return new DirtyRow(
                new TableName(null, "public", "stock"),
                Change.Kind.UPDATE,
                "id=" + id,
                "the row was changed",
                true,
                List.of(columns));
    }

    private static ConflictText report(List<DirtyRow> rows) {
        String message = ConflictReport.of(new RollbackResult.Dirty(rows));
        assertThat(message).hasSizeLessThanOrEqualTo(ConflictText.MOST_CHARS);
        return ConflictText.of(message);
    }

    private static <T> T read(ConflictText text, String path) {
        return JsonPath.read(text.rows(), path);
    }

    @Test
    void values_are_texts_and_null_is_none() {
        ConflictText text = report(List.of(row(
                1,
                new DirtyRow.Difference("a", "text", null, "null", "say \"hi\"\n"),
                new DirtyRow.Difference("b", "numeric", new BigDecimal("1E+3"), new BigDecimal("0.10"), 12L),
                new DirtyRow.Difference("c", "bytea", new Bytes(new byte[] {0, (byte) 0xAF}), true, 1.5))));

        assertThat(text.readable())
                .isEqualTo("public.stock(id=1), undo of UPDATE: the row was changed"
                        + " [a: before=null, after=null, current=say \"hi\"\n; b: before=1000, after=0.10, current=12;"
                        + " c: before=00af, after=true, current=1.5]");
        assertThat(text.rows())
                .isEqualTo("{\"rows\":[{\"table\":\"public.stock\",\"undoing\":\"UPDATE\",\"key\":\"id=1\","
                        + "\"reason\":\"the row was changed\",\"forcible\":true,\"columns\":["
                        + "{\"column\":\"a\",\"type\":\"text\",\"before\":null,\"after\":\"null\",\"current\":\"say \\\"hi\\\"\\n\"},"
                        + "{\"column\":\"b\",\"type\":\"numeric\",\"before\":\"1000\",\"after\":\"0.10\",\"current\":\"12\"},"
                        + "{\"column\":\"c\",\"type\":\"bytea\",\"before\":\"00af\",\"after\":\"true\",\"current\":\"1.5\"}],"
                        + "\"columnsLeftOut\":0}],\"rowsLeftOut\":0}");
    }

    @Test
    void long_values_are_cut_and_say_how_long_they_are() {
        ConflictText text = report(List.of(
                row(1, new DirtyRow.Difference("a", "text", "x".repeat(5_000), new Bytes(new byte[101]), "y"))));

        String column = "$.rows[0].columns[0].";
        assertThat(ConflictReportTest.<String>read(text, column + "before"))
                .isEqualTo("x".repeat(200) + "… (5000 characters)");
        assertThat(ConflictReportTest.<String>read(text, column + "after"))
                .isEqualTo("00".repeat(100) + "… (101 bytes)");
        assertThat(ConflictReportTest.<String>read(text, column + "current")).isEqualTo("y");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1_000, 100_000})
    void of_many_rows_the_first_are_shown_and_the_others_counted(int count) {
        List<DirtyRow> rows = IntStream.range(0, count)
                .mapToObj(i -> row(i, new DirtyRow.Difference("n", "int4", 10L, 5L, (long) i)))
                .toList();

        ConflictText text = report(rows);

        int shown = ConflictReportTest.<Integer>read(text, "$.rows.length()");
        assertThat(shown).isGreaterThan(Math.min(count, 20) - 1);
        assertThat(shown + ConflictReportTest.<Integer>read(text, "$.rowsLeftOut"))
                .isEqualTo(count);
        if (count > 1_000) {
            assertThat(text.readable()).containsPattern("\nand \\d+ more rows$");
        }
    }

    @Test
    void of_many_columns_the_first_are_shown_and_the_others_counted() {
        DirtyRow.Difference[] columns = IntStream.range(0, 500)
                .mapToObj(i -> new DirtyRow.Difference("column_" + i, "text", "ä".repeat(100), null, "x"))
                .toArray(DirtyRow.Difference[]::new);

        ConflictText text = report(List.of(row(1, columns)));

        int shown = ConflictReportTest.<Integer>read(text, "$.rows[0].columns.length()");
        assertThat(shown).isGreaterThan(20);
        assertThat(shown + ConflictReportTest.<Integer>read(text, "$.rows[0].columnsLeftOut"))
                .isEqualTo(500);
    }

    @Test
    void the_worst_texts_fit_too() {
        String worst = "\u0001".repeat(10_000);
        DirtyRow row = new DirtyRow(
                new TableName(null, "s".repeat(128), "t".repeat(128)),
                Change.Kind.DELETE,
                worst,
                worst,
                true,
                List.of(new DirtyRow.Difference("c".repeat(128), "t".repeat(128), worst, worst, worst)));

        ConflictText text = report(Collections.nCopies(50, row));

        int shown = ConflictReportTest.<Integer>read(text, "$.rows.length()");
        assertThat(shown).isPositive();
        assertThat(shown + ConflictReportTest.<Integer>read(text, "$.rowsLeftOut"))
                .isEqualTo(50);
    }
}
