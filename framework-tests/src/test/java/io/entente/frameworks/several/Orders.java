package io.entente.frameworks.several;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Works on the primary database. */
@Service
@Transactional
class Orders {

    private final JdbcClient jdbc;

    Orders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void place(int id, String item) {
        jdbc.sql("INSERT INTO orders (id, item) VALUES (?, ?)").params(id, item).update();
    }
}
