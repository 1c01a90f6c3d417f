package io.entente.samples.bank;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.HttpClientErrorException;

/** The bank over HTTP. */
@RestController
class BankController {

    private final TransferService transfers;
    private final IncomingTransfers incoming;
    private final Ledger ledger;
    private final JdbcClient jdbc;

    BankController(TransferService transfers, IncomingTransfers incoming, Ledger ledger, JdbcClient jdbc) {
        this.transfers = transfers;
        this.incoming = incoming;
        this.ledger = ledger;
        this.jdbc = jdbc;
    }

    record Transferred(String reference, int amount) {}

    record Incoming(String reference, String account, int amount) {}

    record Closed(int bookings) {}

    /** A customer transfers money. */
    @PostMapping("/transfers")
    Transferred transfer(@RequestBody Transfer transfer) throws InterruptedException {
        transfers.transfer(transfer);
        return new Transferred(transfer.reference(), transfer.amount());
    }

    /** Another bank announces money, within its global transaction: the XID comes with the request. */
    @PostMapping("/transfers/incoming")
    void announce(@RequestBody Incoming transfer) {
        incoming.announce(transfer.reference(), transfer.account(), transfer.amount());
    }

    /** For the story: makes the next bookings fail. */
    @PostMapping("/ledger/closed")
    Closed close(@RequestBody Closed closed) {
        ledger.refuse(closed.bookings());
        return closed;
    }

    @GetMapping("/accounts")
    List<Account> accounts() {
        return jdbc.sql("SELECT owner, balance, frozen, announced FROM account ORDER BY owner")
                .query(Account.class)
                .list();
    }

    /** The other bank said no. Its reason goes to the customer. */
    @ExceptionHandler
    ProblemDetail refused(HttpClientErrorException.Conflict refusal) {
        ProblemDetail reason = refusal.getResponseBodyAs(ProblemDetail.class);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.CONFLICT, reason == null ? refusal.getMessage() : String.valueOf(reason.getDetail()));
    }
}
