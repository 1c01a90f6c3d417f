package io.entente.frameworks.several;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Works on the other one. */
@Service
@Transactional("billsTransactions")
class Bills {

    private final JdbcClient jdbc;

    Bills(@Qualifier("billsClient") JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void write(int id, int amount) {
        jdbc.sql("INSERT INTO bill (id, amount) VALUES (?, ?)")
                .params(id, amount)
                .update();
    }

    void add(int id, int amount) {
        jdbc.sql("UPDATE bill SET amount = amount + ? WHERE id = ?")
                .params(amount, id)
                .update();
        if (amount < 0) {
            throw new IllegalArgumentException("A bill does not shrink");
        }
    }
}
