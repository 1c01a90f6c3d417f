package io.entente.rm.undo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.dialect.Bytes;
import io.entente.rm.dialect.H2;
import io.entente.rm.image.Change;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableName;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UndoCodecTest {

    private static final Column ID = column("ID", "BIGINT", 1);

    private final UndoCodec codec = new UndoCodec();

    @Test
    void every_kind_of_value_comes_back() throws SQLException {
        Table table = new Table(
                new TableName(null, "PUBLIC", "T"),
                List.of(
                        ID,
                        column("FLAG", "BOOLEAN", 2),
                        column("PRICE", "NUMERIC", 3),
                        column("F", "REAL", 4),
                        column("D", "DOUBLE PRECISION", 5),
                        column("T", "CHARACTER VARYING", 6),
                        column("B", "BINARY VARYING", 7)),
                List.of("ID"));
        Change change = insert(
                table,
                row(
                        Long.MIN_VALUE,
                        true,
                        new BigDecimal("1.50"),
                        Float.NaN,
                        -0.0d,
                        "\u0000\ud83d\ude00\"\\ half a pair: \ud83d",
                        bytes(0, -1)),
                row(
                        Long.MAX_VALUE,
                        false,
                        new BigDecimal("1E+3"),
                        Float.MIN_VALUE,
                        Double.NEGATIVE_INFINITY,
                        "",
                        bytes()),
                row(0L, null, null, null, null, null, null));

        List<Change> decoded = codec.decode(codec.encode(List.of(change), new H2()));

        assertThat(decoded).singleElement().satisfies(one -> {
            assertThat(one.kind()).isEqualTo(Change.Kind.INSERT);
            assertThat(one.table()).isEqualTo(table);
            assertThat(one.after()).isEqualTo(change.after());
        });
    }

    @Test
    void the_form_describes_itself() throws SQLException {
        Table table = new Table(new TableName(null, "PUBLIC", "T"), List.of(ID), List.of("ID"));
        assertThat(new String(codec.encode(List.of(insert(table, row(7L))), new H2()), StandardCharsets.UTF_8))
                .isEqualTo("{\"v\":1,\"changes\":[{\"kind\":\"INSERT\",\"catalog\":null,\"schema\":\"PUBLIC\","
                        + "\"table\":\"T\",\"key\":[\"ID\"],\"columns\":[[\"ID\",-5,\"BIGINT\",\"INTEGER\",\"\"]],"
                        + "\"after\":[[7]]}]}");
    }

    @Test
    void a_value_that_would_not_survive_is_refused_before_it_is_written() {
        Table table = new Table(
                new TableName(null, "PUBLIC", "T"), List.of(ID, column("T", "CHARACTER VARYING", 2)), List.of("ID"));
        Table priced =
                new Table(new TableName(null, "PUBLIC", "T"), List.of(ID, column("P", "NUMERIC", 2)), List.of("ID"));
        BigDecimal misprinted = new BigDecimal("1.5") {
            @Override
            public String toString() {
                return "1.50";
            }
        };
        assertRefused(priced, row(1L, misprinted), "INSERT on PUBLIC.T do not survive");
        assertRefused(table, row(1L, 5L), "column T is a java.lang.Long");
        assertThatThrownBy(() -> codec.encode(List.of(insert(table, row(1L, "a"), row(1L, "b"))), new H2()))
                .isInstanceOf(UndoNotEncodableException.class)
                .hasMessageContaining("has a row twice");
    }

    private void assertRefused(Table table, Row row, String message) {
        assertThatThrownBy(() -> codec.encode(List.of(insert(table, row)), new H2()))
                .isInstanceOf(UndoNotEncodableException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_damaged_or_later_form_is_not_misread() throws SQLException {
        Table table = new Table(new TableName(null, "PUBLIC", "T"), List.of(ID), List.of("ID"));
        String good = new String(codec.encode(List.of(insert(table, row(7L))), new H2()), StandardCharsets.UTF_8);
        for (String bad : List.of(
                "",
                "[]",
                good.replace("\"v\":1", "\"v\":2"),
                good.substring(0, good.length() - 1),
                good.replace("INTEGER", "ROMAN"),
                good.replace("[[7]]", "[[\"x\"]]"),
                good.replace("[[7]]", "[[7,8]]"),
                good.replace("\"key\":[\"ID\"]", "\"key\":[\"NO\"]"))) {
            assertThatThrownBy(() -> codec.decode(bad.getBytes(StandardCharsets.UTF_8)))
                    .as(bad)
                    .isInstanceOf(UndoNotReadableException.class);
        }
    }

    @Test
    void compressed_and_plain_rows_are_read_back() throws UndoNotReadableException {
        byte[] content = "abc".repeat(5000).getBytes(StandardCharsets.UTF_8);
        UndoRow plain = UndoRow.of(content, content.length + 1);
        UndoRow compressed = UndoRow.of(content, content.length);
        assertThat(plain.context()).isEqualTo("format=entente-1&compression=none");
        assertThat(compressed.context()).isEqualTo("format=entente-1&compression=deflate");
        assertThat(compressed.content()).hasSizeLessThan(200);
        assertThat(plain.encoded()).isEqualTo(content);
        assertThat(compressed.encoded()).isEqualTo(content);

        byte[] cut = Arrays.copyOf(compressed.content(), compressed.content().length / 2);
        assertThatThrownBy(() -> new UndoRow(compressed.context(), cut).encoded())
                .isInstanceOf(UndoNotReadableException.class);
        assertThatThrownBy(() -> new UndoRow("format=entente-1&compression=zstd", cut).encoded())
                .isInstanceOf(UndoNotReadableException.class)
                .hasMessageContaining("zstd");
    }

    private static Change insert(Table table, Row... rows) {
        return Change.inserted(new RowImage(table, table.columns(), List.of(rows)));
    }

    private static Row row(@Nullable Object... values) {
        return new Row(Arrays.asList(values));
    }

    private static Bytes bytes(int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            bytes[i] = (byte) content[i];
        }
        return new Bytes(bytes);
    }

    private static Column column(String name, String type, int position) {
        int jdbcType = type.equals("BIGINT") ? Types.BIGINT : Types.OTHER;
        return new Column(
                name,
                jdbcType,
                type,
                Column.Size.UNKNOWN,
                position > 1,
                false,
                Column.Preset.NONE,
                false,
                false,
                false,
                Column.Folding.EXACT);
    }
}
