package io.entente.frameworks.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSourceUtils;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** NamedParameterJdbcTemplate, and batches of all kinds. */
@Repository
@Transactional
class Stock {

    record Item(String item, int amount, String note) {}

    private final NamedParameterJdbcTemplate jdbc;

    Stock(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    List<Integer> deliver(List<Item> items) {
        return list(jdbc.batchUpdate(
                "INSERT INTO stock (item, amount, note) VALUES (:item, :amount, :note)",
                SqlParameterSourceUtils.createBatch(items)));
    }

    List<Integer> take(Map<String, Integer> amounts) {
        List<Object[]> rows = new ArrayList<>();
        amounts.forEach((item, amount) -> rows.add(new Object[] {amount, item}));
        return list(jdbc.getJdbcTemplate().batchUpdate("UPDATE stock SET amount = amount - ? WHERE item = ?", rows));
    }

    int remark(List<String> items, String note) {
        return jdbc.update(
                "UPDATE stock SET note = :note WHERE item IN (:items)",
                new MapSqlParameterSource("items", items).addValue("note", note));
    }

    List<Integer> severalTexts() {
        return list(jdbc.getJdbcTemplate()
                .batchUpdate(
                        "UPDATE stock SET amount = amount + 1 WHERE item = 'nut'",
                        "INSERT INTO stock (item, amount) VALUES ('pin', 3)",
                        "DELETE FROM stock WHERE item = 'cog'"));
    }

    private static List<Integer> list(int[] counts) {
        return java.util.Arrays.stream(counts).boxed().toList();
    }
}
