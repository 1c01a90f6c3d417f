package io.entente.rm.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.dialect.Bytes;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import java.math.BigDecimal;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LockKeysTest {

    private static final Table STOCK = table(new TableName(null, "PUBLIC", "STOCK"), "ID");
    private static final Table LINE = table(new TableName(null, "sales", "line"), "order_id", "no");

    @Test
    void a_plain_key_is_seatas_text() {
        assertThat(LockKeys.of(List.of(delete(STOCK, row(1L), row(22L))))).isEqualTo("STOCK:1,22");
        assertThat(LockKeys.of(List.of(delete(STOCK, row("snake_case-1"))))).isEqualTo("STOCK:snake_case-1");
        assertThat(LockKeys.of(List.of(delete(LINE, row(7L, "a"))))).isEqualTo("sales.line:7_a");
        assertThat(LockKeys.of(delete(table(new TableName("shop", null, "stock"), "id"), row(new BigDecimal("1.50")))
                        .before()))
                .isEqualTo("stock:1.50");
        assertThat(LockKeys.of(List.of(delete(STOCK, row(new Bytes(new byte[] {0, -1}))))))
                .isEqualTo("STOCK:00ff");
    }

    @Test
    void separators_in_values_are_escaped() {
        assertThat(LockKeys.of(List.of(delete(STOCK, row("a,b;c:d%e_f"))))).isEqualTo("STOCK:a%2Cb%3Bc%3Ad%25e%5Ff");
        assertThat(LockKeys.of(List.of(delete(LINE, row("a_b", "c,d"))))).isEqualTo("sales.line:a%5Fb_c%2Cd");
        assertThat(LockKeys.of(List.of(delete(table(new TableName(null, "public", "odd;na_me"), "id"), row(1L)))))
                .isEqualTo("odd%3Bna_me:1");
    }

    @Test
    void a_key_that_seata_writes_otherwise_is_locked_as_it_writes_it_too() {
        assertThat(LockKeys.of(List.of(delete(STOCK, row("50%"))))).isEqualTo("STOCK:50%25,50%");
        assertThat(LockKeys.of(List.of(delete(STOCK, row("12:30"))))).isEqualTo("STOCK:12%3A30,12:30");
        assertThat(LockKeys.of(List.of(delete(LINE, row("a_b", "c"))))).isEqualTo("sales.line:a%5Fb_c,a_b_c");
        assertThat(LockKeys.of(List.of(delete(LINE, row("a_b", "c"), row("a", "b_c")))))
                .isEqualTo("sales.line:a%5Fb_c,a_b_c,a_b%5Fc");
        assertThat(LockKeys.of(List.of(delete(STOCK, row("a;b"), row("a,b"))))).isEqualTo("STOCK:a%3Bb,a%2Cb");
    }

    /** The coordinator takes a table without keys for a text that it cannot read. */
    @Test
    void the_empty_text_is_a_key_too() {
        assertThat(LockKeys.of(List.of(delete(STOCK, row(""))))).isEqualTo("STOCK:%");
    }

    @Test
    void no_two_keys_share_a_text() {
        List<String> alphabet = List.of("", "a", "_", "%", ",", ":", ";", "%5F", "a_", "_a", "%25");
        Set<String> single = new HashSet<>();
        Set<String> composite = new HashSet<>();
        for (String one : alphabet) {
            assertThat(single.add(own(delete(STOCK, row(one))))).isTrue();
            for (String other : alphabet) {
                assertThat(composite.add(own(delete(LINE, row(one, other)))))
                        .as("%s and %s", one, other)
                        .isTrue();
            }
        }
    }

    /** Without the text that is there for Seata. */
    private static String own(Change change) {
        return LockKeys.of(List.of(change)).split(",", -1)[0];
    }

    @Test
    void each_row_is_named_once_and_by_table() {
        Change insert = Change.inserted(image(STOCK, row(3L), row(1L)));
        Change update = Change.updated(image(STOCK, row(1L)), image(STOCK, row(1L)), Set.of());
        Change line = delete(LINE, row(1L, 2L));
        Change later = delete(STOCK, row(2L));
        Change none = delete(table(new TableName(null, null, "nothing"), "id"));

        assertThat(LockKeys.of(List.of(insert, line, update, later, none))).isEqualTo("STOCK:3,1,2;sales.line:1_2");
        assertThat(LockKeys.of(List.of())).isEmpty();
    }

    private static Change delete(Table table, Row... rows) {
        return Change.deleted(image(table, rows));
    }

    private static RowImage image(Table table, Row... rows) {
        return new RowImage(table, table.columns(), List.of(rows));
    }

    private static Row row(Object... values) {
        return new Row(new ArrayList<>(Arrays.asList(values)));
    }

    private static Table table(TableName name, String... keyColumns) {
        List<Column> columns = Stream.of(keyColumns)
                .map(key -> new Column(
                        key,
                        Types.VARCHAR,
                        "varchar",
                        Column.Size.UNKNOWN,
                        false,
                        false,
                        Column.Preset.NONE,
                        false,
                        false,
                        false,
                        Column.Folding.EXACT))
                .toList();
        return new Table(name, columns, List.of(keyColumns));
    }
}
