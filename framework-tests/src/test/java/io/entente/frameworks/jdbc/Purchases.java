package io.entente.frameworks.jdbc;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** SimpleJdbcInsert, and a batch with a KeyHolder. */
@Repository
@Transactional
class Purchases {

    record Line(String item, int amount) {}

    private final JdbcTemplate jdbc;
    private final SimpleJdbcInsert purchase;
    private final SimpleJdbcInsert lines;

    Purchases(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        this.purchase = new SimpleJdbcInsert(jdbc)
                .withTableName("purchase")
                .usingColumns("customer", "state", "placed_at")
                .usingGeneratedKeyColumns("id");
        this.lines =
                new SimpleJdbcInsert(jdbc).withTableName("purchase_line").usingColumns("purchase", "item", "amount");
    }

    long place(long customer, LocalDateTime at, List<Line> ordered) {
        long id = purchase.executeAndReturnKey(Map.of("customer", customer, "state", "OPEN", "placed_at", at))
                .longValue();
        var unused = lines.executeBatch(ordered.stream()
                .map(line -> new MapSqlParameterSource()
                        .addValue("purchase", id)
                        .addValue("item", line.item())
                        .addValue("amount", line.amount()))
                .toArray(SqlParameterSource[]::new));
        return id;
    }

    /** @return the keys that the driver told, one for each line */
    List<Long> addLines(long purchase, List<Line> ordered) {
        GeneratedKeyHolder keys = new GeneratedKeyHolder();
        var unused = jdbc.batchUpdate(
                connection -> connection.prepareStatement(
                        "INSERT INTO purchase_line (purchase, item, amount) VALUES (?, ?, ?)", new String[] {"id"}),
                new BatchPreparedStatementSetter() {
                    @Override
                    public void setValues(java.sql.PreparedStatement statement, int i) throws java.sql.SQLException {
                        statement.setLong(1, purchase);
                        statement.setString(2, ordered.get(i).item());
                        statement.setInt(3, ordered.get(i).amount());
                    }

                    @Override
                    public int getBatchSize() {
                        return ordered.size();
                    }
                },
                keys);
        List<Long> told = new ArrayList<>();
        for (Map<String, Object> key : keys.getKeyList()) {
            told.add(((Number) key.values().iterator().next()).longValue());
        }
        return told;
    }

    int close(long id) {
        return jdbc.update("UPDATE purchase SET state = 'CLOSED' WHERE id = ?", id);
    }

    void cancel(long id) {
        jdbc.update("DELETE FROM purchase_line WHERE purchase = ?", id);
        jdbc.update("DELETE FROM purchase WHERE id = ?", id);
    }
}
