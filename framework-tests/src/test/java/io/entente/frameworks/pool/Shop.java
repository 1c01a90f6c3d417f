package io.entente.frameworks.pool;

import java.util.Arrays;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Each method is a local transaction. */
@Service
@Transactional
class Shop {

    private final JdbcTemplate jdbc;

    Shop(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    long register(String name) {
        KeyHolder key = new GeneratedKeyHolder();
        var unused = JdbcClient.create(jdbc)
                .sql("INSERT INTO customer (name, credit) VALUES (?, ?)")
                .params(name, 1)
                .update(key, "id");
        return java.util.Objects.requireNonNull(key.getKey()).longValue();
    }

    List<Integer> deliver(List<Object[]> items) {
        return Arrays.stream(jdbc.batchUpdate("INSERT INTO stock (item, amount) VALUES (?, ?)", items))
                .boxed()
                .toList();
    }

    int take(String item, int amount) {
        Integer there = jdbc.queryForObject("SELECT amount FROM stock WHERE item = ? FOR UPDATE", Integer.class, item);
        return jdbc.update("UPDATE stock SET amount = ?, note = 'taken' WHERE item = ?", there - amount, item);
    }

    int drop(String item) {
        return jdbc.update("DELETE FROM stock WHERE item = ?", item);
    }
}
