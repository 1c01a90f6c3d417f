package io.entente.samples.inventory;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

/** What is in stock. */
@Service
class StockService {

    private final JdbcClient jdbc;

    StockService(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    public void deduct(String commodity, int count) {
        int updated = jdbc.sql("UPDATE stock SET count = count - ? WHERE commodity = ? AND count >= ?")
                .params(count, commodity, count)
                .update();
        if (updated == 0) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "not " + count + " of '" + commodity + "' in stock");
        }
    }

    List<Stock> all() {
        return jdbc.sql("SELECT commodity, count FROM stock ORDER BY commodity")
                .query(Stock.class)
                .list();
    }
}
