package io.entente.samples.bank;

import io.entente.tm.GlobalTransactional;
import io.entente.tm.TransactionContext;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.web.client.RestClient;
import org.springframework.web.server.ResponseStatusException;

/** Transfers money to another bank: frozen here, announced there, and then both made final, or neither. */
@Service
class TransferService {

    private static final Logger log = LoggerFactory.getLogger(TransferService.class);

    private final OutgoingTransfers outgoing;
    private final RestClient http;
    private final Environment environment;

    TransferService(OutgoingTransfers outgoing, RestClient.Builder http, Environment environment) {
        this.outgoing = outgoing;
        this.http = http.build();
        this.environment = environment;
    }

    @GlobalTransactional(name = "transfer", timeoutMillis = 10_000)
    public void transfer(Transfer transfer) throws InterruptedException {
        log.info(
                "Transfer {}: {} to {} at {}. xid={}",
                transfer.reference(),
                transfer.amount(),
                transfer.to(),
                transfer.bank(),
                TransactionContext.xid());
        outgoing.freeze(transfer.reference(), transfer.from(), transfer.amount());
        http.post()
                .uri(urlOf(transfer.bank()) + "/transfers/incoming")
                .body(Map.of("reference", transfer.reference(), "account", transfer.to(), "amount", transfer.amount()))
                .retrieve()
                .toBodilessEntity();
        checkForFraud(transfer);
    }

    private String urlOf(String bank) {
        String url = environment.getProperty(bank + ".url");
        if (url == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "there is no bank '" + bank + "'");
        }
        return url;
    }

    /** Somebody looks at it, and that can take a while. */
    private static void checkForFraud(Transfer transfer) throws InterruptedException {
        Thread.sleep(transfer.checkMillis());
        if ("lottery".equals(transfer.purpose())) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "nobody wins a lottery by paying first");
        }
    }
}
