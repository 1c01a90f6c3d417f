package io.entente.samples.bank;

import io.entente.tm.tcc.TwoPhaseBusinessAction;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

/** The half of a transfer at the bank of the one who is paid: announce, then credit or withdraw. */
@Service
class IncomingTransfers {

    private final JdbcClient jdbc;
    private final Ledger ledger;

    IncomingTransfers(JdbcClient jdbc, Ledger ledger) {
        this.jdbc = jdbc;
        this.ledger = ledger;
    }

    /** Try: the account exists and will take the money. It cannot be spent yet. */
    @TwoPhaseBusinessAction(name = "incoming transfer", commitMethod = "credit", rollbackMethod = "withdraw")
    @Transactional
    public void announce(String reference, String account, int amount) {
        int updated = jdbc.sql("UPDATE account SET announced = announced + ? WHERE owner = ?")
                .params(amount, account)
                .update();
        if (updated == 0) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "there is no account of '" + account + "'");
        }
    }

    /** Confirm: the money is there. */
    @Transactional
    public void credit(String reference, String account, int amount) {
        jdbc.sql("UPDATE account SET announced = announced - ?, balance = balance + ? WHERE owner = ?")
                .params(amount, amount, account)
                .update();
        ledger.book(reference, account, amount);
    }

    /** Cancel: nothing will come. */
    @Transactional
    public void withdraw(String reference, String account, int amount) {
        jdbc.sql("UPDATE account SET announced = announced - ? WHERE owner = ?")
                .params(amount, account)
                .update();
    }
}
