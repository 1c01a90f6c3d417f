package io.entente.frameworks.jdbc;

import java.math.BigDecimal;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** JdbcClient. */
@Repository
@Transactional
class Customers {

    private final JdbcClient jdbc;

    Customers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    long register(String name, BigDecimal credit) {
        KeyHolder key = new GeneratedKeyHolder();
        jdbc.sql("INSERT INTO customer (name, credit) VALUES (:name, :credit)")
                .param("name", name)
                .param("credit", credit)
                .update(key, "id");
        return Objects.requireNonNull(key.getKey()).longValue();
    }

    /** @return whether nobody else has changed the customer since the version was read */
    boolean charge(long id, BigDecimal amount, long version) {
        return jdbc.sql("UPDATE customer SET credit = credit - ?, version = version + 1 WHERE id = ? AND version = ?")
                        .params(amount, id, version)
                        .update()
                == 1;
    }

    BigDecimal creditForUpdate(long id) {
        return jdbc.sql("SELECT credit FROM customer WHERE id = :id FOR UPDATE")
                .param("id", id)
                .query(BigDecimal.class)
                .single();
    }

    int forget(String name) {
        return jdbc.sql("DELETE FROM customer WHERE name = :name")
                .param("name", name)
                .update();
    }
}
