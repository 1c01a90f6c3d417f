package io.entente.crash;

import com.zaxxer.hikari.HikariDataSource;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** One running process of a bank: its own line to the coordinator, its own connections to its database. */
abstract class Bank implements AutoCloseable {

    /** By the coordinator's clock, which the test moves on. */
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** The business says no at the end of a transfer. */
    static final class DeclinedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** It may yet go one way or the other. */
    static final class NotYetKnownException extends Exception {
        private static final long serialVersionUID = 1L;

        NotYetKnownException(Throwable cause) {
            super(cause);
        }
    }

    protected final Site site;
    protected final HikariDataSource pool;
    protected final EntenteClient client;
    private final AtomicBoolean dead = new AtomicBoolean();

    /** @param address of the coordinator, or of a {@link Wire} to it */
    protected Bank(Site site, HikariDataSource pool, String application, String address) {
        this.site = site;
        this.pool = pool;
        this.client = EntenteClient.connect(ClientSettings.of(address)
                .withApplicationId(application)
                .withPatience(Duration.ofMillis(700), Duration.ofSeconds(8)));
    }

    /** Adds {@code amount} to the one account, in the global transaction on this thread. */
    protected abstract void move(int amount) throws Exception;

    /** Takes ten from here and gives them to {@code payee}; the payer owns the transaction. */
    void transfer(Bank payee, boolean declined) throws Exception {
        client.transactions().execute(TransactionOptions.named("transfer").withTimeout(TIMEOUT), () -> {
            move(-10);
            payee.remotely(String.valueOf(TransactionContext.xid()), () -> payee.move(10));
            if (declined) {
                throw new DeclinedException();
            }
            return "transferred";
        });
    }

    /** What one process does for another. */
    interface RemoteWork {
        void run() throws Exception;
    }

    /** As if called over HTTP: nothing of the caller's thread comes along but the XID. */
    void remotely(String xid, RemoteWork work) throws Exception {
        requireAlive();
        try (var nothing = TransactionContext.suspend();
                var joined = TransactionContext.bind(xid)) {
            work.run();
        }
        // An answer of a dead process does not arrive.
        requireAlive();
    }

    protected final void requireAlive() {
        if (dead.get()) {
            throw new IllegalStateException("connection refused: " + site.name() + " is dead");
        }
    }

    /** From one moment to the next: no goodbye to anybody. Its line to the coordinator was cut before. */
    final void die() {
        if (dead.compareAndSet(false, true)) {
            pool.close();
            letGo();
            client.close();
        }
    }

    /** What happens in the background in the end: rows of the fence go whose transactions are over. */
    protected void sweep() throws Exception {}

    /** Ends the threads of the mode, without waiting and without telling anybody. */
    protected abstract void letGo();

    @Override
    public final void close() {
        if (dead.compareAndSet(false, true)) {
            letGo();
            client.close();
            pool.close();
        }
    }
}
