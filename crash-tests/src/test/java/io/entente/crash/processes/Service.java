package io.entente.crash.processes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.entente.tc.process.Orphan;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalTransactionOutcomeUnknownException;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One service of the bank in a process of its own: owns payments, and takes part in those of the others. */
final class Service {
    private static final Logger log = LoggerFactory.getLogger(Service.class);
    private static final Duration LINGERING = Duration.ofMillis(1_500);

    private final EntenteClient client;
    private final Accounts accounts;
    private final Map<String, String> addresses;
    private final Path toldFile;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** The business says no. */
    private static final class DeclinedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private Service(EntenteClient client, Accounts accounts, Map<String, String> addresses, Path toldFile) {
        this.client = client;
        this.accounts = accounts;
        this.addresses = addresses;
        this.toldFile = toldFile;
    }

    /** Arguments: name, address to listen on, port, coordinators, addresses of the services, URL and user and password of the
     * database, file for what it was told, and the bug to have. */
    public static void main(String[] arguments) throws Exception {
        PrintStream parent = System.out;
        System.setOut(System.err);
        Orphan.endWithParent();
        String name = arguments[0];
        EntenteClient client = EntenteClient.connect(ClientSettings.of(arguments[3])
                .withApplicationId(name)
                .withStartup(ClientSettings.Startup.WAIT, Duration.ofSeconds(10))
                .withPatience(Duration.ofSeconds(3), Duration.ofSeconds(8)));
        HikariConfig database = new HikariConfig();
        database.setJdbcUrl(arguments[5]);
        database.setUsername(arguments[6]);
        database.setPassword(arguments[7]);
        database.setMaximumPoolSize(24);
        database.setMinimumIdle(0);
        database.setConnectionTimeout(10_000);
        Accounts accounts = new Accounts(
                name, client, new HikariDataSource(database), arguments[9].equals(Control.SWALLOWED_CANCELS.name()));
        Map<String, String> addresses = new HashMap<>();
        for (String address : List.of(arguments[4].split(",", -1))) {
            addresses.put(address.substring(0, address.indexOf(':')), address);
        }
        Service service = new Service(client, accounts, addresses, Path.of(arguments[8]));
        service.serve(new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2])));
        parent.println("ready");
        parent.flush();
    }

    private void serve(InetSocketAddress address) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/pay", exchange -> answer(exchange, this::pay));
        server.createContext("/move", exchange -> answer(exchange, body -> move(exchange, body)));
        server.start();
        ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor();
        var unused = sweeper.scheduleWithFixedDelay(this::sweep, 5, 5, TimeUnit.SECONDS);
    }

    private void sweep() {
        try {
            accounts.sweep();
        } catch (Exception e) {
            log.warn("The fence was not swept: {}", e.toString());
        }
    }

    private interface Work {
        String run(String body) throws Exception;
    }

    private static void answer(HttpExchange exchange, Work work) throws IOException {
        int status = 200;
        String answer;
        try {
            answer = work.run(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        } catch (Exception e) {
            log.info("Failed: {}", e.toString());
            status = 500;
            answer = e.toString();
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String pay(String body) throws IOException {
        Payment payment = Payment.parse(body);
        String[] xid = {""};
        Told.Outcome outcome;
        try {
            client.transactions().execute(TransactionOptions.named("payment").withTimeout(payment.timeout()), () -> {
                xid[0] = String.valueOf(TransactionContext.xid());
                return work(payment);
            });
            outcome = Told.Outcome.COMMITTED;
        } catch (GlobalTransactionOutcomeUnknownException e) {
            log.info("{} {}: {}", payment.id(), xid[0], e.toString());
            outcome = Told.Outcome.UNKNOWN;
        } catch (Exception e) {
            // Even when the coordinator could not be told: nobody commits it any more.
            log.info("{} {}: {}", payment.id(), xid[0], e.toString());
            outcome = Told.Outcome.ROLLED_BACK;
        }
        new Told(payment.id(), xid[0], outcome).append(toldFile);
        return outcome.name();
    }

    private String work(Payment payment) throws Exception {
        accounts.move(booking(payment, payment.payer()), payment.payer());
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(
                                "http://" + addresses.get(payment.payee().service()) + "/move"))
                        .timeout(Duration.ofSeconds(8))
                        .header("TX_XID", String.valueOf(TransactionContext.xid()))
                        .POST(HttpRequest.BodyPublishers.ofString(payment.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(payment.payee().service() + " says " + answer.body());
        }
        switch (payment.ending()) {
            case ACCEPT -> {}
            case DECLINE -> throw new DeclinedException();
            case LINGER -> {
                boolean never = new CountDownLatch(1).await(LINGERING.toMillis(), TimeUnit.MILLISECONDS);
                log.debug("Lingered {}", never);
            }
        }
        return "paid";
    }

    private String move(HttpExchange exchange, String body) throws Exception {
        Payment payment = Payment.parse(body);
        try (var joined = TransactionContext.bind(exchange.getRequestHeaders().getFirst("TX_XID"))) {
            accounts.move(booking(payment, payment.payee()), payment.payee());
        }
        return "moved";
    }

    private static String booking(Payment payment, Payment.Leg leg) {
        return payment.id() + "/" + leg.account();
    }
}
