package io.entente.samples.bank;

import io.entente.tm.tcc.TwoPhaseBusinessAction;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;

/** The half of a transfer at the bank of the one who pays: freeze, then settle or release. */
@Service
class OutgoingTransfers {

    private final JdbcClient jdbc;
    private final Ledger ledger;

    OutgoingTransfers(JdbcClient jdbc, Ledger ledger) {
        this.jdbc = jdbc;
        this.ledger = ledger;
    }

    /** Try: puts the money aside, so that it is there whatever else the customer does. */
    @TwoPhaseBusinessAction(name = "outgoing transfer", commitMethod = "settle", rollbackMethod = "release")
    @Transactional
    public void freeze(String reference, String account, int amount) {
        int updated = jdbc.sql("UPDATE account SET balance = balance - ?, frozen = frozen + ?"
                        + " WHERE owner = ? AND balance >= ?")
                .params(amount, amount, account, amount)
                .update();
        if (updated == 0) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, account + " does not have " + amount);
        }
    }

    /** Confirm: the money leaves the bank. */
    @Transactional
    public void settle(String reference, String account, int amount) {
        jdbc.sql("UPDATE account SET frozen = frozen - ? WHERE owner = ?")
                .params(amount, account)
                .update();
        ledger.book(reference, account, -amount);
    }

    /** Cancel: the customer can use the money again. */
    @Transactional
    public void release(String reference, String account, int amount) {
        jdbc.sql("UPDATE account SET frozen = frozen - ?, balance = balance + ? WHERE owner = ?")
                .params(amount, amount, account)
                .update();
    }
}
