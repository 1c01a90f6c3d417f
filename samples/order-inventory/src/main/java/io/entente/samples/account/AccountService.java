package io.entente.samples.account;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

/** The users' money. */
@Service
class AccountService {

    private final JdbcClient jdbc;

    AccountService(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    public void debit(String userId, int amount) {
        int updated = jdbc.sql("UPDATE account SET balance = balance - ? WHERE user_id = ? AND balance >= ?")
                .params(amount, userId, amount)
                .update();
        if (updated == 0) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, userId + " does not have " + amount);
        }
    }

    List<Account> all() {
        return jdbc.sql("SELECT user_id, balance FROM account ORDER BY user_id")
                .query(Account.class)
                .list();
    }
}
